"""The equations of one model, what their symbols are, and where it is written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import mistune

from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.sections import Fold, markdown
from partialpool.report.text import code
from partialpool.seals import read_sealed


@dataclass(frozen=True)
class Displayed:
    """Equations in MathML, and a list of their symbols."""

    name: str
    mathml: str
    meanings: list[tuple[str, str]]
    """Symbols in MathML, and what they are."""

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{symbol}: {escape(text)}</li>" for symbol, text in self.meanings)
        name = escape(self.name)
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">{self.mathml}'
            f"</div><details><summary>Symbols in the {name}</summary><ul>{items}</ul></details>"
        )


@dataclass(frozen=True)
class Said:
    """A paragraph of Markdown within a fold."""

    text: str

    def _repr_html_(self) -> str:
        return markdown(self.text, mistune.HTMLRenderer(escape=True))


def show_equations(facts: Mapping[str, Any], labels: Labels, model: str) -> Displayed | None:
    """The equations of a model; none where it runs a program of its own.

    Args:
        facts: `written.files.as_facts`.
        labels: the words of the analysis.
        model: its name.
    """
    if not facts:
        return None
    rows = {"contact": labels.one, "contacts": labels.many}
    meanings = [
        (of["symbol"], of["text"].format(**rows) if of["about_rows"] else of["text"])
        for of in facts["meanings"]
    ]
    return Displayed(f"equations of the {model} model", facts["mathml"], meanings)


def fold_latex(facts: Mapping[str, Any], model: str) -> Fold | None:
    """The equations as LaTeX, to be copied; none where there are none."""
    if not facts:
        return None
    return Fold(f"The equations of the {model} model in LaTeX", [facts["latex"]])


def fold_program(facts: Mapping[str, Any], program: str, model: str) -> Fold | None:
    """The program that was written for one model; none where it runs a program of its own.

    Args:
        facts: `written.files.as_facts`.
        program: the file.
        model: its name.
    """
    if not facts:
        return None
    text = read_sealed(program).decode("utf-8").rstrip()
    data = Path(program).with_name("data.json").as_posix()
    said = Said(fill("model/written", program=code(program), data=code(data)))
    return Fold(f"The {model} model alone, as a Stan program", [said, text])
