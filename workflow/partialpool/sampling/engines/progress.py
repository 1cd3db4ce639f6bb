"""Sampling progress: both engines print Stan's lines, of which a person needs few."""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

SECONDS = 5.0
"""Between two reports of one fit; shorter fits are quiet."""
LINES = 50
"""Lines that an engine prints for each chain."""
_LINE = re.compile(r"Chain \[1\] Iteration:\s*(\d+) / (\d+) \[\s*\d+%\]\s+\((\w+)\)")

log = logging.getLogger("partialpool")


class _Reader(io.TextIOBase):
    """Passes on how far the first chain is; the others keep about the same pace."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        for done, total, phase in _LINE.findall(text):
            if time.monotonic() - self._last >= SECONDS:
                self._last = time.monotonic()
                share = 100 * int(done) / int(total)
                log.info("%s, %.0f%% of the iterations", phase.lower(), share)
        return len(text)


def report_every(iterations: int) -> int:
    """After how many iterations an engine should print a line."""
    return max(1, iterations // LINES)


@contextmanager
def reported() -> Iterator[None]:
    """Turn what an engine prints into log lines."""
    with redirect_stdout(_Reader()):
        yield
