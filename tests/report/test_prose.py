"""Paragraphs in Markdown: what a writer may do to them, and what stops at once."""

import json
import re

import pytest

from partialpool.report import prose
from partialpool.report.prose import ROOT, fill, fill_notebook

FILES = sorted(ROOT.rglob("*.md"))
KINDS = ("offer", "trait")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A function that writes a paragraph where `fill` looks for it."""
    monkeypatch.setattr(prose, "ROOT", tmp_path)

    def write(text):
        (tmp_path / "said.md").write_text(text, encoding="utf-8")

    return write


def test_values_stand_where_their_placeholders_were(written):
    written("Of {contacts} contacts, {contacts} *bought*: {rate}.\n")
    assert fill("said", contacts="12", rate="100%") == "Of 12 contacts, 12 *bought*: 100%."


def test_a_value_may_hold_anything(written):
    written("Level {level}.")
    assert fill("said", level="{a} \\{b\\} $c") == "Level {a} \\{b\\} $c."


def test_where_lines_are_broken_changes_nothing(written):
    written("One\ntwo.\n\nThree:\n\n- four\nfive\n- six\n")
    assert fill("said") == "One two.\n\nThree:\n\n- four five\n- six"


@pytest.mark.parametrize("values", [{}, {"rate": "1"}, {"contacts": "1", "rate": "2"}])
def test_a_placeholder_without_a_value_and_a_value_without_one_stop(written, values):
    written("Of {contacts} contacts.")
    with pytest.raises(ValueError, match=r"said\.md: found the placeholders {contacts}, expected"):
        fill("said", **values)


def test_a_notebook_has_its_markdown_filled_in_and_its_code_left_alone(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["## All {contacts}\n", "One {contact}, {other}."]},
        {"cell_type": "code", "source": ["f'{contacts}'"], "outputs": []},
    ]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    fill_notebook(file, contact="élève", contacts="\\*élèves")
    prose, code = json.loads(file.read_text(encoding="utf-8"))["cells"]
    assert "".join(prose["source"]) == "## All \\*élèves\nOne élève, {other}."
    assert code == cells[1]


def test_every_paragraph_is_used():
    sources = [path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")]
    names = set(re.findall(r'"([a-z_]+/[a-z_{}.]+)"', "\n".join(sources)))
    names |= set(re.findall(r'fill\("([a-z_]+)"', "\n".join(sources)))
    kinds = {name.replace("{labels.treatment_is}", kind) for name in names for kind in KINDS}
    assert {path.relative_to(ROOT).with_suffix("").as_posix() for path in FILES} <= kinds


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_paragraph_is_short_lines_and_names_its_placeholders(path):
    text = path.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 100
    assert set(re.findall("{(.*?)}", text)) == set(re.findall(r"{([a-z_]+)}", text))
