"""Names of environment variables in a URL, and their values, which no message may show."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from partialpool.errors import InputError

VARIABLE = re.compile(r"\$\{(\w+)\}")
PORT = re.compile(r"(?<=:)\$\{\w+\}(?=[/?]|$)")
EXPECTED = "expected dialect+driver://${USER}:${PASSWORD}@host/database"


class Secrets:
    """Environment variables that were looked up, to be kept out of messages."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def expand(self, text: str) -> str:
        """A text with the values of the variables that it names.

        Raises:
            InputError: a variable is not defined.
        """
        return VARIABLE.sub(lambda found: self._look_up(found[1]), text)

    def hide(self, value: str, shown: str) -> None:
        """Show something else wherever a message holds the value, however it is written."""
        for written in (value, quote(value, safe=""), quote_plus(value), repr(value)[1:-1]):
            if written:
                self._names.setdefault(written, shown)

    def scrub(self, text: str) -> str:
        """A message with names for the values of variables."""
        longest_first = sorted(self._names, key=len, reverse=True)
        if not longest_first:
            return text
        values = "|".join(map(re.escape, longest_first))
        return re.sub(values, lambda found: self._names[found[0]], text)

    def _look_up(self, name: str) -> str:
        value = os.environ.get(name)
        if value is None:
            raise InputError(
                f"source.url: found no environment variable {name}, expected it for ${{{name}}}"
            )
        self.hide(value, f"${{{name}}}")
        return value


def expand_url(template: str, secrets: Secrets) -> URL:
    """A database's URL with the values of the variables that it names.

    A variable that is a part of the URL (user, password, host, database, the value of an option)
    stands for itself; one that holds more than a part is a piece of the URL's own text.

    Raises:
        InputError: a variable is not defined, or there is no URL.
    """
    with_port = PORT.sub(lambda found: secrets.expand(found[0]), template)
    try:
        url = make_url(with_port)
    except (ArgumentError, ValueError):
        return _whole_url(template, secrets)
    return url.set(
        username=_expanded(url.username, secrets),
        password=_expanded(url.password, secrets),
        host=_expanded(url.host, secrets),
        database=_expanded(url.database, secrets),
        query={key: _option(value, secrets) for key, value in url.query.items()},
    )


def _whole_url(template: str, secrets: Secrets) -> URL:
    text = secrets.expand(template)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InputError(
            f"source.url: {template} is not the URL of a database, {EXPECTED}"
        ) from None
    # a part may come to a message alone, and an unquoted password may lie across several
    for part in (*url[1:6], *url.query.values()):
        if part is not None and str(part) not in template:
            secrets.hide(str(part), template)
    return url


def _expanded(part: str | None, secrets: Secrets) -> str | None:
    return None if part is None else secrets.expand(part)


def _option(value: str | tuple[str, ...], secrets: Secrets) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return secrets.expand(value)
    return tuple(secrets.expand(part) for part in value)
