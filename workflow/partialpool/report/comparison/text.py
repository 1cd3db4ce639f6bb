"""Sentences that set the models side by side: what is compared, and what is within noise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from partialpool.comparison.ranking import noise_limit
from partialpool.frames import Row, list_rows
from partialpool.report.formats import decimals
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import listed, plain

FEW_UNITS = 30
"""Standard errors from fewer units than this are called rough."""
FEWEST_UNITS = 5
"""From fewer units than this, standard errors are said to tell next to nothing."""


def introduce_effects(labels: Labels) -> str:
    """How models of any formula are read on the same terms."""
    if labels.ranked:
        return ""
    inside, there = (" inside each level", " there") if labels.places else ("", "")
    return fill("comparison/effects", inside=inside, there=there)


def rank_models(comparison: pd.DataFrame, unit: str, units: str, failed: Sequence[str] = ()) -> str:
    """Which model predicts best, and which are within noise of it.

    Args:
        comparison: `ranking.compare`, the best first.
        unit: what is left out, in a sentence (`units.name_unit`).
        units: the same for several.
        failed: models that failed their verdict.
    """
    rows = list_rows(comparison)
    scored = [row for row in rows if not math.isnan(row["elpd"])]
    unknown = [row for row in rows if row not in scored and row["high_k"]]
    none = [row for row in rows if row not in scored and not row["high_k"]]
    said = [_unscored([plain(row["model"]) for row in none], unit)]
    if len(rows) == 1 and scored:
        return f"There is one model only; its elpd per {unit} is {decimals(1)(rows[0]['elpd'])}."
    if not scored:
        return " ".join(filter(None, [*said, _untold(unknown, unit)]))
    best, *others = scored
    among = f" of the {len(scored)} models that have one" if unknown and others else ""
    highest = f"has the highest elpd{among}" if others or not unknown else "alone has an elpd"
    said.append(f"Per {unit}, **{plain(best['model'])}** {highest}{_caveat(best, failed)}.")
    count = int(best["units"])
    near = [_gap(row, failed) for row in others if row["within_noise"]]
    if near:
        verb = "is" if len(near) == 1 else "are"
        limit = f"{noise_limit(count):.2g}"
        said.append(
            f"Within noise of it (at most {limit} standard errors behind) {verb} {listed(near)}."
        )
    far = [_gap(row, failed) for row in others if not row["within_noise"]]
    if far:
        sure = "Clearly behind" if count >= FEWEST_UNITS else "Behind by more"
        said.append(f"{sure}: {listed(far)}.")
    if others and count < FEW_UNITS:
        said.append(_roughness(count, units))
    said += [_behind(row, plain(best["model"]), unit) for row in unknown if row["behind"]]
    said.append(_untold([row for row in unknown if not row["behind"]], unit))
    return " ".join(filter(None, said))


def compare_units(
    tables: Mapping[str, pd.DataFrame], names: Mapping[str, pd.DataFrame], labels: Labels
) -> str:
    """How far multilevel models are ahead of the others, by unit.

    Args:
        tables: `ranking.compare` by what is left out, in words.
        names: of each model's parameters (`parameters.name_parameters`).
        labels: the words of the analysis.
    """
    grouped = {model for model, of in names.items() if (of["kind"] == "effect").any()}
    if not grouped or len(grouped) == len(labels.models):
        return ""
    said = [
        f"per {unit}, {ahead}"
        for unit, table in tables.items()
        if (ahead := _advantage(table, grouped))
    ]
    if not said:
        return ""
    return (
        "Of the models with varying effects and those without, the best of each compare so: "
        f"{'; '.join(said)}. What pooling is worth depends on what is to be predicted."
    )


def fine(value: float) -> str:
    """A difference of elpd: two decimals near the best model, one far from it."""
    return decimals(2 if abs(value) < 10 else 1)(value)


def _advantage(table: pd.DataFrame, grouped: set[str]) -> str:
    """The best of one kind against the best of the other; the table has the best first."""
    rows = list_rows(table[table["elpd"].notna()])
    kinds = [row["model"] in grouped for row in rows]
    if len(set(kinds)) < 2:
        return ""
    best, other = rows[0], rows[kinds.index(not kinds[0])]
    return (
        f"{plain(best['model'])} is ahead of {plain(other['model'])} by "
        f"{fine(-other['difference'])} (standard error {fine(other['difference_se'])}), "
        f"{'within' if other['within_noise'] else 'beyond'} noise"
    )


def _roughness(count: int, units: str) -> str:
    """What standard errors from few units are worth."""
    if count >= FEWEST_UNITS:
        return (
            f"With {count} {units}, the standard errors themselves are rough, so a difference has "
            f"to exceed {noise_limit(count):.2g} of them to stand out."
        )
    return (
        f"With {count} {units}, a standard error says next to nothing, and whether a difference "
        "would hold for others cannot be told from so few: read the table of each below."
    )


def _unscored(models: Sequence[str], unit: str) -> str:
    """Models that have no score, and why."""
    if not models:
        return ""
    has = "has" if len(models) == 1 else "have"
    return (
        f"Per {unit}, {listed(models)} {has} no score: without some {unit}, a flat prior is all "
        "that is left of a coefficient, and a flat prior predicts nothing."
    )


def _untold(rows: Sequence[Row], unit: str) -> str:
    """Models of which it is not known how well they predict."""
    if not rows:
        return ""
    names = listed([plain(row["model"]) for row in rows])
    return (
        f"**How well {names} predict{'s' * (len(rows) == 1)} per {unit} is not known**: "
        "importance sampling is not to be trusted for some of what was left out, as is said below."
    )


def _behind(row: Row, best: str, unit: str) -> str:
    """A model whose elpd is not known, but what it is at most is."""
    return (
        f"By how much {plain(row['model'])} is behind {best} per {unit} is not known, but its elpd "
        f"is at most {decimals(1)(row['at_most'])}, and that would be behind beyond noise."
    )


def _gap(row: Row, failed: Sequence[str]) -> str:
    few = int(row["units"]) < FEWEST_UNITS
    where = f", worse in {row['worse_in']} of {row['units']}" if few else ""
    return (
        f"{plain(row['model'])} ({fine(row['difference'])}, standard error "
        f"{fine(row['difference_se'])}{where}{_caveat(row, failed)})"
    )


def _caveat(row: Row, failed: Sequence[str]) -> str:
    return ", but failed its verdict" if row["model"] in failed else ""
