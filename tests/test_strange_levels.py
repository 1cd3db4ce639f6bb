"""Levels that read like names of parameters confuse nobody, from the design to the page."""

import pytest

from partialpool.calibration.recovery import name_kinds
from partialpool.cells.question import Question
from partialpool.decision.effects import estimate_effects, standardised_rates
from partialpool.frames import read_frame, write_frame
from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.posterior.draws import (
    estimate_densities,
    label_draws,
    named_parameters,
    read_draws,
    summarise_parameters,
    write_draws,
)
from partialpool.posterior.fit import Fit
from partialpool.posterior.names import list_effects
from partialpool.report.comparison.misreadings import state_misreadings
from partialpool.report.comparison.shrinkage import state_shrinkage
from partialpool.report.labels import Labels
from partialpool.report.model import estimates
from partialpool.report.model.estimate_tables import tabulate_effects, tabulate_parameters
from partialpool.report.model.figures import draw_densities, draw_effects
from partialpool.report.selection import drawn_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.settings import Priors

from .factories.draws import random_draws
from .factories.fitted import diagnostics
from .factories.names import crossed

SHOPS = ["x[y", "a, b]", '""', " ", "b, Intercept]", "x]:promo[a, b]", "sd_shop[Intercept]", "*"]
LABELS = Labels(
    factors={"promo": ["no, Intercept]", "a, b]"], "shop": SHOPS},
    phrases={},
    treatment="promo",
    within="shop",
    verb="bought",
    noun="passes",
    models=["alone", "multilevel"],
    interval=0.89,
)
FORMULAS = {"alone": "promo * shop", "multilevel": "promo + (1 + promo | shop)"}
EFFECTS = ["Intercept"] * len(SHOPS) + ["promo[a, b]]"] * len(SHOPS)


class Fitted:
    """What the rules make of a model, whose draws are random, through their files."""

    def __init__(self, formula, folder):
        cells = crossed(LABELS.factors)
        design = learn_design(formula, cells)
        self.names = through(name_parameters(design, LOGISTIC), folder)
        self.coefficients = through(tabulate_coefficients(design.columns), folder)
        write_draws(label_draws(random_draws(self.names), self.names), folder / "draws.nc")
        self.draws = read_draws(folder / "draws.nc")
        self.parameters = through(summarise_parameters(self.draws, 0.89), folder)
        data = assemble_stan_data(design, cells, Priors(), "cells", "auto")
        self.effects = list_effects(self.names, data.variables())
        drawn = drawn_parameters(self.names, self.parameters.set_index("parameter")["mean"])
        self.densities = through(estimate_densities(self.draws, drawn), folder)
        fit = Fit(cells, design, LOGISTIC, self.draws)
        rates = standardised_rates(fit, Question("promo", "shop"))
        self.contrasts = estimate_effects(rates, LABELS.reference, 0.89)


def through(table, folder):
    write_frame(table, folder / "table.csv")
    return read_frame(folder / "table.csv")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    return {n: Fitted(f, tmp_path_factory.mktemp(n)) for n, f in FORMULAS.items()}


def test_the_draws_of_every_parameter_are_found_by_its_name(fitted):
    for model in fitted.values():
        assert list(named_parameters(model.draws)) == list(model.names["parameter"])


def test_effects_have_their_own_levels(fitted):
    effects = fitted["multilevel"].effects
    assert list(effects["level"]) == SHOPS * 2
    assert list(effects["coefficient"]) == EFFECTS
    assert list(effects["population_coefficient"]) == EFFECTS


def test_the_table_of_effects_has_a_row_for_each_level(fitted):
    model = fitted["multilevel"]
    table = tabulate_effects(model.parameters, model.effects, model.names, LABELS, "multilevel")
    titles = [f"{coefficient} by shop" for coefficient in EFFECTS]
    assert list(table.frame.index) == list(zip(titles, SHOPS * 2, strict=True))


def test_the_table_of_parameters_has_them_all(fitted):
    model = fitted["multilevel"]
    found = diagnostics(model.parameters["parameter"])
    table = tabulate_parameters(model.parameters, found, model.names, LABELS, "multilevel")
    assert list(table.frame.index) == list(model.names["parameter"])


def test_the_pictures_have_panels_of_kinds_and_coefficients(fitted):
    model = fitted["multilevel"]
    given = (model.densities, model.parameters)
    fixed = draw_densities(*given, model.names, LABELS, "multilevel")
    assert fixed.alt.count(" to ") == 5
    for title in ("population-level", "standard deviations", "correlations"):
        assert title in fixed.svg
    levels = draw_effects(*given, model.effects, LABELS, "multilevel")
    assert "promo[a, b]] by shop" in levels.svg
    assert "Not shown" not in levels.caption


def test_the_sentences_name_groupings_and_coefficients(fitted):
    model = fitted["multilevel"]
    said = estimates.state_spread(model.parameters, model.names, LABELS, "multilevel")
    spread, other, correlation = said.splitlines()
    assert spread.startswith("- Over the levels of shop, `Intercept` has a standard deviation")
    assert other.startswith("- Over the levels of shop, `promo[a, b]]` has a standard deviation")
    assert correlation.startswith("- `cor_shop[Intercept, promo[a, b]]]` is ")
    scatter = estimates.state_effects(model.effects, {"link": "logit"})
    assert "The effects of `Intercept` and `promo[a, b]]` are deviations" in scatter


def test_the_comparison_tells_interactions_from_levels(fitted):
    parameters, coefficients, effects, names = (
        {name: getattr(model, key) for name, model in fitted.items()}
        for key in ("parameters", "coefficients", "contrasts", "names")
    )
    said = state_misreadings(parameters, coefficients, effects, LABELS)
    assert said.startswith("In the alone model, `promo[a, b]]` (")
    assert said.count("`promo[a, b]]:shop[") == 6
    assert "- 1 more coefficients read the same way." in said
    cells = crossed(LABELS.factors)
    moved = state_shrinkage(effects, names, coefficients, cells, LABELS)
    assert moved.startswith("- Against the alone model, multilevel moves")


def test_recovery_tells_effects_of_one_coefficient_together(fitted):
    names = fitted["multilevel"].names
    told = name_kinds(names)
    assert list(told) == of_kind(names, "effect")
    assert list(told.values()) == [f"r_shop[*, {coefficient}]" for coefficient in EFFECTS]
