"""What is checked before any job: the configuration by itself, then against the contacts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shlex import quote

import pandas as pd

from partialpool.cells.current import current_cells
from partialpool.cells.levels import levels_of
from partialpool.comparison.units import check_units
from partialpool.decision.new_data import check_new_data
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.formula import parse_formula
from partialpool.model.grammar import check_names
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.sampling.assembly import (
    assemble_stan_data,
    check_flat_priors,
    unknown_coefficients,
)
from partialpool.sampling.engines import choose_engine
from partialpool.settings import Analysis, Plan, Settings, Source
from partialpool.source.files import is_file
from partialpool.source.opening import check_columns, source_files

CLOCKS_DIFFER = 60.0
"""Seconds that the clock of a file's server may be ahead."""
BRACES = "whose braces Snakemake takes for a wildcard, expected a name without { and }; rename it"
MOST_NAMED = 12
"""Coefficients that a message names at most."""


def check_config(settings: Settings) -> None:
    """Check what needs no look at the contacts: columns, formulas, units, engines, priors of plans.

    Columns of a database are checked when it is asked, by the first job.

    Raises:
        InputError: naming the key.
    """
    for name, analysis in settings.analyses.items():
        with _key(f"analyses.{name}."):
            check_names({"factors": analysis.factors, "numbers": analysis.numbers})
            if files := source_files(analysis.source):
                with _key("source.path: "):
                    check_inputs(files)
                check_columns(analysis.source, wanted_columns(analysis))
        for new_name, new in analysis.predict.items():
            with _key(f"analyses.{name}.predict.{new_name}.path: "):
                check_new_data(Path(new.path))
                check_inputs([Path(new.path)])
            with _key(f"analyses.{name}.predict.{new_name}."):
                for key, column in new.columns:
                    check_columns(Source(path=new.path), {key: column})
        for model_name, model in analysis.models.items():
            if model.program is not None and is_file(Path(model.program)):
                with _key(f"analyses.{name}.models.{model_name}.program: "):
                    check_inputs([Path(model.program)])
            choose_engine(model.sampling.engine)
            with _key(f"analyses.{name}.models.{model_name}.formula: "):
                parse_formula(model.formula, analysis.factors, analysis.numbers)
        with _key(f"analyses.{name}."):
            check_units(analysis)
    for name, plan in settings.plans.items():
        with _key(f"plans.{name}."):
            _check_plan(plan)


def check_folder(house: Path) -> None:
    """Check that the folder of the workflow has a name that Snakemake can use.

    Raises:
        InputError: it has not.
    """
    if "{" in str(house):
        raise InputError(f"found the workflow in {house}, {BRACES}")


def check_inputs(files: Iterable[Path]) -> None:
    """Check that files can be the inputs of a job.

    Raises:
        InputError: a name has braces, or a file is dated in the future, before which its results
            would always be.
    """
    for path in files:
        if "{" in str(path):
            raise InputError(f"found {path}, {BRACES}")
        changed = path.stat().st_mtime
        if changed > time.time() + CLOCKS_DIFFER:
            raise InputError(
                f"{path} is dated {datetime.fromtimestamp(changed):%Y-%m-%d %H:%M}, in the future, "
                f"expected a date until now; set the clock right, or say: touch {quote(str(path))}"
            )


def check_data(settings: Settings, results: Path) -> None:
    """Check levels, outcomes, missing values and designs against the contacts of every analysis.

    The contacts in files are counted only where the cells in `results` are not up to date
    already; a database is asked by a job alone, once.

    Raises:
        InputError: naming the key or column, what was found and what was expected.
    """
    for name, analysis in settings.analyses.items():
        with _key(f"analyses.{name}."):
            cells = current_cells(analysis, results / name / "data")
            if cells is not None:
                check_answer(analysis, cells)
                check_designs(analysis, cells)


def wanted_columns(analysis: Analysis) -> dict[str, str]:
    """The columns that an analysis reads, by the key that names each."""
    wanted = {f"factors.{n}.column": factor.column for n, factor in analysis.factors.items()}
    wanted |= {f"numbers.{n}.column": number.column for n, number in analysis.numbers.items()}
    keys = ("column", "successes", "trials", "failures")
    outcome = {f"outcome.{key}": getattr(analysis.outcome, key) for key in keys}
    own = {"source.id": analysis.source.id, "source.date": analysis.source.date}
    named = {**outcome, **own}
    return wanted | {key: column for key, column in named.items() if column is not None}


def check_answer(analysis: Analysis, cells: pd.DataFrame) -> None:
    """Check what the decision says of levels that only the contacts tell.

    Raises:
        InputError: it names one that they do not have, or lacks one that they have.
    """
    try:
        analysis.decision.check_levels(analysis.arms, levels_of(cells))
    except ValueError as error:
        raise InputError(str(error)) from None


def check_designs(analysis: Analysis, cells: pd.DataFrame) -> None:
    """Check that every model's coefficients can be told apart in the cells, and have their priors.

    A prior that models inherit need not be of a coefficient of each.

    Raises:
        InputError: naming the model and the columns, a belief that its base rate leaves no room
            for, flat priors that leave no posterior, or the prior of a coefficient that no model
            with that prior has.
    """
    strange: dict[str, set[str]] = {}
    names: dict[str, None] = {}
    for name, model in analysis.models.items():
        with _key(f"models.{name}."):
            design = learn_design(model.formula, cells)
            likelihood = Likelihood(model.family, model.link)
            given = (model.priors, model.intercept_prior_at, "non-centred", likelihood)
            check_flat_priors(assemble_stan_data(design, cells, *given), design)
            parameters = name_parameters(design, likelihood)
        strange[name] = set(unknown_coefficients(model.priors, parameters))
        names |= dict.fromkeys(of_kind(parameters, "population", "sd"))
    for name, model in analysis.models.items():
        for coefficient in model.priors.coefficients:
            having = [n for n, m in analysis.models.items() if coefficient in m.priors.coefficients]
            if all(coefficient in strange[other] for other in having):
                raise InputError(
                    f"models.{name}.priors.coefficients: found {coefficient!r}, expected one of "
                    f"{', '.join(list(names)[:MOST_NAMED])}{', …' * (len(names) > MOST_NAMED)}"
                )


def _check_plan(plan: Plan) -> None:
    # what simulates is not loaded by every job, most of which have no plan
    from partialpool.calibration.plans import law_of

    law_of(plan)


@contextmanager
def _key(prefix: str) -> Iterator[None]:
    """Say where in the configuration an error is."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{prefix}{error}") from None
