"""What changed since a kept run: a section of the report, and a page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partialpool.frames import read_facts, read_frame
from partialpool.provenance import package_versions
from partialpool.report.labels import Labels, read_labels
from partialpool.report.page import Page, Point
from partialpool.report.sections import Section, write_section
from partialpool.report.since.headline import headline, name_run
from partialpool.report.since.tables import (
    tabulate_changed,
    tabulate_counts,
    tabulate_moves,
    tabulate_steps,
)
from partialpool.report.since.text import explain, lede
from partialpool.runs.comparison import TABLES, Since


def read_since(paths: Sequence[str | Path]) -> Since:
    """Read what `comparison.compare_runs` gave, each table by the stem of its file."""
    files = {Path(path).stem: path for path in paths}
    return Since({name: read_frame(files[name]) for name in TABLES}, read_facts(files["since"]))


def say_since(paths: Sequence[str | Path], labels: Labels) -> str:
    """What changed, in one sentence; nothing where nothing is compared.

    Args:
        paths: as for `tell_since`.
        labels: the words of the analysis.
    """
    if not paths:
        return ""
    since = read_since(paths)
    return headline(since.facts, since.tables, labels)


def tell_since(paths: Sequence[str | Path], labels: Labels) -> tuple[list[Point], list[Section]]:
    """What changed, for a report: a sentence beside its answer, and its section.

    Args:
        paths: the files of what changed; none where nothing is compared.
        labels: the words of the analysis.
    """
    if not paths:
        return [], []
    since = read_since(paths)
    said = headline(since.facts, since.tables, labels)
    line = write_section("line", "line", said).html.strip()
    line = line.removeprefix("<p>").removesuffix("</p>")
    section = replace(compose_section(since, labels), folded=True, summary=line)
    return [Point("What changed", said)], [section]


def compose_section(since: Since, labels: Labels) -> Section:
    """The section on what changed; a line where nothing did."""
    from partialpool.report.since.figures import draw_trend  # and with it Matplotlib

    facts, tables = since.facts, since.tables
    title = f"What changed since {name_run(facts['since'])}"
    shown: list[Any] = [draw_trend(tables["trend"], labels)]
    if not facts["same"]:
        shown = [
            tabulate_moves(tables, labels),
            tabulate_steps(facts, tables, labels),
            *shown,
            tabulate_counts(tables, labels) if facts["relation"] != "same" else None,
        ]
    shown.append(tabulate_changed(facts, labels))
    html = write_section("since", title, explain(facts, tables, labels)).html
    parts = [item._repr_html_() for item in shown if item is not None]
    return Section("since", title, html + "".join(parts))


def compose_changes(
    paths: Sequence[str | Path], levels: str | Path, title: str, words: Mapping[str, Any]
) -> Page:
    """The page of what changed.

    Args:
        paths: the files of what changed.
        levels: the file of the levels of each factor.
        title: of the analysis.
        words: of the analysis (`described.describe_labels`).
    """
    labels, since = read_labels(words, levels), read_since(paths)
    section = compose_section(since, labels)
    return Page(
        title=f"What changed: {title}",
        question=f"What changed since {name_run(since.facts['since'])}, and what moved it?",
        lede=lede(since.facts, labels),
        answer=[headline(since.facts, since.tables, labels)],
        sections=[section],
        provenance={
            "Held to": since.facts["since"],
            "Models, then and now": [str(model) for model in since.facts["models"]],
            "Fitted again": since.facts["refits"] or "nothing",
            "Versions": package_versions(),
        },
    )
