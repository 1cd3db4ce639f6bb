"""Draws as a table: what R's posterior package takes for a `draws_df`, to the last digit."""

import csv

import numpy as np
import xarray as xr

from partialpool.posterior import draws_table
from partialpool.posterior.draws import named_parameters
from partialpool.posterior.draws_table import PLACES, tabulate_draws, write_draws_table
from partialpool.seals import check_seal

from ..factories.draws import labelled, posterior_of


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, np.array(rows, dtype=float)


def test_every_draw_is_a_row_and_every_parameter_a_column_of_its_name(tmp_path):
    draws = posterior_of(labelled("promo + (1 + promo | shop)")[2])
    write_draws_table(draws, tmp_path / "draws.csv")
    header, values = read(tmp_path / "draws.csv")
    expected = named_parameters(draws)
    assert header == [*PLACES, *expected]
    assert values[:, 0].tolist() == [1] * 5 + [2] * 5
    assert values[:, 1].tolist() == [1, 2, 3, 4, 5] * 2
    assert values[:, 2].tolist() == list(range(1, 11))
    for column, of in zip(values.T[3:], expected.values(), strict=True):
        np.testing.assert_array_equal(column, of.ravel())


def of_names(names, values):
    return xr.Dataset(
        {"population": (("chain", "draw", "population_name"), values)},
        coords={"population_name": names},
    )


def test_names_and_numbers_stay_as_they_are(tmp_path):
    names = ["a[x]", "a[X]", 'a["q", é]', "a[two\nlines]", "a[1e5/2]"]
    values = np.array([[[0.1, 1e-310, -5e300, 1 / 3, 0.0]]])
    write_draws_table(of_names(names, values), tmp_path / "draws.csv")
    header, found = read(tmp_path / "draws.csv")
    assert header[3:] == names
    np.testing.assert_array_equal(found[:, 3:], values[0])


def test_written_twice_it_is_the_same_and_sealed_however_many_rows_at_once(tmp_path, monkeypatch):
    draws = posterior_of(labelled("promo")[2])
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path, at_once in zip(paths, (draws_table.AT_ONCE, 7), strict=True):
        monkeypatch.setattr(draws_table, "AT_ONCE", at_once)
        write_draws_table(draws, path)
        check_seal(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", ".a.csv.sha256"} | {
        "b.csv",
        ".b.csv.sha256",
    }


def test_of_too_many_draws_every_so_many_of_each_chain_are_kept(monkeypatch):
    values = np.arange(20.0).reshape(2, 10, 1)
    monkeypatch.setattr(draws_table, "MOST_VALUES", 8)
    table = tabulate_draws(of_names(["a"], values))
    assert table["a"].tolist() == [0, 3, 6, 9, 10, 13, 16, 19]
    assert table[".chain"].tolist() == [1] * 4 + [2] * 4
    assert table[".iteration"].tolist() == [1, 2, 3, 4] * 2
    assert table[".draw"].tolist() == list(range(1, 9))
