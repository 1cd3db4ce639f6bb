"""A rate along a number, from draws: against the draws themselves and against known truths."""

import numpy as np
import pytest

from partialpool.decision.curve import Marks, describe_curve, tabulate_curve

AT = [0.0, 1.0, 4.0, 8.0]
MARKS = Marks(1, 1, 2)


def draws(means, sd=0.01, count=4000, seed=2):
    return np.random.default_rng(seed).normal(means, sd, (count, len(means)))


def described(rates, needed=0.95, at=AT, marks=MARKS):
    return describe_curve(rates, at, marks, 0.89, needed)


def test_probabilities_and_lifts_are_those_of_the_draws():
    rates = draws([0.10, 0.11, 0.12, 0.115])
    found, lift = described(rates), rates[:, 3] - rates[:, 0]
    assert found["lift"]["above_null"] == (lift > 0).mean()
    assert found["lift"]["mean"] == pytest.approx(lift.mean())
    assert found["always_up"] == (np.diff(rates, axis=1) > 0).all(axis=1).mean()
    assert found["step"]["from"], found["step"]["to"] == (1.0, 4.0)
    step = rates[:, 2] - rates[:, 1]
    assert found["step"]["mean"] == pytest.approx(step.mean())
    assert found["per_unit"]["upper"] == pytest.approx(np.quantile(step, 0.945) / 3)
    best = rates.argmax(axis=1)
    table = tabulate_curve(rates, AT, 0.89)
    assert table["highest"].tolist() == pytest.approx([(best == i).mean() for i in range(4)])
    assert table["lowest"].tolist() == pytest.approx(
        [(rates.argmin(axis=1) == i).mean() for i in range(4)]
    )


def test_where_the_rate_is_highest_has_an_interval_of_values():
    rates = draws([0.1, 0.3, 0.32, 0.31], 0.03)
    found, best = described(rates)["highest"], rates.argmax(axis=1)
    ends = np.quantile(np.array(AT)[best], [0.055, 0.945], method="inverted_cdf")
    assert [found["lower"], found["upper"]] == ends.tolist() == [1.0, 8.0]
    assert found["at"] == 4.0
    assert found["probability"] == (best == 2).mean()


@pytest.mark.parametrize(
    ("means", "call", "turn"),
    [
        ([0.1, 0.2, 0.3, 0.4], "rises", None),
        ([0.4, 0.3, 0.2, 0.1], "falls", None),
        ([0.2, 0.2, 0.2, 0.2], "open", None),
        ([0.1, 0.2, 0.3, 0.1], "open", ("highest", 4.0)),
        ([0.1, 0.2, 0.3, 0.2], "rises", ("highest", 4.0)),
        ([0.3, 0.1, 0.2, 0.3], "open", ("lowest", 1.0)),
    ],
)
def test_a_curve_rises_falls_turns_or_is_open(means, call, turn):
    found = described(draws(means))
    assert found["call"] == call
    assert (found["turn"] and (found["turn"]["kind"], found["turn"]["at"])) == turn


def test_a_flat_curve_that_wiggles_is_seldom_said_to_turn():
    """Its highest point is inside nearly always, which alone says nothing."""
    random, turned = np.random.default_rng(8), 0
    for _ in range(200):
        centre = random.normal(0.2, 0.01, 12)
        rates = random.normal(centre, 0.01, (500, 12))
        found = described(rates, at=list(range(12)), marks=Marks(3, 6, 9))
        turned += found["turn"] is not None
    inside = (rates.argmax(axis=1) % 11 != 0).mean()
    assert inside > 0.5
    # the best of ten means against two ends, of twelve values that are not alike by chance alone
    assert turned / 200 < 0.35


def test_rates_that_differ_by_rounding_alone_are_alike():
    rates = draws([0.2])[:, [0, 0, 0, 0]] * (1 + np.array([0, 2e-16, -2e-16, 1e-16]))
    found = described(rates)
    assert found["alike"]
    assert found["lift"]["above_null"] == 0.5
    assert found["call"] == "open"
    assert set(tabulate_curve(rates, AT, 0.89)["highest"]) == {0.25}


def test_most_contacts_at_one_value_leave_the_ends_as_the_step():
    found = described(draws([0.1, 0.2, 0.3, 0.4]), marks=Marks(1, 1, 1))
    assert (found["step"]["from"], found["step"]["to"]) == (0.0, 8.0)
