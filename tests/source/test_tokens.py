"""SQL cut into tokens: what is quoted and what is a comment holds nothing that ends a statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialpool.source.tokens import LEXES, OTHERS, Lexis, Unclear, cut


def texts(sql, lexis):
    return [text for _, text in cut(sql, lexis)]


@pytest.mark.parametrize(
    ("sql", "lexis", "expected"),
    [
        ("a = 'x;''y' -- ; '", Lexis(), ["a", "=", "'x;''y'"]),
        ('"a;""b" /* ; */ <> 1.5e3', Lexis(), ['a;""b', "<", ">", "1.5e3"]),
        (r"a = 'x\';' ", Lexis(backslash=True), ["a", "=", r"'x\';'"]),
        (r"E'\';' = e", Lexis(escaped_texts=True), [r"E'\';'", "=", "e"]),
        ("$t$ ' $t$ = $1", Lexis(dollars=True), ["$t$ ' $t$", "=", "$", "1"]),
        ("[a;b]`c;`", Lexis(brackets=True, backticks=True), ["a;b", "c;"]),
        ("a -- b\r\n+ c # '", Lexis(hashes=True), ["a", "+", "c"]),
    ],
)
def test_quotes_and_comments_hide_what_they_hold(sql, lexis, expected):
    assert texts(sql, lexis) == expected


@pytest.mark.parametrize("sql", ["'", '"', "'a''", "/*", "/* /* */", "/*! a */", "U&'a'", "q'a'"])
def test_what_has_no_certain_end_is_unclear(sql):
    for lexis in (*OTHERS, *LEXES["mysql"]):
        with pytest.raises(Unclear):
            texts(sql, lexis)


@given(st.text("ab'\"\\;()-/*#$`[]\n\r ", max_size=30))
def test_nothing_but_blanks_and_comments_is_lost(sql):
    """Whatever is cut stands in the text, in that order."""
    for lexes in (*LEXES.values(), OTHERS):
        for lexis in lexes:
            try:
                tokens = texts(sql, lexis)
            except Unclear:
                continue
            at = 0
            for token in tokens:
                at = sql.replace("\r\n", "\n").index(token, at) + len(token)
