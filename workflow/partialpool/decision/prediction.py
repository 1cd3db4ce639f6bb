"""Rates of new data: rows that the source never held, under a model that is fitted already.

A level that the data lack is drawn from its grouping factor's distribution where only group-level
effects depend on it; where a coefficient does, there is nothing to say of it, and it is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of
from partialpool.columns import TEXT, Kind
from partialpool.decision.new_data import PREDICTED, read_new_data, read_numbers, unfit
from partialpool.decision.seen import check_seen
from partialpool.errors import InputError
from partialpool.model.design import Design, combine_levels
from partialpool.posterior.draws import summarise_columns
from partialpool.posterior.fit import Fit
from partialpool.settings import Factor, Number
from partialpool.settings.data import MISSING_LEVEL
from partialpool.settings.described import read_request


def choose_predictor(decision: Mapping[str, Any], named: str | None) -> tuple[str, str]:
    """The model that new data are predicted by, and whether it `passed` its verdict or `failed`.

    Args:
        decision: `answer.decide`.
        named: the model that the configuration names, if any; else the one that answers.

    Raises:
        InputError: none is named, and none answers.
    """
    model = named or decision["choice"]["model"]
    if model is None:
        raise InputError("no model passed its verdict; name one by predict.model to use it anyway")
    return model, "failed" if model in decision["choice"]["barred"] else "passed"


class NewData(NamedTuple):
    """Rows of a file, and where they stand in a design."""

    rows: pd.DataFrame
    """As the file has them, every column as text."""
    placed: pd.DataFrame
    """The same rows as the design has them (`place_rows`)."""
    new_levels: list[str]
    others: list[str]
    """Columns of factors and numbers that the file has and the formula has no use for."""


def place_file(fit: Fit, path: str | Path, described: Mapping[str, Any]) -> NewData:
    """New data in a file as rows of a model's design.

    Args:
        fit: the model.
        path: of the file.
        described: what the cells are made of (`described.describe_request`).

    Raises:
        InputError: as `read_new_data` and `place_rows`.
    """
    request = read_request(described)
    rows = read_new_data(Path(path), request.source.null_values)
    variables: dict[str, Factor | Number] = {**request.factors, **request.numbers}
    placed, new_levels = place_rows(rows, variables, fit.design, fit.cells)
    columns = [variable.column for name, variable in variables.items() if name not in placed]
    others = [column for column in dict.fromkeys(columns) if column in rows]
    return NewData(rows, placed, new_levels, others)


def own_columns(predicted: pd.DataFrame) -> dict[str, Kind]:
    """The columns that predictions have of the new data, which hold text.

    Those of totals, which no new data have, are among them: they are written as they are.
    """
    return {str(name): TEXT for name in predicted if name not in PREDICTED}


def place_rows(
    rows: pd.DataFrame,
    variables: Mapping[str, Factor | Number],
    design: Design,
    cells: pd.DataFrame,
) -> tuple[pd.DataFrame, list[str]]:
    """New data as rows of a design.

    Args:
        rows: of `read_new_data`, with the source's columns.
        variables: factors and numbers by name; those that the formula names are needed.
        design: of the model.
        cells: that the model was fitted to.

    Returns:
        Rows with a categorical column per factor (new levels last) and a column of floats per
        number that the formula names; and for each row its levels that are new, `region West`.

    Raises:
        InputError: a column is missing, a value is missing or no number, or a factor that
            coefficients depend on has a level that the data lack.
    """
    levels, formula = levels_of(cells), design.formula
    placed: dict[str, Any] = {}
    new = pd.Series("", index=rows.index)
    for name in [n for n in [*levels, *numbers_of(cells)] if n in formula.variables]:
        variable = variables[name]
        if variable.column not in rows:
            raise InputError(f"found no column {variable.column!r}, which {formula.text} needs")
        values = rows[variable.column]
        if isinstance(variable, Number):
            placed[name] = read_numbers(values)
            continue
        values = _name_levels(values, variable, MISSING_LEVEL in levels[name])
        unknown = ~values.isin(levels[name])
        if unknown.any() and name in formula.coefficient_variables:
            raise unfit(values[unknown], f"one of {', '.join(levels[name])}")
        new = new.where(~unknown, new + f"{name} " + values + "; ")
        known = list(dict.fromkeys([*levels[name], *values]))
        placed[name] = pd.Categorical(values, known, ordered=True)
    found = pd.DataFrame(placed, index=rows.index)
    check_seen(formula.sides, found, cells)
    new += _new_combinations(found, design, levels)
    return found, new.str.removesuffix("; ").tolist()


def _new_combinations(
    rows: pd.DataFrame, design: Design, levels: Mapping[str, Sequence[str]]
) -> pd.Series[str]:
    """For each row the combinations that no contact had, of levels that are known one by one."""
    new = pd.Series("", index=rows.index)
    terms = {term.name: term for term in design.terms if len(term.grouping) > 1}
    for name, term in terms.items():
        combined = combine_levels(rows, term.grouping)
        known = pd.concat([rows[of].isin(levels[of]) for of in term.grouping], axis=1).all(axis=1)
        new = new.mask(known & ~combined.isin(term.levels), new + f"{name} " + combined + "; ")
    return new


def predict_rates(
    fit: Fit, rows: pd.DataFrame, placed: pd.DataFrame, interval: float, seed: int
) -> pd.DataFrame:
    """The new data with the rate of each row beside it.

    Args:
        fit: draws from the posterior.
        rows: of `read_new_data`.
        placed: the same rows as the design has them (`place_rows`).
        interval: probability inside the intervals.
        seed: of the effects of new levels.
    """
    rates = (fit.likelihood.rate(eta) for _, eta in fit.predict(placed, seed))
    parts = [pd.DataFrame(summarise_columns(rate, interval)) for rate in rates]
    return pd.concat([rows, pd.concat(parts).set_axis(rows.index)], axis=1)


def _name_levels(values: pd.Series[str], factor: Factor, missing_is_level: bool) -> pd.Series[str]:
    """The levels of values as the cells name them: binned or recoded."""
    if factor.bins:
        numbers = read_numbers(values.dropna())
        bins = np.searchsorted(factor.bins, numbers, side="right")
        named = pd.Series([factor.bin_levels[i] for i in bins], index=numbers.index, dtype=object)
        values = named.reindex(values.index)
    else:
        values = values.map(lambda value: factor.recode.get(value, value))
    if missing_is_level:
        return values.fillna(MISSING_LEVEL)
    if values.isna().any():
        raise unfit(values[values.isna()].fillna("nothing").rename(factor.column), "a level")
    return values
