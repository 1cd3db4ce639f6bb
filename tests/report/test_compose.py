"""Pages are put together from the files of their rules."""

import pytest

from partialpool.frames import write_facts, write_frames
from partialpool.report.compose import list_entries, list_entry
from partialpool.report.decision.limitations import list_limitations
from partialpool.report.labels import read_labels

from ..factories.decisions import decision, level
from ..factories.since import facts, tables
from .conftest import LABELS

WORDS = {
    "phrases": LABELS.phrases,
    "treatment": "promo",
    "within": "channel",
    "verb": "bought",
    "noun": "passes",
    "models": ["one", "two"],
    "interval": 0.89,
}


def files_in(folder, since=(), **ledger):
    write_facts(ledger, folder / "ledger.json")
    names = {"decisions": "decision", "weighed": "arms", "levels": "levels", "ledgers": "ledger"}
    return {of: folder / f"{name}.json" for of, name in names.items()} | {"since": since}


def test_the_index_lists_a_report_with_the_first_sentence_of_its_answer(tmp_path):
    choice = {"model": None, "reason": "none scored", "tied": [], "barred": []}
    write_facts({"choice": choice, "treatments": []}, tmp_path / "decision.json")
    write_facts(LABELS.factors, tmp_path / "levels.json")
    write_facts({"advice": [], "policy": None, "terms": {}}, tmp_path / "arms.json")
    page = {"name": "season", "title": "Season", "question": "Who?", "labels": WORDS}
    entry = list_entry(files_in(tmp_path), page)
    assert (entry.title, entry.question, entry.href) == ("Season", "Who?", "season.html")
    assert entry.answer.startswith("**No answer yet")


def test_the_index_shows_the_leading_arm_the_lift_over_all_and_how_many_doubts(tmp_path):
    levels = [level("Mail", 0.562, 0.353, "loss"), level("Email", 0.057, 0.305, "gain")]
    told = decision(levels, overall=-0.08, barred=["two"])
    advice = [{"within": within, "leader": "NoBundle"} for within in ("Mail", "Email", "")]
    write_facts(told, tmp_path / "decision.json")
    write_facts(LABELS.factors, tmp_path / "levels.json")
    write_facts({"advice": advice, "policy": None, "terms": {}}, tmp_path / "arms.json")
    page = {"name": "season", "title": "Season", "question": "Who?", "labels": WORDS}
    entry = list_entry(files_in(tmp_path), page)
    assert entry.best == "NoBundle"
    assert entry.lift.of == "Bundle over NoBundle"
    assert entry.lift.text == "\N{MINUS SIGN}8.0 (\N{MINUS SIGN}11.0 to \N{MINUS SIGN}5.0)"
    assert entry.lift.mean == pytest.approx(-8)
    assert (entry.verdict, entry.sound) == ("! 1 failed", False)
    assert entry.doubts == len(list_limitations(told, read_labels(WORDS, tmp_path / "levels.json")))


def test_the_index_tells_the_period_and_what_changed_of_those_that_are_held_to_a_kept_run(
    tmp_path,
):
    for name in ("held", "alone"):
        folder = tmp_path / name
        (folder / "since").mkdir(parents=True)
        choice = {"model": None, "reason": "none scored", "tied": [], "barred": []}
        write_facts({"choice": choice, "treatments": []}, folder / "decision.json")
        write_facts(LABELS.factors, folder / "levels.json")
        write_facts({"advice": [], "policy": None, "terms": {}}, folder / "arms.json")
    found = tables()
    written = {of: tmp_path / "held" / "since" / f"{of}.csv" for of in found}
    write_frames(found, written)
    write_facts(facts(), tmp_path / "held" / "since" / "since.json")
    of_each = [
        files_in(tmp_path / name, period={"first": "2026-10-01", "last": "2026-10-31"})
        for name in ("held", "alone")
    ]
    files = {of: [each[of] for each in of_each] for of in of_each[0]}
    files["since"] = [*written.values(), tmp_path / "held" / "since" / "since.json"]
    pages = [
        {"name": name, "title": name, "question": "Who?", "labels": WORDS}
        for name in ("held", "alone")
    ]
    held, alone = list_entries(files, pages)
    assert held.period == alone.period == "1 to 31 October 2026"
    assert held.change.startswith("Since October 2026, the lift of the bundle")
    assert alone.change == ""
