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
    """Checks of cells and margins, the cells in chunks of a size."""
    margins = make_margins(cells, FACTORS, len(eta))
    fit = given(cells, lambda _: in_chunks(eta, size), likelihood, phi)
    checked, _ = check_predictive(fit, 0.89, np.random.default_rng(seed), margins.add)
    themselves = checked.rename(columns={"cell": "level"}).assign(margin=CELLS)
    both = pd.concat([themselves, margins.check(cells, 0.89)], ignore_index=True)
    return both.assign(kind=kind)


def posterior_of_rates(groups, cells, count=2000, seed=2):
    """Exact posterior log-odds of a model that has one rate for each group of cells."""
    random, eta = np.random.default_rng(seed), np.zeros((count, len(cells)))
    for _, members in cells.groupby(groups, observed=True):
        successes, trials = members["successes"].sum(), members["trials"].sum()
        drawn = random.beta(1 + successes, 1 + trials - successes, count)
        eta[:, members.index] = logit(drawn)[:, None]
    return eta


SHOPS_DIFFER = np.tile([0.2, 0.5, 0.3, 0.6, 0.4, 0.45], 2)


def test_a_model_without_a_factor_is_caught_on_that_margin_and_not_on_others():
    cells = cells_of(SHOPS_DIFFER)
    checks = check(posterior_of_rates(["promo"], cells), cells)
    missed = judge_margins(checks, 0.89).set_index("margin")["missed"].to_dict()
    assert missed == {CELLS: True, "promo": False, "shop": True, "promo:shop": True}


def test_a_model_that_has_every_factor_is_caught_nowhere():
    cells = cells_of(SHOPS_DIFFER)
    checks = check(posterior_of_rates(["promo", "shop"], cells), cells)
    tests = judge_margins(checks, 0.89)
    assert not tests["missed"].any()
    assert (tests["p"] > 0.5).all()


def test_margins_are_the_same_in_whatever_chunks_the_cells_come():
    cells = cells_of(SHOPS_DIFFER)
    eta = posterior_of_rates(["promo", "shop"], cells)
    whole, parts = (check(eta, cells, size=size) for size in (12, 5))
    assert whole[["margin", "level", "successes", "trials"]].equals(
        parts[["margin", "level", "successes", "trials"]]
    )
    np.testing.assert_allclose(whole["mean"], parts["mean"], rtol=0.02)
    np.testing.assert_allclose(whole["sd"], parts["sd"], rtol=0.1)


def test_a_margins_replicate_is_the_sum_of_its_cells_in_the_same_draw():
    cells = cells_of(SHOPS_DIFFER)
    shared = np.random.default_rng(4).normal(0, 0.5, (4000, 1)) + np.zeros(len(cells))
    checks = check(shared, cells).set_index(["margin", "level"])
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
    checks = check(eta, cells, Likelihood("beta_binomial"), phi).set_index(["margin", "level"])
    of_one = TRIALS / 4 * (1 + (TRIALS - 1) / 21)
    assert checks.loc[("promo", "none"), "sd"] == pytest.approx(np.sqrt(6 * of_one), rel=0.05)


def test_chance_alone_is_called_a_miss_less_often_than_the_alarm_says():
    eta = np.tile(logit(SHOPS_DIFFER), (500, 1))
    missed = [
        judge_margins(check(eta, cells_of(SHOPS_DIFFER, seed), seed=seed), 0.89)["missed"]
        for seed in range(60)
    ]
    assert np.mean(missed) <= 0.02


def judged(pit, covered=None, kind="posterior"):
    """The judgement on levels of these PITs."""
    pit = np.asarray(pit, float)
    inside = np.abs(pit - 0.5) < 0.445 if covered is None else covered
    counts = {"successes": 50, "mean": 50.0 + 1000 * (pit - 0.5), "sd": 10.0}
    frame = pd.DataFrame({"pit": pit, "covered": inside, **counts, "margin": "shop", "kind": kind})
    return judge_margins(frame, 0.89).iloc[0]


def test_what_is_fitted_too_well_is_no_miss():
    assert not judged(np.full(200, 0.5))["missed"]
    assert not judged(np.linspace(0.3, 0.7, 200))["missed"]


@pytest.mark.parametrize(
    "pit",
    [
        [0.4, 0.0, 0.6],
        np.concatenate([np.linspace(0.02, 0.1, 15), np.linspace(0.9, 0.98, 15)]),
        np.linspace(0.5, 0.9, 40),
    ],
    ids=["one level far off", "too much scatter", "all to one side"],
)
def test_each_way_of_being_off_is_a_miss(pit):
    assert judged(pit)["missed"]


def test_a_level_just_beyond_the_draws_is_no_miss_among_many():
    pit = np.append(np.linspace(0.02, 0.98, 99), 0.0)
    frame = {"successes": 50, "mean": 50.0, "sd": 10.0, "margin": "shop", "kind": "posterior"}
    checks = pd.DataFrame({"pit": pit, "covered": np.abs(pit - 0.5) < 0.445, **frame})
    checks.loc[99, "mean"] = 17.0  # 3.3 sds
    assert not judge_margins(checks, 0.89).iloc[0]["missed"]


def test_before_the_data_only_what_was_all_but_impossible_is_a_surprise():
    assert not judged([0.01, 0.98, 0.99], kind="prior")["missed"]
    far = judged([0.001, 0.98, 0.6], kind="prior")
    assert (far["missed"], far["surprising"]) == (True, 1)
    assert np.isnan(far["p"])


def test_draws_are_thinned_where_a_margin_has_very_many_levels(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 3000)
    cells = cells_of(SHOPS_DIFFER)
    margins = make_margins(cells, FACTORS, 1000)
    assert [margin.every for margin in margins.of] == [1, 2, 4]
    margins.add(slice(0, 12), np.ones((1000, 12), int))
    assert [len(margin.replicated) for margin in margins.of] == [1000, 500, 250]


def test_a_model_may_be_checked_on_no_margin():
    cells = cells_of(SHOPS_DIFFER)
    assert make_margins(cells, [], 10).check(cells, 0.89).empty
