"""What a filter and a query may be: one condition, one SELECT, and nothing but the source.

For the engines whose own parser cannot be asked. The transaction that only reads, and the one
statement that the protocol takes, hold where this does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.tokens import LEXES, OTHERS, Token, Unclear, cut

FILTER = "source.filter"
QUERY = "source.query"
EXPECTED = {
    FILTER: "one condition on the columns of a row, such as country = 'NZ'; the rows of other "
    "tables are for source.query",
    QUERY: "one SELECT of the rows to count, from the tables of the source alone",
}
"""What each key may hold."""
QUERYING = {"select", "table", "with", "from"}
"""Words that begin a query behind a bracket."""
STARTS = {"select", "with", "values", "table", "from", "("}
"""What a query begins with."""
OUTSIDE = {"load_file", "sleep", "benchmark", "get_lock", "sys_exec", "sys_eval"}
OUTSIDE |= {"openrowset", "openquery", "opendatasource", "openxml", "xp_cmdshell"}
OUTSIDE |= {"httpuritype", "dburitype", "xdburitype", "sys_context", "load_extension"}
OUTSIDE |= {"reflect", "java_method", "try_reflect", "read_files", "http_request", "ai_query"}
OUTSIDE |= {"read_csv", "read_json", "read_parquet", "read_text", "file", "url", "s3", "remote"}
"""Functions of any dialect that reach beyond the rows, or keep a server waiting."""
PACKAGES = ("utl_", "dbms_", "owa_", "htp", "apex_")
"""What the packages begin with by which Oracle reaches files and networks."""
WRITING = {"insert", "update", "delete", "merge", "into"}
"""Words that begin what writes: behind a bracket, or the last one anywhere."""


class Names(NamedTuple):
    """What a text in SQL names."""

    functions: set[str]
    words: set[str]


def refuse(source: Source, key: str, found: str) -> InputError:
    """The error of a filter or query that is not what it may be."""
    return InputError(f"{key}: {source.shown}: found {found}; expected {EXPECTED[key]}")


def check_filter(source: Source, dialect: str) -> Names:
    """Check that a filter is one condition, without a query inside it.

    Args:
        source: with a filter.
        dialect: one of `LEXES`, or SQLAlchemy's name for another.

    Returns:
        The functions and words that it names, bare ones in small letters.

    Raises:
        InputError: it is not.
    """
    readings = _readings(source, FILTER, source.filter, dialect)
    for tokens in readings:
        for before, token in pairwise([Token("mark", "("), *tokens]):
            word = token.text.lower() if token.kind == "word" else ""
            if word == "select" or (before.text == "(" and word in QUERYING):
                raise refuse(source, FILTER, f"a query inside it ({token.text})")
    return _check(source, FILTER, readings, dialect)


def check_query(source: Source, dialect: str) -> Names:
    """Check that a query is one statement that begins as one that only reads.

    Args:
        source: with a query.
        dialect: one of `LEXES`, or SQLAlchemy's name for another.

    Returns:
        The functions and words that it names, bare ones in small letters.

    Raises:
        InputError: it is not.
    """
    readings = _readings(source, QUERY, str(source.query), dialect)
    for tokens in readings:
        if tokens and tokens[-1].text == ";":
            tokens.pop()
        start = tokens[0].text if tokens else "nothing"
        if start.lower() not in STARTS or len(tokens) < 2:
            raise refuse(source, QUERY, start)
    return _check(source, QUERY, readings, dialect)


def _check(source: Source, key: str, readings: Sequence[list[Token]], dialect: str) -> Names:
    """Check what holds for both: no second statement, no way out of the brackets around it."""
    for tokens in readings:
        if found := _wrong_shape(tokens):
            raise refuse(source, key, found)
    names = _names(readings)
    outside = [f"{name}()" for name in names.functions if name.lower() in OUTSIDE]
    if dialect == "oracle":
        outside += [word for word in names.words if word.lower().startswith(PACKAGES)]
    if outside:
        raise refuse(source, key, f"{min(outside)}, which reaches beyond the rows")
    return names


def _wrong_shape(tokens: Sequence[Token]) -> str | None:
    depth = 0
    for before, token in pairwise([Token("mark", "("), *tokens]):
        mark = token.text if token.kind == "mark" else ""
        word = token.text.lower() if token.kind == "word" else ""
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            return "a bracket that closes none"
        if mark == ";":
            return "a semicolon, behind which another statement could stand"
        if word == "into" or (word in WRITING and before.text == "("):
            return token.text
    return "a bracket that is not closed" if depth else None


def _readings(source: Source, key: str, sql: str, dialect: str) -> list[list[Token]]:
    """The tokens of a text, in every way in which the dialect may read it."""
    try:
        return [list(cut(sql, lexis)) for lexis in LEXES.get(dialect, OTHERS)]
    except Unclear as unclear:
        raise refuse(source, key, str(unclear)) from None


def _names(readings: Sequence[Sequence[Token]]) -> Names:
    functions: set[str] = set()
    words: set[str] = set()
    for tokens in readings:
        for token, after in pairwise([*tokens, Token("mark", "")]):
            if token.kind in ("word", "name"):
                name = token.text.lower() if token.kind == "word" else token.text
                words.add(name)
                if after == Token("mark", "("):
                    functions.add(name)
    return Names(functions, words)
