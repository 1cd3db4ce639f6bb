"""Pages are put together from the files of their rules."""

from partialpool.frames import write_facts
from partialpool.report.compose import list_entry

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
