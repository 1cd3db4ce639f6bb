"""From then to now one change at a time, by as few fits as that takes."""

import pytest

from partialpool.runs.ladder import changed_kinds, check_refit, climb

from ..factories.months import analysis_of

TIGHT = {"slope": "normal(0, 0.05)"}


def no_fit(at):
    raise AssertionError("nothing had to be fitted")


def test_no_rung_where_nothing_changed(months):
    assert changed_kinds(months.october, months.october) == []
    assert climb(months.october, months.october, no_fit) == []


def test_words_and_sampling_are_no_change(months):
    other = analysis_of(title="Another", seed=3, interval=0.5, decision={"probability": 0.8})
    assert changed_kinds(months.october, months.runs.run("x", months.cells[0], other)) == []


def test_rows_in_another_order_are_the_same_contacts(months):
    turned = months.cells[0].iloc[::-1].reset_index(drop=True)
    assert changed_kinds(months.october, months.runs.run("x", turned)) == []


def test_the_first_and_the_last_rung_are_what_the_runs_found(months):
    (rung,) = climb(months.october, months.november, no_fit)
    assert rung.before.equals(months.october.found)
    assert rung.after.equals(months.november.found)
    assert not rung.refitted


def test_a_fit_between_is_of_the_contacts_of_now_under_the_priors_of_then(months):
    edited = months.runs.run("x", months.cells[1], analysis_of(priors=TIGHT))
    asked = []
    found = climb(months.october, edited, lambda at: (asked.append(at), months.november.found)[1])
    assert [rung.kind for rung in found] == ["data", "priors"]
    (at,) = asked
    assert at.run is edited
    assert at.priors.priors == months.october.model.priors
    assert found[0].after.equals(found[1].before)


@pytest.mark.parametrize(
    ("key", "said"), [("program", "program of its own"), ("mix", "decision.mix")]
)
def test_what_a_kept_run_does_not_hold_is_not_fitted_again(months, refused, key, said):
    analysis = analysis_of()
    if key == "mix":
        decision = analysis.decision.model_copy(update={"mix": "mix.csv"})
        analysis = analysis.model_copy(update={"decision": decision})
    else:
        own = {n: m.model_copy(update={"program": "a.stan"}) for n, m in analysis.models.items()}
        analysis = analysis.model_copy(update={"models": own})
    run = months.runs.run("x", months.cells[0], analysis)
    assert said in refused(check_refit, months.october, run)
    check_refit(months.october, months.november)
