"""The section on what changed: paragraphs, tables, the picture, and the page."""

import pandas as pd
import pytest

from partialpool.frames import write_facts, write_frames
from partialpool.report.since.compose import (
    compose_changes,
    compose_section,
    read_since,
    tell_since,
)
from partialpool.report.since.figures import draw_trend
from partialpool.report.since.listing import tell_kept
from partialpool.report.since.tables import (
    tabulate_changed,
    tabulate_counts,
    tabulate_moves,
    tabulate_steps,
)
from partialpool.report.since.text import explain
from partialpool.runs.comparison import Since
from partialpool.runs.shelf import Kept

from ...factories.decisions import DISTRICTS, LABELS
from ...factories.since import FELL, LIFTS, facts, follow, step_of, tables

CHANGED = {
    "calls": [{"of": "Email|Bundle", "then": "gain", "now": "open"}],
    "verdicts": [{"of": "multilevel", "then": "passed", "now": "failed"}],
    "versions": [{"of": "numpy", "then": "2.4.5", "now": "2.4.6"}],
    "settings": [{"key": "priors.slope", "then": "normal(0, 1)", "now": "normal(0, 2)"}],
}
WORDS = {
    "phrases": {},
    "treatment": "promo",
    "within": "channel",
    "verb": "bought",
    "noun": "passes",
    "models": ["multilevel"],
    "interval": 0.89,
}


@pytest.fixture
def written(tmp_path):
    """The files of what changed, and of the levels."""

    def write(**more):
        given, told = tables(), facts(**more)
        paths = {name: tmp_path / f"{name}.csv" for name in given}
        write_frames(given, paths)
        write_facts(told, tmp_path / "since.json")
        write_facts(LABELS.factors, tmp_path / "levels.json")
        return [*map(str, paths.values()), str(tmp_path / "since.json")], tmp_path / "levels.json"

    return write


def test_contacts_then_and_now_are_told_and_how_they_belong_together():
    said = explain(facts(), tables(), LABELS)
    assert "Then, in October 2026: 3\u202f156 contacts in 6 cells. Now: 5\u202f656" in said
    assert "All contacts of then are among those of now." in said
    assert "not independent draws" in said


def test_chance_itself_is_said_to_call_some():
    said = explain(facts(), tables(), LABELS)
    assert "Of 3 lifts, 1 moved with the data by more than chance" in said
    assert "chance alone would be expected to call 0.3 of them" in said


def test_other_contacts_are_held_to_both_uncertainties():
    said = explain(facts(relation="other"), tables(), LABELS)
    assert "as if they had no data in common" in said
    assert "not independent draws" not in said


def test_the_steps_and_their_fits_are_told():
    said = explain(facts(changed=["data", "priors"], refits=["data"]), tables(), LABELS)
    assert "other data and other priors" in said
    assert "which took one further fit" in said


def test_why_steps_are_missing_is_told():
    said = explain(facts(changed=["data", "priors"], reason="of a *program*"), tables([]), LABELS)
    assert "because of a \\*program\\*." in said


def test_the_period_of_both_runs_is_told():
    periods = [{"first": f"2026-{m}-01", "last": f"2026-{m}-28", "undated": 0} for m in (10, 11)]
    said = explain(facts(periods=periods), tables(), LABELS)
    assert "(1 to 28 October 2026)" in said
    assert "(1 to 28 November 2026)" in said


def test_nothing_changed_is_a_line_without_tables():
    same = Since(tables([]), facts(changed=[], same=True, relation="same"))
    section = compose_section(same, LABELS)
    assert "Nothing changed" in section.html
    assert "<table" not in section.html
    assert "<figure" in section.html  # the trend stays


def test_lifts_are_shown_then_and_now_with_what_chance_does():
    html = tabulate_moves(tables(), LABELS)._repr_html_()
    for shown in (
        "+24.7",
        "+21.3",
        "\N{MINUS SIGN}3.4",
        "96.0%",
        "more than chance",
        "all contacts",
    ):
        assert shown in html


def test_the_steps_are_shown_only_where_there_are_several():
    assert tabulate_steps(facts(), tables(), LABELS) is None
    both = [*FELL, *(step_of(place, "priors", -0.01, "moved") for place in LIFTS)]
    html = tabulate_steps(facts(changed=["data", "priors"]), tables(both), LABELS)._repr_html_()
    assert "other priors" in html
    assert "\N{MINUS SIGN}4.4" in html  # e-mail: both steps together


def test_the_contacts_that_came_have_a_rate_of_their_own():
    given = tables()
    given["counts"] = given["counts"].iloc[::-1]
    html = tabulate_counts(given, LABELS)._repr_html_()
    assert "5.2%" in html  # (43 - 38) / (218 - 121)
    assert html.index("Mail") < html.index("Email")  # in the order of the levels


def test_what_else_differs_is_a_table_or_none():
    html = tabulate_changed(facts(**CHANGED), LABELS)._repr_html_()
    for shown in ("call of Bundle, where channel is Email", "failed", "2.4.6", "normal(0, 2)"):
        assert shown in html
    assert tabulate_changed(facts(), LABELS) is None


def test_many_places_are_cut_with_their_number():
    many = {str(i): (0.0, i / 100) for i in range(1, 61)}
    given = tables([step_of(place, "data", 0.0, "chance", 0.6) for place in many], many)
    assert "36 more lifts, which are in moves.csv" in tabulate_moves(given, DISTRICTS)._repr_html_()


def test_a_year_is_one_picture_whose_words_give_every_run():
    year = [f"2026-{month:02}" for month in range(1, 13)]
    figure = draw_trend(follow(year), LABELS)
    assert figure.width == "wide"
    for label in year:
        assert label in figure.alt
    assert "all contacts: \N{MINUS SIGN}20.0" in figure.alt


def test_one_run_is_no_trend():
    assert draw_trend(follow(["now"]), LABELS) is None
    assert draw_trend(pd.DataFrame(columns=list(tables()["trend"])), LABELS) is None


def test_a_place_that_came_later_has_a_shorter_line():
    later = follow(["a", "b"])
    later = later[~((later["label"] == "a") & (later["within"] == "Email"))]
    assert "Email: \N{MINUS SIGN}9.0 points" in draw_trend(later, LABELS).alt


def test_what_was_written_is_read_back_and_told(written):
    paths, levels = written()
    assert read_since(paths).facts == facts()
    (point,), (section,) = tell_since(paths, LABELS)
    assert point.text.startswith("Since October 2026, the lift")
    assert (section.id, section.folded) == ("since", True)
    assert section.summary == point.text  # which stands for it while it is folded
    page = compose_changes(paths, levels, "Season pass", WORDS)
    assert page.title == "What changed: Season pass"
    assert page.lede == "5\u202f656 contacts, 3\u202f156 in October 2026."


def test_without_a_kept_run_a_report_says_nothing_of_changes():
    assert tell_since([], LABELS) == ([], [])


def test_kept_runs_are_listed_a_line_each(tmp_path):
    record = {"contacts": 3156, "period": None, "model": "multilevel"}
    dated = record | {"period": {"first": "2026-11-01", "last": "2026-11-30"}, "model": None}
    every = [Kept("a", tmp_path / "a", 1, record), Kept("b", tmp_path / "b", 2, dated)]
    head, first, second = tell_kept("sales", every).splitlines()
    assert head == "sales:"
    assert "a: 3,156 rows counted, model multilevel" in first
    assert "1 to 30 November 2026, no answer" in second
    assert "no run is kept" in tell_kept("sales", [])
