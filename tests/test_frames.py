"""Tables between rules hold declared columns: names stay text and gaps stay gaps."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from partialpool.columns import COUNT, NUMBER, TEXT
from partialpool.frames import (
    join_frames,
    read_facts,
    read_frame,
    read_texts,
    write_facts,
    write_frame,
    write_texts,
)

STRANGE_NAMES = ["007", "3", "1.0", "NA", "null", "True", "", " padded", 'a,b"c', "Zürich"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "table.csv"


@pytest.mark.parametrize("column", ["within", "name", "level", "treatment", "parameter"])
@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_a_name_comes_back_as_it_was(path, column, name):
    write_frame(pd.DataFrame({column: [name], "mean": [0.5]}), path)
    assert read_frame(path)[column].tolist() == [name]


def test_a_missing_number_is_missing_and_leaves_its_column_a_number(path):
    write_frame(pd.DataFrame({"within": ["Mail", "Park"], "rate": [np.nan, 0.25]}), path)
    rate = read_frame(path)["rate"]
    assert np.isnan(rate[0])
    assert rate[1] == 0.25


def test_infinite_odds_stay_infinite(path):
    write_frame(pd.DataFrame({"level": ["1", "2"], "odds": [np.inf, 1.0]}), path)
    assert np.isinf(read_frame(path)["odds"][0])


def test_counts_and_flags_stay_what_they_are(path):
    write_frame(pd.DataFrame({"trials": [3, 4], "flagged": [True, False]}), path)
    again = read_frame(path)
    assert again["trials"].dtype == np.int64
    assert again["flagged"].dtype == bool


def test_a_table_without_rows_keeps_its_columns(path):
    write_frame(pd.DataFrame(columns=["kind", "name", "trials", "mean"]), path)
    assert list(read_frame(path)) == ["kind", "name", "trials", "mean"]


def test_an_unknown_column_cannot_be_written(path):
    with pytest.raises(ValueError, match=r"table\.csv: found a column 'shop'.*columns\.COLUMNS"):
        write_frame(pd.DataFrame({"shop": ["3"], "mean": [0.5]}), path)
    assert not path.exists()


def test_an_unknown_column_cannot_be_read(path):
    path.write_text("shop,mean\n3,0.5\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table\.csv: found a column 'shop'.*columns\.COLUMNS"):
        read_frame(path)


@pytest.mark.parametrize(
    ("column", "value"),
    [("mean", "much"), ("trials", 2.5), ("trials", True), ("flagged", 1), ("flagged", "maybe")],
)
def test_a_column_that_holds_something_else_is_neither_written_nor_read(path, column, value):
    expected = rf"table\.csv: column '{column}' holds"
    with pytest.raises(ValueError, match=expected):
        write_frame(pd.DataFrame({column: [value]}), path)
    path.write_text(f"{column}\n{value}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=expected):
        read_frame(path)


def test_a_users_own_columns_are_declared_by_who_writes_and_reads_them(path):
    own = {"shop": TEXT, "age": NUMBER, "visits": COUNT}
    frame = pd.DataFrame({"shop": ["007"], "age": [1.5], "visits": [2], "mean": [0.5]})
    write_frame(frame, path, own)
    pd.testing.assert_frame_equal(read_frame(path, own), frame)


def test_a_users_own_column_may_be_called_like_one_of_ours(path):
    frame = pd.DataFrame({"mean": ["often", "01"], "trials": ["", "NA"]})
    write_texts(frame, path)
    assert read_texts(path).to_numpy().tolist() == frame.to_numpy().tolist()


def test_tables_are_joined_in_their_order_and_empty_ones_do_not_change_them(tmp_path):
    tables = [["3", "NA"], [], ["007"]]
    paths = [tmp_path / f"{i}.csv" for i in range(len(tables))]
    for names, path in zip(tables, paths, strict=True):
        write_frame(pd.DataFrame({"level": names, "trials": range(len(names))}), path)
    joined = join_frames(paths)
    assert joined["level"].tolist() == ["3", "NA", "007"]
    assert joined["trials"].dtype == np.int64


def test_facts_come_back_as_they_were(tmp_path):
    facts = {"model": "Zürich “007”", "share": 0.1 + 0.2, "none": None, "sizes": [1, 2]}
    write_facts(facts, tmp_path / "facts.json")
    assert read_facts(tmp_path / "facts.json") == facts


IN_ANOTHER_ENCODING = """
import locale, pathlib, sys
from partialpool.cells.cells import read_cells, write_cells
from partialpool.cells.levels import levels_of, read_levels, with_levels, write_levels
from partialpool.frames import read_facts, read_frame, write_facts, write_frame
from partialpool.logs import narrate
import pandas as pd

assert "utf" not in locale.getencoding().lower(), locale.getencoding()
folder, name = pathlib.Path(sys.argv[1]), "Z\\u00fcrich \\u2013 \\U0001f600"
with narrate(str(folder / "log"), name) as log:
    log.info(name)
    frame = pd.DataFrame({"shop": [name, "007"], "successes": [1, 2], "trials": [3, 4]})
    write_levels(with_levels(frame, {"shop": [name, "007"]}), folder / "levels.json")
    levels = read_levels(folder / "levels.json")
    write_cells(with_levels(frame, levels), folder / "cells.csv")
    assert levels_of(read_cells(folder / "cells.csv", levels)) == {"shop": [name, "007"]}
    write_frame(pd.DataFrame({"level": [name]}), folder / "table.csv")
    assert read_frame(folder / "table.csv")["level"].tolist() == [name]
    write_facts({name: name}, folder / "facts.json")
    assert read_facts(folder / "facts.json") == {name: name}
"""


@pytest.mark.parametrize("locale", ["C", "de_DE.ISO-8859-1"])
def test_letters_survive_where_the_computers_own_encoding_does_not_know_them(tmp_path, locale):
    # where the second is not installed, Python falls back to the first
    settings = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", IN_ANOTHER_ENCODING, str(tmp_path)]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert "Zürich – 😀" in (tmp_path / "log").read_text(encoding="utf-8")
