"""The files of a model written out: a Stan program, its data, the equations as LaTeX and MathML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partialpool.frames import write_facts
from partialpool.posterior.fit import CellModel
from partialpool.seals import write_sealed
from partialpool.settings import Priors
from partialpool.written import latex, mathml
from partialpool.written.composition import compose_program
from partialpool.written.equations import Equations, write_equations
from partialpool.written.outline import outline
from partialpool.written.program import show_program, tidy

OWN = "The model runs a Stan program of its own, which may be another model than its formula says."
NOTE = "The same posterior as stan/multilevel.stan has, written for this model alone."


def write_model(
    title: str,
    formula: str,
    model: CellModel,
    priors: Priors,
    intercept_prior_at: str,
    has_own: bool,
    paths: Mapping[str, Any],
) -> None:
    """Write a model out; of one with a program of its own, only that it has one.

    Args:
        title: what the model is called.
        formula: as its user wrote it.
        model: its cells, design and likelihood.
        priors: by class of parameter and by name.
        intercept_prior_at: as for `assembly.prior_point`.
        has_own: whether it runs a program of the user's own.
        paths: of the files, by `written_program`, `written_data`, `latex`, `equations`.
    """
    if has_own:
        _write(f"// {OWN}\n", paths["written_program"])
        _write("{}\n", paths["written_data"])
        _write(f"% {OWN}\n", paths["latex"])
        write_facts({}, paths["equations"])
        return
    terms = outline(model, priors, intercept_prior_at)
    program, found = compose_program(terms), write_equations(terms)
    heading = [f"{title}: {formula}", NOTE]
    _write(show_program(program, heading), paths["written_program"])
    values = {datum.name: datum.value for datum in program.data}
    _write(json.dumps(values), paths["written_data"])
    _write(f"% {tidy(heading[0])}\n{show_latex(found)}\n", paths["latex"])
    write_facts(as_facts(found), paths["equations"])


def show_latex(found: Equations) -> str:
    """The equations with what their symbols mean, rows being contacts."""
    return f"{latex.show_align(found.equations)}\nwhere\n{latex.show_meanings(found.meanings)}"


def as_facts(found: Equations) -> dict[str, Any]:
    """The equations for the report: `mathml`, `latex`, and `meanings` of symbols.

    A meaning has its `symbol` as MathML, and a `text` with `{contact}` and `{contacts}` for what
    rows are called where it is `about_rows`.
    """
    return {
        "mathml": mathml.show_table(found.equations),
        "latex": latex.show_align(found.equations),
        "meanings": [
            {
                "symbol": mathml.show_inline(of.symbol),
                "text": of.text,
                "about_rows": of.about_rows,
            }
            for of in found.meanings
        ],
    }


def _write(text: str, path: str | Path) -> None:
    write_sealed(path, text.encode("utf-8"))
