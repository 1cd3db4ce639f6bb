"""Pages put together from the files of their rules: a report, and an index's entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partialpool.decision.weighed import Weighed, read_weighed
from partialpool.frames import read_facts
from partialpool.report.counts import lift_format
from partialpool.report.decision.answer import (
    answer,
    headline,
    in_sentences,
    lede,
    title_decision,
)
from partialpool.report.decision.arms import lead_overall, tabulate_choices
from partialpool.report.decision.brief import list_points
from partialpool.report.decision.curve_doubts import doubt_curve
from partialpool.report.decision.curve_table import tabulate_points
from partialpool.report.decision.level_table import tabulate_standing
from partialpool.report.decision.limitations import list_limitations, warn_of_failures
from partialpool.report.formats import integer
from partialpool.report.glossary import list_terms
from partialpool.report.index import Entry, Lift, write_lift
from partialpool.report.labels import Labels, read_labels
from partialpool.report.lifts import row_rates
from partialpool.report.made_from import list_provenance
from partialpool.report.page import Group, Page
from partialpool.report.period import spell_period
from partialpool.report.sections import Section, read_section
from partialpool.report.since.compose import say_since, tell_since

Files = Mapping[str, Any]
"""Paths, or lists of them, by what they hold."""
_LISTED = ("decisions", "weighed", "levels", "ledgers")
"""What the index reads of every analysis."""


def compose_report(
    files: Files, title: str, question: str, words: Mapping[str, Any], formulas: Mapping[str, str]
) -> Page:
    """The report of an analysis.

    Args:
        files: `levels`, `decision`, `weighed`, `ledger`, `provenance`, the `verdicts` on each
            model, and executed notebooks: `data`, `log_odds`, `models`, `comparison`,
            `decision_notebook`; and `since`, where the run is held to a kept one.
        title: of the page.
        question: that the analysis asks.
        words: of the analysis (`described.describe_labels`).
        formulas: by model.
    """
    decision, ledger = read_facts(files["decision"][0]), read_facts(files["ledger"])
    weighed = read_weighed(files["weighed"])
    labels = read_labels(words, files["levels"], files["verdicts"])
    verdicts = dict(zip(labels.models, map(read_facts, files["verdicts"]), strict=True))
    notebook = Path(files["decision_notebook"][0])
    decided = read_section(notebook, "decision", 2, title_decision(labels))
    points, since = tell_since(files.get("since", ()), labels)
    return Page(
        title=title,
        question=question,
        lede=lede(ledger, labels),
        answer=answer(decision, weighed, labels),
        choices=_tabulate(weighed, labels),
        figure=decided.answer,
        points=[*list_points(decision, weighed, labels), *points],
        support=in_sentences(decision, weighed, labels),
        terms=list_terms(labels),
        doubts=[
            *list_limitations(decision, labels),
            *doubt_curve(weighed.facts.get("curve"), labels, decision["choice"]["model"]),
        ],
        warnings=warn_of_failures(verdicts, decision["choice"]),
        sections=[
            decided,
            read_section(Path(files["data"][0]), "data"),
            read_section(Path(files["log_odds"][0]), "log-odds"),
            Group("models", "The models", _read_models(files, decision, labels, formulas)),
            read_section(Path(files["comparison"][0]), "comparison"),
            *since,
        ],
        provenance=list_provenance(read_facts(files["provenance"][0])),
    )


def _read_models(
    files: Files, decision: Mapping[str, Any], labels: Labels, formulas: Mapping[str, str]
) -> list[Section]:
    """A section per model, that of the one that answers first, the others folded."""
    chosen = decision["choice"]["model"]
    models = [
        replace(
            read_section(Path(path), f"model-{name}", 3, labels.title(name, formulas[name])),
            folded=name != chosen,
        )
        for name, path in zip(labels.models, files["models"], strict=True)
    ]
    return sorted(models, key=lambda section: section.folded)


def _tabulate(weighed: Weighed, labels: Labels) -> str:
    """The table that stands with the answer; nothing where none is given."""
    if ranked := tabulate_standing(weighed.tables["levels"], labels):
        return ranked._repr_html_()
    if points := tabulate_points(weighed.facts.get("curve"), labels):
        return points._repr_html_()
    return tabulate_choices(weighed, labels)._repr_html_() if weighed.facts["advice"] else ""


def list_entries(files: Files, pages: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The reports as the index lists them.

    Args:
        files: of each analysis in turn, the `decisions`, `weighed` (the facts on its arms),
            `levels` and `ledgers`; and `since`, of those that are held to a kept run, in folders
            that are below one of their name.
        pages: of each, its `name`, `title`, `question` and `labels`.
    """
    of_each = zip(*(files[name] for name in _LISTED), pages, strict=True)
    entries = []
    for *paths, page in of_each:
        since = [path for path in files["since"] if Path(path).parent.parent.name == page["name"]]
        entries.append(list_entry(dict(zip(_LISTED, paths, strict=True)) | {"since": since}, page))
    return entries


def list_entry(files: Files, page: Mapping[str, Any]) -> Entry:
    """A report as the index lists it.

    Args:
        files: as for `list_entries`, of one analysis.
        page: its `name`, `title`, `question` and `labels`.
    """
    labels, facts = read_labels(page["labels"], files["levels"]), read_facts(files["decisions"])
    arms = Weighed({}, read_facts(files["weighed"]))
    best = lead_overall(arms)
    return Entry(
        page["title"],
        page["question"],
        headline(facts, arms, labels),
        f"{page['name']}.html",
        best=best,
        lift=_lift(facts, best),
        **_verdict(facts["choice"]),
        doubts=len(list_limitations(facts, labels)) if facts["choice"]["model"] else None,
        period=spell_period(read_facts(files["ledgers"])),
        change=say_since(files["since"], labels),
    )


def _lift(decision: Mapping[str, Any], best: str) -> Lift | None:
    """The effect over all contacts: of the arm that leads, or of the first that is compared."""
    facts = {row["treatment"]: row for row in decision["treatments"]}
    if not facts:
        return None
    chosen = facts.get(best, next(iter(facts.values())))
    lift, of = chosen["overall"]["lift"], f"{chosen['treatment']} over {chosen['reference']}"
    show = lift_format(row_rates(chosen["overall"]))
    return write_lift(of, lift["mean"], lift["lower"], lift["upper"], show)


def _verdict(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a model answers, and whether others failed."""
    failed = len(choice["barred"])
    if choice["model"] is None:
        return {"verdict": "✗ no answer", "sound": False}
    said = f"! {integer(failed)} failed" if failed else "✓ passed"
    return {"verdict": said, "sound": not failed}
