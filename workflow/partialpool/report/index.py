"""The page that lists several reports, a row for each: what was found, how sure, what to doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partialpool.report.formats import Format, exact
from partialpool.report.page import set_template


@dataclass(frozen=True)
class Lift:
    """An effect with its interval, in points, as it is written and as it is drawn."""

    text: str
    of: str
    """What is held to what: `Bundle over NoBundle`."""
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Entry:
    """One report as the index lists it; what is not known of it is empty."""

    title: str
    question: str
    answer: str
    """In Markdown."""
    href: str = ""
    best: str = ""
    lift: Lift | None = None
    verdict: str = ""
    sound: bool = True
    """Whether the verdict is a good one."""
    doubts: int | None = None
    period: str = ""
    change: str = ""
    failure: str = ""
    """Why there is no report."""


@dataclass(frozen=True)
class Axis:
    """Where lifts are drawn: on one scale for all, with 0 on it."""

    low: float
    high: float
    width: float = 110

    def at(self, value: float) -> float:
        """Where a value is, from the left."""
        return round(self.width * (value - self.low) / (self.high - self.low), 1)


def index(entries: Sequence[Entry]) -> str:
    """Set the page that lists several reports; a column that no report fills is left out."""
    known = {
        name
        for name in ("best", "lift", "verdict", "doubts", "period", "change")
        if any(getattr(entry, name) not in ("", None) for entry in entries)
    }
    return set_template("index.html.j2").render(entries=entries, known=known, axis=_axis(entries))


def fail_entry(title: str, question: str, reason: str) -> Entry:
    """An analysis that has no report, and why."""
    return Entry(title, question, "", failure=reason)


def write_lift(of: str, mean: float, lower: float, upper: float, show: Format) -> Lift:
    """A lift of fractions as the index shows it.

    Args:
        of: what is held to what.
        mean: of the lift.
        lower: end of its interval.
        upper: the other end.
        show: how lifts are written, in points.
    """
    text = f"{show(mean)} ({show(lower)} to {show(upper)})"
    return Lift(text, of, *(float(exact(value, show)) for value in (mean, lower, upper)))


def _axis(entries: Sequence[Entry]) -> Axis:
    lifts = [entry.lift for entry in entries if entry.lift]
    low = min((lift.lower for lift in lifts), default=0.0)
    high = max((lift.upper for lift in lifts), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.04 * (high - low) or 1.0
    return Axis(low - room, high + room)
