"""A fitted model as one thing: its cells, its design, its likelihood and its draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.cells.cells import label_cells, read_cells
from partialpool.cells.levels import read_levels
from partialpool.model.design import Design, Matrices, learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import precision, read_draws
from partialpool.posterior.predictor import Chunks, linear_predictor, predict_in_chunks
from partialpool.settings.modelling import Family, Link


@dataclass(frozen=True)
class CellModel:
    """A model of some cells, whatever its parameters are."""

    cells: pd.DataFrame
    """Factors as ordered categories, numbers, `successes` and `trials`."""
    design: Design
    likelihood: Likelihood

    @cached_property
    def labels(self) -> list[str]:
        """A name for each cell."""
        return label_cells(self.cells)

    @cached_property
    def matrices(self) -> Matrices:
        """The design of the cells."""
        return self.design.matrices(self.cells)


@dataclass(frozen=True)
class Fit(CellModel):
    """A model of some cells with draws of its parameters, from posterior or prior."""

    draws: xr.Dataset
    """Arrays (chain, draw, name) by kind of parameter (`draws.label_draws`)."""

    @property
    def shape(self) -> tuple[int, int]:
        """Chains, and draws of each."""
        return self.draws.sizes["chain"], self.draws.sizes["draw"]

    @property
    def phi(self) -> np.ndarray | None:
        """Draws, chain after chain, of a beta-binomial's precision; none for a binomial."""
        return precision(self.draws)

    def predict(self, rows: pd.DataFrame, seed: int = 0) -> Chunks:
        """The linear predictor of any rows (`predictor.predict_in_chunks`)."""
        return predict_in_chunks(self.draws, self.design, rows, seed)

    def predict_by_chain(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """The linear predictor of some rows, and the precision of a beta-binomial.

        Returns:
            Chains x draws x rows; and chains x draws, none for a binomial.
        """
        eta = linear_predictor(self.draws, self.design, rows)
        phi = self.phi
        return eta.reshape(*self.shape, -1), None if phi is None else phi.reshape(self.shape)


def read_model(
    cells: str | Path, levels: str | Path, formula: str, family: Family, link: Link
) -> CellModel:
    """A model of cells in a file.

    Args:
        cells: the file.
        levels: the file of their factors' levels.
        formula: of the model, as a user writes it.
        family: of the likelihood.
        link: of the likelihood.

    Raises:
        InputError: the formula cannot be read, or cannot be told apart in the cells.
    """
    read = read_cells(Path(cells), read_levels(levels))
    return CellModel(read, learn_design(formula, read), Likelihood(family, link))


def read_fit(
    cells: str | Path,
    levels: str | Path,
    posterior: str | Path,
    formula: str,
    family: Family,
    link: Link,
) -> Fit:
    """A model of cells in a file, with draws in another.

    Args:
        cells: as for `read_model`.
        levels: as for `read_model`.
        posterior: the file of the draws.
        formula: as for `read_model`.
        family: as for `read_model`.
        link: as for `read_model`.

    Raises:
        InputError: as `read_model`.
    """
    model = read_model(cells, levels, formula, family, link)
    return Fit(model.cells, model.design, model.likelihood, read_draws(Path(posterior)))
