"""Settings that every analysis inherits and may override."""

from __future__ import annotations

from pydantic import Field

from partialpool.settings.blocks import Block, Probability
from partialpool.settings.calibration import Calibration
from partialpool.settings.decision import Decision
from partialpool.settings.modelling import (
    Comparison,
    Oracle,
    PriorPoint,
    Priors,
    Sampling,
    Verdict,
)


class Defaults(Block):
    """What every analysis inherits and may override."""

    seed: int = Field(42, ge=0, le=2**31 - 1)
    """Every random stream derives from it and from names."""
    interval: Probability = 0.89
    """Probability inside the equal-tailed intervals."""
    intercept_prior_at: PriorPoint = "contacts"
    """The intercept's prior holds at the predictors' mean over contacts, at that over cells (brms
    on grouped data), which depends on how many there are, or with every factor at its reference
    level."""
    priors: Priors = Priors()
    """Priors on the log-odds scale; a model may have its own."""
    sampling: Sampling = Sampling()
    """How Stan draws from prior and posterior; a model may have its own."""
    verdict: Verdict = Verdict()
    """What a fit must reach to be used in the decision."""
    oracle: Oracle = Oracle()
    """The second opinion on posteriors of few dimensions; where it differs, the fit fails."""
    comparison: Comparison = Comparison()
    """How models are compared."""
    decision: Decision = Decision()
    """What the report answers, and how sure it must be to say so."""
    calibration: Calibration = Calibration()
    """What `snakemake calibrate` does, which writes `reports/calibration/<name>.html`."""
