"""A fitted model is put to everything at once, and each part is what its own function gives."""

import numpy as np
import pandas as pd

from partialpool.assessment import assess
from partialpool.cells.question import Question
from partialpool.decision.effects import estimate_effects, standardised_rates
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws, read_draws, write_draws
from partialpool.posterior.fit import Fit
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import STATISTICS, Draws, derive_seed
from partialpool.settings import Oracle, Verdict
from partialpool.settings.assessment import Assessment

from .factories.priors import NARROW

ASKED = Assessment(
    interval=0.89,
    verdict=Verdict(),
    max_treedepth=10,
    oracle=Oracle(dimensions=0),
    own_program=False,
    margins=(("promo",), ("channel",)),
    treatment="promo",
    within="channel",
    strata=("channel",),
    future_contacts=50,
)
TABLES = {"parameters", "densities", "diagnostics", "ranks", "traces", "energy", "oracle"}
TABLES |= {"predictive", "predictive_rates", "predictive_margins", "predictive_tests"}
TABLES |= {"effects", "separation", "predictions", "sensitivity"}


def assessed(cells, folder, prior):
    """Of draws near the counts, as an engine gives them."""
    design, random = learn_design("promo", cells), np.random.default_rng(1)
    names = name_parameters(design, LOGISTIC)
    population = random.normal([-0.2, 0.4], 0.05, (2, 300, 2))
    statistics = {name: random.standard_normal((2, 300)) for name in STATISTICS}
    tree = label_draws(Draws({"population": population}, statistics), names)
    write_draws(tree, folder / "draws.nc")
    fit = Fit(cells, design, LOGISTIC, read_draws(folder / "draws.nc"))
    data = assemble_stan_data(design, cells, NARROW, "cells", "auto", LOGISTIC)

    def seed(*purpose):
        return derive_seed(1, *purpose)

    path = folder / "draws.nc"
    return fit, assess(fit, path, path if prior else None, (data, names), ASKED, seed)


def test_every_table_and_fact_is_there(season_cells, tmp_path):
    fit, found = assessed(season_cells, tmp_path, prior=True)
    assert set(found.tables) == TABLES
    assert found.facts["oracle_facts"]["reason"] == "off"
    assert found.facts["verdict"]["draws"] == 600
    assert found.facts["gaps"] == []
    assert found.inference.attrs["left_out"] == "nothing"
    replicated = found.inference["posterior_predictive"]["successes"].mean(("chain", "draw"))
    told = found.tables["predictive"].query("kind == 'posterior'")
    np.testing.assert_array_equal(replicated, told["mean"])
    assert set(found.tables["predictive"]["kind"]) == {"prior", "posterior"}
    rates = standardised_rates(fit, Question("promo", "channel"))
    expected = estimate_effects(rates, "NoBundle", 0.89)
    pd.testing.assert_frame_equal(found.tables["effects"], expected)


def test_without_draws_of_the_prior_only_the_posterior_is_checked(season_cells, tmp_path):
    _, found = assessed(season_cells, tmp_path, prior=False)
    assert set(found.tables["predictive_tests"]["kind"]) == {"posterior"}
