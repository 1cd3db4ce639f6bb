"""Draws as a table, as the posterior package of R has them (`draws_df`)."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.posterior.draws import named_parameters
from partialpool.seals import seal

MOST_VALUES = 10_000_000
"""Draws x parameters above which chains are thinned."""
AT_ONCE = 1_000_000
"""Values that are written at a time."""
PLACES = (".chain", ".iteration", ".draw")
"""Columns that say where a draw stands, counted from 1."""


def tabulate_draws(draws: xr.Dataset) -> pd.DataFrame:
    """A row for each draw, chain after chain, and a column for each parameter.

    Args:
        draws: arrays (chain, draw, name) by kind of parameter (`draws.label_draws`).

    Returns:
        First the `PLACES` of the draws. Where there are more than `MOST_VALUES`, every so many of
        each chain are kept, and counted anew.
    """
    values = named_parameters(draws)
    chains, count = draws.sizes["chain"], draws.sizes["draw"]
    every = int(np.ceil(chains * count * len(values) / MOST_VALUES))
    kept = len(range(0, count, every))
    chain, iteration = np.divmod(np.arange(chains * kept), kept)
    places = dict(
        zip(PLACES, (chain + 1, iteration + 1, chain * kept + iteration + 1), strict=True)
    )
    columns = {name: of[:, ::every].ravel() for name, of in values.items()}
    return pd.DataFrame({**places, **columns})


def write_draws_table(draws: xr.Dataset, path: Path | str) -> None:
    """Write `tabulate_draws` as CSV, numbers as short as they are read back the same; seal it.

    DuckDB writes some six times as fast as pandas; names that differ in case alone are one to it,
    so that the header is written apart. It takes memory for what it writes: some rows at a time.
    """
    import duckdb  # only needed here

    table, header = tabulate_draws(draws), io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(table.columns)
    numbered, rows = table.set_axis(range(table.shape[1]), axis=1), AT_ONCE // table.shape[1] + 1
    place = Path(path)
    with (
        tempfile.TemporaryDirectory(dir=place.parent) as folder,
        duckdb.connect() as connection,
        place.open("wb") as file,
    ):
        connection.execute("SET threads = 1")
        file.write(header.getvalue().encode("utf-8"))
        for start in range(0, len(table), rows):
            connection.register("draws", numbered.iloc[start : start + rows])
            body = Path(folder) / "draws.csv"
            connection.table("draws").write_csv(str(body), header=False)
            file.write(body.read_bytes())
    seal(place)
