"""Whether the cells that were written last are still those that counting would give."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

from partialpool.cells.cells import make_cells, read_cells, write_cells
from partialpool.cells.levels import read_levels, write_levels
from partialpool.errors import InputError
from partialpool.frames import read_facts
from partialpool.seals import DamagedError, check_seal, file_digest, sealed_digest
from partialpool.settings import Analysis
from partialpool.settings.described import describe_request, read_request
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts
from partialpool.source.opening import source_files

CELLS, LEVELS = "cells.csv", "levels.json"
"""What the cells of an analysis are kept in."""


def will_stay(analysis: Analysis, data: Path) -> bool:
    """Whether counting the contacts would give the cells that were written last.

    Files whose rows have another order, or other columns beside those that are used, give the
    same cells.

    Args:
        analysis: its settings.
        data: the folder of its cells.

    Returns:
        False for a database, which a job alone asks, and for contacts that cannot be counted.
    """
    written = [sealed_digest(data / name) for name in (CELLS, LEVELS)]
    if analysis.source.path is None or None in written:
        return False
    if _are_current(analysis, data):
        return True
    try:
        cells = _count(analysis)
    except InputError:  # `check_data` says so
        return False
    with tempfile.TemporaryDirectory() as folder:
        again = [Path(folder) / name for name in (CELLS, LEVELS)]
        write_cells(cells, again[0])
        write_levels(cells, again[1])
        return list(map(file_digest, again)) == written


def current_cells(analysis: Analysis, data: Path) -> pd.DataFrame | None:
    """The cells that were written last, or counted anew where these are not up to date.

    Args:
        analysis: its settings.
        data: the folder of its cells.

    Returns:
        None where only a database could tell, which a job alone asks.

    Raises:
        InputError: the contacts cannot be counted.
    """
    if _are_current(analysis, data):
        return read_cells(data / CELLS, read_levels(data / LEVELS))
    return _count(analysis) if source_files(analysis.source) else None


def _count(analysis: Analysis) -> pd.DataFrame:
    stats = [(str(path), path.stat()) for path in source_files(analysis.source)]
    found = [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]
    return _count_once(json.dumps([describe_request(analysis), found]))


@cache
def _count_once(asked: str) -> pd.DataFrame:
    """Cells, counted once as long as the files stay as they are."""
    source, factors, numbers, outcome, _ = read_request(json.loads(asked)[0])
    counted = count_contacts(source, factors, numbers, outcome)
    check_problems(counted, source)
    return make_cells(counted, factors, numbers, outcome, source.missing)[0]


def _are_current(analysis: Analysis, data: Path) -> bool:
    """Whether the cells are whole, and made from these contacts in this way.

    Files that are newer, as those of a copied folder are, count as the same if they hold the same.
    """
    ledger = data / "ledger.json"
    try:
        for path in (data / CELLS, data / LEVELS):
            check_seal(path)
        told = read_facts(ledger)
    except DamagedError:
        return False
    if not isinstance(told, dict) or told.get("request") != describe_request(analysis):
        return False
    files = source_files(analysis.source)
    if all(path.stat().st_mtime <= ledger.stat().st_mtime for path in files):
        return True
    return bool(told.get("fingerprint", {}).get("files") == {str(p): file_digest(p) for p in files})
