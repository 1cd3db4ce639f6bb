"""What the model that answers says of every arm in every place, as tables and facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.decision import changes, segments
from partialpool.decision.arms import advise_arm, contrast_pairs, rank_arms
from partialpool.decision.curve_weighing import weigh_along
from partialpool.decision.levels import rank_levels, sum_up
from partialpool.decision.pooling import prefer_pooled
from partialpool.decision.profits import candidates, plan_further, weigh_money
from partialpool.decision.strata import Places, Strata, average, read_strata, weights_by_mix
from partialpool.decision.weighed import NOTHING, Weighed, fill_tables
from partialpool.settings import Decision


def weigh_answer(
    model: str | None,
    rates: Mapping[str, Path | str],
    question: Question,
    settings: Decision,
    interval: float,
    seed: int,
    counted: tuple[str, str] | None = None,
    alone: Collection[str] = (),
    others: tuple[Mapping[str, str], Sequence[str]] = ({}, ()),
) -> Weighed:
    """What the model that answers says of the arms, or of a number; nothing, where none does.

    Args:
        model: its name.
        rates: the files of `strata.write_strata` by model.
        question: as for `weigh_arms`.
        settings: as for `weigh_arms`.
        interval: as for `weigh_arms`.
        seed: as for `weigh_arms`.
        counted: the files of the cells and of their levels.
        alone: the models that let the lifts of places stand alone (`pooling.stand_alone`).
        others: the formulas of all models, and the models that predict as well.
    """
    if model is None:
        return Weighed(fill_tables(), dict(NOTHING))
    strata, cells = read_strata(Path(rates[model])), None
    if question.ranked and not question.along:
        return weigh_levels(strata, question, settings, interval)
    if counted is not None and (question.along or question.between is not None):
        cells = read_cells(Path(counted[0]), read_levels(counted[1]))
    if question.along and cells is not None:
        asked = question.treatment, question.apart
        return weigh_along(model, rates, *others, cells, asked, settings.probability, interval)
    return weigh_arms(strata, question, settings, interval, seed, cells, model in alone)


def weigh_levels(
    strata: Strata, question: Question, settings: Decision, interval: float
) -> Weighed:
    """Where every level stands among the others; there is nothing to choose.

    Args:
        strata: as for `weigh_arms`.
        question: as for `weigh_arms`.
        settings: how sure one must be.
        interval: as for `weigh_arms`.
    """
    (rates,) = np.moveaxis(average(strata, None).rates, 1, 0)
    needed = settings.probability
    table = rank_levels(rates, strata.arms, interval, needed, question.sign)
    return Weighed(fill_tables(levels=table), {**NOTHING, "levels": sum_up(table, needed)})


def weigh_arms(
    strata: Strata,
    question: Question,
    settings: Decision,
    interval: float,
    seed: int,
    cells: pd.DataFrame | None = None,
    alone: bool = False,
) -> Weighed:
    """Every arm in every place: its rate, its chance to be best, what it risks, what it brings.

    Args:
        strata: joint draws of the rates (`strata.stratify`).
        question: what is compared, and where.
        settings: what may be chosen, how sure one must be, and what it is worth.
        interval: probability inside the intervals.
        seed: of uncertain amounts, of contacts to come and of pooled lifts.
        cells: the counts; none where no change is asked for.
        alone: whether the model lets the lifts of places stand alone; of many such, pooled ones
            answer in the places (`pooling.pool_strata`), and over all the model itself.

    Returns:
        Tables `arms`, `pairs`, `mixes`, `money` (without rows where no value is given),
        `experiments`, `allocations`, `segments` and `changes`; and the facts `advice`, of each
        place and of all, `policy` (None without a value), `segments` (`segments.compare_places`),
        and whether lifts are `pooled`.
    """
    if alone:
        strata = prefer_pooled(strata, question.within, settings.probability, seed)
    places = average(strata, question.within)
    chosen = candidates(strata.arms, settings)
    names = [strata.arms[i] for i in chosen]
    values = places.rates[:, :, chosen]
    money, policy, profits = weigh_money(strata, question, settings, interval, seed)
    deciding = question.sign * values if profits is None else profits[:, :, chosen]
    advice = _advise(deciding, places.names, names, settings, profits is None)
    experiments, allocations = plan_further(strata, places, question, settings, seed)
    sure = settings.probability, interval
    contrasts, differ = segments.compare_places(strata, question, *sure, alone)
    tables = {
        "arms": rank_arms(values, places.names, names, interval, question.sign),
        "pairs": _contrast(places, interval, settings.worthwhile, question.sign),
        "mixes": _mix(strata, question, interval),
        "money": money,
        "experiments": experiments,
        "allocations": allocations,
        "segments": contrasts,
        "changes": changes.tabulate_changes(strata, question, cells, interval),
    }
    facts = {"advice": advice, "policy": policy, "terms": _terms(settings), "segments": differ}
    return Weighed(fill_tables(**tables), facts | {"pooled": strata.unpooled is not None})


def _terms(settings: Decision) -> dict[str, Any]:
    """What the arms were weighed by, for whoever tells of it."""
    wanted = ("probability", "worthwhile", "value", "cost", "currency", "campaign", "illustrative")
    return settings.model_dump(mode="json", include=set(wanted)) | {
        "experiment": settings.experiment.cost
    }


def _advise(
    values: np.ndarray, places: list[str], arms: list[str], settings: Decision, of_rates: bool
) -> list[dict[str, Any]]:
    """The advice on every place, from draws x places x arms."""
    needed, worthwhile = settings.probability, settings.worthwhile if of_rates else 0.0
    return [
        {"within": place, **advise_arm(values[:, i], arms, needed, worthwhile)}
        for i, place in enumerate(places)
    ]


def _contrast(places: Places, interval: float, worthwhile: float, sign: int) -> pd.DataFrame:
    rows = [
        {"within": place, **row}
        for i, place in enumerate(places.names)
        for row in contrast_pairs(
            places.rates[:, i], places.log_odds[:, i], places.arms, interval, worthwhile, sign
        )
    ]
    return pd.DataFrame(rows)


def _mix(strata: Strata, question: Question, interval: float) -> pd.DataFrame:
    """Rates and ranks over all by mix (`strata.weights_by_mix`)."""
    parts = []
    for name, weights in weights_by_mix(strata, question.within).items():
        over_all = average(strata, None, weights)
        table = rank_arms(over_all.rates, over_all.names, over_all.arms, interval, question.sign)
        parts.append(table.assign(mix=name))
    return pd.concat(parts, ignore_index=True)
