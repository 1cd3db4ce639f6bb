"""Sentences and tables of one model say what its files hold, the doubtful first."""

import pytest

from partialpool.posterior.names import list_effects
from partialpool.report.model import text as say
from partialpool.report.model.tables import tabulate_predictive, tabulate_verdict

from ...factories.fitted import DESIGN, LABELS, NAMES, SETTINGS, predictive, verdict
from ...factories.names import named, term


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


def test_how_much_the_data_tell_of_effects_is_said():
    effects = list_effects(NAMES, DESIGN)
    text = say.state_centring(effects, SETTINGS)
    assert text.startswith("The design has the 6 effects sampled on the scale that a quick pilot")
    assert "take away, from 0 to 1, is from 0.00 to 1.00." in text
    alike = say.state_centring(effects[effects["centring"] == 1], SETTINGS)
    assert "from 0 to 1, is 1.00 for all of them." in alike


def test_where_means_of_effects_are_sampled_is_said():
    terms = term("shop", "abc", "Intercept"), term("week", "12", "Intercept")
    names = named(["Intercept"], *terms)
    design = {"centring": [0.5] * 5, "absorbed_by": [2, 0]}
    effects = list_effects(names, design)
    assert list(effects["absorbed_by"]) == ["week"] * 3 + [""] * 2
    text = say.state_centring(effects, SETTINGS)
    assert text.endswith("part of the other: of effects by `shop` with those by `week`.")
    alone = list_effects(names, design | {"absorbed_by": [0, 0]})
    assert "means" not in say.state_centring(alone, SETTINGS)


def test_a_parametrisation_that_the_configuration_asks_for_is_said_to_be_its():
    for wanted in ("centred", "non-centred"):
        settings = {**SETTINGS, "sampling": {**SETTINGS["sampling"], "centring": wanted}}
        text = say.state_centring(list_effects(NAMES, DESIGN), settings)
        assert text == f"All 6 effects were sampled {wanted}, as configured."


def test_cells_that_the_model_misses_are_counted_and_named():
    text = say.state_checks(predictive([True, False, True]), SETTINGS, LABELS)
    assert "prior predictive 89% interval holds the observed count in 3 of 3 cells." in text
    assert "in 2 of 3 cells; outside: cell 1." in text


def test_a_missed_cell_has_a_caveat_and_a_table_without_any_has_no_column_for_it():
    missed = tabulate_predictive(predictive([True, False]), LABELS, "m")._repr_html_()
    assert missed.count("outside the interval") == 1
    fine = tabulate_predictive(predictive([True, True]), LABELS, "m")._repr_html_()
    assert "outside" not in fine


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
    assert say.name_program("m").startswith("The m model’s own Stan program")
