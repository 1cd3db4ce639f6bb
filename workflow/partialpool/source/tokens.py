"""SQL cut into words, texts and marks, as far as it takes to see where a statement ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Unclear(ValueError):  # noqa: N818
    """What cannot be cut with certainty, said as a noun phrase."""


class Token(NamedTuple):
    """A piece of SQL: a bare `word` or a quoted `name`, a `text`, a `number`, or a `mark`."""

    kind: str
    text: str


class Lexis(NamedTuple):
    """How a dialect quotes and comments."""

    backslash: bool = False
    """Whether a backslash escapes in text."""
    double_is_text: bool = False
    """Whether double quotes stand around text, too."""
    backticks: bool = False
    """Whether backticks stand around names."""
    brackets: bool = False
    """Whether square brackets stand around names."""
    dollars: bool = False
    """Whether `$tag$` stands around text."""
    escaped_texts: bool = False
    """Whether a backslash escapes in text after an E."""
    hashes: bool = False
    """Whether # begins a comment."""
    dashes: str = "--[^\n\r]*"
    """The pattern of a comment to the end of the line."""


STANDARD_TEXTS = "postgresql with standard_conforming_strings"
"""PostgreSQL, where a backslash in text is a letter as any other."""
_POSTGRESQL = Lexis(dollars=True, escaped_texts=True)
_MYSQL = Lexis(double_is_text=True, backticks=True, hashes=True, dashes=r"--(?=[ \t\n]|$)[^\n\r]*")
_SPARK = Lexis(backslash=True, double_is_text=True, backticks=True)
LEXES = {
    "postgresql": (_POSTGRESQL, _POSTGRESQL._replace(backslash=True)),
    STANDARD_TEXTS: (_POSTGRESQL,),
    "sqlite": (Lexis(backticks=True, brackets=True),),
    "mysql": (_MYSQL, _MYSQL._replace(backslash=True)),
    "mariadb": (_MYSQL, _MYSQL._replace(backslash=True)),
    "mssql": (Lexis(brackets=True),),
    "oracle": (Lexis(),),
    "spark": (_SPARK,),
}
"""How a dialect reads; in which of several ways may be a setting of the server."""
OTHERS = (Lexis(), Lexis(brackets=True), _SPARK._replace(dollars=True, hashes=True))
"""How a dialect may read of which nothing is known."""
COMMENT = re.compile(r"/\*(?![!+M])(?:(?!/\*|\*/).)*\*/", re.DOTALL)
"""A comment that every dialect reads as one: not nested, and no hint in it."""
WORD = re.compile(r"[^\W\d][\w$]*")
NUMBER = re.compile(r"\d[\w.]*")
PREFIXED = re.compile(r"(?:n?q|r|u&)['\"]", re.IGNORECASE)
"""Text and names with rules of their own for where they end."""


def cut(sql: str, lexis: Lexis) -> Iterator[Token]:
    """The tokens of a text in SQL, without comments and blanks.

    Raises:
        Unclear: a quote or a comment has no end, or an end that dialects do not agree on.
    """
    patterns = _patterns(lexis)
    sql, at = sql.replace("\r\n", "\n"), 0
    while at < len(sql):
        if PREFIXED.match(sql, at):
            raise Unclear(f"{sql[at : at + 3]!r}, which begins a text of another kind")
        kind, found = next(
            ((kind, found) for kind, pattern in patterns if (found := pattern.match(sql, at))),
            ("mark", None),
        )
        text = found[0] if found else sql[at]
        if kind == "mark":
            _check_mark(sql, at, lexis)
        if kind == "name":
            yield Token(kind, text[1:-1])
        elif kind != "blank":
            yield Token(kind, text)
        at += len(text)


def _patterns(lexis: Lexis) -> list[tuple[str, re.Pattern[str]]]:
    """The kinds of token, in the order in which they are looked for."""
    double = "text" if lexis.double_is_text else "name"
    choices = [
        ("blank", r"[ \t\n]+", True),
        ("blank", lexis.dashes, True),
        ("blank", COMMENT.pattern, True),
        ("blank", "#[^\n\r]*", lexis.hashes),
        ("text", "[eE]" + _quoted("'", backslash=True), lexis.escaped_texts),
        ("text", _quoted("'", backslash=lexis.backslash), True),
        (double, _quoted('"', backslash=lexis.backslash and lexis.double_is_text), True),
        ("name", _quoted("`"), lexis.backticks),
        ("name", r"\[[^\]]*\]", lexis.brackets),
        ("text", r"\$(?P<tag>\w*)\$.*?\$(?P=tag)\$", lexis.dollars),
        ("word", WORD.pattern, True),
        ("number", NUMBER.pattern, True),
    ]
    return [(kind, re.compile(text, re.DOTALL)) for kind, text, is_used in choices if is_used]


def _quoted(quote: str, *, backslash: bool = False) -> str:
    inside = rf"[^{quote}\\]|\\." if backslash else f"[^{quote}]"
    return f"{quote}(?:{inside}|{quote}{quote})*{quote}"


def _check_mark(sql: str, at: int, lexis: Lexis) -> None:
    if sql.startswith("/*", at):
        raise Unclear("a comment that is not closed, or holds another, or a hint")
    if sql.startswith("//", at):
        raise Unclear("//, which begins a comment for some")
    is_quote = sql[at] in "'\"" or (sql[at] == "`" and lexis.backticks)
    if is_quote or (sql[at] in "[]" and lexis.brackets):
        raise Unclear("a quote that is not closed")
    if not sql[at].isprintable():
        raise Unclear(f"the character {sql[at]!r}")
