"""Settings of `snakemake calibrate`: whether fits find again what their data were drawn with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from partialpool.settings.blocks import Block, Probability

Lift = Annotated[float, Field(gt=-1, lt=1)]


class Recovery(Block):
    """How many contacts a lift of a given size needs, by campaigns that have it."""

    lifts: Annotated[tuple[Lift, ...], Field(min_length=1)] = (0.02, 0.05)
    """Differences of rates that campaigns are given, 0.02 for 2 points; 0 counts false calls."""
    contacts: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Sizes of the campaigns; none: `multiples` of the contacts that there are."""
    multiples: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)] = (
        *(0.25, 0.5, 1.0),
        *(2.0, 4.0),
    )
    """Sizes of the campaigns, as multiples of the contacts that there are."""
    base_rate: Probability | None = None
    """The rate without the treatment; none: what the model estimates it to be."""
    share: Probability = 0.8
    """A size is enough when at least this share of the campaigns has its lift called."""
    replicates: int = Field(100, ge=0)
    """Campaigns of each size and lift; 0 leaves recovery out."""

    @model_validator(mode="after")
    def _lifts_have_room(self) -> Recovery:
        for lift in self.lifts:
            if self.base_rate is not None and not 0 < self.base_rate + lift < 1:
                raise ValueError(
                    f"lifts: found {lift:g}, which leads from the base rate of "
                    f"{self.base_rate:g} to no rate; expected a smaller one"
                )
        return self


class Calibration(Block):
    """What `snakemake calibrate` does; nothing that the report needs."""

    replicates: int = Field(300, ge=20)
    """Data sets that are drawn from each model's prior and fitted."""
    batch: int = Field(25, ge=1)
    """Replicates to a job; the results do not depend on it."""
    chains: int = Field(2, ge=2, le=64)
    """Chains of each fit, run in turn."""
    warmup: int = Field(500, ge=100)
    """Warm-up iterations of each chain."""
    draws: int = Field(500, ge=100)
    """Draws kept from each chain."""
    ranked: int = Field(99, ge=9)
    """Draws that the truth is ranked among: all draws, thinned evenly to so many."""
    false_alarm: float = Field(0.01, gt=0, lt=0.5)
    """Probability, at most, that a model that is right fails: over all its tests together."""
    recovery: Recovery = Recovery()
    """How many contacts a lift of a given size needs."""

    @property
    def size_of_fits(self) -> dict[str, int]:
        """How much each fit draws."""
        return {"chains": self.chains, "warmup": self.warmup, "draws": self.draws}

    @model_validator(mode="after")
    def _ranked_are_there(self) -> Calibration:
        if self.ranked > self.chains * self.draws:
            raise ValueError(
                f"ranked: found {self.ranked}, expected at most the {self.chains * self.draws} "
                "draws of a fit"
            )
        return self
