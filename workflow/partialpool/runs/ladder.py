"""Which change moved what: from the run of then to that of now, one change at a time.

The rungs are the kept run; the same contacts, priors and model under the versions of now; then the
contacts of now; then the priors of now; then the model of now, which is the run of now. Only kinds
that changed have a rung, and a rung that a run has fitted itself is taken from there, so that most
comparisons need no fit at all, and of n kinds that changed at most n - 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from partialpool.errors import InputError
from partialpool.runs.differences import relate
from partialpool.runs.run import Run
from partialpool.settings import Model

VERSIONS, DATA, PRIORS, MODEL = "versions", "data", "priors", "model"
KINDS = (VERSIONS, DATA, PRIORS, MODEL)
"""What may change, in the order in which it is changed."""
ASKED = ("treatment", "within", "rates_over")
"""Settings of the question that rates and lifts depend on."""


@dataclass(frozen=True)
class Standing:
    """What a fit of the answering model is made of."""

    versions: dict[str, str]
    run: Run
    """Whose contacts and question."""
    model: Model
    """Whose formula, family and link."""
    priors: Model
    """Whose priors."""


@dataclass(frozen=True)
class Rung:
    """What one change did."""

    kind: str
    before: pd.DataFrame
    """Rates and lifts (`quantities.tabulate_quantities`)."""
    after: pd.DataFrame
    refitted: bool
    """Whether a fit was made for what is after."""


Refit = Callable[[Standing], pd.DataFrame]
"""Fits a model again, and gives its rates and lifts."""


def changed_kinds(then: Run, now: Run) -> list[str]:
    """The kinds of `KINDS` in which two runs differ; none where a run has no answer."""
    if then.answering is None or now.answering is None:
        return []
    one, other = _standing(then), _standing(now)
    return [kind for kind in KINDS if _of(one, kind) != _of(other, kind)]


def climb(then: Run, now: Run, refit: Refit) -> list[Rung]:
    """What each change did to the rates and lifts of the model that answers.

    Args:
        then: the kept run.
        now: the run that is held to it.
        refit: fits what neither run has fitted.

    Raises:
        InputError: what lies between cannot be fitted again.
    """
    kinds = changed_kinds(then, now)
    at, before, rungs = _standing(then), then.found, []
    for kind in kinds:
        at = _step(at, kind, _standing(now))
        last = kind == kinds[-1]
        known = now.found if last else next(_known(at, then, now), None)
        after = refit(at) if known is None else known
        rungs.append(Rung(kind, before, after, known is None))
        before = after
    return rungs


def check_refit(then: Run, now: Run) -> None:
    """Check that what lies between two runs can be fitted again.

    Raises:
        InputError: a program of the user's own, or a target mix, which kept runs do not hold.
    """
    for run in (then, now):
        if run.model.program is not None:
            raise InputError(f"the {run.answering} model has a Stan program of its own")
        if run.analysis.decision.mix is not None:
            raise InputError("the answer is for other contacts (decision.mix)")


def _standing(run: Run) -> Standing:
    versions = dict(run.versions[str(run.answering)])
    return Standing(versions, run, run.model, run.model)


def _step(at: Standing, kind: str, to: Standing) -> Standing:
    if kind == VERSIONS:
        return replace(at, versions=to.versions)
    if kind == DATA:
        return replace(at, run=to.run)
    return replace(at, **{kind: getattr(to, kind)})


def _of(at: Standing, kind: str) -> Any:
    """What of a fit counts as a kind; contacts by the cells that they make."""
    if kind == VERSIONS:
        return at.versions
    if kind == DATA:
        return _Cells(at.run.cells)
    if kind == PRIORS:
        return at.priors.priors, at.priors.intercept_prior_at
    analysis = at.run.analysis
    asked = [getattr(analysis, key) for key in ASKED]
    return at.model.specification, at.model.program, asked, analysis.decision.mix


class _Cells:
    """Cells that are equal where they count the same."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self.cells = cells

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cells) and relate(self.cells, other.cells) == "same"

    __hash__ = None  # type: ignore[assignment]


def _known(at: Standing, *runs: Run) -> Iterator[pd.DataFrame]:
    """The rates and lifts of such a fit that a run has made itself."""
    for run in runs:
        for name, model in run.analysis.models.items():
            own = Standing(dict(run.versions[name]), run, model, model)
            if all(_of(own, kind) == _of(at, kind) for kind in KINDS):
                yield run.quantities[name]
