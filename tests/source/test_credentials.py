"""Environment variables in a URL: what they stand for, and that no message shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialpool.source.credentials import Secrets, expand_url

SPECIAL = "p@ss/w:rd%41 '\"#?&+\\ü${X}"


def test_a_variable_that_is_a_part_of_the_url_stands_for_itself(monkeypatch):
    for name, value in {
        "A": "ann@x",
        "B": SPECIAL,
        "C": "db.host",
        "D": "1234",
        "E": "s/ales",
    }.items():
        monkeypatch.setenv(name, value)
    url = expand_url("mysql+pymysql://${A}:${B}@${C}:${D}/${E}?ssl_key=${B}&x=1", Secrets())
    assert (url.drivername, url.username, url.password) == ("mysql+pymysql", "ann@x", SPECIAL)
    assert (url.host, url.port, url.database) == ("db.host", 1234, "s/ales")
    assert url.query == {"ssl_key": SPECIAL, "x": "1"}


@pytest.mark.parametrize(
    "template", ["${URL}", "${SCHEME}://ann:p%40ss@host/sales", "${BASE}/sales"]
)
def test_a_variable_may_be_all_of_the_url_or_its_beginning(monkeypatch, template):
    monkeypatch.setenv("URL", "postgresql://ann:p%40ss@host/sales")
    monkeypatch.setenv("SCHEME", "postgresql")
    monkeypatch.setenv("BASE", "postgresql://ann:p%40ss@host")
    url = expand_url(template, Secrets())
    assert (url.username, url.password, url.host, url.database) == ("ann", "p@ss", "host", "sales")


@pytest.mark.parametrize(
    "template", ["${NOPE}", "postgresql://ann:${NOPE}@host/x", "a://h:${NOPE}"]
)
def test_a_variable_that_is_not_defined_is_named(monkeypatch, refused, template):
    monkeypatch.delenv("NOPE", raising=False)
    assert refused(expand_url, template, Secrets()) == (
        "source.url: found no environment variable NOPE, expected it for ${NOPE}"
    )


@pytest.mark.parametrize("value", ["secret", "", "postgresql", "postgresql://u:secret@h:secret/x"])
def test_what_is_no_url_is_refused_without_showing_it(monkeypatch, refused, value):
    monkeypatch.setenv("SALES_URL", value)
    assert refused(expand_url, "${SALES_URL}", Secrets()) == (
        "source.url: ${SALES_URL} is not the URL of a database, "
        "expected dialect+driver://${USER}:${PASSWORD}@host/database"
    )


def test_a_message_shows_names_for_values_however_they_are_written(monkeypatch):
    monkeypatch.setenv("A", SPECIAL)
    monkeypatch.setenv("B", "ann")
    secrets = Secrets()
    secrets.expand("${A}${B}")
    for written in (
        SPECIAL,
        repr(SPECIAL)[1:-1],
        "p%40ss%2Fw%3Ard%2541%20%27%22%23%3F%26%2B%5C%C3%BC%24%7BX%7D",
    ):
        assert secrets.scrub(f"for ann with {written}!") == "for ${B} with ${A}!"


def test_the_parts_of_a_url_that_a_variable_holds_are_not_shown_either(monkeypatch):
    monkeypatch.setenv("SALES_URL", "postgresql://ann:pa@ss@word/sales?password=other")
    secrets = Secrets()
    url = expand_url("${SALES_URL}", secrets)
    assert url.host is not None
    said = secrets.scrub(f"no user ann at {url.host} with {url.password}, {url.database} or other")
    for part in ("ann", "ss@word", "pa@ss", "sales", "other"):
        assert part not in said


@given(values=st.lists(st.text(min_size=5), min_size=1, max_size=3), message=st.text())
def test_no_value_is_left_in_a_message(values, message):
    secrets = Secrets()
    for i, value in enumerate(values):
        secrets.hide(value, f"${{{i}}}")
    said = secrets.scrub(message.join([*values, *map(repr, values)]))
    assert not any(value in said for value in values)
