"""Runs kept under a label: small, whole, sealed, and never written over.

`runs/<analysis>/<label>/` holds what a finished run found and what it was made of: cells,
settings, tables, the answering model's rates as joint draws, versions, and the page. `kept.json`,
written last, has the checksum of every file; a folder without it is no kept run.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from partialpool.decision.pooling import find_alone
from partialpool.decision.strata import Strata, read_strata, write_strata
from partialpool.frames import read_facts, write_facts, write_frame
from partialpool.runs.quantities import question_of, tabulate_quantities
from partialpool.runs.shelf import RECORD, Kept
from partialpool.seals import file_digest, read_sealed, write_sealed
from partialpool.settings import Analysis

PAGE = "page.html"
MOST_DRAWS = 4000
"""Draws that are kept of rates; of more, evenly spread ones."""


def keep(
    results: Path, files: Sequence[str], page: Path | None, folder: Path, analysis: Analysis
) -> dict[str, Any]:
    """Copy what a run found into a folder; what is there already of a run that was not kept goes.

    Args:
        results: the folder of its results.
        files: those to be kept; of `rates.nc`, that of the answering model alone.
        page: of the run, if it is to be kept.
        folder: where to.
        analysis: its settings.

    Returns:
        What is told of it in a list: the answering `model`, `contacts`, and the `period`, if any.

    Raises:
        DamagedError: a result is missing, or not as it was written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    places = {path: folder / Path(path).relative_to(results) for path in files}
    for path, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.name != "rates.nc":
            write_sealed(place, read_sealed(path))
    if page is not None:
        write_sealed(folder / PAGE, read_sealed(page))
    write_facts(analysis.model_dump(mode="json"), folder / "settings.json")
    model = read_facts(folder / "decision.json")["choice"]["model"]
    _keep_quantities(results, folder, analysis, model)
    ledger = read_facts(folder / "data" / "ledger.json")
    return {"model": model, "contacts": ledger["contacts"], "period": ledger.get("period")}


def seal_kept(folder: Path, told: Mapping[str, Any], before: Sequence[Kept]) -> None:
    """Write the record of a kept run, the last of its files.

    Args:
        folder: of the run.
        told: of it (`keep`).
        before: the runs of the analysis that were kept before.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {path.relative_to(folder).as_posix(): file_digest(path) for path in files}
    serial = max((kept.serial for kept in before), default=0) + 1
    write_facts({"label": folder.name, "serial": serial, **told, "files": sums}, folder / RECORD)


def thin(strata: Strata, most: int = MOST_DRAWS) -> Strata:
    """At most so many draws, evenly spread."""
    step = -(-len(strata.log_success) // most)
    return Strata(
        strata.levels, strata.arms, strata.log_success[::step], strata.log_failure[::step]
    )


def _keep_quantities(results: Path, folder: Path, analysis: Analysis, model: str | None) -> None:
    """The rates and lifts of every model, and the answering one's rates as draws."""
    formulas = {name: of.formula for name, of in analysis.models.items()}
    question = question_of(analysis)
    alone = [] if question.ranked else find_alone(formulas, analysis.variables, question)
    for name in analysis.models:
        of_model = folder / "models" / name
        strata = read_strata(results / "models" / name / "rates.nc")
        chains = read_facts(of_model / "verdict.json")["chains"]
        table = tabulate_quantities(strata, analysis, name, alone, chains)
        write_frame(table, of_model / "quantities.csv")
        if name == model:
            write_strata(thin(strata), of_model / "rates.nc")
