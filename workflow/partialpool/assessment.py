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
from partialpool.decision.strata import Strata, reweigh, stratify, stratify_own, write_strata
from partialpool.frames import write_facts, write_frames
from partialpool.posterior.draws import (
    estimate_densities,
    read_draws,
    read_log_prior,
    summarise_parameters,
)
from partialpool.posterior.draws_table import write_draws_table
from partialpool.posterior.fit import Fit
from partialpool.posterior.inference_data import collect, write_inference_data
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
    inference: xr.DataTree
    """Draws, predictions, densities and data in ArviZ's groups (`inference_data.collect`)."""
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

    def streams() -> dict[str, np.random.Generator]:
        return {kind: np.random.default_rng(seed("predictive", kind)) for kind in fits}

    tables = {
        "oracle": oracle,
        **diagnosis,
        **_estimate(fit, names, asked.interval),
        **check_margins(fits, asked.margins, asked.interval, streams()),
        **_tell_effects(fit, rates, asked, np.random.default_rng(seed("future contacts"))),
    }
    of_prior = read_log_prior(posterior) if asked.own_program else log_prior(data, fit.draws)
    contrasted, of_data = not asked.ranked, log_likelihood(fit)
    tables["sensitivity"] = measure_sensitivity(fit.draws, rates, of_prior, of_data, contrasted)
    told = {"verdict": verdict, "oracle_facts": facts, "gaps": _find_gaps(fit, asked)}
    inference = collect(fits, statistics, names, of_prior, streams())
    return Assessed(tables, told, inference, strata)


def write_assessed(
    found: Assessed, draws: xr.Dataset, about: Mapping[str, Any], paths: Mapping[str, str]
) -> None:
    """Write what was found of a model, and its draws for other programs.

    Args:
        found: what is written, tables and facts to the path of their name.
        draws: of the posterior, a table to `draws`.
        about: attributes of the file for ArviZ (`inference_data.write_inference_data`).
        paths: of all these; that file is `inference`, the joint draws of rates are `rates`.
    """
    write_frames(found.tables, paths)
    for name, facts in found.facts.items():
        write_facts(facts, paths[name])
    write_inference_data(found.inference, about, paths["inference"])
    write_draws_table(draws, paths["draws"])
    write_strata(found.strata, Path(paths["rates"]))


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
