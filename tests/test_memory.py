"""Draws x cells are never held at once: memory stays bounded however many cells there are."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
import xarray as xr

from partialpool.calibration.simulate import simulate_cells
from partialpool.cells.question import Question
from partialpool.checks.predictive import check_predictive, predict_cells
from partialpool.comparison.loo import score_contacts, score_sets
from partialpool.decision.effects import standardised_rates
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior import predictor
from partialpool.posterior.fit import Fit

FORMULA = "promo + (1 + promo | shop)"
VALUES = {"Intercept": -1.0, "sd_shop[Intercept]": 0.5, "phi": 30.0}
LIKELIHOOD = Likelihood("beta_binomial")


class Many:
    """Draws of a beta-binomial model for many cells, in one chain after the other."""

    def __init__(self, cells, draws):
        levels = {"promo": ["a", "b"], "shop": [f"s{i}" for i in range(50)]}
        levels["week"] = [f"w{i}" for i in range(cells // 100)]
        random = np.random.default_rng(1)
        self.cells = simulate_cells(FORMULA, levels, 20, VALUES, random, LIKELIHOOD).cells
        design = learn_design(FORMULA, self.cells)
        kinds = {"population": 2, "effect": 100, "phi": 1}
        values = {k: 0.3 * random.standard_normal((2, draws // 2, n)) for k, n in kinds.items()}
        values["phi"] = 30 * np.exp(values["phi"])
        draws = xr.Dataset({k: (("chain", "draw", f"{k}_name"), v) for k, v in values.items()})
        self.fit = Fit(self.cells, design, LIKELIHOOD, draws)

    def check(self):
        return check_predictive(self.fit, 0.89, np.random.default_rng(1))

    def foresee(self):
        return predict_cells(self.fit, 100, 0.89, np.random.default_rng(1))

    def standardise(self):
        return standardised_rates(self.fit, Question("promo"))

    def leave_out_contacts(self):
        return score_contacts(self.fit)

    def leave_out_cells(self):
        order = np.arange(len(self.cells))
        return score_sets(self.fit, order, order // 3)


STEPS = (Many.check, Many.foresee, Many.standardise, Many.leave_out_contacts, Many.leave_out_cells)


def peak(work):
    """The most bytes that were held beyond those held before."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def held(step, cells, draws, monkeypatch, at_once=50_000):
    """Bytes that a step holds with small chunks, and those of draws x cells."""
    many = Many(cells, draws)
    monkeypatch.setattr(predictor, "AT_ONCE", at_once)
    step(many)  # what is imported and cached on the way is no part of it
    return peak(partial(step, many)), 8 * cells * draws


def called(step):
    return step.__name__


@pytest.mark.parametrize("step", STEPS[:3], ids=called)
def test_memory_is_a_few_chunks_whatever_the_number_of_cells(step, monkeypatch):
    most, whole = held(step, 1000, 1000, monkeypatch)
    assert most < 12 * 8 * 50_000 < whole


@pytest.mark.parametrize("step", STEPS[3:], ids=called)
def test_leaving_out_takes_a_few_chunks_too(step, monkeypatch):
    most, whole = held(step, 100, 5000, monkeypatch)
    assert most < 8 * 8 * 50_000 < whole


@pytest.mark.large
@pytest.mark.parametrize("step", STEPS[:3], ids=called)
def test_a_hundred_thousand_cells_take_half_a_gigabyte(step):
    """Four thousand draws of all of them would be 3.2 GB."""
    assert peak(partial(step, Many(cells=100_000, draws=4000))) < 500e6


@pytest.mark.large
@pytest.mark.parametrize("step", STEPS[3:], ids=called)
def test_leaving_out_of_many_draws_takes_half_a_gigabyte(step):
    """Twenty thousand draws of all the cells would be 1.6 GB."""
    assert peak(partial(step, Many(cells=10_000, draws=20_000))) < 500e6
