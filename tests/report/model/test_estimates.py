"""What a model estimates, in sentences and tables: population, spread and effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.names import list_effects
from partialpool.report.model import estimates as say
from partialpool.report.model.estimate_tables import (
    supported_decimals,
    tabulate_effects,
    tabulate_others,
    tabulate_parameters,
)

from ...factories.cells import listed
from ...factories.fitted import (
    DESIGN,
    LABELS,
    NAMES,
    PARAMETERS,
    SETTINGS,
    TERM,
    diagnostics,
    parameters,
)
from ...factories.names import coefficients_of, named, term

NO_NUMBERS = coefficients_of("promo", LABELS)


@pytest.mark.parametrize(
    ("names", "at", "expected"),
    [
        ([], "cells", "no population-level intercept"),
        (["Intercept"], "cells", "directly"),
        (["Intercept", "promo[Yes]"], "cells", "each cell counted once"),
        (["Intercept", "promo[Yes]"], "contacts", "mean over the contacts"),
        (["Intercept", "promo[Yes]"], "reference", "reference level, which is what"),
    ],
)
def test_the_report_says_where_the_prior_of_the_intercept_holds(names, at, expected):
    settings = {"intercept_prior_at": at}
    text = say.state_prior_place(named(names), NO_NUMBERS, settings, LABELS, "one")
    assert expected in text


@pytest.mark.parametrize(
    ("formula", "origin", "hinted"),
    [("promo + age", 2015, True), ("promo + age", 0, False), ("promo + center(age)", 2015, False)],
)
def test_a_number_far_from_0_is_hinted_to_be_centred(formula, origin, hinted):
    labels = replace(LABELS, numbers=["age"])
    rows = [("Yes", origin + 1), ("No", origin + 2), ("Yes", origin + 5), ("No", origin + 8)]
    cells = listed([(p, n, 1, 3) for p, n in rows], {"promo": ["No", "Yes"]}, ["age"])
    design = learn_design(formula, cells)
    data = {"X": design.matrices(cells).population[:, 1:].tolist(), "trials": [3] * 4}
    names = name_parameters(design, LOGISTIC)
    text = say.hint_at_centring(names, tabulate_coefficients(design.columns), data, labels)
    assert ("`center(age)`" in text) is hinted
    assert not hinted or text.startswith("`age` is 2019.0 ± 2.7, far from 0")


def test_effects_without_a_population_level_coefficient_are_said_to_shrink_to_even_odds():
    text = say.state_effects(list_effects(NAMES, DESIGN), SETTINGS)
    about, alone = text.split("\n\n")[1:]
    assert "`promo[Yes]` are deviations" in about
    assert "`Intercept` to scatter about" in alone
    assert "even odds" in alone


def test_a_model_without_group_level_terms_says_nothing_of_effects():
    names = named(["Intercept"])
    effects = list_effects(names, {"centring": [], "absorbed_by": []})
    assert say.state_effects(effects, SETTINGS) == ""
    assert say.state_spread(parameters(["Intercept"]), names, LABELS, "pooled") == ""


def test_the_numbers_of_a_sentence_are_those_of_the_table():
    text = say.state_spread(parameters(), NAMES, LABELS, "pooled")
    table = tabulate_parameters(parameters(), diagnostics(), NAMES, LABELS, "m")._repr_html_()
    assert "0.22 (89% interval −0.58 to 1.02) log-odds" in text
    assert all(f">{number}</td>" in table for number in ("0.22", "−0.58", "1.02"))


def test_a_correlation_whose_interval_spans_0_has_an_open_sign():
    assert "its sign is open" in say.state_spread(parameters(), NAMES, LABELS, "pooled")


def test_a_table_of_many_parameters_shows_some_and_says_where_the_rest_are():
    names = [f"x[{i}]" for i in range(200)]
    table = tabulate_parameters(parameters(names), diagnostics(names), named(names), LABELS, "m")
    html = table._repr_html_()
    assert html.count("<tr") == 2 + 24
    assert "Not shown: 176 more parameters" in html
    assert "which are in parameters.csv." in html


@pytest.mark.parametrize(("mcse", "places"), [(0.0004, 3), (0.002, 2), (0.02, 1), (0.3, 0)])
def test_estimates_have_the_digits_that_their_monte_carlo_error_supports(mcse, places):
    assert supported_decimals(pd.Series([mcse / 10, mcse])) == places


def test_an_estimate_without_a_monte_carlo_error_is_still_shown():
    assert supported_decimals(pd.Series([np.nan])) == 2


def test_the_table_of_effects_escapes_levels_and_marks_them_with_their_colours():
    effects = list_effects(NAMES, DESIGN)
    html = tabulate_effects(parameters(), effects, NAMES, LABELS, "m")._repr_html_()
    assert "<b>C</b>" not in html
    assert "&lt;b&gt;C&lt;/b&gt;" in html
    assert html.count("--mark") == 6


def test_the_precision_of_cells_is_read_as_a_correlation():
    table = parameters(["phi"]).assign(median=19.0, lower=9.0, upper=49.0)
    text = say.state_precision(table, named(["age"], phi=True), LABELS)
    assert "has median 19.0 (89% interval 9.0 to 49.0)" in text
    assert "correlated by 0.050 (0.020 to 0.100), which is 1 ÷ (1 + phi)" in text
    assert say.state_precision(parameters(), NAMES, LABELS) == ""


def test_a_number_called_phi_is_no_precision():
    assert say.state_precision(parameters(["phi"]), named(["phi"]), LABELS) == ""


def test_beside_index_coding_the_intercept_is_that_of_no_contact():
    settings = {"intercept_prior_at": "contacts"}
    coefficients = coefficients_of("index(promo)", LABELS)
    names = named(["Intercept", *coefficients["coefficient"].unique()])
    text = say.state_prior_place(names, coefficients, settings, LABELS, "one")
    assert "every predictor at 0, which no contact has" in text
    assert "reference level" not in text


def test_coefficients_that_the_cells_cannot_tell_apart_are_named():
    def said(columns, *trials):
        names = named(["Intercept", "a", "b"])
        x = [row[1:] for row in columns]
        design = {"N": len(x), "K": 2, "X": x, "has_intercept": 1, "trials": list(trials)}
        return say.state_aliases(names, design)

    assert said([[1, 0, 0], [1, 1, 0], [1, 1, 1]], 5, 5, 5) == ""
    together = said([[1, 0, 1], [1, 1, 0], [1, 1, 0]], 5, 5, 5)
    assert "`Intercept`, `a` and `b`" in together
    # a level that only a cell without contacts has
    alone = said([[1, 0, 0], [1, 1, 0], [1, 1, 1]], 5, 5, 0)
    assert "No cell says anything of `b`" in alone
    assert "`a`" not in alone


def test_a_standard_deviation_that_its_prior_holds_is_said_to_be_held():
    sampled = parameters()
    held = sampled[~sampled["parameter"].str.startswith("sd_")]
    assert "at which its prior holds it" in say.state_spread(held, NAMES, LABELS, "pooled")
    assert "holds it" not in say.state_spread(sampled, NAMES, LABELS, "pooled")


def test_numbers_are_at_0_where_factors_are_at_their_reference():
    labels = replace(LABELS, numbers=["age", "income"])
    formula = "promo * center(age) + poly(income, 2)"
    coefficients = coefficients_of(formula, labels)
    names = named(["Intercept", *coefficients["coefficient"].unique()])
    for at, where in (("cells", "turned back to every"), ("reference", "holds with every")):
        settings = {"intercept_prior_at": at}
        text = say.state_prior_place(names, coefficients, settings, labels, "one")
        assert (
            f"{where} factor at its reference level and `center(age)`, `poly(income, 2)[1]` and "
            "`poly(income, 2)[2]` at 0" in text
        )


@pytest.mark.parametrize(
    ("link", "where"), [("logit", "even odds and no effect"), ("cloglog", "a rate of 63%")]
)
def test_effects_without_a_population_level_shrink_to_what_0_means(link, where):
    effects = list_effects(named([], TERM), DESIGN)
    text = say.state_effects(effects, SETTINGS | {"link": link})
    assert f"pulled towards {where}" in text


def test_slopes_alone_shrink_to_no_effect():
    effects = list_effects(named(["Intercept"], TERM), DESIGN)
    text = say.state_effects(effects, SETTINGS)
    assert "is pulled towards no effect, not" in text


def test_spreads_are_on_the_scale_of_the_link():
    labels = replace(LABELS, links={"pooled": "probit"})
    text = say.state_spread(parameters(), NAMES, labels, "pooled")
    assert "on the probit scale." in text
    assert "log-odds" not in text
    table = tabulate_parameters(parameters(), diagnostics(), NAMES, labels, "pooled")
    assert "on the probit scale" in table.caption


def test_a_precision_does_not_cost_the_coefficients_their_digits():
    names = [*PARAMETERS, "phi"]
    errors = diagnostics(names)
    errors.loc[errors["parameter"] == "phi", "mcse_mean"] = 3.0
    table = parameters(names)
    table.loc[table["parameter"] == "phi", "mean"] = 120.0
    overdispersed = named(["promo[Yes]"], TERM, phi=True)
    html = tabulate_parameters(table, errors, overdispersed, LABELS, "m")._repr_html_()
    assert ">0.22</td>" in html
    assert ">120</td>" in html


def test_parameters_of_a_program_of_ones_own_have_a_table_of_their_own():
    listed, names = (
        [*PARAMETERS, "theta[1]", "theta[2]"],
        named(["promo[Yes]"], TERM, others=["theta"]),
    )
    own = tabulate_others(parameters(listed), diagnostics(listed), names, LABELS, "m")
    assert list(own.frame.index) == ["theta[1]", "theta[2]"]
    main = tabulate_parameters(parameters(listed), diagnostics(listed), names, LABELS, "m")
    assert "theta[1]" not in main.frame.index
    assert tabulate_others(parameters(), diagnostics(), NAMES, LABELS, "m") is None


def test_of_3000_effects_those_with_the_worst_r_hat_are_tabled():
    levels = [f"s{i}" for i in range(3000)]
    names = named(["Intercept"], term("shop", levels, "Intercept"))
    found = diagnostics(names["parameter"])
    found.loc[found["parameter"] == "r_shop[s1234, Intercept]", "rhat"] = 1.2
    table = tabulate_parameters(parameters(names["parameter"]), found, names, LABELS, "m")
    assert len(table.frame) == 24
    assert "r_shop[s1234, Intercept]" in table.frame.index
    assert "2\u202f978 more parameters, effects with a lower R-hat" in table.note
