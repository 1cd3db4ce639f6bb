"""Settings of calibration: what cannot be is refused when it is read."""

import pytest

from partialpool.settings.calibration import Calibration

from ..factories.configurations import SALES, mistake


@pytest.mark.parametrize(("base", "lift"), [(0.98, 0.02), (0.03, -0.05)])
def test_a_lift_leads_from_the_base_rate_to_a_rate(base, lift):
    recovery = {"base_rate": base, "lifts": [lift]}
    said = mistake(f"{SALES}.calibration", {"recovery": recovery})
    assert said.startswith(f"{SALES}.calibration.recovery.lifts: found {lift:g}, ")
    assert f"from the base rate of {base:g} to no rate; expected a smaller one" in said


def test_the_truth_is_ranked_among_draws_that_there_are():
    said = mistake(f"{SALES}.calibration", {"chains": 2, "draws": 100, "ranked": 201})
    assert said == (
        f"{SALES}.calibration.ranked: found 201, expected at most the 200 draws of a fit"
    )
    assert Calibration(chains=2, draws=100, ranked=200).ranked == 200
