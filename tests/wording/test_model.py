"""Sentences and tables of one model say what its files hold, the doubtful first."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partialpool.tables.estimates import (
    supported_decimals,
    tabulate_effects,
    tabulate_others,
    tabulate_parameters,
)
from partialpool.tables.model import tabulate_predictive, tabulate_verdict
from partialpool.wording import estimates as say_estimates
from partialpool.wording import model as say
from partialpool.wording.parameters import (
    interactions,
    left_out,
    list_effects,
    numeric_terms,
    varies_by,
)
from partialpool.wording.phrases import Labels
from partialpool.wording.text import code

LABELS = Labels(
    factors={"promo": ["No", "Yes"], "shop": ["A", "B, [x]", "<b>C</b>"]},
    phrases={},
    treatment="promo",
    within="shop",
    verb="bought",
    noun="passes",
    models=["pooled", "multilevel"],
    interval=0.89,
)
INDEX = {
    "population": ["promo[Yes]"],
    "sd": ["sd_shop[Intercept]", "sd_shop[promo[Yes]]"],
    "correlation": ["cor_shop[Intercept, promo[Yes]]"],
    "effect": [
        f"r_shop[{level}, {coefficient}]"
        for coefficient in ("Intercept", "promo[Yes]")
        for level in LABELS.factors["shop"]
    ],
}
DESIGN = {
    "levels": [3],
    "coefs": [2],
    "centring": [1.0, 0.0, 1.0, 0.97, 1.0, 1.0],
    "swept_into": [0, 0],
}
SETTINGS = {
    "formula": "promo + (1 + promo | shop)",
    "about": "Shops *scatter*.",
    "link": "logit",
    "family": "binomial",
    "program": None,
    "intercept_prior_at": "cells",
    "priors": {
        "intercept": "normal(0, 1)",
        "slope": "student_t(3, 0, 2.5)",
        "sd": "normal(0, 1)",
        "correlation": "lkj(1)",
        "coefficients": {},
    },
    "sampling": {"warmup": 1000, "adapt_delta": 0.95, "centring": "auto"},
}
NAMES = [name for kind in INDEX.values() for name in kind]


def parameters(names=NAMES):
    at = np.arange(len(names)) / 10 + 0.123456
    return pd.DataFrame(
        {
            "parameter": names,
            "mean": at,
            "sd": 0.5,
            "median": at,
            "lower": at - 0.8,
            "upper": at + 0.8,
            "above_0": 0.6,
        }
    )


def diagnostics(names=NAMES, mcse=0.002):
    return pd.DataFrame(
        {
            "parameter": names,
            "mean": 0.0,
            "sd": 0.5,
            "mcse_mean": mcse,
            "mcse_sd": mcse,
            "rhat": 1.0004,
            "ess_bulk": 12345.6,
            "ess_tail": 999.5,
        }
    )


def verdict(**found):
    limits = {"rhat": 1.01, "ess_bulk": 400.0, "divergences": 0.0, "ebfmi": 0.3}
    checks = [
        {
            "check": name,
            "found": found.get(name, limit),
            "limit": limit,
            "worst": "r_shop[B, [x], Intercept]" if name in ("rhat", "ess_bulk") else "",
            "passed": name not in found,
        }
        for name, limit in limits.items()
    ]
    return {
        "passed": not found,
        "checks": checks,
        "draws": 4000,
        "chains": 4,
        "gradients": 28000,
    }


def predictive(covered):
    rows = [
        {
            "cell": f"cell {i}",
            "kind": kind,
            "successes": 5 + i,
            "trials": 50,
            "mean": 10.0,
            "lower": 4.0,
            "upper": 16.0,
            "covered": inside or kind == "prior",
            "pit": 0.5,
        }
        for kind in ("prior", "posterior")
        for i, inside in enumerate(covered)
    ]
    return pd.DataFrame(rows)


def test_a_failed_verdict_is_said_loudly_with_what_was_found_and_where_it_is_worst():
    text = say.judge_fit("multilevel", verdict(rhat=1.0512, divergences=7.0))
    first, *rest = text.splitlines()
    assert first.startswith("**The multilevel model failed its verdict (2 of 4 checks).")
    assert "barred from the decision" in first
    said = "\n".join(rest)
    assert "found 1.051, limit 1.01, worst for `r_shop[B, [x], Intercept]`" in said
    assert "**divergent transitions**: found 7, limit 0." in said
    assert "E-BFMI" not in said


def test_a_check_that_is_not_a_number_is_said_to_be_none():
    assert "found not a number" in say.judge_fit("m", verdict(rhat=float("nan")))
    assert "–" in tabulate_verdict(verdict(rhat=float("nan")), "m")._repr_html_()


def test_a_verdict_that_passed_is_said_calmly():
    text = say.judge_fit("multilevel", verdict())
    assert text.startswith("The fit passed all 4 checks")
    assert "**" not in text


def test_an_assumption_is_text_and_a_formula_is_code():
    text = say.state_assumption(SETTINGS)
    assert text == r"Shops \*scatter\*. In a formula: `promo + (1 + promo | shop)`."


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
    text = say_estimates.state_prior_place({"population": names}, settings, LABELS)
    assert expected in text


def test_effects_are_taken_apart_even_when_levels_hold_commas_and_brackets():
    effects = list_effects(INDEX, DESIGN)
    assert list(effects["level"]) == LABELS.factors["shop"] * 2
    assert list(effects["coefficient"]) == ["Intercept"] * 3 + ["promo[Yes]"] * 3
    assert list(effects["centring"]) == [1.0, 0.0, 1.0, 0.97, 1.0, 1.0]
    assert list(effects["about_population"]) == [False] * 3 + [True] * 3


def test_how_much_the_data_tell_of_effects_is_said():
    effects = list_effects(INDEX, DESIGN)
    text = say.state_centring(effects, SETTINGS)
    assert text.startswith("The design has the 6 effects sampled on the scale that a quick pilot")
    assert "take away, from 0 to 1, is from 0.00 to 1.00." in text
    alike = say.state_centring(effects[effects["centring"] == 1], SETTINGS)
    assert "from 0 to 1, is 1.00 for all of them." in alike


def test_where_means_of_effects_are_sampled_is_said():
    index = {
        "population": ["Intercept"],
        "sd": ["sd_shop[Intercept]", "sd_week[Intercept]"],
        "effect": [
            *("r_shop[a, Intercept]", "r_shop[b, Intercept]", "r_shop[c, Intercept]"),
            *("r_week[1, Intercept]", "r_week[2, Intercept]"),
        ],
    }
    design = {"levels": [3, 2], "coefs": [1, 1], "centring": [0.5] * 5, "swept_into": [2, 0]}
    effects = list_effects(index, design)
    assert list(effects["swept_into"]) == ["week"] * 3 + [""] * 2
    text = say.state_centring(effects, SETTINGS)
    assert text.endswith("part of the other: of effects by `shop` with those by `week`.")
    alone = list_effects(index, design | {"swept_into": [0, 0]})
    assert "means" not in say.state_centring(alone, SETTINGS)


def test_a_parametrisation_that_the_configuration_asks_for_is_said_to_be_its():
    for wanted in ("centred", "non-centred"):
        settings = {**SETTINGS, "sampling": {**SETTINGS["sampling"], "centring": wanted}}
        text = say.state_centring(list_effects(INDEX, DESIGN), settings)
        assert text == f"All 6 effects were sampled {wanted}, as configured."


def test_effects_without_a_population_level_coefficient_are_said_to_shrink_to_even_odds():
    text = say_estimates.state_effects(list_effects(INDEX, DESIGN), SETTINGS)
    about, alone = text.split("\n\n")[1:]
    assert "`promo[Yes]` are deviations" in about
    assert "`Intercept` to scatter about" in alone
    assert "even odds" in alone


def test_a_model_without_group_level_terms_says_nothing_of_effects():
    index = {"population": ["Intercept"], "sd": [], "correlation": [], "effect": []}
    effects = list_effects(index, {"levels": [], "coefs": [], "centring": [], "swept_into": []})
    assert say_estimates.state_effects(effects, SETTINGS) == ""
    assert say_estimates.state_spread(parameters(["Intercept"]), index, LABELS, "pooled") == ""


def test_the_numbers_of_a_sentence_are_those_of_the_table():
    text = say_estimates.state_spread(parameters(), INDEX, LABELS, "pooled")
    table = tabulate_parameters(parameters(), diagnostics(), INDEX, LABELS, "m")._repr_html_()
    assert "0.22 (89% interval −0.58 to 1.02) log-odds" in text
    assert all(f">{number}</td>" in table for number in ("0.22", "−0.58", "1.02"))


def test_a_correlation_whose_interval_spans_0_has_an_open_sign():
    assert "its sign is open" in say_estimates.state_spread(parameters(), INDEX, LABELS, "pooled")


def test_cells_that_the_model_misses_are_counted_and_named():
    text = say.state_checks(predictive([True, False, True]), SETTINGS, LABELS)
    assert "prior predictive 89% interval holds the observed count in 3 of 3 cells." in text
    assert "in 2 of 3 cells; outside: cell 1." in text


def test_a_missed_cell_has_a_caveat_and_a_table_without_any_has_no_column_for_it():
    missed = tabulate_predictive(predictive([True, False]), LABELS, "m")._repr_html_()
    assert missed.count("outside the interval") == 1
    fine = tabulate_predictive(predictive([True, True]), LABELS, "m")._repr_html_()
    assert "outside" not in fine


def test_a_table_of_many_parameters_shows_some_and_says_where_the_rest_are():
    names = [f"x[{i}]" for i in range(200)]
    index = {"population": names, "effect": []}
    table = tabulate_parameters(parameters(names), diagnostics(names), index, LABELS, "m")
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
    effects = list_effects(INDEX, DESIGN)
    html = tabulate_effects(parameters(), effects, INDEX, LABELS, "m")._repr_html_()
    assert "<b>C</b>" not in html
    assert "&lt;b&gt;C&lt;/b&gt;" in html
    assert html.count("--mark") == 6


def test_a_name_with_backticks_and_line_breaks_is_still_one_piece_of_code():
    assert code("a`b\nc") == "`` a`b c ``"
    assert code("promo[Yes]") == "`promo[Yes]`"


def test_interactions_are_found_in_either_order():
    names = ["promo[Yes]", "promo[Yes]:shop[B, [x]]", "shop[<b>C</b>]:promo[Yes]"]
    assert interactions(names, LABELS) == {
        "promo[Yes]:shop[B, [x]]": ("Yes", "B, [x]"),
        "shop[<b>C</b>]:promo[Yes]": ("Yes", "<b>C</b>"),
    }


def test_a_model_varies_by_a_factor_also_within_combined_levels():
    assert varies_by(["sd_region:shop[Intercept]"], "shop")
    assert not varies_by(["sd_workshop[Intercept]", "promo[Yes]"], "shop")


def test_nothing_is_left_out_where_all_fits():
    assert left_out(24, "cells", "here") == ""


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("probit", "Its link is the probit, under which a rate is the share of a standard normal"),
        ("cloglog", "Its link is the complementary log-log"),
    ],
)
def test_another_link_is_named_and_its_coefficients_are_said_to_be_no_log_odds(link, said):
    text = say.state_assumption(SETTINGS | {"link": link})
    assert said in text
    assert "are not log-odds" in text
    assert "Its link" not in say.state_assumption(SETTINGS)


def test_another_family_is_explained():
    text = say.state_assumption(SETTINGS | {"family": "beta_binomial"})
    assert "Its family is the beta-binomial" in text


def test_the_precision_of_cells_is_read_as_a_correlation():
    table = parameters(["phi"]).assign(median=19.0, lower=9.0, upper=49.0)
    text = say_estimates.state_precision(table, LABELS)
    assert "has median 19.0 (89% interval 9.0 to 49.0)" in text
    assert "correlated by 0.050 (0.020 to 0.100), which is 1 ÷ (1 + phi)" in text
    assert say_estimates.state_precision(parameters(), LABELS) == ""


def test_numbers_are_at_0_where_factors_are_at_their_reference():
    labels = replace(LABELS, numbers=["age", "income"])
    names = ["Intercept", "promo[Yes]", "center(age)", "poly(income, 2)[1]", "promo[Yes]:age"]
    for at, where in (("cells", "turned back to every"), ("reference", "holds with every")):
        settings = {"intercept_prior_at": at}
        text = say_estimates.state_prior_place({"population": names}, settings, labels)
        assert (
            f"{where} factor at its reference level and `center(age)` and `poly(income, 2)[1]` at 0"
            in text
        )


def test_a_level_that_is_called_like_a_number_is_none():
    labels = replace(LABELS, factors={"promo": ["No", "age"], "shop": ["A", "B"]}, numbers=["age"])
    assert numeric_terms(["promo[age]", "age", "shop[B]:age"], labels) == ["age"]
    assert numeric_terms(["age"], LABELS) == []


@pytest.mark.parametrize(
    ("link", "where"), [("logit", "even odds and no effect"), ("cloglog", "a rate of 63%")]
)
def test_effects_without_a_population_level_shrink_to_what_0_means(link, where):
    index = INDEX | {"population": []}
    text = say_estimates.state_effects(list_effects(index, DESIGN), SETTINGS | {"link": link})
    assert f"pulled towards {where}" in text


def test_slopes_alone_shrink_to_no_effect():
    effects = list_effects(INDEX | {"population": ["Intercept"]}, DESIGN)
    text = say_estimates.state_effects(effects, SETTINGS)
    assert "is pulled towards no effect, not" in text


def test_spreads_are_on_the_scale_of_the_link():
    labels = replace(LABELS, links={"pooled": "probit"})
    text = say_estimates.state_spread(parameters(), INDEX, labels, "pooled")
    assert "on the probit scale." in text
    assert "log-odds" not in text
    table = tabulate_parameters(parameters(), diagnostics(), INDEX, labels, "pooled")
    assert "on the probit scale" in table.caption


def test_a_precision_does_not_cost_the_coefficients_their_digits():
    names = [*NAMES, "phi"]
    errors = diagnostics(names)
    errors.loc[errors["parameter"] == "phi", "mcse_mean"] = 3.0
    table = parameters(names)
    table.loc[table["parameter"] == "phi", "mean"] = 120.0
    index = INDEX | {"phi": ["phi"]}
    html = tabulate_parameters(table, errors, index, LABELS, "m")._repr_html_()
    assert ">0.22</td>" in html
    assert ">120</td>" in html


def test_parameters_of_a_program_of_ones_own_have_a_table_of_their_own():
    names = [*NAMES, "theta[1]", "theta[2]"]
    index = INDEX | {"other": ["theta"]}
    own = tabulate_others(parameters(names), diagnostics(names), index, LABELS, "m")
    assert list(own.frame.index) == ["theta[1]", "theta[2]"]
    main = tabulate_parameters(parameters(names), diagnostics(names), index, LABELS, "m")
    assert "theta[1]" not in main.frame.index
    assert tabulate_others(parameters(), diagnostics(), INDEX, LABELS, "m") is None


def test_of_3000_effects_those_with_the_worst_r_hat_are_tabled():
    levels = [f"s{i}" for i in range(3000)]
    index = {
        "population": ["Intercept"],
        "sd": ["sd_shop[Intercept]"],
        "effect": [f"r_shop[{level}, Intercept]" for level in levels],
    }
    names = [name for kind in index.values() for name in kind]
    found = diagnostics(names)
    found.loc[found["parameter"] == "r_shop[s1234, Intercept]", "rhat"] = 1.2
    table = tabulate_parameters(parameters(names), found, index, LABELS, "m")
    assert len(table.frame) == 24
    assert "r_shop[s1234, Intercept]" in table.frame.index
    assert "2\u202f978 more parameters, effects with a lower R-hat" in table.note


def test_of_many_cells_the_worst_predicted_are_tabled():
    rows = predictive([True] * 100)
    rows.loc[rows["cell"] == "cell 90", "pit"] = 0.001
    table = tabulate_predictive(rows, LABELS, "m")
    assert len(table.frame) == 24
    assert "cell 90" in table.frame.index
    assert "Not shown: 76 more cells, all better predicted" in table.note


def test_without_a_prior_predictive_the_reason_is_given_and_its_columns_are_gone():
    posterior = predictive([True, True])
    posterior = posterior[posterior["kind"] == "posterior"]
    settings = SETTINGS | {"priors": SETTINGS["priors"] | {"slope": "flat"}}
    text = say.state_checks(posterior, settings, LABELS)
    assert "There is no prior predictive: the prior of `slope` is flat" in text
    own = say.state_checks(posterior, SETTINGS | {"program": "mine.stan"}, LABELS)
    assert "the model’s own program does not draw from its prior alone" in own
    table = tabulate_predictive(posterior, LABELS, "m")
    assert "Prior predictive" not in table.frame.columns.get_level_values(0)
    assert "before" not in table.caption


def test_a_program_of_ones_own_is_named():
    settings = SETTINGS | {"program": "stan/mine.stan"}
    assert "a Stan program of its own, `stan/mine.stan`" in say.state_program(settings)
    assert say.state_program(SETTINGS) == ""
    assert say.name_program("m", settings).startswith("The m model’s own Stan program")


def test_one_thing_left_out_is_singular():
    assert left_out(25, "cells, with fewer contacts", "cells.csv") == (
        " Not shown: one more cell, with fewer contacts, which is in cells.csv."
    )
