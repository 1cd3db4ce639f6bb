"""The kept runs of an analysis, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partialpool.report.period import spell_period
from partialpool.runs.shelf import Kept


def tell_kept(analysis: str, every: Sequence[Kept]) -> str:
    """A line for each kept run, the first one first.

    Args:
        analysis: its name.
        every: its kept runs.
    """
    if not every:
        return f"{analysis}: no run is kept; keep one by: snakemake keep --config label=..."
    return "\n".join([f"{analysis}:", *(f"  {_tell(kept)}" for kept in every)])


def _tell(kept: Kept) -> str:
    record: dict[str, Any] = dict(kept.record)
    told = [
        f"{record['contacts']:,} rows counted",
        spell_period({"period": record["period"] or {}}),
    ]
    told += [f"model {record['model']}" if record["model"] else "no answer"]
    return f"{kept.label}: {', '.join(filter(None, told))} ({kept.folder})"
