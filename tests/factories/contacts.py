"""Contacts to be counted, and what is asked of them."""

from hypothesis import strategies as st

from partialpool.settings import Factor, Number, Outcome

PASSWORD = "p@ss/w:rd%41 '\"#?"
"""A password that a URL could hold only quoted."""
COLUMNS = {"promo": "VARCHAR", "Sales Channel": "VARCHAR", "age": "INTEGER", "spend": "DOUBLE"}
COLUMNS |= {"bought": "VARCHAR", "sold": "INTEGER", "offered": "INTEGER"}
CONTACTS = [
    ("Bundle", "E-mail, 'new'", 29, 1.5, "yes", 1, 2),
    ("Bundle", "E-mail, 'new'", 29, 1.5, "yes", 0, 3),
    ("Bundle", "E-mail, 'new'", 30, 1.5, "no", 3, 3),
    ("Bundle", ' "Park"\\', None, -0.25, "no", 2, 2),
    ("bundle", ' "Park"\\', 50, None, "yes", 1, None),
    ("bundle ", "Größe 😀 100% :x", 49, 1e-5, "no", None, 4),
    (None, "Größe 😀 100% :x", 64, 0.1, None, 0, 0),
    ("NA", "two\nlines", 64, 12345678.9, "yes", 5, 9),
]
POSTGRESQL = "postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@127.0.0.1:${DB_PORT}/postgres"
KINDS = ["csv", "gz", "pattern", "parquet", "duckdb", "sqlite", "postgresql", "query"]
"""The kinds of source that `place` can put rows into."""
FACTORS = {"promo": Factor(column="promo"), "channel": Factor(column="Sales Channel")}
BOUGHT = Outcome(column="bought", success="yes")
SOLD = Outcome(successes="sold", trials="offered")
SPEND = {"spend": Number(column="spend")}
G, Y = {"g": Factor(column="g")}, Outcome(column="y")
COUNTS = Outcome(successes="s", trials="t")

NUMBERS = {
    "12": 12.0,
    " 12 ": 12.0,
    "-1.50": -1.5,
    "+.5": 0.5,
    "5.": 5.0,
    "1e3": 1000.0,
    "1E-3": 0.001,
    "007": 7.0,
    "0.1": 0.1,
    "9007199254740993": 9007199254740992.0,
    "1e199": 1e199,
    "123456789012345678901234567890": 123456789012345678901234567890.0,
}
"""What is a number, as text."""
NO_NUMBERS = ["abc", "12a", "1,5", "1 000", "1_000", "0x10", "1d", "1f", "--1", "+-1", "1e", "e5"]
NO_NUMBERS += ["nan", "NaN", "inf", "-Infinity", "true", "\uff11", " ", ".", "-", "1e999", "12;"]
"""What is none."""

PIECES = ['"', ",", "\n", "\r\n", "\r", " ", "\t", "\\", "'", ";", "a", "B", "é", "😀", "NA", "0"]
PIECES += ["\0", "\ufeff", "%s", ":x", "${x}", "--", "#", "\u2028", "\x1a", "x,y\n", '"\n"']
NASTY = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
TEXTS = st.one_of(st.sampled_from(["", "a", "b", "NA", " a"]), NASTY, st.text(max_size=5))
ROWS_OF_TEXT = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=12)
"""Any table of three columns."""


def given_value(text):
    return None if text in ("", "NA") else text
