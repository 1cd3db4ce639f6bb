"""Margins sum the cells of a draw; a model that misses one is caught there, and by no chance."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from partialpool.checks import margins as module
from partialpool.checks.margins import CELLS, judge_margins, make_margins
from partialpool.checks.predictive import check_predictive
from partialpool.model.likelihood import LOGISTIC, Likelihood

from ..factories.cells import crossed
from ..factories.draws import given, in_chunks

LEVELS = {"promo": ["none", "some"], "shop": list("abcdef")}
FACTORS = [["promo"], ["shop"], ["promo", "shop"]]
TRIALS = 400


def cells_of(rates, seed=1):
    """A cell for each promo and shop, with counts of known rates."""
    counts = np.random.default_rng(seed).binomial(TRIALS, rates)
    return crossed(LEVELS, successes=counts, trials=TRIALS)


def check(eta, cells, likelihood=LOGISTIC, phi=None, size=5, kind="posterior", seed=3):
    """Checks of cells and margins, and how far off each is; the cells in chunks of a size."""
    margins = make_margins(cells, FACTORS, len(eta))
    fit = given(cells, lambda _: in_chunks(eta, size), likelihood, phi)
    checked, _ = check_predictive(fit, 0.89, np.random.default_rng(seed), margins.add)
    themselves = checked.rename(columns={"cell": "level"}).assign(margin=CELLS)
    of_margins, whole = margins.check(cells, 0.89)
    both = pd.concat([themselves, of_margins], ignore_index=True)
    return both.assign(kind=kind), whole


def posterior_of_rates(groups, cells, count=2000, seed=2):
    """Exact posterior log-odds of a model that has one rate for each group of cells."""
    random, eta = np.random.default_rng(seed), np.zeros((count, len(cells)))
    for _, members in cells.groupby(groups, observed=True):
        successes, trials = members["successes"].sum(), members["trials"].sum()
        drawn = random.beta(1 + successes, 1 + trials - successes, count)
        eta[:, members.index] = logit(drawn)[:, None]
    return eta


SURE = pd.DataFrame({"successes": 1, "lower": 1.0, "upper": 1.0}, index=range(12))
SHOPS_DIFFER = np.tile([0.2, 0.5, 0.3, 0.6, 0.4, 0.45], 2)


def test_a_model_without_a_factor_is_caught_on_that_margin_and_not_on_others():
    cells = cells_of(SHOPS_DIFFER)
    checked = check(posterior_of_rates(["promo"], cells), cells)
    missed = judge_margins(*checked).set_index("margin")["missed"].to_dict()
    assert missed == {CELLS: True, "promo": False, "shop": True, "promo:shop": True}


def test_a_model_that_has_every_factor_is_caught_nowhere():
    cells = cells_of(SHOPS_DIFFER)
    tests = judge_margins(*check(posterior_of_rates(["promo", "shop"], cells), cells))
    assert not tests["missed"].any()
    assert (tests["p"] > 0.5).all()


def test_margins_are_the_same_in_whatever_chunks_the_cells_come():
    cells = cells_of(SHOPS_DIFFER)
    eta = posterior_of_rates(["promo", "shop"], cells)
    (whole, _), (parts, _) = (check(eta, cells, size=size) for size in (12, 5))
    assert whole[["margin", "level", "successes", "trials"]].equals(
        parts[["margin", "level", "successes", "trials"]]
    )
    np.testing.assert_allclose(whole["mean"], parts["mean"], rtol=0.02)
    np.testing.assert_allclose(whole["sd"], parts["sd"], rtol=0.1)


def test_a_margins_replicate_is_the_sum_of_its_cells_in_the_same_draw():
    cells = cells_of(SHOPS_DIFFER)
    shared = np.random.default_rng(4).normal(0, 0.5, (4000, 1)) + np.zeros(len(cells))
    checks = check(shared, cells)[0].set_index(["margin", "level"])
    of_cells = checks.loc["promo:shop"]
    promo = checks.loc[("promo", "none")]
    half = of_cells[of_cells.index.str.startswith("none")]
    assert promo["successes"] == half["successes"].sum()
    assert promo["trials"] == 6 * TRIALS
    assert promo["mean"] == pytest.approx(half["mean"].sum())
    # one log-odds moves all cells together: their sds nearly add up
    assert promo["sd"] == pytest.approx(half["sd"].sum(), rel=0.05)


def test_a_margin_of_a_beta_binomial_sums_overdispersed_cells():
    cells, phi = cells_of(SHOPS_DIFFER), np.full(4000, 20.0)
    eta = np.zeros((4000, len(cells)))
    checks, _ = check(eta, cells, Likelihood("beta_binomial"), phi)
    checks = checks.set_index(["margin", "level"])
    of_one = TRIALS / 4 * (1 + (TRIALS - 1) / 21)
    assert checks.loc[("promo", "none"), "sd"] == pytest.approx(np.sqrt(6 * of_one), rel=0.05)


def test_chance_alone_is_called_a_miss_less_often_than_the_alarm_says():
    eta = np.tile(logit(SHOPS_DIFFER), (500, 1))
    missed = [
        judge_margins(*check(eta, cells_of(SHOPS_DIFFER, seed), seed=seed))["missed"]
        for seed in range(60)
    ]
    assert np.mean(missed) <= 0.02


def test_before_the_data_only_what_was_all_but_impossible_is_a_surprise():
    cells = cells_of(np.full(12, 0.5))
    wide = np.random.default_rng(6).normal(0, 1, (2000, 12))
    tests = judge_margins(*check(wide, cells, kind="prior"))
    assert not tests["missed"].any()
    assert tests["p"].isna().all()
    narrow = logit(0.1) + 0.1 * wide
    tests = judge_margins(*check(narrow, cells, kind="prior")).set_index("margin")
    assert tests.loc["shop", ["missed", "surprising", "levels"]].tolist() == [True, 6, 6]


@pytest.mark.parametrize(
    ("cells", "trials", "rate"),
    [(100, 1, 0.5), (1000, 1, 0.4), (1000, 10, 0.05), (2800, 1, 0.7)],
)
def test_small_counts_drawn_from_the_model_are_not_called_missed(cells, trials, rate):
    missed = 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        shops = [f"s{i}" for i in range(cells)]
        counted = crossed({"shop": shops}, successes=random.binomial(trials, rate, cells))
        counted = counted.assign(trials=trials)
        eta = np.full((400, cells), logit(rate))
        margins = make_margins(counted, [["shop"]], len(eta))
        fit = given(counted, lambda _, eta=eta: in_chunks(eta, 500), LOGISTIC, None)
        checked, _ = check_predictive(fit, 0.89, random, margins.add)
        of_margins, whole = margins.check(counted, 0.89)
        both = pd.concat([checked.assign(margin=CELLS), of_margins], ignore_index=True)
        missed += judge_margins(both.assign(kind="posterior"), whole)["missed"].any()
    assert missed <= 1


def test_draws_are_thinned_where_a_margin_has_very_many_levels(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 3000)
    cells = cells_of(SHOPS_DIFFER)
    margins = make_margins(cells, FACTORS, 1000)
    assert [margin.every for margin in margins.of] == [1, 2, 4]
    margins.add(slice(0, 12), np.ones((1000, 12), int), SURE)
    assert [len(margin.replicated) for margin in margins.of] == [1000, 500, 250]


def test_a_model_may_be_checked_on_no_margin():
    cells = cells_of(SHOPS_DIFFER)
    not_any = make_margins(cells, [], 10)
    not_any.add(slice(0, 12), np.ones((1000, 12), int), SURE)
    assert not_any.check(cells, 0.89)[0].empty
