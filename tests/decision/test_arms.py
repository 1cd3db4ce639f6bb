"""Arms: who is best, how surely, what another would cost; every pair of them."""

import numpy as np
import pytest

from partialpool.decision.arms import advise_arm, contrast_pairs, rank_arms

PAGES = {"A": (1012, 12410), "B": (1108, 12390), "C": (1031, 12455), "D": (1170, 12402)}


def rates_of(counts, draws=40_000, seed=1):
    """Jeffreys posteriors of independent rates: draws x arms."""
    generator = np.random.default_rng(seed)
    betas = [generator.beta(y + 0.5, n - y + 0.5, draws) for y, n in counts.values()]
    return np.stack(betas, axis=-1)


def ranked(counts):
    table = rank_arms(rates_of(counts)[:, None], [""], list(counts), 0.89)
    return table.set_index("treatment")


def pairs_of(counts, worthwhile=0.0):
    rates = rates_of(counts)
    odds = np.log(rates) - np.log1p(-rates)
    rows = contrast_pairs(rates, odds, list(counts), 0.89, worthwhile)
    return {(row["treatment"], row["reference"], row["quantity"]): row for row in rows}


def test_of_four_pages_the_best_has_its_chance_and_each_its_risk():
    table = ranked(PAGES)
    assert table["best"].sum() == pytest.approx(1)
    assert table.loc["D", "best"] == pytest.approx(0.91, abs=0.01)
    assert 100 * table.loc["D", "loss"] == pytest.approx(0.015, abs=0.003)
    assert 100 * table.loc["B", "loss"] == pytest.approx(0.51, abs=0.02)
    assert table.loc["D", "expected_rank"] < table.loc["B", "expected_rank"] < 2.5


def test_the_advice_names_the_arms_between_which_it_is_open():
    advice = advise_arm(rates_of(PAGES), list(PAGES), 0.95)
    assert (advice["leader"], advice["advice"], advice["among"]) == ("D", "open", ["D", "B"])
    sure = advise_arm(rates_of(PAGES), list(PAGES), 0.9)
    assert (sure["advice"], sure["among"]) == ("best", ["D"])


def test_an_arm_is_enough_when_none_is_better_by_what_matters():
    rates = rates_of(PAGES)
    assert advise_arm(rates, list(PAGES), 0.95, worthwhile=0.01)["advice"] == "enough"
    assert advise_arm(rates, list(PAGES), 0.95, worthwhile=0.0001)["advice"] == "open"


def test_arms_that_no_draw_tells_apart_have_no_leader():
    rates = np.repeat(rates_of({"A": (3, 10)}), 3, axis=1) * np.array([1, 1 + 2e-16, 1 - 1e-15])
    advice = advise_arm(rates, ["A", "B", "C"], 0.95)
    assert (advice["leader"], advice["among"]) == (None, ["A", "B", "C"])
    table = rank_arms(rates[:, None], [""], ["A", "B", "C"], 0.89)
    np.testing.assert_allclose(table["best"], 1 / 3)
    np.testing.assert_allclose(table["expected_rank"], 2)
    np.testing.assert_allclose(table["loss"], 0, atol=1e-12)


def test_twelve_arms_share_what_is_certain():
    counts = {f"arm {i}": (100 + 5 * i, 1000) for i in range(12)}
    table = ranked(counts)
    assert table["best"].sum() == pytest.approx(1)
    assert table["expected_rank"].sum() == pytest.approx(78)
    among = advise_arm(rates_of(counts), list(counts), 0.95)["among"]
    assert among[0] == "arm 11"
    assert 2 <= len(among) < 12


def test_three_arms_have_three_pairs_with_right_values():
    """100, 130 and 165 of 1,000: long over short 3.5 points, 1.0 to 6.0, P .986."""
    found = pairs_of({"plain": (100, 1000), "short": (130, 1000), "long": (165, 1000)})
    lift = found["long", "short", "lift"]
    assert [100 * lift[k] for k in ("mean", "lower", "upper")] == pytest.approx(
        [3.5, 1.0, 6.0], abs=0.1
    )
    assert lift["above_null"] == pytest.approx(0.986, abs=0.003)
    assert len(found) == 3 * 4
    relative = found["long", "plain", "relative_lift"]
    assert relative["median"] == pytest.approx(0.65, abs=0.02)
    odds = found["long", "plain", "odds_ratio"]["median"]
    assert odds == pytest.approx((165 / 835) / (100 / 900), rel=0.02)


def test_the_number_needed_is_the_inverse_of_a_lift_that_leaves_out_zero():
    found = pairs_of({"a": (100, 1000), "b": (165, 1000), "c": (99, 1000)})
    needed, lift = found["b", "a", "number_needed"], found["b", "a", "lift"]
    assert needed["median"] == pytest.approx(1 / lift["median"])
    assert (needed["lower"], needed["upper"]) == pytest.approx(
        (1 / lift["upper"], 1 / lift["lower"])
    )
    unclear = found["c", "a", "number_needed"]
    assert np.isnan([unclear["lower"], unclear["upper"]]).all()


def test_a_lift_that_matters_is_less_probable_than_any():
    found = pairs_of({"a": (100, 1000), "b": (130, 1000)}, worthwhile=0.02)["b", "a", "lift"]
    assert 0.7 < found["above_worthwhile"] < found["above_null"] < 1


def test_rates_that_are_equal_in_every_draw_are_as_probably_above_as_below():
    rates = np.zeros((100, 2))
    rows = contrast_pairs(rates, np.full((100, 2), -30.0), ["a", "b"], 0.89)
    assert {row["above_null"] for row in rows} == {0.5}
    assert rows[1]["mean"] == 0
