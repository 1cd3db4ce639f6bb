"""What changed between months is what was changed between them, and chance is called chance."""

import pytest

from partialpool.runs.comparison import choose_then, compare_runs, is_same

from ..factories.months import analysis_of

TIGHT = {"slope": "normal(0, 0.05)"}


@pytest.fixture
def held(months):
    """What changed between two runs, and how many fits that took."""

    def hold(then, now, kept=()):
        months.runs.refitted.clear()
        found = compare_runs(then, now, kept or [then], months.runs.counting)
        return found, len(months.runs.refitted)

    return hold


def step(found, kind, within="mail", quantity="lift"):
    table = found.tables["steps"]
    rows = table[(table["step"] == kind) & (table["treatment"] == "some")]
    return rows[(rows["within"] == within) & (rows["quantity"] == quantity)].iloc[0]


def test_a_month_at_the_same_rates_moves_nothing_more_than_chance(months, held):
    found, fits = held(months.october, months.november)
    assert found.facts["relation"] == "grown"
    assert (found.facts["changed"], fits) == (["data"], 0)
    assert set(found.tables["steps"]["verdict"]) <= {"same", "chance"}
    assert found.facts["calls"] == []


def test_a_lift_that_fell_is_found_where_it_fell_and_nowhere_else(months, held):
    found, fits = held(months.november, months.december)
    fell, stood = step(found, "data"), step(found, "data", "shop")
    assert (fell["verdict"], fits) == ("beyond", 0)
    assert fell["difference"] == pytest.approx(-0.05, abs=0.02)  # a third of .15
    assert fell["p"] > 0.99
    assert stood["verdict"] in ("same", "chance")


def test_the_same_contacts_drawn_again_are_the_same_within_monte_carlo_error(months, held):
    again = months.runs.run("again", months.cells[0], seed=8)
    found, fits = held(months.october, again)
    assert (found.facts["changed"], fits) == ([], 0)
    assert found.facts["same"]
    moves = found.tables["moves"]
    assert (moves["difference"] != 0).any()
    assert (moves["difference"].abs() <= 3 * moves["mcse"]).all()


def test_a_prior_that_was_edited_is_told_from_the_data_by_one_fit(months, held):
    edited = months.runs.run("2026-11", months.cells[1], analysis_of(priors=TIGHT))
    found, fits = held(months.october, edited)
    assert (found.facts["changed"], fits) == (["data", "priors"], 1)
    assert step(found, "data")["verdict"] in ("same", "chance")
    by_prior = step(found, "priors")
    assert by_prior["verdict"] == "moved"
    assert by_prior["difference"] < -0.01
    keys = [row["key"] for row in found.facts["settings"]]
    assert keys == ["priors.slope", "models.crossed.priors.slope", "models.plain.priors.slope"]


def test_the_steps_add_up_to_the_whole(months, held):
    edited = months.runs.run("later", months.cells[2], analysis_of(priors=TIGHT), "plain")
    found, _ = held(months.october, edited)
    assert found.facts["changed"] == ["data", "priors", "model"]
    keys = ["within", "treatment", "quantity"]
    summed = found.tables["steps"].groupby(keys)["difference"].sum()
    whole = found.tables["moves"].set_index(keys)["difference"]
    assert summed.reindex(whole.index).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-12)


def test_a_prior_edited_over_the_same_contacts_takes_no_fit_and_no_chance(months, held):
    edited = months.runs.run("2026-10b", months.cells[0], analysis_of(priors=TIGHT))
    found, fits = held(months.october, edited)
    assert (found.facts["changed"], fits) == (["priors"], 0)
    assert found.tables["steps"]["p"].isna().all()
    assert step(found, "priors")["verdict"] == "moved"


def test_another_model_that_both_runs_fitted_takes_no_fit(months, held):
    other = months.runs.run("plain", months.cells[1], model="plain")
    found, fits = held(months.october, other)
    assert (found.facts["changed"], fits) == (["data", "model"], 0)
    assert found.facts["models"] == ["crossed", "plain"]
    assert step(found, "model")["difference"] < -0.03  # one lift for both channels


def test_other_versions_beside_other_data_take_one_fit(months, held):
    newer = months.runs.run("newer", months.cells[1], numpy="3")
    found, fits = held(months.october, newer)
    assert (found.facts["changed"], fits) == (["versions", "data"], 1)
    assert found.facts["versions"] == [{"of": "numpy", "then": "2", "now": "3"}]
    assert set(found.tables["steps"].query("step == 'versions'")["verdict"]) <= {"same"}


def test_a_call_that_changed_is_told_with_its_place(months, held):
    gone = months.runs.run("gone", months.cells[0].assign(successes=450))
    found, _ = held(months.october, gone)
    told = {row["of"]: (row["then"], row["now"]) for row in found.facts["calls"]}
    assert told["mail|some"] == ("gain", "open")


def test_contacts_are_counted_by_place_and_arm(months, held):
    found, _ = held(months.october, months.december)
    counts = found.tables["counts"]
    assert len(counts) == 4
    assert set(counts["contacts_then"]) == {1500}
    assert set(counts["contacts_now"]) == {4500}


def test_what_a_fit_needs_and_a_kept_run_lacks_is_said(months, held):
    own = analysis_of(priors=TIGHT)
    models = {n: m.model_copy(update={"program": "mine.stan"}) for n, m in own.models.items()}
    edited = months.runs.run("own", months.cells[1], own.model_copy(update={"models": models}))
    found, fits = held(months.october, edited)
    assert fits == 0
    assert found.facts["reason"] == "the crossed model has a Stan program of its own"
    assert found.tables["steps"].empty


def test_a_year_of_runs_is_followed_by_their_labels(months, held):
    kept = [months.october, months.november]
    found, _ = held(months.november, months.december, kept)
    trend = found.tables["trend"].query("quantity == 'lift' and within == 'mail'")
    assert list(trend["label"]) == ["2026-10", "2026-11", "2026-12"]
    again, _ = held(months.october, months.november, kept)
    assert list(again.tables["trend"]["label"].unique()) == ["2026-10", "2026-11"]


def test_the_last_run_is_the_newest_that_is_another(months):
    kept = [months.october, months.november]
    assert choose_then(months.november, kept, "last") is months.october
    assert choose_then(months.december, kept, "last") is months.november
    assert choose_then(months.december, kept, "2026-10") is months.october
    assert choose_then(months.october, [months.october], "last") is months.october
    assert is_same(months.october, months.october)


def test_a_run_without_an_answer_is_held_by_its_counts_alone(months, held):
    decision = months.november.decision | {"choice": {"model": None}, "treatments": []}
    silent = type(months.november)(**vars(months.november) | {"decision": decision})
    found, fits = held(months.october, silent)
    assert (fits, found.facts["changed"], found.facts["same"]) == (0, [], False)
    assert found.tables["moves"].empty
    assert found.facts["models"] == ["crossed", None]
