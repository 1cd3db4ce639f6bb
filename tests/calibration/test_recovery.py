"""Recovery: what the pipeline says of campaigns of known lift, and how many contacts one needs."""

import numpy as np
import pandas as pd
import pytest

from partialpool.calibration.campaigns import Campaign
from partialpool.calibration.needs import contacts_needed, isotonic, list_needs
from partialpool.calibration.recovery import (
    name_kinds,
    recover,
    share_error,
    summarise_coverage,
    summarise_lifts,
)
from partialpool.calibration.replicates import Study
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.posterior.draws import label_draws
from partialpool.posterior.fit import CellModel
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.settings import Sampling

from ..factories.priors import NARROW

SIZES, LIFTS, CAMPAIGNS = [300, 4800], [0.0, 0.08], 20


@pytest.fixture(scope="module")
def measured(compiled, season_cells):
    """Campaigns of the pooled model, small and large, without a lift and with one."""
    design, likelihood = learn_design("promo", season_cells), Likelihood()
    data = assemble_stan_data(design, season_cells, NARROW, "cells", "auto", likelihood)
    names, engine = name_parameters(design, likelihood), load_engine("stanli")
    sampling = Sampling(chains=2, warmup=200, draws=200)

    def seed(name):
        return derive_seed(3, name)

    def fit(counts, name):
        drawn = engine.sample(compiled("stanli"), counts, sampling, seed(name), 1)
        return label_draws(drawn, names), 1

    def draw(generator):
        return {"Intercept": float(generator.normal(-0.2, 0.1)), "promo[Bundle]": 0.4}

    study = Study(CellModel(season_cells, design, likelihood), data, "auto", fit)
    campaign = Campaign(study, "promo", None)
    return recover(campaign, draw, seed, range(1, CAMPAIGNS + 1), LIFTS, SIZES, 0.8)


def rows_of(shares, sizes=(100, 200, 400, 800), lift=0.05, replicates=100):
    shares = np.array(shares)
    return pd.DataFrame(
        {
            "treatment": "Bundle",
            "lift": lift,
            "contacts": sizes[: len(shares)],
            "replicates": replicates,
            "gain": shares,
            "gain_se": 0.04,
            "loss": shares,
            "loss_se": 0.04,
        }
    )


def test_every_campaign_is_measured_and_has_its_lift(measured):
    lifts = measured[measured["treatment"] == "Bundle"]
    assert len(lifts) == len(SIZES) * len(LIFTS) * CAMPAIGNS
    # the lift over the campaign's own contacts is that over the analysis' mix, for one rate each
    assert lifts["truth"].to_numpy() == pytest.approx(lifts["lift"].to_numpy(), abs=1e-9)
    assert set(measured[measured["treatment"] == ""]["parameter"]) == {
        "Intercept",
        "promo[Bundle]",
    }


def test_intervals_hold_the_truth_as_often_as_they_say_and_narrow_with_contacts(measured):
    lifts = summarise_lifts(measured, 0.95)
    off = (lifts["covered"] - 0.8).abs() / np.sqrt(0.8 * 0.2 / CAMPAIGNS)
    assert off.max() < 3
    width = lifts.groupby("contacts")["width"].mean()
    assert width[300] / width[4800] == pytest.approx(4, rel=0.15)
    coverage = summarise_coverage(measured, {})
    error = np.sqrt(0.8 * 0.2 / (CAMPAIGNS * len(LIFTS)))
    assert ((coverage["covered"] - 0.8).abs() < 3.5 * error).all()


def test_a_lift_is_called_where_there_is_one_and_contacts_enough(measured):
    lifts = summarise_lifts(measured, 0.95).set_index(["lift", "contacts"])
    assert lifts.loc[(0.08, 4800), "gain"] > 0.95
    assert lifts.loc[(0.08, 300), "gain"] < 0.7
    assert lifts.loc[(0.0, 4800), "gain"] < 0.2
    assert lifts.loc[(0.08, 4800), "loss"] == 0


def test_a_replicate_keeps_its_base_rate_at_every_size_and_lift(measured):
    truths = measured[measured["parameter"] == "Intercept"].groupby("replicate")["truth"]
    assert truths.agg(np.ptp).max() < 1e-9
    assert truths.first().nunique() == CAMPAIGNS


def test_the_contacts_needed_are_read_between_sizes_on_their_logarithm():
    need = contacts_needed(rows_of([0.2, 0.7, 0.9, 1.0]), 0.8)
    assert need["contacts"] == pytest.approx(200 * 2**0.5, rel=1e-6)
    assert need["fewest"] < need["contacts"] < need["most"]
    assert need["tried"] == [100, 200, 400, 800]


def test_a_lift_may_need_more_contacts_than_were_tried_or_fewer():
    assert contacts_needed(rows_of([0.1, 0.2, 0.3, 0.4]), 0.8)["contacts"] is None
    assert contacts_needed(rows_of([0.9, 0.95, 1.0, 1.0]), 0.8)["contacts"] == 0


def test_a_share_that_falls_by_chance_counts_with_its_neighbour():
    need = contacts_needed(rows_of([0.2, 0.82, 0.76, 1.0]), 0.8)
    assert 400 < need["contacts"] < 800
    assert isotonic(np.array([0.2, 0.6, 0.4, 0.9]), np.ones(4)) == pytest.approx(
        [0.2, 0.5, 0.5, 0.9]
    )


def test_a_negative_lift_is_called_a_loss():
    rows = rows_of([0.9, 0.9, 0.9, 0.9], lift=-0.05).assign(gain=0.0)
    assert contacts_needed(rows, 0.8)["contacts"] == 0


def test_every_lift_but_none_at_all_has_its_need():
    rows = pd.concat([rows_of([0.05] * 4, lift=0.0), rows_of([0.2, 0.9, 1, 1])])
    assert [need["lift"] for need in list_needs(rows, 0.8)] == [0.05]


def test_a_share_of_none_or_all_has_an_error_too():
    assert 0.005 < share_error([True] * 100) < 0.02
    assert share_error([False] * 100) == pytest.approx(share_error([True] * 100))
    assert share_error([True, False] * 50) == pytest.approx(0.05)


def test_effects_of_one_coefficient_are_told_together(season_cells):
    design = learn_design("promo + (1 + promo | channel)", season_cells)
    names = name_parameters(design, Likelihood())
    told = name_kinds(names)
    assert told["r_channel[Park, promo[Bundle]]"] == "r_channel[*, promo[Bundle]]"
    assert list(told) == of_kind(names, "effect")
