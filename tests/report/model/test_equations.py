"""The equations of one model as the page shows them."""

import pytest

from partialpool.report.labels import Labels
from partialpool.report.model.equations import fold_latex, fold_program, show_equations
from partialpool.seals import write_sealed

LABELS = Labels({"promo": ["a", "b"]}, {}, "promo", None, "v", "n", ["m"], 0.89)
FACTS = {
    "mathml": "<math>y</math>",
    "latex": "\\beta < 1",
    "meanings": [
        {"symbol": "<math>i</math>", "text": "a cell of {contacts}", "about_rows": True},
        {"symbol": "<math>b</math>", "text": "where promo is <{contacts}>", "about_rows": False},
    ],
}


@pytest.fixture
def program(tmp_path):
    write_sealed(tmp_path / "model.stan", b"data {\n}\n")
    return str(tmp_path / "model.stan")


def test_equations_stand_with_what_their_symbols_are():
    html = show_equations(FACTS, LABELS, "m")._repr_html_()
    assert "<math>y</math>" in html
    assert "<li><math>i</math>: a cell of contacts</li>" in html
    assert "where promo is &lt;{contacts}&gt;" in html


def test_rows_have_the_name_that_the_analysis_gives_them():
    labels = Labels(**vars(LABELS) | {"contact": "woman", "contacts": "women"})
    assert "a cell of women" in show_equations(FACTS, labels, "m")._repr_html_()


def test_latex_and_program_can_be_copied(program):
    assert "<code>\\beta &lt; 1</code>" in fold_latex(FACTS, "m")._repr_html_()
    html = fold_program(FACTS, program, "m")._repr_html_()
    assert "<code>data {\n}</code>" in html
    assert f"<code>{program}</code> with <code>" in html


def test_of_a_program_of_ones_own_nothing_is_shown(program):
    assert show_equations({}, LABELS, "m") is None
    assert fold_latex({}, "m") is None
    assert fold_program({}, program, "m") is None
