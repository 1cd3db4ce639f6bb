"""Sentences and tables that set models side by side call noise noise, and differences by name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partialpool.report.comparison import misreadings
from partialpool.report.comparison import text as say
from partialpool.report.comparison.importance import explain_contacts, explain_scores
from partialpool.report.comparison.score_tables import (
    tabulate_left_out,
    tabulate_methods,
    tabulate_scores,
)
from partialpool.report.comparison.shrinkage import state_shrinkage
from partialpool.report.comparison.tables import (
    tabulate_effects,
    tabulate_models,
    tabulate_odds,
    tabulate_predictions,
)
from partialpool.report.labels import Labels

LABELS = Labels(
    factors={"promo": ["No", "Yes"], "shop": ["A", "B", "<i>C</i>"]},
    phrases={"promo": {"Yes": "the bundle", "No": "the pass alone"}, "shop": {"B": "in B"}},
    treatment="promo",
    within="shop",
    verb="bought",
    noun="passes",
    models=["interaction", "multilevel"],
    interval=0.89,
)


CONTACT, CELL = ("contact", "contacts"), ("cell", "cells")
LEVEL = ("level of shop", "levels of shop")


def scores(*rows, units=1000, noise=2.0):
    columns = ["model", "elpd", "difference", "difference_se"]
    frame = pd.DataFrame(rows, columns=columns)
    within = frame["difference"].abs() <= noise * frame["difference_se"]
    told = {"se": 2.0, "p_loo": 3.0, "stacking": 0.5, "pseudo_bma": 0.4, "largest_k": 0.2}
    return frame.assign(units=units, within_noise=within, worse_in=2, doubtful=0, **told)


def summary(mean, sd=0.1):
    return {
        "mean": mean,
        "sd": sd,
        "median": mean,
        "lower": mean - 1.6 * sd,
        "upper": mean + 1.6 * sd,
        "above_0": float(mean > 0),
    }


def effects(ratios, base=0.0):
    """Log odds ratios by level, as `effects.estimate_effects` gives them."""
    rows = []
    for level, ratio in {**ratios, "": 0.0}.items():
        quantities = {
            ("No", "log_odds"): summary(base),
            ("Yes", "log_odds_ratio"): summary(ratio, 0.3 if level == "B" else 0.1),
            ("Yes", "odds_ratio"): summary(np.exp(ratio), 0.4),
            ("Yes", "lift"): summary(ratio / 10, 0.02),
        }
        rows += [
            {"within": level, "treatment": treatment, "quantity": quantity, **values}
            for (treatment, quantity), values in quantities.items()
        ]
    return pd.DataFrame(rows)


def parameters(**means):
    return pd.DataFrame([{"parameter": n, **summary(m)} for n, m in means.items()])


LABELS_AB = replace(LABELS, models=["a", "b"])
ALONE = parameters(
    **{
        "Intercept": 0.0,
        "promo[Yes]": -0.8,
        "promo[Yes]:shop[B]": 0.1,
        "promo[Yes]:shop[<i>C</i>]": 2.6,
    }
)
POOLED = parameters(**{"sd_shop[Intercept]": 1.0, "r_shop[A, Intercept]": 0.2})
ALONE_EFFECTS = effects({"A": -0.8, "B": -0.7, "<i>C</i>": 1.8})
PARAMETERS = {"interaction": ALONE, "multilevel": POOLED}
CELLS = pd.DataFrame({"shop": ["A", "A", "B", "<i>C</i>"], "trials": [90, 90, 80, 1200]})


def test_a_difference_within_two_standard_errors_is_called_noise_and_a_larger_one_is_not():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -12.01, -2.01, 1.0))
    text = say.rank_models(table, *CONTACT)
    near, far = text.split("Clearly behind:")
    assert "**a** has the highest elpd" in near
    assert "Within noise of it (at most 2 standard errors behind) is b (−1.00" in near
    assert "c (−2.01, standard error 1.00)" in far
    assert "rough" not in text


def test_standard_errors_from_few_units_are_said_to_be_rough():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5)
    text = say.rank_models(scores(*rows, units=6), *CELL)
    assert "With 6 cells, the standard errors themselves are rough" in text
    assert "has to exceed 2.6 of them" in text
    assert "(at most 2.6 standard errors behind)" in text


def test_standard_errors_from_a_handful_of_levels_are_said_to_tell_nothing():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -90.0, -80.0, 0.5)
    text = say.rank_models(scores(*rows, units=3), *LEVEL)
    assert "With 3 levels of shop, a standard error says next to nothing" in text
    assert "b (−1.00, standard error 0.50, worse in 2 of 3)" in text
    assert "Behind by more: c (" in text
    assert "Clearly" not in text


def test_a_model_that_failed_its_verdict_is_not_praised():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5))
    assert "highest elpd, but failed its verdict" in say.rank_models(table, *CELL, ["a"])


def test_a_single_model_has_nothing_to_be_compared_with():
    assert "one model only" in say.rank_models(scores(("a", -10.0, 0.0, 0.0)), *CONTACT)


def test_a_model_without_a_score_is_named_with_the_reason():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", np.nan, np.nan, np.nan))
    text = say.rank_models(table, *LEVEL)
    assert text.startswith("Per level of shop, b has no score: without some level of shop, a flat")
    assert "**a** has the highest" in text
    alone = say.rank_models(table.iloc[[1]], *LEVEL)
    assert alone.startswith("Per level of shop, b has no score")


def test_the_multilevel_advantage_is_stated_for_every_unit():
    tables = {
        "contact": scores(("multilevel", -10.0, 0.0, 0.0), ("interaction", -10.5, -0.47, 0.79)),
        "cell": scores(("multilevel", -30.0, 0.0, 0.0), ("interaction", -39.6, -9.64, 4.65)),
        "level of shop": scores(("interaction", -30.0, 0.0, 0.0), ("multilevel", -31, -1.0, 4.65)),
    }
    text = say.compare_units(tables, PARAMETERS, LABELS)
    assert "per contact, multilevel is ahead of interaction by 0.47" in text
    assert "(standard error 0.79), within noise; per cell" in text
    assert "by 9.64 (standard error 4.65), beyond noise; per level of shop, interaction" in text


def test_no_advantage_is_claimed_where_all_models_are_of_one_kind():
    table = scores(("interaction", -10.0, 0.0, 0.0))
    assert say.compare_units({"contact": table}, {"interaction": ALONE}, LABELS) == ""


def left_out(model, how, k=0.9, elpd=-5.0, psis=-4.0, fits=2):
    """Scores of one model, a row for each way in which they came about."""
    table = pd.DataFrame({"how": how, "pareto_k": k, "elpd": elpd, "psis_elpd": elpd})
    refitted = table["how"] == "refit"
    table.loc[refitted, "psis_elpd"] = psis
    names = [f"cell {i}" for i in range(len(table))]
    told = {"model": model, "left_out": names, "trials": 1234, "limit": 0.7, "mcse": 0.3}
    return table.assign(**told, fits=fits * refitted, divergent=refitted.astype(int), units=1)


def test_what_was_refitted_is_counted_and_so_is_what_importance_sampling_would_miss():
    table = pd.concat(
        [left_out("a", ["importance", "refit"]), left_out("b", ["refit", "refit"], psis=-2.0)]
    )
    text = explain_scores(table, *CELL, 30)
    assert "up to a Pareto k of 0.70, which it keeps to in 1 of 4 pairs of cell and model" in text
    assert "For the other 3, the model was refitted without the cell" in text
    assert "off by 1.0 to 6.0 in all, by model, there" in text
    assert "trusted**" not in text


def test_scores_that_could_all_be_trusted_are_not_said_to_be_refitted():
    text = explain_scores(left_out("a", ["importance"] * 9, k=0.2), *LEVEL, 30)
    assert text.endswith("in 9 of 9 pairs of level of shop and model.")


def test_the_table_of_methods_adds_up():
    labels = replace(LABELS, models=["a"])
    table = left_out("a", ["importance", "refit", "refit", "doubtful"], k=[0.4, 0.8, 0.9, 0.75])
    html = tabulate_methods(table, *CELL, labels)._repr_html_()
    # trusted, kept, largest k, off by, instead, fits, divergent, error
    for number in ("1", "0.90", "+2.00", "2", "4", "0.60"):
        assert f">{number}</td>" in html


def test_a_model_without_a_score_has_no_error_of_it_either():
    labels = replace(LABELS, models=["a"])
    table = left_out("a", ["importance", "undefined"])
    table.loc[1, ["elpd", "mcse", "pareto_k"]] = np.nan
    assert np.isnan(tabulate_methods(table, *CELL, labels).frame.loc["a", ("", "MCSE")])


def test_the_score_of_every_cell_stands_beside_how_it_was_found():
    labels = replace(LABELS, models=["a", "b"])
    table = pd.concat(
        [
            left_out("a", ["importance", "undefined"], elpd=[-5.25, np.nan]),
            left_out("b", ["refit"] * 2),
        ]
    )
    found = tabulate_left_out(table, *CELL, labels)
    assert found.frame["a", "k, by"].tolist() == ["0.90 PSIS", "no score"]
    assert found.frame["b", "k, by"].tolist() == ["0.90 refit", "0.90 refit"]
    html = found._repr_html_()
    assert ">−5.25</td>" in html
    assert "nan" not in html
    assert "1\u202f234" in html


def test_of_many_cells_left_out_those_on_which_models_differ_are_shown():
    labels = replace(LABELS, models=["a", "b"])
    other = np.full(60, -5.0)
    other[40] = -50.0
    table = pd.concat(
        [left_out("a", ["importance"] * 60), left_out("b", ["importance"] * 60, elpd=other)]
    )
    found = tabulate_left_out(table, *CELL, labels)
    assert len(found.frame) == 24
    assert "cell 40" in found.frame.index
    assert "36 more cells on which models differ less" in found.note


def test_scores_in_the_table_are_those_of_the_sentence():
    table = scores(("multilevel", -10.0, 0.0, 0.0), ("interaction", -10.5, -0.47, 0.79))
    html = tabulate_scores(table, *CONTACT, LABELS)._repr_html_()
    assert ">−0.47</td>" in html
    for weight in ("0.50", "0.40"):
        assert f">{weight}</td>" in html
    assert "−0.47, standard error 0.79" in say.rank_models(table, *CONTACT)


def test_the_level_that_pooling_moves_most_is_named_with_both_estimates():
    pooled = effects({"A": -0.8, "B": -0.4, "<i>C</i>": 1.75}, base=0.5)
    both = {"interaction": ALONE_EFFECTS, "multilevel": pooled}
    text = state_shrinkage(both, PARAMETERS, CELLS, LABELS)
    assert "moves the effect of the bundle most in B" in text
    assert "from −0.70 to −0.40" in text
    assert "with the pass alone from 0.00 to 0.50" in text
    assert "No level has fewer contacts: 80." in text
    assert "Elsewhere the log odds ratio moves by at most 0.05." in text
    assert "away from" not in text


def test_a_move_away_from_the_mean_of_the_levels_is_not_called_shrinkage():
    both = {
        "interaction": ALONE_EFFECTS,
        "multilevel": effects({"A": -0.8, "B": -0.7, "<i>C</i>": 2.0}),
    }
    assert "away from the levels’ mean" in state_shrinkage(both, PARAMETERS, CELLS, LABELS)


def test_nothing_is_said_of_pooling_where_no_model_pools():
    alone = {"interaction": ALONE, "multilevel": ALONE}
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    assert state_shrinkage(both, alone, CELLS, LABELS) == ""


def test_an_interaction_that_spans_0_is_not_read_as_no_effect():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, both, LABELS)
    assert (
        "In the interaction model, `promo[Yes]` (−0.80) is the effect where shop is A alone" in text
    )
    assert "`promo[Yes]:shop[B]` spans 0: 0.10 (89% interval −0.06 to 0.26)" in text
    assert "effect itself in B **lies below 0**: −0.70" in text
    assert "probability of being above 0 below 0.001" in text


def test_a_coefficient_in_log_odds_is_not_read_as_a_factor():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, both, LABELS)
    assert "ratio of two odds ratios, 13.5" in text
    assert "is 6.0 (medians)" in text


def test_without_interactions_there_is_nothing_to_misread():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(dict.fromkeys(LABELS.models, POOLED), both, LABELS)
    assert text.startswith("No model here has a coefficient")


def test_exponentiating_a_mean_and_a_standard_deviation_is_shown_to_be_wrong():
    text = misreadings.warn_of_exponentiating({"interaction": ALONE_EFFECTS}, LABELS)
    assert "for the bundle in B in the interaction model it gives 0.50" in text
    assert f"from the standard deviation {np.exp(0.3):.2f}" in text
    assert "mean 0.50 and standard deviation 0.40" in text


def predictions():
    rows = []
    for cell, rate, sd in (("No, A", 0.5, 0.01), ("Yes, <i>C</i>", 0.3, 0.04)):
        rows.append({"cell": cell, "quantity": "rate", **summary(rate, sd)})
        rows.append({"cell": cell, "quantity": "future_successes", **summary(100 * rate, 6.1)})
    return pd.DataFrame(rows)


def test_the_uncertainty_of_a_rate_is_told_from_that_of_an_outcome():
    text = misreadings.tell_rate_from_outcome(predictions(), "multilevel", 100)
    assert r"of Yes, \<i\>C\</i\> is 30.0% with a standard deviation of 4.0 points" in text
    assert "standard deviation is 45.8 points whatever the data" in text
    assert (
        "Of 100 future contacts, 30.0 succeed on average, with a standard deviation of 6.1" in text
    )


def test_rates_and_outcomes_stand_apart_in_one_table():
    html = tabulate_predictions({"multilevel": predictions()}, LABELS, 100)._repr_html_()
    for number in ("30.0%", "4.0", "30.0", "6.1"):
        assert f">{number}</td>" in html
    assert "Successes of 100 contacts" in html


@pytest.mark.parametrize("tabulate", [tabulate_effects, tabulate_odds])
def test_every_level_has_a_row_for_every_model_and_odd_names_stay_text(tabulate):
    html = tabulate(dict.fromkeys(LABELS.models, ALONE_EFFECTS), LABELS)._repr_html_()
    assert html.count("<tr") == 2 + 4 * 2
    assert "<i>" not in html
    assert "overall" in html


def test_lifts_are_in_points_and_so_are_their_standard_deviations():
    html = tabulate_odds({"interaction": ALONE_EFFECTS}, LABELS)._repr_html_()
    assert ">+18.0</td>" in html
    assert ">2.0</td>" in html


def test_the_table_of_models_says_which_checks_failed():
    facts = {"formulas": {"interaction": "a * b", "multilevel": "(1 | b)"}}
    facts["about"] = {"interaction": "<u>", "multilevel": ""}
    check = {"check": "rhat", "passed": False}
    verdicts = {"interaction": {"checks": [check]}, "multilevel": {"checks": []}}
    html = tabulate_models(facts, verdicts, LABELS)._repr_html_()
    assert "failed: R-hat" in html
    assert "passed" in html
    assert "<u>" not in html


def test_scores_that_were_kept_because_there_are_too_many_are_never_called_exact():
    table = pd.concat(
        [
            left_out("a", ["importance"] * 60 + ["doubtful"] * 40),
            left_out("b", ["importance"] * 99 + ["refit"]),
        ]
    )
    text = explain_scores(table, *CELL, 30)
    assert "in 159 of 200 pairs" in text
    assert "For one of the others, the model was refitted" in text
    assert "In a (40 cells) there are more such cells than the 30 up to which a model" in text
    assert text.endswith("**The ranking is not to be trusted**.")


def test_a_few_scores_that_cannot_be_trusted_are_unsure():
    table = left_out("a", ["importance"] * 98 + ["failed"] * 2, k=np.nan)
    text = explain_scores(table, *CELL, 30)
    assert "2 refits failed, because the program does not run" in text
    assert "few enough for the ranking, but their scores are unsure" in text


def test_refits_that_are_switched_off_are_said_to_be():
    text = explain_scores(left_out("a", ["doubtful"] * 6), *CELL, 0)
    assert "The configuration allows no refits" in text


@pytest.mark.parametrize(("bad", "said"), [(0, "0.90, so it can be trusted"), (1, "for 7 of 700")])
def test_importance_sampling_of_contacts_is_trusted_or_not(bad, said):
    table = left_out("a", ["importance"] * (100 - bad) + ["doubtful"] * bad).assign(units=7)
    assert said in explain_contacts(table)


def test_a_ranking_that_is_not_to_be_trusted_says_so():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), units=100)
    for doubtful, said in ((30, True), (1, False)):
        text = say.rank_models(table.assign(doubtful=[0, doubtful]), *CELL)
        assert ("not to be trusted" in text) is said


def test_models_of_an_ab_test_are_compared_without_levels():
    labels = replace(LABELS, within=None, factors={"promo": ["No", "Yes"]})
    alone = effects({})
    both = {"interaction": alone, "multilevel": alone}
    said = state_shrinkage(both, PARAMETERS, CELLS, labels)
    said += misreadings.state_misreadings(PARAMETERS, both, labels)
    assert said == ""
    assert "inside" not in say.introduce_effects(labels)
    for tabulate in (tabulate_effects, tabulate_odds):
        table = tabulate(both, labels)
        assert "all contacts" in table._repr_html_()
        assert "None" not in table._repr_html_()
        assert "level" not in table.caption + table.note


def test_of_60_levels_those_with_the_largest_effects_are_compared():
    labels = replace(LABELS, factors={"promo": ["No", "Yes"], "shop": [f"s{i}" for i in range(60)]})
    both = dict.fromkeys(LABELS.models, effects({f"s{i}": i / 10 for i in range(60)}))
    table = tabulate_effects(both, labels)
    levels = list(dict.fromkeys(table.frame.index.get_level_values(0)))
    assert levels == [*[f"s{i}" for i in range(36, 60)], "overall"]
    assert "36 more levels of shop, with smaller effects" in table.note


def test_of_many_cells_those_on_which_models_differ_are_compared():
    one, other = predictions_of(100), predictions_of(100)
    other.loc[(other["cell"] == "c70") & (other["quantity"] == "rate"), "mean"] = 0.9
    table = tabulate_predictions({"interaction": one, "multilevel": other}, LABELS, 100)
    assert "c70" in table.frame.index.get_level_values(0)
    assert len(table.frame) == 2 * 24
    assert "Not shown: 76 more cells that are more alike" in table.note
    assert "levels" not in table.note


def predictions_of(count):
    rows = [
        {"cell": f"c{i}", "quantity": quantity, **summary(0.2 * scale, 0.01 * scale)}
        for i in range(count)
        for quantity, scale in (("rate", 1), ("future_successes", 100))
    ]
    return pd.DataFrame(rows)


def test_a_coefficient_of_another_link_is_no_ratio_of_odds_ratios():
    labels = replace(LABELS, links={"interaction": "probit"})
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, both, labels)
    assert "too, but is another number, as a log odds ratio: 1.80" in text
    assert "ratio of two odds ratios" not in text


def test_an_effect_that_depends_on_more_says_where_the_coefficient_holds():
    table = pd.concat([ALONE, parameters(**{"promo[Yes]:age": 0.1})])
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS | {"interaction": table}, both, LABELS)
    assert "alone, with every other factor at its reference level and numbers at 0, and" in text


def test_links_and_families_have_columns_where_any_is_unusual():
    facts = {"formulas": dict.fromkeys(LABELS.models, "a")}
    facts["about"] = dict.fromkeys(LABELS.models, "")
    verdicts = {name: {"checks": []} for name in LABELS.models}
    assert list(tabulate_models(facts, verdicts, LABELS).frame) == ["formula", "verdict"]
    labels = replace(LABELS, links={"interaction": "probit", "multilevel": "logit"})
    frame = tabulate_models(facts, verdicts, labels).frame
    assert frame["link"].tolist() == ["probit", "logit"]
