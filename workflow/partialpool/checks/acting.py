"""Parameters as they act on the linear predictor, over contacts.

The draws of a coefficient alone may be far less exact than anything that rests on it: with years
of 2015 to 2025 in a formula, the intercept is the log-odds of the year 0, and the effect of an
offer beside `offer:year` is that of the year 0 too. The linear predictor X b of the contacts is
also Q (R b), by the QR decomposition of X with each row weighed by its share of contacts. Element k
of R b is coefficient k with what later columns add along its own: for the intercept that of
predictors at their means, for the last column its slope times the standard deviation of what the
others do not explain of it. A change of 1 in it changes the linear predictor by 1 in root mean
square, whatever the unit and the origin of any number.

Phi, and what only a program of the user's own has, are on scales of their own: they count relative
to their means.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.sampling.stan_data import StanData


def act_on_predictor(
    draws: xr.Dataset, names: pd.DataFrame, data: StanData
) -> dict[str, np.ndarray]:
    """Coefficients, effects and standard deviations as they act.

    Args:
        draws: the parameters.
        names: of the model's parameters (`parameters.name_parameters`).
        data: of the Stan program.

    Returns:
        Draws (chains x draws) by the name of the parameter that stands on the diagonal of R; what
        acts as it is, and correlations, are left out.
    """
    weights = data.trials / data.trials.sum()
    found = dict(_population(draws, names, data, weights)) | dict(_relative(draws))
    blocks = names[names["kind"] == "sd"].reset_index(drop=True)
    for grouping, of in blocks.groupby("grouping", sort=False):
        columns = np.column_stack([term.predictors for term in data.terms])[:, of.index]
        intercept = (columns == 1).all(axis=0)
        if intercept.all():
            continue
        order = np.argsort(~intercept, kind="stable")
        first, columns = of.iloc[order], columns[:, order]
        root = _root(columns, weights)
        here = names[names["grouping"] == grouping]
        found |= dict(_effects(draws, here, list(first["coefficient"]), root))
        found |= dict(_spreads(draws, here, list(first["coefficient"]), root))
    return found


Acting = Iterator[tuple[str, np.ndarray]]


def _root(columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """R: coefficients that act x coefficients; fewer rows where there are fewer cells."""
    return np.asarray(np.linalg.qr(np.sqrt(weights)[:, None] * columns, mode="r"))


def _relative(draws: xr.Dataset) -> Acting:
    for kind in ("phi", "other"):
        if kind in draws:
            for name in draws[f"{kind}_name"].values:
                values = draws[kind].sel({f"{kind}_name": name}).values
                yield str(name), values / abs(values.mean())


def _population(
    draws: xr.Dataset, names: pd.DataFrame, data: StanData, weights: np.ndarray
) -> Acting:
    of = names[names["kind"] == "population"].sort_values("position")
    if "population" not in draws or of.empty:
        return
    ones = np.ones((data.cells, int(data.has_intercept)))
    root = _root(np.column_stack([ones, data.predictors]), weights)
    values = draws["population"].sel(population_name=list(of["parameter"])).values @ root.T
    for name, column in zip(of["parameter"], np.moveaxis(values, -1, 0), strict=False):
        yield str(name), column


def _effects(
    draws: xr.Dataset, here: pd.DataFrame, coefficients: list[str], root: np.ndarray
) -> Acting:
    of = here[here["kind"] == "effect"]
    wide = of.pivot(index="level", columns="coefficient", values="parameter")[coefficients]
    for level in wide.to_numpy():
        values = draws["effect"].sel(effect_name=list(level)).values @ root.T
        for name, column in zip(level, np.moveaxis(values, -1, 0), strict=False):
            yield str(name), column


def _spreads(
    draws: xr.Dataset, here: pd.DataFrame, coefficients: list[str], root: np.ndarray
) -> Acting:
    """Standard deviations of the effects that act, from those of the coefficients as they are."""
    if "sd" not in draws:
        return
    of = here[here["kind"] == "sd"].set_index("coefficient").loc[coefficients]
    sd = draws["sd"].sel(sd_name=list(of["parameter"])).values
    together = np.broadcast_to(np.eye(len(of)), (*sd.shape, len(of))).copy()
    pairs = here[here["kind"] == "correlation"] if "correlation" in draws else here[:0]
    for name, *pair in pairs[["parameter", "coefficient", "other_coefficient"]].to_numpy():
        one, other = map(coefficients.index, pair)
        values = draws["correlation"].sel(correlation_name=name).values
        together[..., one, other] = together[..., other, one] = values
    variance = np.einsum("ka,kb,cda,cdb,cdab->cdk", root, root, sd, sd, together, optimize=True)
    values = np.sqrt(np.maximum(variance, 0))
    for name, column in zip(of["parameter"], np.moveaxis(values, -1, 0), strict=False):
        yield str(name), column
