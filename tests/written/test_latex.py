"""Formulas as LaTeX to be copied."""

import re

import pytest

from partialpool.written.equations import write_equations
from partialpool.written.latex import escape_text, show, show_align, show_meanings
from partialpool.written.notation import Letter, Meaning, Scripts, Sign, Word, call

from ..factories.written import FORMULAS, LEVELS, cells, outline_of


@pytest.mark.parametrize("formula", FORMULAS)
def test_braces_close_and_every_line_has_its_relation(formula):
    text = show_align(write_equations(outline_of(formula)).equations)
    bare = re.sub(r"\\[\\{}]", "", text)
    assert bare.count("{") == bare.count("}")
    lines = text.splitlines()[1:-1]
    assert all(line.count("&") == 1 for line in lines)
    assert all(line.endswith(r" \\") for line in lines[:-1])


def test_text_from_data_is_escaped():
    assert escape_text("50% of $1_a & {b}#^~\\<|>") == (
        r"50\% of \$1\_a \& \{b\}\#\textasciicircum{}\textasciitilde{}\textbackslash{}"
        r"\textless{}\textbar{}\textgreater{}"
    )
    assert escape_text("a\n\\end{align*}\x00") == r"a \textbackslash{}end\{align*\}"
    given = cells(levels=LEVELS | {"promo": ["None", "50%_off"]})
    text = show_align(write_equations(outline_of("(1 + promo || region)", given)).equations)
    assert r"\text{promo[50\%\_off]}" in text


def test_letters_signs_and_words_are_written_by_their_names():
    shown = show(call(Scripts(Word("Normal"), sup=Sign("+")), Letter("mu"), Letter("x")))
    assert shown == r"\text{Normal}^{+} ( \mu , x )"


def test_rows_are_called_contacts():
    text = show_meanings([Meaning(Letter("i"), "a cell of {contacts}", about_rows=True)])
    assert text.splitlines()[1] == "  \\item $i$: a cell of contacts"
    text = show_meanings([Meaning(Letter("i"), "{contacts}")])
    assert r"\{contacts\}" in text
