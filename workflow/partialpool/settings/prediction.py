"""Settings of new data, whose rates and totals are predicted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from partialpool.settings.blocks import Block, Column, Name


class Predict(Block):
    """New data whose rates are predicted by `snakemake predict`."""

    path: Annotated[str, Field(min_length=1)]
    """A CSV file with the source's columns that the model uses, one row for each rate."""
    model: Name | None = None
    """The model that predicts; none: the one that gives the answer."""
    total_by: tuple[Column, ...] = ()
    """Columns of the file; successes are totalled for each combination of their values, and over
    all rows, in `<name>_totals.csv`."""
    trials: Column | None = None
    """The column that counts the contacts that a row stands for; none: one each."""

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The columns that the file must have for totals, each with the key that names it."""
        named = [("total_by", column) for column in self.total_by]
        return [*named, *([("trials", self.trials)] if self.trials is not None else [])]

    @model_validator(mode="after")
    def _columns_differ(self) -> Predict:
        if len(set(self.total_by)) < len(self.total_by):
            raise ValueError("total_by: expected columns that differ")
        return self
