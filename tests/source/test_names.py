"""Names of columns: one line each, none empty, none twice."""

import gzip

import pytest

from partialpool.settings import Source
from partialpool.source.names import escape_control
from partialpool.source.opening import read_columns


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "has no header", id="empty file"),
        pytest.param("\n\n", "has no header", id="blank lines"),
        pytest.param(",\n1,2\n", "has no header", id="nothing but commas"),
        pytest.param("a,b,a\nx,y,z\n", "the column 'a' twice", id="the same name"),
        pytest.param("promo,b,Promo\nx,y,z\n", "column 'promo' twice", id="same in lower case"),
        pytest.param("a,,b\nx,y,z\n", "a column without a name", id="no name"),
        pytest.param(b"\xe9,b\nx,y\n", "is not a UTF-8 CSV file", id="Latin 1"),
        pytest.param("a,b\n".encode("utf-16"), "is not a UTF-8 CSV file", id="UTF-16"),
        pytest.param('"a\nb",c\r\nx,y\r\n', "'a\\nb', expected a single line", id="two lines"),
        pytest.param("a\0b,c\nx,y\n", "'a\\x00b', expected a single line", id="NUL"),
        pytest.param("a\x0bb,c\nx,y\n", "'a\\x0bb', expected a single line", id="another break"),
        pytest.param("a\x1b[1mb,c\nx,y\n", "'a\\x1b[1mb', expected no control", id="ESC"),
        pytest.param('"a,b\nx,y\n', "is not a UTF-8 CSV file", id="open quote"),
        pytest.param(gzip.compress(b"a,b\nx,y\n"), "is not a UTF-8 CSV file", id="compressed"),
    ],
)
def test_a_bad_header_is_refused(write, refused, content, said):
    source = Source(path=str(write(content)))
    message = refused(read_columns, source)
    assert message.startswith(f"source.path: {source.path} ")
    assert said in message


def test_control_characters_can_be_written_out():
    assert escape_control("a\tb\n\r\0é\x1b") == "a\tb\n\\r\\x00é\\x1b"
