"""A planned split is held against what came: chance is let pass, a mismatch is not."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, binom, chi2_contingency, dirichlet_multinomial, multinomial

from partialpool.decision.split import (
    CONCENTRATIONS,
    chi_square_of,
    hold_split,
    log_bayes_factor,
    weigh_fairness,
)
from partialpool.errors import InputError

EVEN = {"A": 1, "B": 1}


def crossing(**places):
    """Contacts of A, B, … by place; `all_contacts` where nothing is compared within."""
    return pd.DataFrame(
        [
            {"within": "" if place == "all_contacts" else place, "treatment": arm, "trials": n}
            for place, counts in places.items()
            for arm, n in zip("ABCDEFGHIJKL", counts, strict=False)
            if n
        ]
    )


def test_a_plan_of_80_to_20_that_came_as_67_to_33_strays():
    found = hold_split({"A": 80, "B": 20}, crossing(all_contacts=(670, 330)))
    assert found["call"] == found["overall"]["call"] == "strays"
    assert found["overall"]["p"] < 1e-20
    assert found["overall"]["log10_bayes_factor"] > 10
    assert found["overall"]["arms"] == [
        {"treatment": "A", "planned": 0.8, "contacts": 670, "share": 0.67},
        {"treatment": "B", "planned": 0.2, "contacts": 330, "share": 0.33},
    ]


@pytest.mark.parametrize("unit", [1, 0.01, 7])
def test_only_the_ratios_of_planned_shares_count(unit):
    given = crossing(all_contacts=(812, 188))
    found = hold_split({"A": 80 * unit, "B": 20 * unit}, given)
    assert found == hold_split({"A": 80, "B": 20}, given)
    assert found["call"] == "chance"


def test_chi_square_and_its_p_are_pearsons():
    counts, shares = np.array([480.0, 310.0, 210.0]), np.array([0.5, 0.3, 0.2])
    expected = 1000 * shares
    chi_square, p = chi_square_of(counts, shares)
    assert chi_square == pytest.approx(sum((counts - expected) ** 2 / expected))
    # 10^9 contacts of another sample have the planned shares all but exactly
    other = chi2_contingency([counts, 1e9 * shares], correction=False)
    assert p == pytest.approx(other.pvalue, rel=1e-3)


def test_the_bayes_factor_is_a_mean_of_scipys_dirichlet_multinomials():
    counts, shares = np.array([31, 12, 7]), np.array([0.5, 0.3, 0.2])
    null = multinomial(50, shares).logpmf(counts)
    others = [dirichlet_multinomial(c * shares, 50).logpmf(counts) for c in CONCENTRATIONS]
    expected = np.log(np.mean(np.exp(np.array(others) - null)))
    assert log_bayes_factor(counts, shares) == pytest.approx(expected, abs=1e-8)


def test_the_bayes_factor_of_a_split_by_chance_is_1_on_average():
    """Over every count that can come, so that it seldom is large (Markov)."""
    n, shares = 60, np.array([0.7, 0.3])
    counts = np.arange(n + 1)
    factors = np.exp([log_bayes_factor(np.array([k, n - k]), shares) for k in counts])
    probabilities = binom(n, shares[0]).pmf(counts)
    assert probabilities @ factors == pytest.approx(1)
    # and each count's is the ratio of its two probabilities
    others = np.mean([betabinom(n, *(c * shares)).pmf(counts) for c in CONCENTRATIONS], axis=0)
    np.testing.assert_allclose(factors, others / probabilities, rtol=1e-6)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.9, 0.05, 0.05), (0.25,) * 4, (0.98, 0.02)])
@pytest.mark.parametrize("n", [3, 40, 1000, 10**7])
def test_splits_by_chance_are_let_pass(n, shares):
    generator = np.random.default_rng(n)
    planned = dict(zip("ABCD", shares, strict=False))
    drawn = generator.multinomial(n, shares, 300)
    calls = [hold_split(planned, crossing(all_contacts=counts))["call"] for counts in drawn]
    assert calls.count("strays") <= 2


def test_a_hundred_places_by_chance_are_let_pass_together():
    generator = np.random.default_rng(8)
    for _ in range(10):
        drawn = generator.multinomial(200, (0.5, 0.5), 100)
        found = hold_split(EVEN, crossing(**{f"p{i}": counts for i, counts in enumerate(drawn)}))
        assert found["call"] == "chance"


def test_two_places_that_stray_apart_are_found_though_all_contacts_came_as_planned():
    found = hold_split(EVEN, crossing(mail=(700, 300), shop=(300, 700), web=(500, 500)))
    assert found["call"] == "strays"
    assert found["overall"]["call"] == "chance"
    assert [place["call"] for place in found["places"]] == ["strays", "strays", "chance"]


def test_a_planned_arm_without_a_contact_is_a_mismatch_unless_few_were_to_come():
    many = hold_split({"A": 0.45, "B": 0.45, "C": 0.1}, crossing(all_contacts=(500, 500)))
    assert many["call"] == "strays"
    assert many["overall"]["arms"][2] == {
        "treatment": "C",
        "planned": pytest.approx(0.1),
        "contacts": 0,
        "share": 0,
    }
    few = hold_split({"A": 0.495, "B": 0.495, "C": 0.01}, crossing(all_contacts=(50, 50)))
    assert few["call"] == "chance"


def test_an_arm_without_a_share_is_an_error_that_names_it():
    with pytest.raises(InputError, match=r"decision\.split: found nothing for 'C', expected a"):
        hold_split(EVEN, crossing(all_contacts=(5, 5, 5)))


def test_where_only_one_measure_says_so_the_split_is_doubtful():
    # p just below the limit, in so many contacts that the Bayes factor is not convinced
    n = 10**9
    found = hold_split(EVEN, crossing(all_contacts=(n // 2 + 53_000, n // 2 - 53_000)))
    assert found["overall"]["p"] < 0.001
    assert found["overall"]["log10_bayes_factor"] < 1
    assert found["call"] == "doubtful"


def test_a_thousandth_more_of_many_contacts_is_found():
    assert hold_split(EVEN, crossing(all_contacts=(500_500_000, 499_500_000)))["call"] == "strays"


def test_few_contacts_of_an_arm_are_held_to_exact_probabilities():
    chi_square, p = chi_square_of(np.array([2.0, 1.0]), np.array([0.99, 0.01]))
    assert chi_square > 30
    assert p == pytest.approx(1 - 0.99**3)
    _, p = chi_square_of(np.array([2.0, 1.0, 0.0]), np.array([0.98, 0.01, 0.01]))
    assert p == pytest.approx(1 - 0.98**3, abs=0.01)


def test_contacts_of_one_customer_count_as_assigned_together():
    """Customers of ten contacts each, assigned as a whole: taken one by one, many would stray."""
    generator = np.random.default_rng(5)
    given = [10 * generator.multinomial(500, (0.5, 0.5)) for _ in range(200)]
    alone = [hold_split(EVEN, crossing(all_contacts=n))["call"] for n in given]
    together = [hold_split(EVEN, crossing(all_contacts=n), 10.0)["call"] for n in given]
    assert alone.count("strays") > 20
    assert together.count("strays") <= 1


def test_a_decision_holds_what_was_planned_and_what_is_known_of_ids():
    given = crossing(all_contacts=(700, 300))
    assert weigh_fairness(None, given, {}) == {}
    ids = {"design_effect": 4.0}
    found = weigh_fairness(EVEN, given, {"ids": ids})
    assert found["ids"] == ids
    assert found["split"] == hold_split(EVEN, given, 4.0)
    assert weigh_fairness(EVEN, given, {})["split"]["design_effect"] == 1
