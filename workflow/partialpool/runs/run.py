"""A finished run, read from the folder that it was kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError
from scipy.special import ndtri

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.errors import InputError
from partialpool.frames import read_facts, read_frame
from partialpool.settings import Analysis, Model

NOW = "now"
"""The label of the run that is held to kept ones."""
UNSAID = {"title", "question", "source.credit"}
"""Settings that only words use."""


@dataclass(frozen=True)
class Run:
    """What a run found, and what it was made of."""

    label: str
    analysis: Analysis
    cells: pd.DataFrame
    ledger: Mapping[str, Any]
    decision: Mapping[str, Any] = field(repr=False)
    weighed: Mapping[str, Any] = field(repr=False)
    """The facts on the arms."""
    provenance: Mapping[str, Any] = field(repr=False)
    verdicts: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """On each model."""
    versions: Mapping[str, Mapping[str, str]] = field(repr=False)
    """That each model was drawn with."""
    quantities: Mapping[str, pd.DataFrame] = field(repr=False)
    """Rates and lifts of each model (`quantities.tabulate_quantities`)."""

    @property
    def answering(self) -> str | None:
        """The model that answers, if any."""
        name: str | None = self.decision["choice"]["model"]
        return name

    @property
    def model(self) -> Model:
        """The settings of the model that answers."""
        return self.analysis.models[str(self.answering)]

    @property
    def found(self) -> pd.DataFrame:
        """The rates and lifts of the model that answers."""
        return self.quantities[str(self.answering)]

    def found_at(self, interval: float) -> pd.DataFrame:
        """The same with intervals of another probability, as of a normal where it is another."""
        if interval == self.analysis.interval:
            return self.found
        half = float(ndtri((1 + interval) / 2)) * self.found["sd"]
        mean = self.found["mean"]
        return self.found.assign(lower=mean - half, upper=mean + half)


def read_run(folder: Path, label: str) -> Run:
    """Read a run as `keeping.keep` wrote it.

    Args:
        folder: that it is in.
        label: what it is called.

    Raises:
        InputError: its settings are of another version, which had other keys.
    """
    analysis = _read_settings(folder)
    of_models = {name: folder / "models" / name for name in analysis.models}
    data = folder / "data"
    return Run(
        label=label,
        analysis=analysis,
        cells=read_cells(data / "cells.csv", read_levels(data / "levels.json")),
        ledger=read_facts(data / "ledger.json"),
        decision=read_facts(folder / "decision.json"),
        weighed=read_facts(folder / "decision" / "arms.json"),
        provenance=read_facts(folder / "provenance.json"),
        verdicts={name: read_facts(of / "verdict.json") for name, of in of_models.items()},
        versions={name: read_facts(of / "versions.json") for name, of in of_models.items()},
        quantities={name: read_frame(of / "quantities.csv") for name, of in of_models.items()},
    )


def _read_settings(folder: Path) -> Analysis:
    try:
        return Analysis(**read_facts(folder / "settings.json"))
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"])) or "settings"
        raise InputError(
            f"{folder}: found settings that this version cannot read ({key}), expected a run kept "
            "by it; move the folder away"
        ) from None


def flatten(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Settings as plain data by their dotted keys, without those that only words use."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            found |= flatten(value, f"{path}.")
        elif path not in UNSAID:
            found[path] = value
    return found


def changed_settings(then: Run, now: Run) -> list[dict[str, str]]:
    """The settings that differ, `key`, `then` and `now`, as text; empty where there was none."""
    both = [flatten(run.analysis.model_dump(mode="json")) for run in (then, now)]
    keys = dict.fromkeys([*both[0], *both[1]])
    return [
        {"key": key, "then": _show(both[0].get(key)), "now": _show(both[1].get(key))}
        for key in keys
        if both[0].get(key) != both[1].get(key)
    ]


def _show(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
