"""Contacts at their source, counted there: only grouped rows come out.

DuckDB groups files and DuckDB databases, a database behind a URL groups its own table, Spark its
own; one statement is built for all of them (`statement`) and passes over the contacts once.
Whatever cannot be read is an `InputError` in one line.
"""

from partialpool.source.counted import (
    COLUMN,
    COUNTS_MISSING,
    EXAMPLE,
    KEY,
    OUTCOME,
    PROBLEM,
    ROWS,
    SUCCESSES,
    TRIALS,
    check_problems,
)
from partialpool.source.counting import MOST_CELLS, count_contacts, glimpse
from partialpool.source.fields import FILTERED, NOT_A_COUNT, NOT_A_NUMBER, TOO_FEW_TRIALS
from partialpool.source.files import file_digest
from partialpool.source.opening import check_columns, fingerprint, read_columns, source_files

__all__ = [
    "COLUMN",
    "COUNTS_MISSING",
    "EXAMPLE",
    "FILTERED",
    "KEY",
    "MOST_CELLS",
    "NOT_A_COUNT",
    "NOT_A_NUMBER",
    "OUTCOME",
    "PROBLEM",
    "ROWS",
    "SUCCESSES",
    "TOO_FEW_TRIALS",
    "TRIALS",
    "check_columns",
    "check_problems",
    "count_contacts",
    "file_digest",
    "fingerprint",
    "glimpse",
    "read_columns",
    "source_files",
]
