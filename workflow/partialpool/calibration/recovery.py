"""Recovery: are lifts found again, and how many contacts does one of a given size need.

Campaigns of several sizes are simulated in the analysis' own mix of cells. Each has the parameters
of a draw from the model's posterior, moved so that the lift over all contacts is the one asked
for (`campaigns.give_lift`); what the pipeline would say of it is held against that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from partialpool.calibration.campaigns import Campaign, draw_trials, give_lift
from partialpool.calibration.replicates import Replicate, fit_replicate
from partialpool.cells.question import ALL, Question
from partialpool.decision.answer import call
from partialpool.decision.effects import standardised_rates
from partialpool.model.design import name_effect
from partialpool.posterior.draws import named_parameters, summarise
from partialpool.posterior.rates import contrast

MEASURED = ("parameter", "treatment", "truth", "mean", "lower", "upper", "above_0")
LOG = logging.getLogger(__name__)


def recover(
    campaign: Campaign,
    draw: Callable[[np.random.Generator], Mapping[str, float]],
    seed: Callable[[str], int],
    replicates: Iterable[int],
    lifts: Sequence[float],
    sizes: Sequence[int],
    interval: float,
) -> pd.DataFrame:
    """Simulate, fit and measure campaigns of every lift and size.

    A replicate has the same parameters throughout, but for the lift.

    Args:
        campaign: the study.
        draw: the parameters of a replicate, from its stream.
        seed: of a stream, from its name.
        replicates: their numbers.
        lifts: differences of rates.
        sizes: contacts of the campaigns.
        interval: probability inside the intervals.

    Returns:
        `measure` of each, with `replicate`, `lift`, `contacts` and `divergent` transitions; none
        of a fit that the engine could not begin or end.
    """
    parts = []
    for number, lift in product(replicates, lifts):
        drawn = draw(np.random.default_rng(seed(str(number))))
        truth = give_lift(campaign, drawn, lift)
        for contacts in sizes:
            name = f"{number}/{lift:g}/{contacts}"
            generator = np.random.default_rng(seed(name))
            trials = draw_trials(campaign, contacts, generator)
            try:
                made = fit_replicate(campaign.study, truth, trials, generator, f"{name}/fit")
            except RuntimeError as error:
                LOG.warning("replicate %s failed: %s", name, error)
                continue
            facts = {"replicate": number, "lift": lift, "contacts": contacts}
            of = measure(campaign, truth, made, interval)
            parts.append(of.assign(**facts, divergent=made.divergent))
    columns = [*MEASURED, "replicate", "lift", "contacts", "divergent"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def measure(
    campaign: Campaign, truth: Mapping[str, float], replicate: Replicate, interval: float
) -> pd.DataFrame:
    """What the pipeline says of a replicate, beside what it was drawn with.

    Args:
        campaign: the study.
        truth: what the replicate was drawn with.
        replicate: counts and draws.
        interval: probability inside the intervals.

    Returns:
        A row for each parameter that the truth has, and for the lift of each treatment over the
        replicate's own contacts: `parameter`, `treatment` (of a lift), `truth`, `mean`, `lower`,
        `upper`, `above_0`.
    """
    rows = [
        _held(name, "", truth[name], values, interval)
        for name, values in named_parameters(replicate.fit.draws).items()
        if name in truth
    ]
    rates = standardised_rates(replicate.fit, Question(campaign.treatment))
    true = campaign.true_rates(truth, replicate.fit.cells)
    reference, *treatments = campaign.levels
    for level in treatments:
        lift = contrast(rates[ALL, level], rates[ALL, reference])["lift"]
        rows.append(_held("lift", level, true[level] - true[reference], lift, interval))
    return pd.DataFrame(rows)


def summarise_lifts(measured: pd.DataFrame, probability: float) -> pd.DataFrame:
    """How often each lift is called, and how well it is estimated, by the size of the campaign.

    Args:
        measured: `measure` of every replicate, with the columns `lift`, `contacts`, `replicate`.
        probability: that a call needs (`answer.call`).

    Returns:
        A row for each `treatment`, `lift` and `contacts`: `replicates`; the shares `gain` and
        `loss` of calls, `covered` of intervals with the truth inside, and their Monte Carlo
        standard errors (`gain_se`, ...); the mean `width` of the intervals and `width_se`.
    """
    lifts = measured[measured["treatment"] != ""]
    rows = []
    for (treatment, lift, contacts), of in lifts.groupby(
        ["treatment", "lift", "contacts"], sort=False
    ):
        calls = np.array([call(float(value), probability) for value in of["above_0"]])
        shares = {"gain": calls == "gain", "loss": calls == "loss", "covered": _covered(of)}
        row = {"treatment": treatment, "lift": lift, "contacts": contacts, "replicates": len(of)}
        for name, hits in shares.items():
            row |= {name: float(hits.mean()), f"{name}_se": share_error(hits)}
        rows.append(row | _widths(of))
    return pd.DataFrame(rows)


def summarise_coverage(measured: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Coverage and width of the parameters' intervals, by the size of the campaign.

    Args:
        measured: as for `summarise_lifts`.
        kinds: what parameters are told under, if not their own names (`name_kinds`).

    Returns:
        A row for each `parameter` so told and `contacts`: `replicates` (fits), `covered`,
        `covered_se` (of replicates, since the effects of one are not independent), `width`,
        `width_se`.
    """
    of_parameters = measured[measured["treatment"] == ""]
    named = of_parameters.assign(
        label=of_parameters["parameter"].map(lambda name: kinds.get(name, name))
    )
    rows = []
    for (name, contacts), of in named.groupby(["label", "contacts"], sort=False):
        in_fit = of.assign(hit=_covered(of)).groupby(["lift", "replicate"])["hit"].mean()
        error = share_error(in_fit.to_numpy())
        row: dict[str, Any] = {"parameter": name, "contacts": contacts}
        row["replicates"] = len(in_fit)
        rows.append({**row, "covered": float(in_fit.mean()), "covered_se": error, **_widths(of)})
    return pd.DataFrame(rows)


def name_kinds(names: pd.DataFrame) -> dict[str, str]:
    """What parameters are told under: effects of one coefficient together, `r_shop[*, Intercept]`.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
    """
    effects = names[names["kind"] == "effect"]
    columns = (effects[column] for column in ("parameter", "grouping", "coefficient"))
    return {name: name_effect(of, "*", what) for name, of, what in zip(*columns, strict=True)}


def share_error(hits: Sequence[float] | np.ndarray) -> float:
    """Standard error of a share; of none or all as if one more had gone either way."""
    values = np.asarray(hits, float)
    count = len(values)
    mean = (values.sum() + 1) / (count + 2)
    least = np.sqrt(mean * (1 - mean) / (count + 2))
    spread = values.std() / np.sqrt(count)
    return float(spread if 0 < values.mean() < 1 else least)


def _held(
    name: str, treatment: str, truth: float, values: np.ndarray, interval: float
) -> dict[str, Any]:
    summary = summarise(values, interval)
    kept = {key: summary[key] for key in ("mean", "lower", "upper")}
    above = float((values > 0).mean())
    return {"parameter": name, "treatment": treatment, "truth": truth, **kept, "above_0": above}


def _covered(rows: pd.DataFrame) -> np.ndarray:
    inside = (rows["lower"] <= rows["truth"]) & (rows["truth"] <= rows["upper"])
    return inside.to_numpy()


def _widths(rows: pd.DataFrame) -> dict[str, float]:
    widths = (rows["upper"] - rows["lower"]).to_numpy()
    error = widths.std(ddof=1) / np.sqrt(len(widths)) if len(widths) > 1 else np.nan
    return {"width": float(widths.mean()), "width_se": float(error)}
