"""What a row is has one name on the whole page: that of the configuration."""

import ast
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from partialpool.report.data.text import describe_successes
from partialpool.report.rows import name_rows

from ..factories.decisions import LABELS
from ..factories.runs import ROOT, edited

REPORT = ROOT / "workflow" / "partialpool" / "report"
PLANS = {*(REPORT / "plan").iterdir()}
"""Of a page that comes before there is an analysis, and words for its rows."""
OUTCOME = "analyses.season_pass.outcome"
WORD = re.compile(r"contact", re.IGNORECASE)
KEYS = re.compile(
    r"(a_)?contacts?|share_of_contacts|(more|future|repeated)_contacts|contacts_(then|now)"
    r"|\w+/more_contacts"
)
"""Columns, files and keys of settings, which no reader sees."""
UNSEEN = {"style", "script", "pre", "code"}


class _Seen(HTMLParser):
    """All that a reader of a page sees or is read to, but code and what the provenance records."""

    def __init__(self):
        super().__init__()
        self.texts, self.unseen, self.recorded = [], [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.recorded |= given.get("id") == "provenance"
        if tag in UNSEEN:
            self.unseen.append(tag)
        for name in ("alt", "aria-label", "title"):
            self.handle_data(given.get(name) or "")

    def handle_endtag(self, tag):
        if self.unseen and tag == self.unseen[-1]:
            self.unseen.pop()

    def handle_data(self, data):
        if not self.unseen and not self.recorded:
            self.texts.append(" ".join(data.split()))


def seen(html):
    reader = _Seen()
    reader.feed(html)
    return [text for text in reader.texts if text]


@pytest.fixture(scope="module")
def of_women(finished, tmp_path_factory):
    """The finished run again, with other words for its rows."""
    words = {f"{OUTCOME}.contact": {"one": "woman", "many": "women"}}
    place = tmp_path_factory.mktemp("rows") / "run"
    return finished.copy(place, config=edited(finished.config, words))


def test_words_for_rows_make_the_page_anew_and_nothing_that_is_counted_or_fitted(of_women):
    stale = {job.removeprefix("show_").partition(" ")[0] for job in of_women.stale()}
    assert stale == {
        *("data", "log_odds", "model", "comparison", "decision"),
        *("record_provenance", "render_report"),
    }


def test_a_page_whose_rows_are_women_never_calls_them_contacts(of_women):
    texts = seen(of_women.finish().read("reports/season_pass.html"))
    assert [text for text in texts if WORD.search(text)] == []
    said = "\n".join(texts)
    assert re.search(r"3.156 women in 6 cells", said)
    for words in ("From women to cells", "All women together", "By woman", "How often a woman"):
        assert words in said


def test_contacts_are_met_where_other_rows_are_no_more_than_there():
    margins = pd.DataFrame({"factor": "channel", "level": ["Mail", "Park"], "successes": [3, 9]})
    women = replace(LABELS, contact="woman", contacts="women")
    said = [describe_successes(margins, labels) for labels in (LABELS, women)]
    assert said == [
        "Of 12 contacts that bought, most (9) were met in the park and fewest (3) by mail.",
        "Of 12 women that bought, most (9) were in the park and fewest (3) by mail.",
    ]


def test_every_placeholder_of_a_notebook_is_filled_in_whatever_rows_are():
    women = replace(LABELS, contact="woman", contacts="women")
    asked = {
        name
        for where, text in prose_of_files()
        for name in re.findall(r"{(\w+)}", text)
        if ".ipynb" in where
    }
    assert {"contact", "a_contact", "contacts", "starting"} <= asked
    assert name_rows(women).keys() == name_rows(LABELS).keys() == asked
    assert name_rows(women)["starting"] == "Women"


def prose_of_modules():
    """Every text that a module of the report has, but docstrings, without what is filled in."""
    for path in sorted(set(REPORT.rglob("*.py")) - PLANS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
            if isinstance(text, str) and not KEYS.fullmatch(text):
                yield f"{path.relative_to(REPORT)}:{node.lineno}", text


def prose_of_files():
    for path in sorted(set(REPORT.rglob("*.md")) - PLANS):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield f"{path.name} {cell['id']}", "".join(cell["source"])


@pytest.mark.parametrize("prose", [prose_of_modules, prose_of_files])
def test_no_wording_of_the_report_says_contacts_by_itself(prose):
    texts = [(where, re.sub(r"\{\w+\}", "", text)) for where, text in prose()]
    assert len(texts) > 20
    assert [(where, text) for where, text in texts if WORD.search(text)] == []
