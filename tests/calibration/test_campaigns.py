"""Campaigns have the lift that they are given, and differ in nothing else."""

import numpy as np
import pandas as pd
import pytest

from partialpool.calibration.campaigns import Campaign, draw_trials, give_lift
from partialpool.calibration.replicates import Study
from partialpool.calibration.simulate import predict
from partialpool.cells.levels import levels_of, with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.fit import CellModel

FORMULAS = [
    "promo",
    "0 + promo",
    "promo * channel",
    "channel + promo:channel",
    "0 + (1 + promo | channel)",
    "promo + (1 + promo | channel)",
    "promo + (1 + promo || channel)",
]


def campaign_of(formula, cells, base_rate=None, likelihood=None):
    likelihood = likelihood or Likelihood()
    model = CellModel(cells, learn_design(formula, cells), likelihood)
    study = Study(model, {}, "auto", lambda *_: None)
    return Campaign(study, "promo", base_rate)


def some_truth(campaign, seed=1):
    model = campaign.study.model
    names = name_parameters(model.design, model.likelihood)
    generator = np.random.default_rng(seed)
    return {name: float(generator.normal(0, 0.5)) for name in names["parameter"]}


def rates_of(campaign, truth):
    return campaign.true_rates(truth, campaign.study.model.cells)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("lift", [-0.1, 0.0, 0.07])
def test_the_lift_over_all_contacts_is_the_one_asked_for(season_cells, formula, lift):
    campaign = campaign_of(formula, season_cells)
    truth = some_truth(campaign)
    before, after = rates_of(campaign, truth), rates_of(campaign, give_lift(campaign, truth, lift))
    assert after["NoBundle"] == pytest.approx(before["NoBundle"], abs=1e-9)
    assert after["Bundle"] - after["NoBundle"] == pytest.approx(lift, abs=1e-9)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_base_rate_that_is_named_is_the_one_that_campaigns_have(season_cells, formula):
    campaign = campaign_of(formula, season_cells, base_rate=0.05)
    rates = rates_of(campaign, give_lift(campaign, some_truth(campaign), 0.02))
    assert rates == {"NoBundle": pytest.approx(0.05), "Bundle": pytest.approx(0.07)}


@pytest.mark.parametrize("link", ["probit", "cloglog"])
def test_a_lift_is_one_of_rates_whatever_the_link(season_cells, link):
    campaign = campaign_of("promo * channel", season_cells, likelihood=Likelihood(link=link))
    rates = rates_of(campaign, give_lift(campaign, some_truth(campaign), 0.04))
    assert rates["Bundle"] - rates["NoBundle"] == pytest.approx(0.04, abs=1e-9)


def test_only_the_treatments_own_coefficient_moves(season_cells):
    campaign = campaign_of("promo + (1 + promo | channel)", season_cells)
    truth = some_truth(campaign)
    moved = give_lift(campaign, truth, 0.05)
    changed = {name for name in truth if abs(moved[name] - truth[name]) > 1e-9}
    assert changed == {"promo[Bundle]"}


def test_effects_move_alike_where_they_alone_hold_the_treatments(season_cells):
    campaign = campaign_of("0 + (1 + promo | channel)", season_cells)
    truth = some_truth(campaign)
    moved = give_lift(campaign, truth, 0.05)
    by = [
        moved[f"r_channel[{c}, promo[Bundle]]"] - truth[f"r_channel[{c}, promo[Bundle]]"]
        for c in ("Mail", "Park", "Email")
    ]
    assert np.ptp(by) == pytest.approx(0, abs=1e-9)
    assert not {name for name in moved if name.startswith(("sd_", "cor_"))}


def test_places_keep_their_differences(season_cells):
    campaign = campaign_of("promo * channel", season_cells)
    truth = some_truth(campaign)
    design, given = campaign.study.model.design, campaign.given["Bundle"]
    shift = predict(design, given, give_lift(campaign, truth, 0.05)) - predict(design, given, truth)
    assert np.ptp(shift) == pytest.approx(0, abs=1e-9)


def test_every_treatment_has_the_lift(season_cells):
    levels = levels_of(season_cells) | {"promo": ["NoBundle", "Bundle", "Voucher"]}
    plain = season_cells.astype({"promo": str, "channel": str})
    third = plain[:3].assign(promo="Voucher")
    cells = with_levels(pd.concat([plain, third], ignore_index=True), levels)
    campaign = campaign_of("promo + channel", cells)
    rates = rates_of(campaign, give_lift(campaign, some_truth(campaign), 0.03))
    for level in ("Bundle", "Voucher"):
        assert rates[level] - rates["NoBundle"] == pytest.approx(0.03, abs=1e-9)


def test_a_level_that_only_another_treatment_has_is_as_the_average(season_cells):
    # no contact by e-mail had the bundle
    cells = season_cells[:5].reset_index(drop=True)
    campaign = campaign_of("promo + (1 | promo:channel)", cells)
    truth = some_truth(campaign)
    design, given = campaign.study.model.design, campaign.given["Bundle"]
    email = (cells["channel"] == "Email").to_numpy()
    average = truth["Intercept"] + truth["promo[Bundle]"]
    assert predict(design, given, truth)[email] == pytest.approx(average)
    rates = rates_of(campaign, give_lift(campaign, truth, 0.05))
    assert rates["Bundle"] - rates["NoBundle"] == pytest.approx(0.05, abs=1e-9)


def test_a_lift_to_no_rate_is_refused(season_cells):
    campaign = campaign_of("promo", season_cells)
    truth = {"Intercept": 2.0, "promo[Bundle]": 0.0}
    with pytest.raises(InputError, match=r"found 0\.3, which leads from the base rate of 0\.881"):
        give_lift(campaign, truth, 0.3)


def test_a_formula_that_cannot_move_the_treatment_is_refused(season_cells):
    cells = season_cells.assign(age=np.arange(6.0))
    campaign = campaign_of('channel + I((promo == "Bundle") * age)', cells)
    with pytest.raises(InputError, match="cannot express a lift that is the same everywhere"):
        give_lift(campaign, some_truth(campaign), 0.05)


def test_contacts_come_in_the_mix_of_the_cells(season_cells):
    campaign = campaign_of("promo", season_cells)
    trials = draw_trials(campaign, 100_000, np.random.default_rng(1))
    assert trials.sum() == 100_000
    share = season_cells["trials"] / season_cells["trials"].sum()
    assert trials / 100_000 == pytest.approx(share.to_numpy(), abs=0.006)
