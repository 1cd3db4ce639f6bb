"""Leaving out cells and levels by refitting, against exact answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import betaln, expit, gammaln, log_expit, logit

from partialpool.comparison.refits import leave_out, leave_out_each
from partialpool.comparison.reliability import choose_refits, judge_scores
from partialpool.model.likelihood import LOGISTIC, Likelihood, log_orders

from ..factories.draws import given, in_chunks
from ..factories.shops import data_of_counts

CELLS = pd.DataFrame({"successes": [12, 0, 30, 7], "trials": [40, 9, 30, 20]})


def counts_of(cells):
    return data_of_counts(cells["successes"], cells["trials"])


def sets_of(*positions):
    return {str(i): np.array(at) for i, at in enumerate(positions)}


def leave_out_all(data, fit, likelihood=LOGISTIC, sets=None):
    """Every cell, or set of cells, left out in turn; `fit` gives the predictor of all cells."""
    sets = sets or sets_of(*([i] for i in range(len(data.trials))))
    rows = []
    for name, members in sets.items():

        def of(fitted, members=members):
            return fitted[0][..., members], fitted[1]

        def refit(counts, contacts, name=name, of=of):
            return of(fit(counts, f"{name}/{contacts}")), 0

        rows.append(leave_out(members, data, of(fit(data, "all")), refit, likelihood))
    return pd.DataFrame(rows)


def leave_out_pooled(cells, prior=(1, 1), draws=1000, sets=None):
    """Leave-out of a common rate with a beta prior, its refits drawn exactly."""
    random = np.random.default_rng(4)
    asked = []

    def fit(counts, name):
        asked.append(name)
        y, n = counts.successes.sum(), counts.trials.sum()
        rate = random.beta(prior[0] + y, prior[1] + n - y, (4, draws))
        return np.repeat(logit(rate)[..., None], len(cells), axis=-1), None

    data = counts_of(cells)
    table = leave_out_all(data, fit, sets=sets)
    np.testing.assert_array_equal([data.successes, data.trials], cells.to_numpy().T)
    return table, [name for name in asked if name != "all"]


def exact_pooled(cells, prior=(1, 1), sets=None):
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    a, b = prior[0] + y.sum(), prior[1] + (n - y).sum()
    choose = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
    found = []
    for at in (sets or sets_of(*([i] for i in range(len(y))))).values():
        without = betaln(a - y[at].sum(), b - (n - y)[at].sum())
        found.append(choose[at].sum() + betaln(a, b) - without)
    return np.array(found)


def test_leaving_out_a_cell_gives_the_beta_binomials_probability():
    table, asked = leave_out_pooled(CELLS)
    exact = exact_pooled(CELLS)
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"] + 1e-9)
    assert table["elpd"].sum() == pytest.approx(exact.sum(), abs=0.3)
    assert table["fits"].sum() == len(asked) == len(set(asked))


def test_a_cell_that_lies_far_off_is_reached_in_several_spans():
    far = pd.DataFrame({"successes": [500, 480, 20], "trials": [1000, 1000, 600]})
    table, _ = leave_out_pooled(far)
    exact = exact_pooled(far)
    assert exact[2] < -100
    assert table["fits"].tolist()[2] > 1
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"])
    assert table["elpd"].iloc[2] == pytest.approx(exact[2], abs=0.5)


def test_cells_left_out_together_have_their_joint_probability():
    """A level of many small cells, and one that lies far off."""
    many = pd.DataFrame({"successes": [1, 0, 2, 1, 9, 60], "trials": [1, 1, 3, 2, 40, 70]})
    sets = sets_of([0, 1, 2, 3, 4], [5])
    table, asked = leave_out_pooled(many, sets=sets)
    exact = exact_pooled(many, sets=sets)
    assert exact.sum() < exact_pooled(many).sum() - 1
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"])
    assert table["fits"].sum() == len(asked) == len(set(asked)) > 2


def test_a_level_left_out_has_the_density_that_quadrature_gives():
    """Levels scatter normally about a mean: given the others, a level's two cells are joint."""
    cells = pd.DataFrame({"successes": [6, 9, 14, 3], "trials": [20, 15, 30, 12]})
    level, grid = np.array([0, 0, 1, 2]), np.linspace(-6, 6, 401)
    random = np.random.default_rng(8)

    def log_levels(counts):
        """Log-likelihood of each level's effect, levels x grid."""
        y, n = counts.successes[:, None], counts.trials[:, None]
        each = y * log_expit(grid) + (n - y) * log_expit(-grid)
        return np.stack([each[level == i].sum(axis=0) for i in range(3)])

    means = stats.norm(0, 1).logpdf(grid)
    about = stats.norm(grid[:, None], 0.7).logpdf(grid)  # mean x effect

    def log_parts(counts):
        """Of each value of the mean: the levels' integrals, levels x means."""
        return np.logaddexp.reduce(about[None] + log_levels(counts)[:, None, :], axis=-1)

    def fit(counts, name):
        del name
        at_mean = means + log_parts(counts).sum(axis=0)
        weight = np.exp(at_mean - at_mean.max())
        mean = random.choice(len(grid), (4, 1000), p=weight / weight.sum())
        effects = []
        for likelihood in log_levels(counts):
            chance = np.exp(about + likelihood - (about + likelihood).max(axis=1, keepdims=True))
            below = np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
            effects.append(grid[(random.random((4, 1000, 1)) > below[mean]).sum(axis=-1)])
        return np.stack([effects[i] for i in level], axis=-1), None

    data = counts_of(cells)
    table = leave_out_all(data, fit, sets=sets_of([0, 1], [2], [3]))
    parts, step = log_parts(data), np.log(grid[1] - grid[0])
    for i, at in enumerate(([0, 1], [2], [3])):
        whole = np.logaddexp.reduce(means + parts.sum(axis=0))
        rest = np.logaddexp.reduce(means + np.delete(parts, i, axis=0).sum(axis=0))
        orders = log_orders(*(cells[key].to_numpy()[at] for key in ("successes", "trials")))
        assert abs(table["elpd"][i] - (whole - rest + step + orders.sum())) < 4 * table["mcse"][i]


def test_cells_of_a_beta_binomial_are_left_out_by_its_own_mass():
    """Two cells, a known rate and precision: a cell left out has the mass of a new one."""
    cells = pd.DataFrame({"successes": [9, 2], "trials": [12, 30]})
    likelihood, phi = Likelihood("beta_binomial"), np.full((2, 400), 6.0)
    random = np.random.default_rng(5)

    def fit(counts, name):
        del counts, name
        return random.normal(0.2, 1e-6, (2, 400, 2)), phi

    data = counts_of(cells)
    table = leave_out_all(data, fit, likelihood)
    rate = expit(0.2)
    exact = stats.betabinom.logpmf(cells["successes"], cells["trials"], 6 * rate, 6 * (1 - rate))
    np.testing.assert_allclose(table["elpd"], exact, atol=1e-4)


def test_an_overdispersed_cell_that_takes_several_spans_is_exact():
    """Cells share a rate under a beta prior by way of its log-odds; draws by weights on a grid."""
    cells = pd.DataFrame({"successes": [40, 45, 2], "trials": [50, 50, 60]})
    likelihood, grid = Likelihood("beta_binomial"), np.linspace(-6, 6, 4001)
    random = np.random.default_rng(6)

    def log_posterior(counts):
        y, n = counts.successes, counts.trials
        eta = np.repeat(grid[:, None], len(y), axis=1)
        mass = likelihood.log_mass(eta, y, n, np.full(len(grid), 200.0)).sum(axis=1)
        return mass + stats.norm(0, 2).logpdf(grid)

    def fit(counts, name):
        del name
        weight = np.exp(log_posterior(counts) - log_posterior(counts).max())
        drawn = random.choice(grid, (4, 1000), p=weight / weight.sum())
        return np.repeat(drawn[..., None], 3, axis=-1), np.full((4, 1000), 200.0)

    data = counts_of(cells)
    table = leave_out_all(data, fit, likelihood)
    whole = np.logaddexp.reduce(log_posterior(data))
    for cell, (y, n) in enumerate(cells.to_numpy()):
        rest = counts_of(cells.drop(index=cell))
        exact = whole - np.logaddexp.reduce(log_posterior(rest)) + log_orders(y, n)
        assert abs(table["elpd"][cell] - exact) < 4 * table["mcse"][cell]
    assert table["fits"][2] > 1


SETS = {"cell": sets_of([0], [1], [2], [3]), "group": {"a": np.array([0, 1])}}
COUNTS = [2, 2, 2, 1], [5, 5, 5, 1]
PREDICTORS = [[0, 0], [0, 1], [1, 0], [1, 1]]
DATA = data_of_counts(*COUNTS, PREDICTORS, ["flat", "normal"])
PROPER = data_of_counts(*COUNTS, PREDICTORS, ["normal", "normal"])


def scored(**pareto_k):
    """Scores by importance sampling: unit = Pareto k of what is left out."""
    told = {"elpd": -1.0, "mcse": 0.1, "p_loo": 0.2, "cells": 2}
    rows = [
        {"unit": unit, "left_out": name, "pareto_k": k, **told}
        for unit, ks in pareto_k.items()
        for name, k in ks.items()
    ]
    return pd.DataFrame(rows)


def test_scores_are_trusted_up_to_the_limit():
    scores = scored(cell={"0": 0.7, "1": 0.71, "2": np.nan, "3": np.inf}, group={"a": -0.1})
    judged = judge_scores(scores, PROPER, SETS, 0.7, 20_000)
    assert judged["how"].tolist() == ["importance", *["high_k"] * 3, "importance"]
    assert (judged["limit"] == 0.7).all()
    assert judged["elpd"].notna().all()


def test_what_a_flat_prior_says_nothing_of_has_no_score():
    # the first predictor has a flat prior: it is 1 in the last two cells alone
    sets = {"cell": sets_of([0], [3]), "group": {"a": np.array([2, 3]), "b": np.array([0, 2])}}
    scores = scored(cell={"0": 0.1, "1": 0.1}, group={"a": 0.1, "b": 0.1}, contact={"3": 0.1})
    judged = judge_scores(scores, DATA, sets, 0.7, 20_000).set_index(["unit", "left_out"])
    assert judged["how"].to_dict() == {
        ("cell", "0"): "importance",
        ("cell", "1"): "importance",
        ("group", "a"): "undefined",
        ("group", "b"): "importance",
        ("contact", "3"): "importance",
    }
    assert np.isnan(judged.loc[("group", "a"), "elpd"])


def test_a_single_contact_that_alone_informs_a_flat_prior_has_no_score():
    alone = replace(DATA, predictors=np.array([[0, 0], [0, 1], [0, 0], [1, 1]]))
    judged = judge_scores(scored(contact={"3": 0.1, "2": 0.1}), alone, SETS, 0.7, 20_000)
    assert judged["how"].tolist() == ["undefined", "importance"]


def test_what_importance_sampling_cannot_score_is_refitted_unless_there_is_too_much_of_it():
    scores = scored(
        contact={"0": 0.9}, cell={"0": 0.9, "1": 0.1, "2": 0.9, "3": 0.9}, group={"a": 0.9}
    )
    judged = judge_scores(scores, PROPER, SETS, 0.7, 20_000)
    chosen = choose_refits(judged, 3)
    assert chosen[["unit", "left_out"]].values.tolist() == [
        ["contact", "0"],
        ["cell", "0"],
        ["cell", "2"],
        ["cell", "3"],
        ["group", "a"],
    ]
    assert choose_refits(judged, 2)["unit"].tolist() == ["contact", "group"]
    assert choose_refits(judged, 0).empty


@pytest.mark.parametrize("parts", [1, 2, 3, 9])
def test_every_refit_is_in_one_part_whatever_their_number(parts):
    judged = scored(cell={str(i): 0.9 for i in range(7)}).assign(how="high_k")
    dealt = [choose_refits(judged, 30, part, parts) for part in range(1, parts + 1)]
    assert sorted(pd.concat(dealt)["left_out"]) == sorted(judged["left_out"])


def test_a_program_that_cannot_be_fitted_without_a_cell_ends_no_job(caplog):
    data = counts_of(CELLS)
    random = np.random.default_rng(9)

    def drawn(members):
        return random.normal(-1, 0.1, (2, 100, len(members)))

    def predict(rows):
        return in_chunks(drawn(rows).reshape(200, -1), len(rows))

    def refit(left_out, members, counts, contacts):
        if left_out == ("cell", "1"):
            raise RuntimeError("trials is 0, but must be at least 1")
        return (drawn(members), None), 2

    chosen = scored(cell={"0": 0.9, "1": 0.9})
    fit = given(CELLS, predict, size=(2, 100))
    table = leave_out_each(fit, chosen, SETS, data, refit)
    assert table["left_out"].tolist() == ["0", "1"]
    assert np.isnan(table.loc[1, "elpd"])
    assert table.loc[1, "fits"] == 0
    assert "cell 1: no refit: trials is 0" in caplog.text
    assert np.isfinite(table.loc[0, "elpd"])
    assert table.loc[0, "divergent"] == 2 * table.loc[0, "fits"]


def test_a_contact_left_out_has_its_exact_predictive_probability():
    random, asked = np.random.default_rng(11), []
    data = counts_of(CELLS)

    def drawn(counts):
        y, n = counts.successes.sum(), counts.trials.sum()
        return logit(random.beta(1 + y, 1 + n - y, (4, 1000)))[..., None]

    def predict(rows):
        return in_chunks(drawn(data).reshape(4000, -1), len(rows))

    def refit(left_out, members, counts, contacts):
        asked.append((left_out, contacts))
        assert counts.trials.sum() == CELLS["trials"].sum() - 1
        return (drawn(counts), None), 0

    chosen = pd.DataFrame({"unit": "contact", "left_out": ["0", "2"], "outcome": [0, 1]})
    fit = given(CELLS, predict, size=(4, 1000))
    table = leave_out_each(fit, chosen, {"group": {}}, data, refit)
    y, n = CELLS.sum()
    exact = np.log([(n - y) / (n + 1), y / (n + 1)])  # of 49 or 48 successes of 98, beta(1, 1)
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"] + 1e-4)
    assert asked == [(("contact", "0 failure"), 39), (("contact", "2 success"), 29)]
    assert table["outcome"].tolist() == [0, 1]


def test_a_level_that_is_one_cell_is_refitted_once_and_has_that_cells_score():
    sets = {"cell": sets_of([0], [1]), "group": {"a": np.array([1]), "b": np.array([0])}}
    judged = scored(cell={"0": 0.9, "1": 0.9}, group={"a": 0.9, "b": 0.9})
    judged = judged.assign(how="high_k", cells=1)
    chosen = choose_refits(judged, 30)
    assert chosen["unit"].tolist() == ["cell", "cell"]
    fits, cells = [], CELLS.iloc[:2]

    def refit(left_out, members, counts, contacts):
        fits.append(left_out)
        return (np.random.default_rng(1).normal(-1, 0.1, (2, 100, 1)), None), 0

    def predict(rows):
        return in_chunks(np.random.default_rng(2).normal(-1, 0.1, (200, len(rows))), len(rows))

    fit = given(cells, predict, size=(2, 100))
    table = leave_out_each(fit, chosen, sets, counts_of(cells), refit)
    assert {unit for unit, _ in fits} == {"cell"}
    found = table.set_index(["unit", "left_out"])["elpd"]
    assert found["group", "b"] == found["cell", "0"]
    assert found["group", "a"] == found["cell", "1"]
    lone = judged[judged["unit"] == "group"]  # cells of which there are too many, or none
    assert choose_refits(lone, 30)["unit"].tolist() == ["group", "group"]
