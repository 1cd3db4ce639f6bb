"""What changed since a kept run: tables and facts, without words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.errors import InputError
from partialpool.runs.differences import ERRORS, Relation, judge, match, relate
from partialpool.runs.keeping import keep
from partialpool.runs.ladder import DATA, Refit, Rung, changed_kinds, check_refit, climb
from partialpool.runs.quantities import KEY
from partialpool.runs.run import NOW, Run, changed_settings, read_run
from partialpool.runs.shelf import RUNS, check_kept, check_since, list_kept
from partialpool.settings import Analysis
from partialpool.settings.blocks import LAST

AT, ENDS, PLACE = ("then", "now"), ("mean", "lower", "upper"), ("within", "treatment")
TABLES = {
    "moves": (*KEY, *(f"{end}_{at}" for at in AT for end in ENDS), "difference", "mcse"),
    "steps": ("step", *KEY, "difference", "mcse", "by_mix", "chance", "p", "verdict"),
    "counts": (*PLACE, *(f"{count}_{at}" for count in ("contacts", "successes") for at in AT)),
    "trend": ("label", "model", *KEY, *ENDS, "contacts"),
}
"""The columns of every table."""


@dataclass(frozen=True)
class Since:
    """What changed since a kept run."""

    tables: dict[str, pd.DataFrame]
    """Those of `TABLES`."""
    facts: dict[str, Any]


def compare_with_kept(
    name: str,
    analysis: Analysis,
    files: Sequence[str],
    wanted: str,
    refit: Refit,
    runs: Path = RUNS,
) -> Since:
    """Hold the results of an analysis to a kept run.

    Args:
        name: of the analysis.
        analysis: its settings.
        files: of its results, as they are kept.
        wanted: the label of the kept run, or `last`.
        refit: fits again what lies between them.
        runs: the folder of all kept runs.

    Raises:
        InputError: there is no such run, or it was changed.
    """
    every = list_kept(name, runs)
    check_since({name: every}, wanted)
    for kept in every:
        check_kept(kept)
    with TemporaryDirectory() as folder:
        keep(Path("results") / name, files, None, Path(folder), analysis)
        now = read_run(Path(folder), NOW)
        read = [read_run(kept.folder, kept.label) for kept in every]
        return compare_runs(choose_then(now, read, wanted), now, read, refit)


def choose_then(now: Run, kept: Sequence[Run], wanted: str) -> Run:
    """The kept run that a run is held to.

    Args:
        now: the run.
        kept: all kept runs of the analysis, the first one first.
        wanted: its label, or `last`: the newest that is not the run itself, as far as contacts and
            settings tell; where all are, the newest.
    """
    if wanted != LAST:
        return next(run for run in kept if run.label == wanted)
    others = [run for run in kept if not is_same(run, now)]
    return others[-1] if others else kept[-1]


def is_same(then: Run, now: Run) -> bool:
    """Whether two runs are of the same contacts, under the same settings and versions."""
    same = relate(then.cells, now.cells) == "same" and then.versions == now.versions
    return same and not changed_settings(then, now)


def compare_runs(then: Run, now: Run, kept: Sequence[Run], refit: Refit) -> Since:
    """Hold a run to a kept one.

    Args:
        then: the kept run.
        now: the run.
        kept: all kept runs of the analysis, the first one first.
        refit: fits again what lies between them.

    Returns:
        Tables: `moves`, of every rate and lift of the answering models then, now, and the
        difference; `steps`, what each change did to it; `counts` of contacts; and `trend`, over
        all kept runs. Facts: of what run they are, what changed, and why steps are missing.
    """
    relation = relate(then.cells, now.cells)
    kinds, needed = changed_kinds(then, now), now.analysis.decision.probability
    rungs, reason = _climb(then, now, kinds, refit)
    steps = [_judge(rung, relation, needed) for rung in rungs]
    answered = then.answering is not None and now.answering is not None
    level = now.analysis.interval
    moves = match(then.found_at(level), now.found) if answered else pd.DataFrame()
    tables = {
        "moves": moves,
        "steps": pd.concat(steps) if steps else pd.DataFrame(),
        "counts": _count(then, now),
        "trend": _follow(now, kept),
    }
    told = {name: table.reindex(columns=list(TABLES[name])) for name, table in tables.items()}
    return Since(told, _tell(then, now, relation, kinds, rungs, reason))


def _climb(then: Run, now: Run, kinds: Sequence[str], refit: Refit) -> tuple[list[Rung], str]:
    """The rungs between two runs, or why there are none."""
    try:
        if len(kinds) > 1:
            check_refit(then, now)
        return climb(then, now, refit), ""
    except (InputError, RuntimeError) as error:  # RuntimeError is what both engines raise
        return [], str(error)


def _judge(rung: Rung, relation: Relation, needed: float) -> pd.DataFrame:
    between = relation if rung.kind == DATA else "same"
    return judge(rung.before, rung.after, between, needed).assign(step=rung.kind)


def _tell(
    then: Run,
    now: Run,
    relation: Relation,
    kinds: Sequence[str],
    rungs: Sequence[Rung],
    reason: str,
) -> dict[str, Any]:
    both = then, now
    moved = match(then.found, now.found) if rungs or (not kinds and now.answering) else None
    return {
        "since": then.label,
        "relation": relation,
        "changed": list(kinds),
        "refits": [rung.kind for rung in rungs if rung.refitted],
        "reason": reason,
        "needed": now.analysis.decision.probability,
        "models": [run.answering for run in both],
        "contacts": [run.ledger["contacts"] for run in both],
        "successes": [run.ledger["successes"] for run in both],
        "cells": [run.ledger["cells"] for run in both],
        "periods": [run.ledger.get("period") for run in both],
        "calls": _pair(_calls, then, now),
        "verdicts": _pair(_passes, then, now),
        "versions": _pair(_versions, then, now),
        "settings": changed_settings(then, now),
        "same": moved is not None and not kinds and _within_error(moved),
    }


def _within_error(moved: pd.DataFrame) -> bool:
    return bool((moved["difference"].abs() <= ERRORS * moved["mcse"]).all())


def _pair(read: Callable[[Run], dict[str, str]], then: Run, now: Run) -> list[dict[str, str]]:
    """What was read of both runs, where it differs; empty where there was none."""
    one, other = read(then), read(now)
    names = dict.fromkeys([*one, *other])
    return [
        {"of": name, "then": one.get(name, ""), "now": other.get(name, "")}
        for name in names
        if one.get(name) != other.get(name)
    ]


def _calls(run: Run) -> dict[str, str]:
    """The call of every lift, by its place and arm, and the arm that is advised in every place."""
    lifts = {
        f"{row['within']}|{facts['treatment']}": row["call"]
        for facts in run.decision["treatments"]
        for row in [*facts["levels"], {**facts["overall"], "within": ALL}]
    }
    advised = {
        f"{row['within']}|": row["leader"] if row["advice"] != "open" else "open"
        for row in run.weighed["advice"]
    }
    return lifts | advised


def _passes(run: Run) -> dict[str, str]:
    return {name: "passed" if of["passed"] else "failed" for name, of in run.verdicts.items()}


def _versions(run: Run) -> dict[str, str]:
    return dict(run.versions[str(run.answering)]) if run.answering else {}


def _count(then: Run, now: Run) -> pd.DataFrame:
    """Contacts and successes then and now, by place and arm, of what the run now compares."""
    analysis = now.analysis
    one, other = (_margin(run, analysis.compared["within"], analysis.arms) for run in (then, now))
    if one is None or other is None:
        return pd.DataFrame()
    both = one.add_suffix("_then").join(other.add_suffix("_now"), how="outer")
    return both.fillna(0).astype(int).reset_index(names=list(PLACE))


def _margin(run: Run, within: str | None, arms: str) -> pd.DataFrame | None:
    """None where the run has not these factors."""
    if any(name is not None and name not in run.cells for name in (within, arms)):
        return None
    place = ALL if within is None else run.cells[within].astype(str)
    keyed = run.cells.rename(columns={"trials": "contacts"})[["contacts", "successes"]]
    keyed = keyed.assign(within=place, treatment=run.cells[arms].astype(str))
    return keyed.groupby(list(PLACE), sort=False).sum()


def _follow(now: Run, kept: Sequence[Run]) -> pd.DataFrame:
    """Rates and lifts over all kept runs; the run itself last, unless it is the newest of them."""
    ends = [] if kept and is_same(kept[-1], now) else [now]
    runs = [run for run in [*kept, *ends] if run.answering is not None]
    level = now.analysis.interval
    parts = [run.found_at(level).assign(label=run.label, model=run.answering) for run in runs]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
