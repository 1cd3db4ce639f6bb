"""What the answer says of best arms, risks and further contacts holds over simulated experiments.

Bounds are four standard errors; the same study finds an analysis that is too sure of itself.
"""

import numpy as np
import pytest

from partialpool.calibration.answers import CASES, Case, compare, main, tabulate_chances, tell

REPLICATES = 400
BEYOND = 4.0
"""Standard errors."""


@pytest.fixture(
    scope="module", params=[(2, 1), (4, 3)], ids=["two arms", "four arms, three places"]
)
def case(request):
    return Case(*request.param, contacts=1000, further=1000)


@pytest.fixture(scope="module")
def told(case):
    return tell(case, REPLICATES, 7)


def off(said, so):
    first, second, error = compare(said, so)
    return (second - first) / error


def bins_off(told):
    table = tabulate_chances([told])
    return ((table["share"] - table["mean"]) / table["se"]).abs().max()


def test_of_arms_that_are_best_with_some_probability_that_share_is_best(told):
    table = tabulate_chances([told])
    assert table["count"].sum() == told.chances.size
    assert bins_off(told) < BEYOND


def test_a_choice_loses_what_it_is_expected_to_lose(told):
    assert abs(off(told.loss, told.true_loss)) < BEYOND
    assert told.true_loss.mean() > 0


def test_further_contacts_gain_what_they_are_said_to_be_worth(told):
    assert abs(off(told.worth, told.gain)) < BEYOND
    assert (told.worth >= 0).all()
    assert told.gain.min() < 0 < told.gain.mean()


def test_an_analysis_that_counts_contacts_many_times_is_found_out():
    sure = tell(Case(4, 1, 1000, 1000), REPLICATES, 7, counted=10)
    assert bins_off(sure) > BEYOND
    assert off(sure.loss, sure.true_loss) > BEYOND
    assert off(sure.worth, sure.gain) > 2


def test_places_and_arms_of_an_experiment_vary_as_is_stated():
    case = Case(2, 2, 10, 10)
    law = case.law()
    eta = law.eta(law.draw(40_000, np.random.default_rng(1)))
    expected = np.full((4, 4), 0.5**2)
    expected[:2, :2] += 0.4**2
    expected[2:, 2:] += 0.4**2
    expected += 0.15**2 * np.tile(np.eye(2), (2, 2)) + 0.1**2 * np.eye(4)
    assert np.cov(eta.T) == pytest.approx(expected, abs=0.015)


def test_the_tables_have_a_row_for_every_bin_and_case(capsys, monkeypatch):
    cases = (Case(2, 1, 50, 50), Case(3, 2, 50, 50))
    monkeypatch.setattr("partialpool.calibration.answers.CASES", cases)
    main(20)
    chances, worth = capsys.readouterr().out.split("\n\n")
    assert chances.splitlines()[0].startswith("| said to be best | arms |")
    assert [line.count("|") for line in worth.splitlines()] == [11] * 4
    assert len(CASES) == 4
