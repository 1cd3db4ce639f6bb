"""Rates of new data: rows that the source never held, under a model that is fitted already.

A level that the data lack is drawn from its grouping factor's distribution where only group-level
effects depend on it; where a coefficient does, there is nothing to say of it, and it is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of
from partialpool.columns import TEXT, Kind
from partialpool.decision.seen import check_seen
from partialpool.errors import InputError
from partialpool.model.design import Design, combine_levels
from partialpool.posterior.draws import summarise_columns
from partialpool.posterior.fit import Fit
from partialpool.settings import Factor, Number, Source
from partialpool.settings.data import MISSING_LEVEL
from partialpool.settings.described import read_request
from partialpool.source.counting import glimpse
from partialpool.source.names import has_control
from partialpool.source.opening import check_columns, held_still

PREDICTED = ("model", "verdict", "new_levels", "mean", "sd", "median", "lower", "upper")
"""The columns that predictions add to those of the new data."""
MOST_ROWS = 100_000


def check_new_data(path: Path) -> None:
    """Check that new data are a file with a header.

    Raises:
        InputError: they are not.
    """
    try:
        check_columns(Source(path=str(path)), {})
    except InputError as error:
        raise InputError(str(error).removeprefix("source.path: ")) from None


def read_new_data(path: Path, null_values: Sequence[str] = ()) -> pd.DataFrame:
    """Rows of a CSV file as text, in their order; an empty field is no value.

    Args:
        path: of the file.
        null_values: texts that mean no value too.

    Raises:
        InputError: the file cannot be read, has no row, or a column with the name of a
            prediction's.
    """
    check_new_data(path)
    source = Source(path=str(path))
    try:
        with held_still(source):
            rows = glimpse(source, MOST_ROWS + 1)
    except InputError as error:
        raise InputError(str(error).removeprefix("source.path: ")) from None
    rows = rows.replace(dict.fromkeys(null_values))
    if len(rows) > MOST_ROWS:
        raise InputError(f"{path} has more than {MOST_ROWS:,} rows, expected fewer; split it")
    if rows.empty:
        raise InputError(f"{path} has no rows, expected one for each rate")
    for column in rows:
        strange = rows[column].dropna()
        strange = strange[strange.map(has_control)]
        if len(strange):
            raise _unfit(strange, "no control character")
    taken = next((name for name in rows if name in PREDICTED), None)
    if taken is not None:
        raise InputError(f"{path} has a column {taken!r}, which is a prediction's; rename it")
    return rows


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


def predict_file(
    fit: Fit,
    path: str | Path,
    described: Mapping[str, Any],
    by: tuple[str, str],
    interval: float,
    seed: int,
) -> pd.DataFrame:
    """New data in a file with the model, its verdict, new levels and rates beside them.

    Args:
        fit: draws from the posterior.
        path: of the file.
        described: what the cells are made of (`described.describe_request`).
        by: `choose_predictor`.
        interval: probability inside the intervals.
        seed: of the effects of new levels.

    Raises:
        InputError: as `read_new_data` and `place_rows`.
    """
    request = read_request(described)
    rows = read_new_data(Path(path), request.source.null_values)
    variables: dict[str, Factor | Number] = {**request.factors, **request.numbers}
    placed, new_levels = place_rows(rows, variables, fit.design, fit.cells)
    labelled = rows.assign(model=by[0], verdict=by[1], new_levels=new_levels)
    return predict_rates(fit, labelled, placed, interval, seed)


def own_columns(predicted: pd.DataFrame) -> dict[str, Kind]:
    """The columns that predictions have of the new data, which hold text."""
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
            placed[name] = _read_numbers(values)
            continue
        values = _name_levels(values, variable, MISSING_LEVEL in levels[name])
        unknown = ~values.isin(levels[name])
        if unknown.any() and name in formula.coefficient_variables:
            raise _unfit(values[unknown], f"one of {', '.join(levels[name])}")
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
        numbers = _read_numbers(values.dropna())
        bins = np.searchsorted(factor.bins, numbers, side="right")
        named = pd.Series([factor.bin_levels[i] for i in bins], index=numbers.index, dtype=object)
        values = named.reindex(values.index)
    else:
        values = values.map(lambda value: factor.recode.get(value, value))
    if missing_is_level:
        return values.fillna(MISSING_LEVEL)
    if values.isna().any():
        raise _unfit(values[values.isna()].fillna("nothing").rename(factor.column), "a level")
    return values


def _read_numbers(values: pd.Series[str]) -> pd.Series[float]:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    unfit = ~np.isfinite(numbers)
    if unfit.any():
        raise _unfit(values[unfit].fillna("nothing"), "a number")
    return numbers


def _unfit(values: pd.Series[str], expected: str) -> InputError:
    """The first value that does not fit, with its row of the file."""
    row, value = int(values.index[0]) + 1, values.iloc[0]
    more = f"; {len(values):,} rows in all do not fit" if len(values) > 1 else ""
    return InputError(
        f"row {row}: column {values.name!r} holds {value!r}, expected {expected}{more}"
    )
