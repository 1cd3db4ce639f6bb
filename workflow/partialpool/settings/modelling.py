"""Settings of the models: priors, sampling, what a fit must reach, how models are compared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from partialpool.settings.blocks import Block, Name, Probability
from partialpool.settings.priors import PriorClass, class_of, parse_prior

Family = Literal["binomial", "beta_binomial"]
Link = Literal["logit", "probit", "cloglog"]
PriorPoint = Literal["cells", "contacts", "reference"]
Unit = Literal["contact", "cell", "group"]
Grouping = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*)*$")]
"""A factor, or several whose levels are combined, `region:store`."""


def _prior(of: PriorClass) -> AfterValidator:
    return AfterValidator(lambda text: str(parse_prior(text, of)))


class Priors(Block):
    """Priors on the scale of the link (log-odds, unless a model has another), by class."""

    intercept: Annotated[str, _prior("intercept")] = "student_t(3, 0, 2.5)"
    """Of the intercept, where `intercept_prior_at` says. The default lets rates be as rare as they
    are."""
    slope: Annotated[str, _prior("slope")] = "normal(0, 2.5)"
    """Of every population-level coefficient but the intercept; of one that depends on a number, for
    a change of one standard deviation over contacts, whatever the number's unit."""
    sd: Annotated[str, _prior("sd")] = "normal(0, 1)"
    """Of the standard deviations of group-level effects; the half above 0 of a normal, a Student t
    or a Cauchy. Of slopes of a number, for one standard deviation of it, too."""
    correlation: Annotated[str, _prior("correlation")] = "lkj(1)"
    """Of the correlation matrix of the effects of one term."""
    phi: Annotated[str, _prior("phi")] = "student_t(3, 0, 100)"
    """Of the precision of a beta-binomial model, the half above 0; the larger phi, the nearer
    to a binomial."""
    coefficients: dict[str, str] = Field({})
    """Of single ones, by name: `promo[Bundle]`, `sd_channel[Intercept]`, `cor_channel`; each on its
    own scale, that of a number as it is."""

    @model_validator(mode="after")
    def _coefficients_fit(self) -> Priors:
        for name, text in self.coefficients.items():
            try:
                parse_prior(text, class_of(name))
            except ValueError as error:
                raise ValueError(f"coefficients.{name}: {error}") from None
        return self


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
    """How group-level effects are sampled; `auto` is by what their own data tell of each."""
    repair: bool = True
    """Where transitions diverge or E-BFMI is low, try once more with the opposite centring, then
    with a higher `adapt_delta`; where only R-hat, effective sample sizes or Monte Carlo errors fall
    short of `verdict`, draw on (`longest`). The report shows every try."""
    longest: int = Field(8, ge=1, le=64)
    """A fit that only more draws can mend is sampled with twice the `draws`, and twice the `warmup`
    where R-hat falls short, again and again up to so many times as many; 1: never."""
    minutes: int = Field(240, ge=1)
    """A try that takes longer is ended. Of a fit with earlier tries the best is kept; otherwise
    its job fails, in a line."""


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
    mcse: float = Field(0.1, gt=0)
    """Largest Monte Carlo standard error of a mean must be below: of coefficients as they act on
    the link's scale over contacts, whatever the unit and origin of their numbers; of phi relative
    to it."""

    @property
    def limits_of_repairs(self) -> dict[str, float]:
        """What a fit must keep to, or it is sampled again."""
        return {"divergences": self.divergences, "ebfmi": self.ebfmi}


class Oracle(Block):
    """The second opinion on a posterior, by importance sampling without Stan."""

    dimensions: int = Field(30, ge=0)
    """Dimensions at most of a posterior that gets one; 0: none does."""
    draws: int = Field(8192, ge=1024)
    """Weighted points, brought down to a power of 2; fewer where there are many cells."""
    alarm: float = Field(0.001, gt=0, lt=0.5)
    """Probability of calling a right posterior wrong, over all parameters of a model."""


class Checks(Block):
    """What of the observed counts a model's predictions are held against."""

    margins: tuple[Name | tuple[Name, ...], ...] | None = None
    """Sets of factors over whose levels successes are summed: `[promo, [promo, channel]]`; none:
    each factor by itself."""


class Refits(Block):
    """Sampling of the refits that leave out what importance sampling cannot; many short ones."""

    warmup: int = Field(500, ge=100)
    """Warm-up iterations of each chain."""
    draws: int = Field(500, ge=100)
    """Draws kept from each chain."""
    units: int = Field(30, ge=0)
    """Cells at most, levels at most, and contacts that are not alike at most, that a model is
    refitted without; where importance sampling fails for more, the model has no elpd, and the
    report says so."""
    jobs: int = Field(2, ge=1, le=1000)
    """Jobs that a model's refits are dealt out to; results do not depend on how many."""


class Comparison(Block):
    """How models are compared."""

    unit: Unit = "contact"
    """What is left out and predicted where models are ranked for the decision: one contact, a
    whole cell, or a whole level of `group`. The report shows all three."""
    group: Grouping | None = None
    """The factor whose levels are left out whole, or several (`region:store`); none: `within`,
    else the grouping factor of the models' group-level terms."""
    pareto_k: Probability = 0.7
    """Importance sampling is trusted up to this Pareto k, or the one that so many draws allow
    (Vehtari et al. 2024), if that is smaller."""
    refits: Refits = Refits()
    """Sampling of the refits that leave out what importance sampling cannot."""


class Model(Block):
    """One model of an analysis."""

    formula: Annotated[str, Field(min_length=1)]
    """lme4/brms grammar: `promo * channel`, `0 + (1 + promo | channel)`."""
    about: str = ""
    """What the model assumes, in a sentence for the report."""
    family: Family = "binomial"
    """`beta_binomial` lets cells vary more than chance would, by a precision phi."""
    link: Link = "logit"
    """From rates to the scale on which effects add."""
    program: str | None = None
    """A Stan program of your own that takes the data of `stan/multilevel.stan` and names its
    parameters alike; relative to the working folder."""
    intercept_prior_at: PriorPoint = "contacts"
    """As the analysis' own, for this model."""
    priors: Priors = Priors()
    """As the analysis' own, for this model."""
    sampling: Sampling = Sampling()
    """As the analysis' own, for this model."""

    @property
    def specification(self) -> dict[str, str]:
        """Formula, family and link, as plain data."""
        return self.model_dump(include={"formula", "family", "link"})
