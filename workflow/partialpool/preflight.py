"""What is checked before any job: the configuration by itself, then against the contacts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from partialpool.cells import describe_request, make_cells, read_cells
from partialpool.design import Design
from partialpool.engines import choose_engine
from partialpool.errors import InputError
from partialpool.formula import parse_formula
from partialpool.settings import Analysis, Settings
from partialpool.source import check_columns, count_contacts


def check_config(settings: Settings) -> None:
    """Check what needs no look at the contacts: columns, formulas, and that engines are there.

    Raises:
        InputError: naming the key.
    """
    for name, analysis in settings.analyses.items():
        with _key(f"analyses.{name}."):
            check_columns(Path(analysis.source.path), wanted_columns(analysis))
        for model_name, model in analysis.models.items():
            choose_engine(model.sampling.engine)
            with _key(f"analyses.{name}.models.{model_name}.formula: "):
                parse_formula(model.formula, analysis.factors)


def check_data(settings: Settings, results: Path) -> None:
    """Check levels, outcomes, missing values and designs against the contacts of every analysis.

    The contacts are counted only where the cells in `results` are not up to date already.

    Raises:
        InputError: naming the key or column, what was found and what was expected.
    """
    for name, analysis in settings.analyses.items():
        with _key(f"analyses.{name}."):
            _check_designs(analysis, _cells(analysis, results / name / "data"))


def wanted_columns(analysis: Analysis) -> dict[str, str]:
    """The columns that an analysis reads, by the key that names each."""
    factors = {f"factors.{n}.column": factor.column for n, factor in analysis.factors.items()}
    return factors | {"outcome.column": analysis.outcome.column}


def _cells(analysis: Analysis, data: Path) -> pd.DataFrame:
    if _is_current(analysis, data / "ledger.json"):
        return read_cells(data / "cells.csv", {n: f.levels for n, f in analysis.factors.items()})
    columns = list(wanted_columns(analysis).values())
    counted = count_contacts(Path(analysis.source.path), columns)
    return make_cells(counted, analysis.factors, analysis.outcome, analysis.source.missing)[0]


def _check_designs(analysis: Analysis, cells: pd.DataFrame) -> None:
    for name, model in analysis.models.items():
        with _key(f"models.{name}."):
            Design(parse_formula(model.formula, analysis.factors), cells)


def _is_current(analysis: Analysis, ledger: Path) -> bool:
    """Whether the cells were made from these contacts in this way."""
    source = Path(analysis.source.path)
    if not ledger.exists() or ledger.stat().st_mtime < source.stat().st_mtime:
        return False
    request = describe_request(analysis.factors, analysis.outcome, analysis.source.missing)
    made_from = json.loads(ledger.read_text())
    return bool(made_from["source"] == str(source) and made_from["request"] == request)


@contextmanager
def _key(prefix: str) -> Iterator[None]:
    """Say where in the configuration an error is."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{prefix}{error}") from None
