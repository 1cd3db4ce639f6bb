"""Cells stay while what is counted does, whatever else of the source changes."""

import os
import time
from pathlib import Path

from partialpool.cells.current import will_stay
from partialpool.settings.reading import read_settings

from ..test_preflight import CONFIG, contacts, make_results

__all__ = ["contacts"]


def will_cells_stay(config=CONFIG):
    return will_stay(read_settings(config).analyses["sales"], Path("results/sales/data"))


def test_cells_stay_while_what_is_counted_does(contacts):
    assert not will_cells_stay(), "there are none yet"
    make_results()
    assert will_cells_stay()
    header, *rows = contacts.read_text(encoding="utf-8").splitlines()
    noted = [f"{header},note", *(f"{row},{at}" for at, row in enumerate(rows))]
    later = time.time() + 10
    for lines in ([header, *reversed(rows)], noted):
        contacts.write_text("\n".join([*lines, ""]), encoding="utf-8")
        os.utime(contacts, (later, later))
        assert will_cells_stay()
    contacts.write_text("\n".join([header, *rows, rows[0], ""]), encoding="utf-8")
    os.utime(contacts, (later, later))
    assert not will_cells_stay()


def test_cells_that_are_damaged_stay_as_they_are_counted_again():
    make_results()
    cells = Path("results/sales/data/cells.csv")
    cells.write_bytes(cells.read_bytes()[:-2])
    assert will_cells_stay()
