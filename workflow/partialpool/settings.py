"""Every choice of an analysis as frozen settings; unknown keys and bad values are errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from partialpool.priors import parse_prior

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Probability = Annotated[float, Field(gt=0, lt=1)]
COUNTS = ("successes", "trials")
"""Columns that the cells have beside the factors."""
RESERVED = ("benchmarks", "index", "logs", "programs")
"""Folders of `results/`, and the page that lists the reports."""


def _prior(of: str) -> AfterValidator:
    return AfterValidator(lambda text: str(parse_prior(text, of)))


class Block(BaseModel):
    """A closed, frozen part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Priors(Block):
    """Priors on the log-odds scale, by class of parameter."""

    intercept: Annotated[str, _prior("intercept")] = "normal(0, 1)"
    """Of the intercept, where `intercept_prior_at` says."""
    slope: Annotated[str, _prior("slope")] = "normal(0, 1)"
    """Of every population-level coefficient but the intercept."""
    sd: Annotated[str, _prior("sd")] = "normal(0, 1)"
    """Of the standard deviations of group-level effects; the half above 0 of what is named."""
    correlation: Annotated[str, _prior("correlation")] = "lkj(1)"
    """Of the correlation matrix of the effects of one term."""


class Sampling(Block):
    """How Stan draws from prior and posterior."""

    engine: Literal["auto", "cmdstan", "stanli"] = "auto"
    """`auto` takes CmdStan where there is one, else stanli."""
    chains: int = Field(4, ge=2, le=64)
    """Independent Markov chains; R-hat needs two."""
    warmup: int = Field(1000, ge=100)
    """Warm-up iterations of each chain."""
    draws: int = Field(1000, ge=100)
    """Draws kept from each chain."""
    prior_draws: int = Field(1000, ge=100)
    """Draws kept from each chain when only the prior is sampled."""
    adapt_delta: Probability = 0.8
    """Target acceptance of NUTS; nearer 1 takes smaller steps."""
    max_treedepth: int = Field(10, ge=5, le=15)
    """Doublings of a trajectory at most."""
    centring: Literal["auto", "centred", "non-centred"] = "auto"
    """How group-level effects are sampled; `auto` asks each level's own data."""


class Verdict(Block):
    """What a fit must reach to be used in the decision."""

    rhat: float = Field(1.01, gt=1)
    """Largest R-hat of any parameter must be below (Vehtari et al. 2021)."""
    ess: float = Field(400, gt=0)
    """Smallest bulk and tail effective sample size must be above."""
    divergences: int = Field(0, ge=0)
    """Divergent transitions at most."""
    ebfmi: float = Field(0.3, gt=0)
    """Smallest E-BFMI of any chain must be above."""
    treedepth_hits: int = Field(0, ge=0)
    """Transitions that ran into `max_treedepth`, at most."""


class Refits(Block):
    """Sampling of the refits that leave out a cell; many short ones."""

    warmup: int = Field(500, ge=100)
    """Warm-up iterations of each chain."""
    draws: int = Field(500, ge=100)
    """Draws kept from each chain."""


class Comparison(Block):
    """How models are compared."""

    unit: Literal["contact", "cell"] = "contact"
    """What is left out and predicted: one contact, or a whole cell."""
    pareto_k: Probability = 0.7
    """Importance sampling is trusted below this Pareto k."""
    refits: Refits = Refits()
    """Sampling of the refits that leave out a cell."""


class Decision(Block):
    """What the report answers, and how sure it must be to say so."""

    model: Name | None = None
    """The model that answers; none: the best at the comparison's unit that passed its verdict."""
    probability: float = Field(0.95, gt=0.5, lt=1)
    """A lift is a gain (loss) when the probability that it is above (below) 0 reaches this."""
    future_contacts: int = Field(100, ge=1)
    """Contacts per cell whose successes are predicted."""


class Defaults(Block):
    """What every analysis inherits and may override."""

    seed: int = Field(42, ge=0, le=2**31 - 1)
    """Every random stream derives from it and from names."""
    interval: Probability = 0.89
    """Probability inside the equal-tailed intervals."""
    intercept_prior_at: Literal["cells", "contacts", "reference"] = "cells"
    """The intercept's prior holds at the predictors' mean over cells (brms on grouped data), at
    their mean over contacts, or with every factor at its reference level."""
    priors: Priors = Priors()
    """Priors on the log-odds scale; a model may have its own."""
    sampling: Sampling = Sampling()
    """How Stan draws from prior and posterior; a model may have its own."""
    verdict: Verdict = Verdict()
    """What a fit must reach to be used in the decision."""
    comparison: Comparison = Comparison()
    """How models are compared."""
    decision: Decision = Decision()
    """What the report answers, and how sure it must be to say so."""


class Source(Block):
    """Where the contacts are."""

    path: str = Field(min_length=1)
    """A CSV file with a header, one row per contact; relative to the working folder."""
    missing: Literal["error", "drop"] = "error"
    """What to do with a contact that has no value in a column that is used: stop, or leave the
    contact out and count it in the ledger."""
    credit: str = ""
    """Whose data it is, for the report."""


class Outcome(Block):
    """The yes/no column."""

    column: str = Field(min_length=1)
    """Its name in the source."""
    success: str
    """The value that means yes."""
    failure: str
    """The value that means no; any third value is an error."""
    verb: str = "said yes"
    """What a success did, for sentences: `bought a season pass`."""
    noun: str = "successes"
    """What successes are called, for tables: `passes sold`."""

    @model_validator(mode="after")
    def _values_differ(self) -> Outcome:
        if self.success == self.failure:
            raise ValueError(f"failure: found {self.failure!r}, which is the success already")
        return self


class Factor(Block):
    """A column whose values are levels."""

    column: str = Field(min_length=1)
    """Its name in the source."""
    levels: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=2)]
    """In order; the first is the reference level. All must occur, and no other."""
    phrases: dict[str, str] = {}
    """How sentences call a level (`Bundle: the bundle`, `Mail: by mail`)."""

    @model_validator(mode="after")
    def _levels_differ(self) -> Factor:
        twice = next((v for i, v in enumerate(self.levels) if v in self.levels[:i]), None)
        if twice is not None:
            raise ValueError(f"levels: found {twice!r} twice, expected levels that differ")
        strange = next((level for level in self.phrases if level not in self.levels), None)
        if strange is not None:
            raise ValueError(
                f"phrases: found {strange!r}, expected one of {', '.join(self.levels)}"
            )
        return self


class Model(Block):
    """One model of an analysis."""

    formula: str = Field(min_length=1)
    """lme4/brms grammar: `promo * channel`, `0 + (1 + promo | channel)`."""
    about: str = ""
    """What the model assumes, in a sentence for the report."""
    intercept_prior_at: Literal["cells", "contacts", "reference"] = "cells"
    """As the analysis' own, for this model."""
    priors: Priors = Priors()
    """As the analysis' own, for this model."""
    sampling: Sampling = Sampling()
    """As the analysis' own, for this model."""


class Analysis(Defaults):
    """One data set, its models, and the question they answer."""

    title: str
    """The report's title."""
    question: str
    """What the analysis asks, in a sentence or two for the report's head."""
    source: Source
    """Where the contacts are."""
    outcome: Outcome
    """The yes/no column."""
    factors: Annotated[dict[Name, Factor], Field(min_length=1)]
    """By the name that formulas and the report use, in the order of the cells' columns."""
    treatment: Name
    """The factor whose levels are compared; its first level is what the others are held to."""
    within: Name
    """The factor inside whose levels the treatment is compared."""
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    """By name, in the order of the report."""

    @model_validator(mode="after")
    def _names_exist(self) -> Analysis:
        if taken := next((name for name in self.factors if name in COUNTS), None):
            raise ValueError(f"factors.{taken}: found a name that the cells' counts have already")
        for key in ("treatment", "within"):
            if getattr(self, key) not in self.factors:
                raise ValueError(
                    f"{key}: found {getattr(self, key)!r}, "
                    f"expected one of {', '.join(self.factors)}"
                )
        if self.treatment == self.within:
            raise ValueError(f"within: found {self.within!r}, which is the treatment already")
        if self.decision.model is not None and self.decision.model not in self.models:
            raise ValueError(
                f"decision.model: found {self.decision.model!r}, "
                f"expected one of {', '.join(self.models)}"
            )
        return self


class Settings(Block):
    """The whole configuration."""

    defaults: Defaults = Defaults()
    """What every analysis inherits and may override."""
    analyses: Annotated[dict[Name, Analysis], Field(min_length=1)]
    """By name; each gives `reports/<name>.html`."""

    @model_validator(mode="after")
    def _names_are_free(self) -> Settings:
        taken = next((name for name in self.analyses if name in RESERVED), None)
        if taken is not None:
            raise ValueError(
                f"analyses: found {taken!r}, expected a name other than {', '.join(RESERVED)}"
            )
        return self


def describe_labels(analysis: Analysis) -> dict[str, Any]:
    """The words of an analysis as plain data (`wording.phrases.Labels`)."""
    return {
        "factors": {name: list(factor.levels) for name, factor in analysis.factors.items()},
        "phrases": {name: factor.phrases for name, factor in analysis.factors.items()},
        "treatment": analysis.treatment,
        "within": analysis.within,
        "verb": analysis.outcome.verb,
        "noun": analysis.outcome.noun,
        "models": list(analysis.models),
        "interval": analysis.interval,
    }
