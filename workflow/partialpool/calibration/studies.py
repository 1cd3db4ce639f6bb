"""What a calibration studies: which models of an analysis, in which batches of replicates."""

from __future__ import annotations

from typing import Literal

from partialpool.model.formula import Formula, parse_formulas
from partialpool.sampling.programs import can_sample_prior
from partialpool.settings import Analysis, Model

Obstacle = Literal["program", "flat"]
"""Why a model's prior cannot be drawn from: its own program, or a flat prior."""


def left_out_models(analysis: Analysis) -> dict[str, Obstacle]:
    """The models of an analysis that cannot be calibrated, and why.

    Raises:
        InputError: a formula cannot be read, or a program is not there.
    """
    found = {
        name: _obstacle(analysis.models[name], formula)
        for name, formula in parse_formulas(analysis).items()
    }
    return {name: obstacle for name, obstacle in found.items() if obstacle is not None}


def calibrated_models(analysis: Analysis) -> list[str]:
    """The models of an analysis whose prior can be drawn from.

    Raises:
        InputError: as `left_out_models`.
    """
    out = left_out_models(analysis)
    return [name for name in analysis.models if name not in out]


def recovered_models(analysis: Analysis) -> list[str]:
    """The models with coefficients of the treatment; none where no lifts are asked for.

    Raises:
        InputError: a formula cannot be read.
    """
    if not analysis.calibration.recovery.replicates:
        return []
    formulas = parse_formulas(analysis)
    return [n for n, of in formulas.items() if analysis.treatment in of.coefficient_variables]


def name_batches(replicates: int, size: int) -> list[str]:
    """Replicates from 1, dealt out to jobs by `size`: `1-25`, `26-50`, the last one shorter."""
    firsts = range(1, replicates + 1, size)
    return [f"{first}-{min(first + size - 1, replicates)}" for first in firsts]


def read_batch(name: str) -> range:
    """The replicates of a batch, from its name."""
    first, last = map(int, name.split("-"))
    return range(first, last + 1)


def _obstacle(model: Model, formula: Formula) -> Obstacle | None:
    if can_sample_prior(model, formula):
        return None
    house = model.model_copy(update={"program": None})
    return "program" if can_sample_prior(house, formula) else "flat"
