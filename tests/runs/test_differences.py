"""How far chance moves a posterior mean, held to conjugate posteriors that are known exactly."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, binomtest

from partialpool.runs.differences import judge, match, relate

from ..factories.months import STEADY, month

FEW, MANY, TRIES = 400, 1000, 2000


def quantities(successes, trials, place="mail"):
    """The rate of each row: a flat prior, and no Monte Carlo error."""
    law = beta(1 + successes, 1 + trials - successes)
    return pd.DataFrame(
        {
            "within": [f"{place}{i}" for i in range(len(successes))],
            "treatment": "some",
            "quantity": "rate",
            "mean": law.mean(),
            "sd": law.std(),
            "lower": law.ppf(0.05),
            "upper": law.ppf(0.95),
            "mcse": 0.0,
            "contacts": trials,
        }
    )


@pytest.mark.parametrize("relation", ["grown", "other", "shrunk"])
def test_nothing_is_called_more_often_than_chance_calls_it(relation):
    """The rate is the same then and now: moves beyond a tenth of chance come in a tenth."""
    generator = np.random.default_rng(5)
    rate = generator.uniform(0.05, 0.6, TRIES)
    then, new = generator.binomial(FEW, rate), generator.binomial(MANY - FEW, rate)
    one, both = quantities(then, FEW), quantities(then + new, MANY)
    other = quantities(new, MANY - FEW)
    given = {"grown": (one, both), "other": (one, other), "shrunk": (both, one)}
    found = judge(*given[relation], relation, 0.95)
    beyond = int((found["verdict"] == "beyond").sum())
    assert binomtest(beyond, TRIES, 0.1).pvalue > 0.001
    assert (found["p"].dropna() >= 0.5).all()


def test_independent_posteriors_would_hide_what_a_growing_data_set_tells():
    """Of contacts that are half shared, a fall is found far more often than by adding variances."""
    generator = np.random.default_rng(6)
    then = generator.binomial(FEW, 0.30, TRIES)
    now = then + generator.binomial(FEW, 0.22, TRIES)
    one, both = quantities(then, FEW), quantities(now, 2 * FEW)
    honest, naive = (judge(one, both, how, 0.95)["verdict"] for how in ("grown", "other"))
    assert (honest == "beyond").mean() > 0.75
    assert (naive == "beyond").mean() < 0.55


def test_the_score_of_a_growing_data_set_is_that_of_its_new_contacts_against_the_old():
    generator = np.random.default_rng(7)
    then, new = generator.binomial(20_000, 0.3, 50), generator.binomial(30_000, 0.305, 50)
    grown = judge(quantities(then, 20_000), quantities(then + new, 50_000), "grown", 0.95)
    apart = judge(quantities(then, 20_000), quantities(new, 30_000), "other", 0.95)
    assert grown["p"].to_numpy() == pytest.approx(apart["p"].to_numpy(), abs=0.02)


def test_a_mix_that_changed_moves_the_whole_without_being_called():
    """Rates as they were, but most contacts now where the rate is high."""

    def of(trials):
        rates, counts = np.array([0.1, 0.5]), np.array(trials)
        places = quantities((rates * counts).astype(int), counts)
        share = counts / counts.sum()
        whole = {"within": "", "mean": float((share * places["mean"]).sum())}
        whole |= {"sd": 0.004, "contacts": counts.sum()}
        return pd.concat([places, places.iloc[:1].assign(**whole)], ignore_index=True)

    found = judge(of([5000, 5000]), of([5000, 15000]), "grown", 0.95).set_index("within")
    assert found.loc["", "difference"] == pytest.approx(0.1, abs=0.001)
    assert found.loc["", "by_mix"] == pytest.approx(0.1, abs=0.001)
    assert found.loc["", "verdict"] == "chance"


def test_contacts_that_are_the_same_leave_nothing_to_chance():
    one = quantities(np.array([30, 50]), 100).assign(mcse=0.001)
    moved = one.assign(mean=one["mean"] + [0.002, 0.02])
    found = judge(one, moved, "same", 0.95)
    assert list(found["verdict"]) == ["same", "moved"]
    assert found["p"].isna().all()


def test_cells_tell_whether_contacts_came_went_or_are_others():
    then = month(STEADY, 1)
    now = month(STEADY, 2, before=then)
    assert relate(then, then) == "same"
    assert (relate(then, now), relate(now, then)) == ("grown", "shrunk")
    assert relate(then, month(STEADY, 9)) == "other"
    assert relate(then, now.rename(columns={"channel": "shop"})) == "other"


def test_a_new_cell_is_growth_and_a_relabelled_one_is_not():
    then = month(STEADY, 1)
    assert relate(then.iloc[:3], then) == "grown"
    renamed = then.assign(channel=then["channel"].cat.rename_categories({"mail": "post"}))
    assert relate(then, renamed) == "other"


def test_only_what_both_runs_have_is_held_together():
    then, now = quantities(np.array([30, 50]), 100), quantities(np.array([31, 52, 9]), 110)
    assert list(match(then, now)["within"]) == ["mail0", "mail1"]
