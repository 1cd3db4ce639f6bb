"""Pages are put together from the files of their rules."""

import pytest

from partialpool.frames import write_facts
from partialpool.report.compose import list_entry
from partialpool.report.decision.limitations import list_limitations
from partialpool.report.labels import read_labels

from ..factories.decisions import decision, level
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


def test_the_index_lists_a_report_with_the_first_sentence_of_its_answer(tmp_path):
    choice = {"model": None, "reason": "none scored", "tied": [], "barred": []}
    write_facts({"choice": choice, "treatments": []}, tmp_path / "decision.json")
    write_facts(LABELS.factors, tmp_path / "levels.json")
    write_facts({"advice": [], "policy": None, "terms": {}}, tmp_path / "arms.json")
    page = {"name": "season", "title": "Season", "question": "Who?", "labels": WORDS}
    entry = list_entry(*(tmp_path / f"{n}.json" for n in ("decision", "arms", "levels")), page)
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
    entry = list_entry(*(tmp_path / f"{n}.json" for n in ("decision", "arms", "levels")), page)
    assert entry.best == "NoBundle"
    assert entry.lift.of == "Bundle over NoBundle"
    assert entry.lift.text == "\N{MINUS SIGN}8.0 (\N{MINUS SIGN}11.0 to \N{MINUS SIGN}5.0)"
    assert entry.lift.mean == pytest.approx(-8)
    assert (entry.verdict, entry.sound) == ("! 1 failed", False)
    assert entry.doubts == len(list_limitations(told, read_labels(WORDS, tmp_path / "levels.json")))
