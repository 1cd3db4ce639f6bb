"""Sentences, tables and pictures of recovery: how many contacts, and how sure that is."""

from dataclasses import replace

import pandas as pd
import pytest

from partialpool.report.recovery import text as say
from partialpool.report.recovery.figures import draw_power, draw_widths
from partialpool.report.recovery.tables import tabulate_coverage, tabulate_lifts
from partialpool.settings import Recovery

SIZES = [500, 1000, 4000]


def need(lift=0.05, contacts=1234.0, fewest=1100.0, most=1500.0, share=0.8):
    found = {"contacts": contacts, "fewest": fewest, "most": most}
    return {"treatment": "Bundle", "lift": lift, **found, "tried": SIZES, "share": share}


def lifts_of(lift=0.05, gains=(0.2, 0.7, 1.0), covered=0.89):
    return pd.DataFrame(
        {
            "treatment": "Bundle",
            "lift": lift,
            "contacts": SIZES,
            "replicates": 100,
            "gain": gains,
            "gain_se": 0.04,
            "loss": 0.0,
            "loss_se": 0.01,
            "covered": covered,
            "covered_se": 0.03,
            "width": [0.12, 0.08, 0.04],
            "width_se": 0.001,
        }
    )


def coverage_of(**covered):
    rows = [
        {"parameter": n, "contacts": c, "replicates": 100, "covered": of, "covered_se": 0.03}
        for n, of in covered.items()
        for c in SIZES
    ]
    return pd.DataFrame(rows).assign(width=0.5, width_se=0.01)


def test_models_are_compared_by_the_contacts_that_a_lift_needs(made):
    needs = {"one": [need()], "two": [need(contacts=None)], "small": [need(contacts=0)]}
    assert say.compare(needs, made.labels) == [
        "To call a lift of 5 points in 8 of 10 campaigns, it takes about 1\u202f200 contacts with "
        "the one model, more than 4\u202f000 contacts with the two model and at most 500 contacts "
        "with the small model."
    ]
    assert say.compare({}, made.labels) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            need(),
            "about 1\u202f200 contacts to call it in 8 of 10 campaigns (between 1\u202f100 and "
            "1\u202f500, given how many were simulated).",
        ),
        (need(fewest=0), "(at most 1\u202f500, given"),
        (need(most=None), "(more than 1\u202f100, given"),
        (need(contacts=0, fewest=0, most=0), "at most 500 contacts to call it"),
        (
            need(contacts=None),
            "more than 4\u202f000 contacts to call it in 8 of 10 campaigns. With 4\u202f000, the "
            "most that were tried, it is called in 100% of campaigns (standard error 4).",
        ),
        (need(share=0.85), "in 85% of campaigns"),
    ],
)
def test_a_need_is_told_with_what_chance_leaves_open(made, found, said):
    assert said in say.answer_model([found], lifts_of(), 99, made.labels)


def test_the_contacts_that_there_are_have_their_share_told(made):
    said = say.answer_model([need()], lifts_of(), 1000, made.labels)
    assert (
        "With the 1\u202f000 contacts that there are, it is called in 70% of campaigns (standard "
        "error 4), and its interval is 8 points wide."
    ) in said


def test_a_model_without_the_treatment_is_said_to_have_none(made):
    def said(replicates):
        recovery = Recovery(replicates=replicates).model_dump()
        return say.state_left_out(["one", "two"], ["one"], recovery, made.labels)

    assert said(0) == []
    assert said(9) == [
        "The two model was not asked how many contacts a lift needs: no coefficient of its formula "
        "is of promo."
    ]


def test_a_trait_has_a_difference_and_no_lift(made):
    said = say.answer_model([need(lift=-0.01)], lifts_of(-0.01), 99, made.trait)
    assert said.startswith("- A difference of \u22121 point")
    assert say.heading(made.trait) == "How many contacts a difference needs"
    assert "lift" not in say.state_coverage(lifts_of(), coverage_of(a=0.9), made.trait)
    assert "lift" not in say.explain(Recovery().model_dump(), 0.95, made.trait)
    assert "lift" not in draw_power(lifts_of(), 0.8, made.trait, "one")._repr_html_()
    assert "lift" not in draw_widths(lifts_of(), made.trait, "one")._repr_html_()
    assert "lift" not in tabulate_lifts(lifts_of(), made.trait, "one")._repr_html_()


def test_false_calls_are_told_where_no_lift_was_simulated(made):
    assert say.state_false_calls(lifts_of(), made.labels) == ""
    none = lifts_of(0.0, (0.02, 0.05, 0.03))
    assert "called in at most 5% of the campaigns" in say.state_false_calls(none, made.labels)


def test_coverage_is_told_only_where_it_is_beyond_chance(made):
    fine, off = coverage_of(Intercept=0.9), coverage_of(Intercept=0.9, slope=0.6)
    assert "No interval" in say.state_coverage(lifts_of(), fine, made.labels)
    said = say.state_coverage(lifts_of(), off, made.labels)
    assert "are 3 of 9 shares, 3 of them too low, of slope." in said


def test_a_fit_that_failed_its_verdict_is_warned_of(made):
    assert say.warn_of_verdict("one", {"passed": True}, made.labels) == ""
    assert "failed its verdict" in say.warn_of_verdict("one", {"passed": False}, made.labels)


def test_pictures_tell_every_share_and_width_in_words(made):
    lifts = pd.concat([lifts_of(), lifts_of(0.02, (0.05, 0.1, 0.4))])
    power, widths = (
        draw_power(lifts, 0.8, made.labels, "one"),
        draw_widths(lifts, made.labels, "one"),
    )
    assert "5 points, 1\u202f000 contacts: 70%" in power.alt
    assert "2 points, 4\u202f000 contacts: 40%" in power.alt
    assert "5 points, 500 contacts: 12 points" in widths.alt


def test_tables_hold_a_row_for_each_size_and_parameter(made):
    lifts = tabulate_lifts(lifts_of(), made.labels, "one")
    assert len(lifts.frame) == len(SIZES)
    assert ">70%</td>" in lifts._repr_html_()
    many = coverage_of(**{f"p{i}": 0.5 + i / 100 for i in range(30)})
    table = tabulate_coverage(many, made.labels, "one")
    assert len(table.frame) == 24
    assert "p0" in table.frame.index
    assert "6 more parameters" in table.note


def test_where_levels_are_ranked_one_sentence_says_that_no_lift_was_asked_for(made):
    labels = replace(made.labels, treatment_is="level")
    said = say.state_left_out(["one", "two"], [], {"replicates": 9}, labels)
    assert said == ["No lift was asked for, since the analysis has no treatment."]
