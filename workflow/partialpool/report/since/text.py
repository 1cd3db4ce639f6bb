"""What changed since a kept run, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.period import spell_period
from partialpool.report.prose import fill
from partialpool.report.since.headline import CAUSES, Tables, count_beyond, name_kind, name_run
from partialpool.report.text import capital, listed, plain
from partialpool.runs.ladder import DATA

RELATIONS = {
    "same": "The data are the same.",
    "grown": "All {contacts} of then are among those of now.",
    "shrunk": "All {contacts} of now are among those of then, and some of then are gone.",
    "other": "The {contacts} are others, or nobody knows which of them are the same.",
}
VERDICTS = {
    "same": "same",
    "chance": "as chance does",
    "beyond": "more than chance",
    "moved": "moved",
}
"""What the verdict on a quantity is called."""


def explain(facts: Mapping[str, Any], tables: Tables, labels: Labels) -> str:
    """The paragraphs that open the section."""
    said = [_contacts(facts, labels), _steps(facts), *_chance(facts, tables, labels)]
    return "\n\n".join(filter(None, said))


def lede(facts: Mapping[str, Any], labels: Labels) -> str:
    """What is held to what: contacts then and now."""
    then, now = map(integer, facts["contacts"])
    return f"{now} {labels.many}, {then} in {name_run(facts['since'])}."


def _contacts(facts: Mapping[str, Any], labels: Labels) -> str:
    counts = zip(facts["contacts"], facts["cells"], facts["periods"], strict=True)
    told = [
        f"{integer(contacts)} {labels.many} in {integer(cells)} cells{_period(period)}"
        for contacts, cells, period in counts
    ]
    relation = RELATIONS[facts["relation"]].format(contacts=labels.many)
    if facts["relation"] == "same":
        return f"{capital(name_run(facts['since']))} and now: {told[1]}. {relation}"
    return f"Then, in {name_run(facts['since'])}: {told[0]}. Now: {told[1]}. {relation}"


def _period(period: Mapping[str, Any] | None) -> str:
    spelled = spell_period({"period": period or {}})
    return f" ({spelled})" if spelled else ""


def _steps(facts: Mapping[str, Any]) -> str:
    if None in facts["models"]:
        return ""
    if not facts["changed"]:
        return fill("since/same" if facts["same"] else "since/differ")
    causes = [CAUSES[kind] for kind in facts["changed"]]
    if facts["reason"]:
        return fill("since/inseparable", causes=listed(causes), reason=plain(facts["reason"]))
    if len(causes) == 1:
        return fill("since/one_step", cause=causes[0])
    refits = len(facts["refits"])
    fits = {0: "no further fit", 1: "one further fit"}.get(refits, f"{refits} further fits")
    return fill("since/steps", causes=listed(causes), fits=fits)


def _chance(facts: Mapping[str, Any], tables: Tables, labels: Labels) -> list[str]:
    """What the data moved by more than chance, and how much of that chance itself would call."""
    beyond, of = count_beyond(tables["steps"], labels)
    if DATA not in facts["changed"] or facts["reason"] or not of:
        return []
    apart = fill("since/apart" if facts["relation"] == "other" else "since/nested")
    expected = 2 * (1 - facts["needed"]) * of
    lifts = name_kind(labels, of > 1)
    counted = fill(
        "since/chance",
        beyond="none" if not beyond else integer(beyond),
        lifts=f"{integer(of)} {lifts}",
        needed=percent()(facts["needed"]),
        expected=f"{expected:.1f}",
    )
    return [apart, counted]
