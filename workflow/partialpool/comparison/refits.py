"""Leaving out contacts, cells and whole levels by refitting: exact where importance sampling fails.

Leaving out many contacts at once moves the posterior too far for importance sampling, and often
too far for an average over the refit's draws; bridges between nearby posteriors span the way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from partialpool.comparison.bridge import bridge, mean_error
from partialpool.frames import list_rows
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.posterior.draws import label_draws
from partialpool.posterior.fit import Fit
from partialpool.sampling.centring import choose_centring
from partialpool.sampling.health import count_divergences
from partialpool.sampling.sampler import Sampler
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Sampling

BRIDGE_ERROR = 0.1
BRIDGE_SHARE = 0.001
"""A bridge with a larger Monte Carlo standard error than the one, and than the other as a part
of what it spans, is built in two spans."""
HALVINGS = 5
"""How often spans are halved at most."""

Fitted = tuple[np.ndarray, np.ndarray | None]
"""A fit's linear predictor of the cells left out (chains x draws x cells) and phi (chains x
draws), if it has one."""
Refit = Callable[[StanData, int], tuple[Fitted, int]]
"""Fits the model to Stan data in which so many of the contacts left out are in; gives the number
of divergent transitions, too."""
NamedRefit = Callable[[tuple[str, str], np.ndarray, StanData, int], tuple[Fitted, int]]
"""The same, given first the unit and name of what is left out, and the positions of its cells."""
How = Literal["importance", "refit", "failed", "high_k", "undefined"]
"""How a score came about: by importance sampling that can be trusted, by refitting, or by
importance sampling that cannot be trusted, because a refit `failed` or there were too many to do
(`high_k`); `undefined` where a flat prior is all that is left of a coefficient."""
LOG = logging.getLogger(__name__)


def leave_out_each(
    fit: Fit,
    chosen: pd.DataFrame,
    sets: Mapping[Any, Mapping[str, np.ndarray]],
    data: StanData,
    refit: NamedRefit,
) -> pd.DataFrame:
    """Leave contacts, cells and levels out in turn.

    Args:
        fit: to all cells.
        chosen: `unit`, `left_out` and, of contacts, `outcome` of each (`choose_refits`).
        sets: the cells of each unit (`units.list_sets`).
        data: of the Stan program.
        refit: fits the program to other counts.

    Returns:
        `unit`, `left_out` and `outcome`, and what `leave_out` gives: missing, with no `fits`,
        where the program cannot be fitted without these contacts, which the log says. A level
        that is a cell by itself has the row of that cell, too.
    """
    rows = []
    of_one = {int(at[0]): name for name, at in sets.get("group", {}).items() if len(at) == 1}
    for one in list_rows(chosen):
        unit, name, outcome = one["unit"], one["left_out"], one.get("outcome", np.nan)
        is_contact = unit == "contact"
        members = np.array([int(name)]) if is_contact else sets[unit][name]
        label = f"{name} {'success' if outcome else 'failure'}" if is_contact else name
        try:
            named = partial(refit, (unit, label), members)
            fitted = fit.predict_by_chain(fit.cells.iloc[members])
            row = (
                leave_contact_out(members, int(outcome), data, fitted, named, fit.likelihood)
                if is_contact
                else leave_out(members, data, fitted, named, fit.likelihood)
            )
        except RuntimeError as error:  # what both engines raise
            LOG.warning("%s %s: no refit: %s", unit, label, error)
            row = {"elpd": np.nan, "mcse": np.nan, "fits": 0, "divergent": 0}
        rows.append({"unit": unit, "left_out": name, "outcome": outcome, **row})
        if unit == "cell" and int(members[0]) in of_one:
            rows.append({**rows[-1], "unit": "group", "left_out": of_one[int(members[0])]})
    columns = ["unit", "left_out", "outcome", "elpd", "mcse", "fits", "divergent"]
    return pd.DataFrame(rows, columns=columns)


def refit_with(fit: Fit, names: pd.DataFrame, sampling: Sampling, sample: Sampler) -> NamedRefit:
    """How a model is fitted again to other counts, the centring chosen anew.

    Args:
        fit: to all cells.
        names: of the model's parameters (`parameters.name_parameters`).
        sampling: of each refit.
        sample: draws from the program's distribution.
    """

    def refit(
        left_out: tuple[str, str], members: np.ndarray, counts: StanData, contacts: int
    ) -> tuple[Fitted, int]:
        draws = sample(
            choose_centring(counts, sampling.centring), sampling, *left_out, str(contacts)
        )
        labelled = label_draws(draws, names)["posterior"].to_dataset()
        found = replace(fit, draws=labelled).predict_by_chain(fit.cells.iloc[members])
        return found, count_divergences(draws.statistics["divergent"])

    return refit


def leave_out(
    members: Sequence[int] | np.ndarray,
    data: StanData,
    fitted: Fitted,
    refit: Refit,
    likelihood: Likelihood = LOGISTIC,
) -> dict[str, float]:
    """Leave cells out together: what the model, fitted to the rest, says of them jointly.

    Their probability given the rest is taken apart by the chain rule: their contacts are let in
    by batches, small enough that the posteriors before and after a batch overlap, and a bridge
    is built across each batch. Without their contacts, effects that they alone inform come from
    their distribution, and coefficients from their priors.

    Args:
        members: positions of the cells.
        data: of the Stan program.
        fitted: the fit to all cells.
        refit: fits the program to other counts.
        likelihood: of the model.

    Returns:
        `elpd`, their joint log predictive density given the rest; `mcse`, the Monte Carlo
        standard error of that; `fits`, how many it took; and how many of their transitions were
        `divergent`.
    """
    at = np.asarray(members)
    contacts = int(data.trials[at].sum())
    path = _Path(data, at, refit, likelihood, {contacts: fitted})
    elpd, influences = path.cross(0, contacts, HALVINGS)
    error = float(np.hypot.reduce([mean_error(influence) for influence in influences.values()]))
    refits = {"fits": len(path.fits) - 1, "divergent": path.divergent}
    return {"elpd": elpd, "mcse": error, **refits}


def leave_contact_out(
    cell: np.ndarray,
    outcome: int,
    data: StanData,
    fitted: Fitted,
    refit: Refit,
    likelihood: Likelihood = LOGISTIC,
) -> dict[str, float]:
    """Leave one contact of a cell out: one bridge, as one contact moves the posterior little.

    Args:
        cell: its position, alone.
        outcome: of the contact, 1 a success.
        data: of the Stan program.
        fitted: the fit to all cells.
        refit: fits the program to other counts.
        likelihood: of the model.

    Returns:
        What `leave_out` gives.
    """
    y, n = data.successes[cell], data.trials[cell]
    successes, trials = data.successes.copy(), data.trials.copy()
    successes[cell] -= outcome
    trials[cell] -= 1
    rest, divergent = refit(replace(data, successes=successes, trials=trials), int(n[0]) - 1)
    without, within = (
        likelihood.contact_log_likelihoods(eta, y, n, phi)[1 - outcome][..., 0]
        for eta, phi in (rest, fitted)
    )
    found = bridge(without, within)
    return {"elpd": found.value, "mcse": found.error, "fits": 1, "divergent": divergent}


@dataclass
class _Path:
    """From the posterior without some cells to the one with them, by how many contacts are in."""

    data: StanData
    members: np.ndarray
    refit: Refit
    likelihood: Likelihood
    fits: dict[int, Fitted]
    divergent: int = 0

    def cross(self, low: int, high: int, halvings: int) -> tuple[float, dict[int, np.ndarray]]:
        """Log probability of the contacts from `low` to `high`, and how draws influence at it.

        The influences are by the contacts that are in at a fit: a draw that serves the bridges on
        both sides of its fit influences at both.
        """
        found = bridge(*(self._let_in(low, high, self._fit(at)) for at in (low, high)))
        middle = round(float(np.sqrt((low + 1) * (high + 1)))) - 1
        enough = max(BRIDGE_ERROR, BRIDGE_SHARE * abs(found.value))
        if found.error <= enough or not low < middle < high or not halvings:
            return found.value, {low: found.before, high: found.after}
        (one, influences), (other, more) = (
            self.cross(*ends, halvings - 1) for ends in ((low, middle), (middle, high))
        )
        return one + other, {**influences, **more, middle: influences[middle] + more[middle]}

    def _let_in(self, low: int, high: int, fit: Fitted) -> np.ndarray:
        """Log probability of the contacts from `low` to `high` given those before, by draw."""
        eta, phi = fit
        masses = [
            self.likelihood.log_probability(eta, y, n, phi).sum(axis=-1)
            for y, n in map(self._counts, (low, high))
        ]
        return np.asarray(masses[1] - masses[0])

    def _counts(self, contacts: int) -> tuple[np.ndarray, np.ndarray]:
        """Successes and trials of each cell when so many contacts are in, spread evenly."""
        y, n = self.data.successes[self.members], self.data.trials[self.members]
        up_to = (2 * contacts * np.cumsum(n) + n.sum()) // (2 * n.sum())
        trials = np.diff(up_to, prepend=0)
        return np.round(y * trials / n).astype(int), trials

    def _fit(self, contacts: int) -> Fitted:
        if contacts not in self.fits:
            successes, trials = self.data.successes.copy(), self.data.trials.copy()
            successes[self.members], trials[self.members] = self._counts(contacts)
            data = replace(self.data, successes=successes, trials=trials)
            self.fits[contacts], divergent = self.refit(data, contacts)
            self.divergent += divergent
        return self.fits[contacts]
