"""The runs that are kept, by their labels: found, listed and held to their checksums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partialpool.errors import InputError
from partialpool.frames import read_facts
from partialpool.seals import DamagedError, file_digest
from partialpool.settings.blocks import LAST

RUNS, RECORD = Path("runs"), "kept.json"


@dataclass(frozen=True)
class Kept:
    """A kept run as it is listed."""

    label: str
    folder: Path
    serial: int
    """Which one it was of its analysis, by when it was kept."""
    record: Mapping[str, Any] = field(repr=False)

    @property
    def digest(self) -> str:
        """Of its record, and so of everything in it."""
        return file_digest(self.folder / RECORD)


def list_kept(analysis: str, runs: Path = RUNS) -> list[Kept]:
    """The kept runs of an analysis, the first one first.

    Args:
        analysis: its name.
        runs: the folder of all kept runs.

    Raises:
        InputError: a record was changed.
    """
    found = []
    for path in sorted((runs / analysis).glob(f"*/{RECORD}")):
        try:
            record = read_facts(path)
        except DamagedError:
            raise _changed(path) from None
        found.append(Kept(path.parent.name, path.parent, int(record["serial"]), record))
    return sorted(found, key=lambda kept: (kept.serial, kept.label))


def check_since(kept: Mapping[str, Sequence[Kept]], label: str) -> None:
    """Check that some analysis has a kept run of a label, `last` for any.

    Args:
        kept: the kept runs by analysis.
        label: as it was given.

    Raises:
        InputError: none has.
    """
    labels = list(dict.fromkeys(run.label for runs in kept.values() for run in runs))
    if label not in [*labels, *([LAST] if labels else [])]:
        known = ", ".join(labels) or "none"
        raise InputError(
            f"since: found no run kept as {label}, expected one of those kept: {known}; keep a "
            "finished one by: snakemake keep --config label=..."
        )


def check_label(analysis: str, label: str | None, page: Path, runs: Path = RUNS) -> str:
    """The label under which a run can be kept.

    Args:
        analysis: its name.
        label: as it was given, if it was.
        page: of the run.
        runs: the folder of all kept runs.

    Raises:
        InputError: there is no label, it is taken, or the run is not finished.
    """
    if label is None:
        raise InputError(
            "label: missing, expected one as in: snakemake keep --config label=2026-11"
        )
    if (runs / analysis / label / RECORD).exists():
        raise InputError(
            f"label: found a run of {analysis} kept as {label} already, which is never written "
            "over; choose another label"
        )
    if not page.exists():
        raise InputError(
            f"label: found no {page}, expected a finished run to keep; finish it first: snakemake"
        )
    return label


def check_kept(kept: Kept) -> None:
    """Hold every file of a kept run against its record.

    Raises:
        InputError: one is missing, or was changed.
    """
    for name, digest in kept.record["files"].items():
        path = kept.folder / name
        if not path.is_file() or file_digest(path) != digest:
            raise _changed(path)


def _changed(path: Path) -> InputError:
    found = "was changed after it was kept" if path.is_file() else "is not there"
    return InputError(
        f"{path} {found}, expected it as it was kept; put a copy of it back, or remove the run"
    )
