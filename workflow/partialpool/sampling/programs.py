"""Stan programs of a user's own beside `stan/multilevel.stan`: what their text declares and uses.

Such a program takes the same data, or declares only some of them, and names what it estimates as
`draws.VARIABLES` says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from partialpool.errors import InputError
from partialpool.model.beliefs import ModelPriors
from partialpool.model.formula import Formula
from partialpool.settings import Model, Settings

REPORTED = ("population", "sd", "correlation", "effect", "phi")
SAMPLED = ("intercept", "slope", "sd_above", "sd_share", "partial", "sampled")
"""What `stan/multilevel.stan` samples in place of some of those; their draws say nothing more."""


def own_programs(settings: Settings) -> list[Path]:
    """The files of the programs that models have of their own."""
    models = [model for of in settings.analyses.values() for model in of.models.values()]
    return [Path(model.program) for model in models if model.program]


def name_programs(paths: Iterable[Path]) -> dict[str, Path]:
    """Programs by the stems of their files, by which their compiled forms are known.

    Raises:
        InputError: two files have the same stem.
    """
    named: dict[str, Path] = {}
    for path in paths:
        other = named.setdefault(path.stem, path)
        if other.resolve() != path.resolve():
            raise InputError(
                f"program: found {other} and {path}, expected programs that differ in their names"
            )
    return named


def included_files(program: Path, folders: Sequence[Path]) -> list[Path]:
    """The files that a program includes, directly or not, looked up as the engines do.

    Args:
        program: the program's file.
        folders: where includes are looked up when they are not beside it.

    Raises:
        InputError: the program, or what it includes, is not there.
    """
    found: list[Path] = []
    waiting = [program]
    while waiting:
        for name in re.findall(
            r"^\s*#include\s+[<\"]?([^\s>\"]+)", _read(waiting.pop()), re.MULTILINE
        ):
            places = [folder / name for folder in (program.parent, *folders)]
            path = next((place for place in places if place.is_file()), None)
            if path is None:
                raise InputError(
                    f"program: {program} includes {name}, which is in none of its folders"
                )
            if path not in found:
                found.append(path)
                waiting.append(path)
    return sorted(found)


def digest_program(program: Path, includes: Iterable[Path]) -> str:
    """A digest of what a program and the files that it includes mean, without comments and layout.

    Raises:
        InputError: a file is not there.
    """
    found = [(path.name, " ".join(_code(path).split())) for path in (program, *includes)]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def other_parameters(program: Path) -> list[str]:
    """The parameters that a program declares beyond those that have names here.

    Raises:
        InputError: the program is not there.
    """
    blocks = re.findall(r"(transformed\s+)?\bparameters\s*\{([^}]*)\}", _code(program))
    block = next((inside for transformed, inside in blocks if not transformed), "")
    plain = re.sub(r"<[^>;]*>|\[[^];]*\]", " ", block)
    names = [words[-1] for part in re.split("[;,]", plain) if (words := re.findall(r"\w+", part))]
    return [name for name in names if name not in (*REPORTED, *SAMPLED)]


def can_sample_prior(model: Model, formula: Formula) -> bool:
    """Whether a model's prior can be sampled by itself.

    It cannot where a coefficient's is flat, nor with a program that never asks for `prior_only`.

    Args:
        model: its settings.
        formula: the model's, taken apart.

    Raises:
        InputError: the program is not there.
    """
    if model.program is not None:
        mentions = re.findall(r"\bprior_only\b", _code(Path(model.program)))
        if len(mentions) < 2:  # one declares it
            return False
    from formulaic import Formula as FormulaicFormula

    terms = list(map(str, FormulaicFormula(formula.population)))
    priors = ModelPriors(model.priors, model.link, has_intercept="1" in terms)
    return priors.is_proper(has_slopes=bool({*terms} - {"1"}))


def _code(program: Path) -> str:
    """The text of a program without its comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", " ", _read(program), flags=re.DOTALL)


def _read(program: Path) -> str:
    try:
        return program.read_text(encoding="utf-8")
    except OSError:
        raise InputError(f"program: found no file {program}, expected a Stan program") from None
