"""One fitted model put to everything that is asked of each: tables and facts, by what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.checks.acting import act_on_predictor
from partialpool.checks.diagnostics import (
    bin_energy,
    count_ranks,
    diagnose_parameters,
    judge,
    thin_traces,
)
from partialpool.checks.margins import check_margins
from partialpool.checks.oracle.agreement import as_check, consult
from partialpool.checks.overlap import find_gaps
from partialpool.checks.predictive import predict_cells
from partialpool.checks.sensitivity import log_likelihood, log_prior, measure_sensitivity
from partialpool.checks.separation import tabulate_separation
from partialpool.decision.along import stratify_along
from partialpool.decision.effects import estimate_effects, rates_in_places
from partialpool.decision.mix import COUNT, weigh_strata
from partialpool.decision.strata import Strata, reweigh, stratify, stratify_own
from partialpool.posterior.draws import (
    as_group,
    estimate_densities,
    read_draws,
    read_log_prior,
    summarise_parameters,
)
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate
from partialpool.report.selection import drawn_parameters, worst_mixed
from partialpool.sampling.stan_data import StanData
from partialpool.settings.assessment import Assessment

Tables = dict[str, pd.DataFrame]
Rates = dict[tuple[str, str], Rate]


@dataclass(frozen=True)
class Assessed:
    """What was found of a model."""

    tables: Tables
    facts: dict[str, Any]
    densities: xr.DataTree
    """Log densities of the draws, where they are known: groups `prior_density` and
    `likelihood_density`, a number a draw; ArviZ's groups, of pointwise values, they are not."""
    strata: Strata
    """Joint draws of the rates of all arms."""


def assess(
    fit: Fit,
    posterior: Path,
    prior: Path | None,
    described: tuple[StanData, pd.DataFrame],
    asked: Assessment,
    seed: Callable[..., int],
    mix: pd.DataFrame | None = None,
) -> Assessed:
    """Put a fitted model to everything that is asked of it.

    Args:
        fit: draws from the posterior.
        posterior: their file, which holds what the sampler and the program say of them, too.
        prior: the file of draws from the prior, where there are any.
        described: Stan's data, and the names of the parameters (`parameters.name_parameters`).
        asked: what of it.
        seed: of a random stream, from the names of its purpose.
        mix: of the contacts that the answer is for (`mix.read_mix`); none: as they are.

    Raises:
        InputError: the mix has contacts of whom nothing is known.

    Returns:
        Tables by name, rates, and the facts `verdict`, `oracle_facts` and `gaps`.
    """
    data, names = described
    fits = {} if prior is None else {"prior": replace(fit, draws=read_draws(prior))}
    fits["posterior"] = fit
    oracle, facts = consult(data, names, fit.draws, asked.oracle, seed("oracle"), asked.own_program)
    statistics = read_draws(posterior, "sample_stats")
    verdict, diagnosis = _diagnose(fit, statistics, described, facts, asked)
    strata = _stratify(fit, asked, mix)
    rates = rates_in_places(strata, asked.within)
    streams = {kind: np.random.default_rng(seed("predictive", kind)) for kind in fits}
    tables = {
        "oracle": oracle,
        **diagnosis,
        **_estimate(fit, names, asked.interval),
        **check_margins(fits, asked.margins, asked.interval, streams),
        **_tell_effects(fit, rates, asked, np.random.default_rng(seed("future contacts"))),
    }
    of_prior = read_log_prior(posterior) if asked.own_program else log_prior(data, fit.draws)
    tables["sensitivity"], densities = _measure_sensitivity(fit, rates, of_prior, asked)
    told = {"verdict": verdict, "oracle_facts": facts, "gaps": _find_gaps(fit, asked)}
    return Assessed(tables, told, densities, strata)


def _find_gaps(fit: Fit, asked: Assessment) -> list[dict[str, Any]]:
    """What treatments do not have in common; nothing where none is compared."""
    if asked.ranked:
        return []
    return find_gaps(fit.cells, asked.treatment, asked.within, fit.design.formula.variables)


def _stratify(fit: Fit, asked: Assessment, mix: pd.DataFrame | None) -> Strata:
    """Rates of all arms where the answer tells contacts apart, weighted as it is asked for."""
    if asked.own:
        return stratify_own(fit, asked.treatment)
    of_mix = [] if mix is None else [str(name) for name in mix if name != COUNT]
    factors = list(dict.fromkeys([*asked.strata, *of_mix]))
    strata = (stratify_along if asked.along else stratify)(fit, asked.treatment, factors)
    return strata if mix is None else reweigh(strata, weigh_strata(strata.levels, mix))


def _estimate(fit: Fit, names: pd.DataFrame, interval: float) -> Tables:
    parameters = summarise_parameters(fit.draws, interval)
    drawn = drawn_parameters(names, parameters.set_index("parameter")["mean"])
    return {"parameters": parameters, "densities": estimate_densities(fit.draws, drawn)}


def _diagnose(
    fit: Fit,
    statistics: xr.Dataset,
    described: tuple[StanData, pd.DataFrame],
    oracle: Mapping[str, Any],
    asked: Assessment,
) -> tuple[dict[str, Any], Tables]:
    """The verdict, and what it is seen by."""
    data, names = described
    table = diagnose_parameters(fit.draws, act_on_predictor(fit.draws, names, data))
    others = as_check(oracle)
    verdict = judge(table, statistics, asked.verdict, asked.max_treedepth, others)
    drawn = worst_mixed(table)
    return verdict, {
        "diagnostics": table,
        "energy": bin_energy(statistics["energy"].values),
        "ranks": count_ranks(fit.draws, drawn),
        "traces": thin_traces(fit.draws, drawn),
    }


def _tell_effects(
    fit: Fit, rates: Rates, asked: Assessment, generator: np.random.Generator
) -> Tables:
    reference = None if asked.ranked else str(fit.cells[asked.treatment].cat.categories[0])
    return {
        "effects": estimate_effects(rates, reference, asked.interval),
        "separation": tabulate_separation(fit, asked.interval),
        "predictions": predict_cells(fit, asked.future_contacts, asked.interval, generator),
    }


def _measure_sensitivity(
    fit: Fit, rates: Rates, of_prior: np.ndarray | None, asked: Assessment
) -> tuple[pd.DataFrame, xr.DataTree]:
    of_data = log_likelihood(fit)
    known = {"prior_density": of_prior, "likelihood_density": of_data}
    groups = {name: as_group(name, of) for name, of in known.items() if of is not None}
    table = measure_sensitivity(fit.draws, rates, of_prior, of_data, not asked.ranked)
    return table, xr.DataTree.from_dict(groups)
