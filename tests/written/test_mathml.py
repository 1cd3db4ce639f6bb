"""Formulas as MathML that is whole and holds no markup of the data's."""

from xml.etree import ElementTree

import pytest

from partialpool.written.equations import write_equations
from partialpool.written.mathml import show, show_inline, show_table
from partialpool.written.notation import Bar, Letter, Number, Scripts, Word, at, row

from ..factories.written import FORMULAS, LEVELS, cells, outline_of

ENTITIES = "".join(f"<!ENTITY {name} '{name}'>" for name in ("alpha", "beta", "sigma", "phi"))
ENTITIES += "".join(f"<!ENTITY {name} '{name}'>" for name in ("Phi", "Sigma"))


def parse(mathml):
    return ElementTree.fromstring(f"<!DOCTYPE math [{ENTITIES}]>{mathml}")


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_equations_of_every_formula_are_well_formed(formula):
    found = write_equations(outline_of(formula))
    rows = parse(show_table(found.equations)).findall("mtable/mtr")
    assert {len(cells) for cells in rows} == {3}
    assert len(rows) >= len(found.equations)
    for meaning in found.meanings:
        assert parse(show_inline(meaning.symbol)).tag == "math"


def test_levels_are_text_whatever_they_are_called():
    evil = "<script>alert(1)</script>&amp;"
    given = cells(levels=LEVELS | {"promo": ["None", evil]})
    text = show_table(write_equations(outline_of("(1 + promo || region)", given)).equations)
    assert "<script" not in text
    assert evil in "".join(parse(text).itertext())


def test_a_formula_is_written_out():
    shown = show(row(at(Scripts(Letter("u"), Word("a")), Number("-1")), Bar(Letter("x"))))
    assert shown == (
        "<mrow><mrow><msub><mi>u</mi><mtext>a</mtext></msub>"
        '<mo stretchy="false">[</mo><mrow><mn>−1</mn></mrow><mo stretchy="false">]</mo></mrow>'
        "<mover><mi>x</mi><mo>¯</mo></mover></mrow>"
    )
    assert show(Scripts(Letter("x"), Letter("i"), Number("2"))) == (
        "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"
    )
