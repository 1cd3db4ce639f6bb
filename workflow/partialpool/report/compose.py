"""Pages put together from the files of their rules: a report, and an index's entry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partialpool.decision.weighed import Weighed, read_weighed
from partialpool.frames import read_facts
from partialpool.report.decision.answer import answer, headline, lede, title_decision
from partialpool.report.decision.arms import tabulate_choices
from partialpool.report.decision.level_table import tabulate_standing
from partialpool.report.decision.limitations import list_limitations, warn_of_failures
from partialpool.report.labels import Labels, read_labels
from partialpool.report.page import Entry, Group, Page
from partialpool.report.sections import read_section

Files = Mapping[str, Any]
"""Paths, or lists of them, by what they hold."""


def compose_report(
    files: Files, title: str, question: str, words: Mapping[str, Any], formulas: Mapping[str, str]
) -> Page:
    """The report of an analysis.

    Args:
        files: `levels`, `decision`, `weighed`, `ledger`, `provenance`, the `verdicts` on each
            model, and executed notebooks: `data`, `log_odds`, `models`, `comparison`,
            `decision_notebook`.
        title: of the page.
        question: that the analysis asks.
        words: of the analysis (`described.describe_labels`).
        formulas: by model.
    """
    decision, ledger = read_facts(files["decision"][0]), read_facts(files["ledger"])
    weighed = read_weighed(files["weighed"])
    labels = read_labels(words, files["levels"], files["verdicts"])
    verdicts = dict(zip(labels.models, map(read_facts, files["verdicts"]), strict=True))
    models = [
        read_section(Path(path), f"model-{name}", 3, labels.title(name, formulas[name]))
        for name, path in zip(labels.models, files["models"], strict=True)
    ]
    decided = Path(files["decision_notebook"][0])
    return Page(
        title=title,
        question=question,
        lede=lede(ledger, labels),
        answer=answer(decision, weighed, labels),
        choices=_tabulate(weighed, labels),
        doubts=list_limitations(decision, labels),
        warnings=warn_of_failures(verdicts, decision["choice"]),
        sections=[
            read_section(decided, "decision", 2, title_decision(labels)),
            read_section(Path(files["data"][0]), "data"),
            read_section(Path(files["log_odds"][0]), "log-odds"),
            Group("models", "The models", models),
            read_section(Path(files["comparison"][0]), "comparison"),
        ],
        provenance=read_facts(files["provenance"][0]),
    )


def _tabulate(weighed: Weighed, labels: Labels) -> str:
    """The table that stands with the answer; nothing where none is given."""
    if ranked := tabulate_standing(weighed.tables["levels"], labels):
        return ranked._repr_html_()
    return tabulate_choices(weighed, labels)._repr_html_() if weighed.facts["advice"] else ""


def list_entry(
    decision: str | Path,
    weighed: str | Path,
    levels: str | Path,
    page: Mapping[str, Any],
) -> Entry:
    """A report as the index lists it.

    Args:
        decision: the file of what the analysis answers.
        weighed: the file of the facts on its arms.
        levels: the file of its factors' levels.
        page: its `name`, `title`, `question` and `labels`.
    """
    labels = read_labels(page["labels"], levels)
    facts = Weighed({}, read_facts(weighed))
    first = headline(read_facts(decision), facts, labels)
    return Entry(page["title"], page["question"], first, f"{page['name']}.html")
