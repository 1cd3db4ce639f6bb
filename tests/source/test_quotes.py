"""Every quote of a CSV file stands where it must, or its line is named."""

import csv
import gzip
import io

import pytest

from partialpool.source import quotes
from partialpool.source.quotes import check_quotes

LINES = 'a,"b"\n"x, ""y""\n",""\n"""","z"\n'
GOOD = [
    pytest.param(LINES, id="LF"),
    pytest.param(LINES.replace("\n", "\r\n"), id="CRLF"),
    pytest.param('\ufeff"a","b"\n"x","y"', id="BOM"),
    pytest.param("a,b\nx,y\n", id="no quotes"),
    pytest.param("", id="nothing"),
    pytest.param('"a","\n\n\n"\n', id="line breaks"),
]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1 << 20])
@pytest.mark.parametrize("content", GOOD)
def test_good_quotes_pass_wherever_the_file_is_cut(write, monkeypatch, content, chunk):
    monkeypatch.setattr(quotes, "CHUNK", chunk)
    check_quotes(write(content))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1 << 20])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('a,b\nx,"y\n', "line 2 has a quote that is not closed"),
        ('a,b\n"x\n\ny",z\n"x"",y\n\n', "line 5 has a quote that is not closed"),
        ('a,b\nx,"y""', "line 2 has a quote that is not closed"),
        ('a,b\n\nx"y,z\n', "line 3 has a quote in a value that is not quoted"),
        ('a,b\n"x", "y"\n', "line 2 has a quote in a value that is not quoted"),
        ('a,b\n"x"y"",z\n', "line 2 has a quote in a value that is not quoted"),
    ],
)
def test_a_wrong_quote_is_named_with_its_line(write, monkeypatch, refused, content, said, chunk):
    monkeypatch.setattr(quotes, "CHUNK", chunk)
    path = write(content)
    assert refused(check_quotes, path) == f"source.path: {path} cannot be read: {said}"
    zipped = write(gzip.compress(content.encode()), "contacts.csv.gz")
    assert refused(check_quotes, zipped) == f"source.path: {zipped} cannot be read: {said}"


def test_what_python_writes_passes_and_what_it_takes_for_an_open_quote_does_not(write, refused):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([['"', "\n", ",", '""', "x"] for _ in range(50)])
    written = buffer.getvalue()
    check_quotes(write(written))
    for i in [i for i, character in enumerate(written) if character == '"']:
        without = written[:i] + written[i + 1 :]
        assert "quote" in refused(check_quotes, write(without))
