"""What is said of priors: nothing leans on them, some things do, or it is not known."""

import pandas as pd

from partialpool.report.model.adequacy_tables import tabulate_sensitivity
from partialpool.report.model.sensitivity import state_sensitivity


def row(name="", where="", treatment="", prior=0.01, likelihood=0.1, diagnosis="", kind="lift"):
    kind = "parameter" if name else kind
    names = {"kind": kind, "parameter": name, "within": where, "treatment": treatment}
    return names | {"to_prior": prior, "to_likelihood": likelihood, "diagnosis": diagnosis}


LIFTS = [row(where=where, treatment="Bundle") for where in ("Mail", "Park", "Email", "")]
CALM = pd.DataFrame([row("Intercept"), *LIFTS])


def test_calm_is_told_in_a_sentence(made):
    assert state_sensitivity(CALM, made.labels) == (
        "Neither parameters nor the rates that are compared, nor what lies between them, lean on "
        "the priors: scaling those hardly moves any (sensitivity at most 0.01, where 0.05 counts)."
    )
    calmer = CALM.assign(to_prior=0.001)
    assert "(sensitivity below 0.01, where" in state_sensitivity(calmer, made.labels)


def test_parameters_that_lean_are_named_and_the_lifts_cleared(made):
    rows = [row("sd_shop[Intercept]", prior=0.2, diagnosis="weak"), row("a", diagnosis="conflict")]
    said = state_sensitivity(pd.DataFrame([*rows, *LIFTS]), made.labels)
    assert "Prior and data pull apart for `a`: scaling either moves it" in said
    assert "The data say little of `sd_shop[Intercept]`: scaling the prior moves it" in said
    assert said.endswith(
        "The rates themselves, their lifts and their ratios, which the answer rests on, do not "
        "lean on the priors (sensitivity at most 0.01)."
    )


def test_a_lift_that_leans_stands_out_with_its_places(made):
    rows = [
        row("promo[Bundle]", prior=0.2, diagnosis="conflict"),
        row(where="Mail", treatment="Bundle", prior=0.2, diagnosis="conflict"),
        row(where="Park", treatment="Bundle", prior=0.2, diagnosis="weak"),
        row(where="", treatment="Bundle", prior=0.2, diagnosis="weak"),
    ]
    said = state_sensitivity(pd.DataFrame(rows), made.labels)
    assert said.endswith(
        "**The lift of the bundle by mail and in the park depends on the priors.**"
    )


def test_rates_and_ratios_that_lean_are_named_where_lifts_do_not(made):
    rows = [
        row(treatment="voucher"),
        row(treatment="none", prior=0.3, diagnosis="conflict", kind="rate"),
        row(treatment="voucher", prior=0.2, diagnosis="conflict", kind="ratio"),
    ]
    said = state_sensitivity(pd.DataFrame(rows), made.ab)
    assert "lift" not in said
    for named in ("The rate with no voucher", "ratio of the rates with the voucher and no voucher"):
        assert named in said
    assert said.endswith("depend on the priors.**")


def test_an_ab_tests_lift_has_no_place(made):
    rows = [row("offer[voucher]"), row(treatment="voucher", prior=0.2, diagnosis="weak")]
    said = state_sensitivity(pd.DataFrame(rows), made.ab)
    assert said.endswith("**The lift of the voucher depends on the priors.**")


def test_what_is_not_known_is_said_to_be(made):
    nothing = CALM.head(0)
    assert "was not measured: the model’s own Stan program" in state_sensitivity(
        nothing, made.labels
    )
    assert tabulate_sensitivity(nothing, "one") is None


def test_the_table_names_parameters_and_lifts_with_a_caveat_where_they_lean():
    leaning = pd.DataFrame([row("a", prior=0.2, diagnosis="conflict"), *LIFTS])
    shown = tabulate_sensitivity(leaning, "one")._repr_html_()
    assert "lift, Bundle, Email" in shown
    rates = leaning.assign(kind=leaning["kind"].replace("lift", "rate"))
    assert "rate, Bundle, Email" in tabulate_sensitivity(rates, "one")._repr_html_()
    assert shown.count("prior and data conflict") == 1
    assert "caveat" not in tabulate_sensitivity(CALM, "one")._repr_html_()
