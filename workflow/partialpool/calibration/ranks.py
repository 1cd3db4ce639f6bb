"""Simulation-based calibration: are a model's posteriors as sure as they should be.

Parameters are drawn from the prior, counts from the model, and the model is fitted to the counts;
among its posterior draws the truth then has each rank equally often (Talts, Betancourt, Simpson,
Vehtari and Gelman 2018), and so has any quantity that depends on the data too, of which the
log-likelihood is the most telling (Modrák et al. 2023). Ranks are tested by their histogram
(chi-square) and by their distribution function, whose simultaneous band is exact (Säilynoja,
Bürkner and Vehtari 2022).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from partialpool.calibration.replicates import FACTS, Replicate, Study, describe_fit, fit_replicate
from partialpool.calibration.simulate import predict
from partialpool.calibration.uniformity import (
    binomial_bounds,
    count_bins,
    judge_ecdf,
    judge_histogram,
    simultaneous_band,
    trace_ecdf,
)
from partialpool.comparison.loo import cell_log_likelihoods
from partialpool.model.parameters import PRECISION
from partialpool.posterior.draws import sampled_parameters, thin_draws
from partialpool.posterior.fit import CellModel, Fit
from partialpool.posterior.predictor import linear_predictor

LOG = logging.getLogger(__name__)

LOG_LIKELIHOOD = "log-likelihood"
"""Ranked beside the parameters: a quantity that depends on the data."""
TESTS = 2
"""Of each quantity: the histogram and the distribution function."""


def rank_truth(
    truth: Mapping[str, float],
    replicate: Replicate,
    ranked: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """The rank of the truth among a replicate's draws, of each parameter and the log-likelihood.

    Args:
        truth: what the replicate was drawn with.
        replicate: counts and draws.
        ranked: draws that are ranked among, thinned evenly from all.
        generator: random stream that places the truth among draws equal to it.

    Returns:
        Columns `parameter`, `truth` and `rank`, from 0 to `ranked`.
    """
    thinned = replace(replicate.fit, draws=thin_draws(replicate.fit.draws, ranked))
    values = {name: of.ravel() for name, of in sampled_parameters(thinned.draws).items()}
    values[LOG_LIKELIHOOD] = _log_likelihood(thinned)
    known = {**truth, LOG_LIKELIHOOD: _true_log_likelihood(replicate.fit, truth)}
    rows = []
    for name, of in values.items():
        ties = int(generator.integers((of == known[name]).sum() + 1))
        rank = int((of < known[name]).sum()) + ties
        rows.append({"parameter": name, "truth": known[name], "rank": rank})
    return pd.DataFrame(rows)


def rank_replicates(
    study: Study,
    draw: Callable[[np.random.Generator], Mapping[str, float]],
    seed: Callable[[str], int],
    replicates: Iterable[int],
    ranked: int,
    max_treedepth: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate, fit and rank some replicates, each from a random stream of its own.

    Args:
        study: the model.
        draw: the parameters of a replicate, from its stream.
        seed: of a stream, from its name.
        replicates: their numbers.
        ranked: draws that the truth is ranked among.
        max_treedepth: of the sampler.

    Returns:
        `rank_truth` and `replicates.describe_fit` of each, with `replicate`; of a fit that the
        engine could not begin or end there are no ranks, and `failed` is 1.
    """
    ranks, fits = [], []
    trials = study.model.cells["trials"].to_numpy()
    for number in replicates:
        generator = np.random.default_rng(seed(str(number)))
        truth = draw(generator)
        try:
            made = fit_replicate(study, truth, trials, generator, f"{number}/fit")
        except RuntimeError as error:
            LOG.warning("replicate %d failed: %s", number, error)
            fits.append({"replicate": number, "failed": 1})
            continue
        of = rank_truth(truth, made, ranked, generator)
        ranks.append(of.assign(replicate=number))
        facts = describe_fit(made, max_treedepth)
        fits.append({"replicate": number, "failed": 0, **facts})
    columns = ["replicate", "parameter", "truth", "rank"]
    joined = pd.concat(ranks, ignore_index=True) if ranks else pd.DataFrame(columns=columns)
    return joined[columns], pd.DataFrame(fits, columns=["replicate", "failed", *FACTS])


def summarise_ranks(ranks: pd.DataFrame, ranked: int, false_alarm: float) -> pd.DataFrame:
    """The tests of each quantity of a model.

    Args:
        ranks: `rank_truth` of every replicate.
        ranked: draws that the truth was ranked among.
        false_alarm: probability, at most, that a quantity of a right model is flagged.

    Returns:
        A row for each `parameter`: `replicates`; `chi_square` and its p-value `histogram_p`;
        `ecdf_p`; `adjusted_p`, the smaller of the two times the number of tests of the model
        (Bonferroni); `flagged`, where that is at most the false-alarm rate; `shift`, how far the
        mean of the ranks is from even, in its standard errors; `spread`, the standard deviation of
        the ranks relative to even.
    """
    rows = []
    for name, of in ranks.groupby("parameter", sort=False)["rank"]:
        values = of.to_numpy()
        place = (values + 0.5) / (ranked + 1) - 0.5
        even = np.sqrt((1 - (ranked + 1) ** -2) / 12)
        chi_square, histogram_p = judge_histogram(values, ranked)
        rows.append(
            {
                "parameter": name,
                "replicates": len(values),
                "chi_square": chi_square,
                "histogram_p": histogram_p,
                "ecdf_p": judge_ecdf(values, ranked),
                "shift": float(place.mean() / (even / np.sqrt(len(values)))),
                "spread": float(np.sqrt(np.mean(place**2)) / even),
            }
        )
    table = pd.DataFrame(rows)
    smaller = table[["histogram_p", "ecdf_p"]].min(axis=1)
    table["adjusted_p"] = np.minimum(1.0, TESTS * len(table) * smaller)
    return table.assign(flagged=table["adjusted_p"] <= false_alarm)


def judge_calibration(
    summary: pd.DataFrame, fits: pd.DataFrame, false_alarm: float, ranked: int, ebfmi: float
) -> dict[str, Any]:
    """The verdict on a model: passed if no quantity is flagged.

    Args:
        summary: `summarise_ranks`.
        fits: of every replicate (`replicates.describe_fit`).
        false_alarm: of the verdict.
        ranked: draws that the truth was ranked among; a fit whose smallest effective sample size
            is below it has ranks that depend on each other.
        ebfmi: below which a fit's is low.

    Returns:
        `passed`, `flagged` (the worst first), `replicates`, `quantities`, `tests`, `false_alarm`,
        `ranked`, `repaired` (fits that took more than one try), and in how many replicates the
        sampler had trouble in the end: `failed`, `divergent`, `depth_hits`, `low_ebfmi`,
        `low_ess`, and `troubled`, any of these.
    """
    failed = fits["failed"] == 1
    trouble = {
        "failed": failed,
        "divergent": fits["divergent"] > 0,
        "depth_hits": fits["depth_hits"] > 0,
        "low_ebfmi": ~failed & ~(fits["ebfmi"] > ebfmi),
        "low_ess": fits["ess"] < ranked,
    }
    flagged = summary[summary["flagged"]].sort_values("adjusted_p", kind="stable")
    return {
        "passed": flagged.empty,
        "flagged": flagged["parameter"].tolist(),
        "replicates": len(fits),
        "quantities": len(summary),
        "tests": TESTS * len(summary),
        "false_alarm": false_alarm,
        "ranked": ranked,
        "repaired": int((fits["tries"] > 1).sum()),
        **{name: int(of.sum()) for name, of in trouble.items()},
        "troubled": int(np.logical_or.reduce([*trouble.values()]).sum()),
    }


def picture_ranks(
    ranks: pd.DataFrame, names: list[str], ranked: int, false_alarm: float, quantities: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Histograms and distribution functions of some quantities, with what chance allows.

    Args:
        ranks: `rank_truth` of every replicate.
        names: the quantities.
        ranked: draws that the truth was ranked among.
        false_alarm: of the model's verdict, over all its quantities.
        quantities: how many the model has.

    Returns:
        A row for each bin (`count_bins`, and the bounds `lower` and `upper` of its count), and one
        for each point of the distribution functions less the even one: `share`, `difference`,
        `lower`, `upper`. Outside its bounds is what the tests of `summarise_ranks` flag, up to the
        chi-square's being of all bins together.
    """
    bins, points = [], []
    chance = false_alarm / (TESTS * quantities)
    by_name = {str(name): of.to_numpy() for name, of in ranks.groupby("parameter")["rank"]}
    for name in names:
        values = by_name[name]
        histogram = count_bins(values, ranked)
        each = histogram["right"] - histogram["left"]
        limits = [binomial_bounds(len(values), p, chance / len(each)) for p in each]
        lower, upper = np.transpose(limits)
        bins.append(histogram.assign(parameter=name, lower=lower, upper=upper))
        share, below = trace_ecdf(values, ranked)
        fewest, most = simultaneous_band(len(values), ranked, chance)
        of = {"difference": below, "lower": fewest, "upper": most}
        less = {key: counts / len(values) - share for key, counts in of.items()}
        points.append(pd.DataFrame({"parameter": name, "share": share, **less}))
    return pd.concat(bins, ignore_index=True), pd.concat(points, ignore_index=True)


def _log_likelihood(fit: Fit) -> np.ndarray:
    """Of all cells together, draw by draw."""
    eta = linear_predictor(fit.draws, fit.design, fit.cells)
    return np.asarray(cell_log_likelihoods(eta, fit.cells, fit.likelihood, fit.phi).sum(axis=-1))


def _true_log_likelihood(model: CellModel, truth: Mapping[str, float]) -> float:
    eta = predict(model.design, model.matrices, truth)
    phi = np.array([truth[PRECISION]]) if model.likelihood.overdispersed else None
    return float(cell_log_likelihoods(eta[None], model.cells, model.likelihood, phi).sum())
