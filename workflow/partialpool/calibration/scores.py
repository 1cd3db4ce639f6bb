"""How far scores of cells left out are from the exact ones, where they are trusted and where not.

Cells with an effect each, under `1 + (1 | shop)`: two hyperparameters, so that a grid over them and
quadrature of the effects give posterior draws and scores exactly, without a sampler and without
importance sampling. `python -m partialpool.calibration.scores` prints the table of
docs/calibration.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats
from scipy.special import expit, logsumexp

from partialpool.calibration.alarms import write_table
from partialpool.comparison.loo import score_sets, score_units, trustworthy_k
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, log_orders
from partialpool.posterior.fit import Fit

CHAINS, DRAWS = 4, 500
MEAN = -1.0
PARETO_K = 0.7
FAR = 3.0
"""An error of more than so many of the stated ones is counted as far off."""


@dataclass(frozen=True)
class Case:
    """Shops with contacts each, whose log-odds scatter."""

    shops: int
    trials: int
    sd: float


CASES = (Case(8, 10, 0.5), Case(15, 60, 0.3), Case(15, 60, 0.9), Case(15, 300, 0.9))


def simulate_cells(case: Case, random: np.random.Generator) -> pd.DataFrame:
    """One cell of each shop."""
    names = [f"s{i}" for i in range(case.shops)]
    rates = expit(MEAN + case.sd * random.standard_normal(case.shops))
    counts = {"successes": random.binomial(case.trials, rates), "trials": case.trials}
    return pd.DataFrame({"shop": pd.Categorical(names, names, ordered=True), **counts})


@dataclass(frozen=True)
class Exact:
    """The posterior on a grid of intercept (normal(0, 1)) and sd (half-normal(0, 1))."""

    intercept: np.ndarray
    sd: np.ndarray
    each: np.ndarray
    """Log likelihood of each cell with its effect integrated out, cells x points."""

    @property
    def log_weights(self) -> np.ndarray:
        """Of the points, given all cells, up to a constant."""
        prior = stats.norm.logpdf(self.intercept) + stats.norm.logpdf(self.sd)
        return np.asarray(prior + self.each.sum(axis=0))

    @property
    def scores(self) -> np.ndarray:
        """Of each cell: its log probability given the others."""
        total = self.log_weights
        return np.asarray(logsumexp(total) - logsumexp(total - self.each, axis=1))


def solve(cells: pd.DataFrame) -> Exact:
    """The exact posterior of some cells."""
    intercepts, sds = np.linspace(-3, 1, 81), np.linspace(0.02, 3, 75)
    z = np.linspace(-6, 6, 241)
    weight = stats.norm.pdf(z) * (z[1] - z[0])  # a sum over even points: exact for what is smooth
    b, s = (grid.ravel() for grid in np.meshgrid(intercepts, sds, indexing="ij"))
    success, failure = LOGISTIC.log_rates(b[:, None] + s[:, None] * z)
    counts = zip(cells["successes"], cells["trials"], strict=True)
    each = [
        log_orders(np.array(y), np.array(n))
        + logsumexp(y * success + (n - y) * failure + np.log(weight), axis=1)
        for y, n in counts
    ]
    return Exact(b, s, np.stack(each))


def draw_fit(cells: pd.DataFrame, exact: Exact, random: np.random.Generator) -> Fit:
    """Independent draws from the exact posterior, effects too; even within a step of the grids."""
    log_weights = exact.log_weights
    shares = np.exp(log_weights - logsumexp(log_weights))
    at = random.choice(len(shares), CHAINS * DRAWS, p=shares)
    z = np.linspace(-6, 6, 241)
    b, s, steps = (
        values + np.ptp(np.unique(of)[:2]) * random.uniform(-0.5, 0.5, values.shape)
        for values, of in (
            (exact.intercept[at], exact.intercept),
            (exact.sd[at], exact.sd),
            (np.zeros((len(at), len(cells))), z),
        )
    )
    effects = np.empty((len(at), len(cells)))
    for shop, (y, n) in enumerate(zip(cells["successes"], cells["trials"], strict=True)):
        log_rates = LOGISTIC.log_mass(b[:, None] + s[:, None] * z, np.array(y), np.array(n), None)
        mass = log_rates + stats.norm.logpdf(z)
        below = np.cumsum(np.exp(mass - logsumexp(mass, axis=1, keepdims=True)), axis=1)
        chosen = (below < random.random((len(at), 1))).sum(axis=1)
        effects[:, shop] = s * (z[np.minimum(chosen, len(z) - 1)] + steps[:, shop])
    values = {"population": b[:, None], "sd": s[:, None], "effect": effects}
    names = {"population": ["Intercept"], "sd": ["sd_shop[Intercept]"]}
    names["effect"] = [f"r_shop[{shop}, Intercept]" for shop in cells["shop"]]
    arrays = {
        kind: xr.DataArray(
            of.reshape(CHAINS, DRAWS, -1),
            dims=("chain", "draw", f"{kind}_name"),
            coords={f"{kind}_name": names[kind]},
        )
        for kind, of in values.items()
    }
    return Fit(cells, learn_design("1 + (1 | shop)", cells), LOGISTIC, xr.Dataset(arrays))


def score_case(case: Case, replicates: int, random: np.random.Generator) -> pd.DataFrame:
    """Scores against exact ones, a row for each cell, data set and way of scoring.

    Returns:
        `integrated` (whether the cell's own effect was), whether the score was `trusted`, the
        `away` from the exact one, and `errors`, the same in stated Monte Carlo errors.
    """
    limit, parts = trustworthy_k(PARETO_K, CHAINS * DRAWS), []
    for _ in range(replicates):
        cells = simulate_cells(case, random)
        exact = solve(cells)
        fit, alone = draw_fit(cells, exact, random), np.arange(len(cells))
        found = score_units(fit, ())
        tables = {True: found[found["unit"] == "cell"], False: score_sets(fit, alone, alone)}
        for integrated, table in tables.items():
            away = table["elpd"].to_numpy() - exact.scores
            told = {"away": away, "errors": away / np.hypot(table["mcse"].to_numpy(), 0.01)}
            trusted = (table["pareto_k"] <= limit).to_numpy()
            parts.append(pd.DataFrame({"integrated": integrated, "trusted": trusted, **told}))
    return pd.concat(parts, ignore_index=True)


def main(replicates: int) -> None:
    """Print the table."""
    heads = ["shops", "contacts", "sd", "effect", "trusted", "off by more than 3 errors"]
    heads += ["largest error", "mean error", "untrusted: largest error", "untrusted: mean error"]
    write_table(heads, (row for number in range(len(CASES)) for row in _rows(number, replicates)))


def _rows(number: int, replicates: int) -> list[list[str]]:
    case = CASES[number]
    table = score_case(case, replicates, np.random.default_rng(number))
    rows = []
    for integrated, said in ((True, "integrated out"), (False, "left in the draws")):
        own = table[table["integrated"] == integrated]
        trusted, other = own[own["trusted"]], own[~own["trusted"]]
        told = [str(case.shops), f"{case.trials:,}", f"{case.sd:g}", said]
        told += [f"{own['trusted'].mean():.1%}", f"{(trusted['errors'].abs() > FAR).mean():.1%}"]
        for of in (trusted, other):
            largest = f"{of['away'].abs().max():.2f}" if len(of) else "none"
            told += [largest, f"{of['away'].mean():+.3f}" if len(of) else "none"]
        rows.append(told)
    return rows


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
