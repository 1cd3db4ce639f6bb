"""Every choice of an analysis as frozen settings; unknown keys and bad values are errors."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from partialpool.settings.blocks import Block, Label, Name, NewLabel, Probability
from partialpool.settings.calibration import Calibration, Recovery
from partialpool.settings.data import Factor, Number, Outcome, Source
from partialpool.settings.decision import Decision
from partialpool.settings.defaults import Defaults
from partialpool.settings.modelling import (
    Checks,
    Comparison,
    Link,
    Model,
    Oracle,
    PriorPoint,
    Priors,
    Refits,
    Sampling,
    Unit,
    Verdict,
)
from partialpool.settings.plan import Plan
from partialpool.settings.prediction import Predict
from partialpool.settings.question import check_question

__all__ = [
    "Analysis",
    "Calibration",
    "Checks",
    "Comparison",
    "Decision",
    "Defaults",
    "Factor",
    "Link",
    "Model",
    "Number",
    "Oracle",
    "Outcome",
    "Plan",
    "Predict",
    "PriorPoint",
    "Priors",
    "Probability",
    "Recovery",
    "Refits",
    "Sampling",
    "Settings",
    "Source",
    "Unit",
    "Verdict",
]
COUNTS = ("successes", "trials")
"""Columns that the cells have beside the factors."""
TOTALS = "_totals"
"""How names of tables of totals end."""
RESERVED = ("benchmarks", "index", "logs", "plans", "programs")
"""Folders of `results/`, and the page that lists the reports."""


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
    numbers: dict[Name, Number] = Field({})
    """Columns of numbers, by the name that formulas use."""
    treatment: Name | None = None
    """The factor whose levels are compared; its first level is what the others are held to. A
    number (a dose, a price): how the rate runs along it is told. None: the levels of `within` are
    ranked, and held to their mean."""
    treatment_is: Literal["offer", "trait"] = "offer"
    """`offer`: something given to contacts, of which the report says where it helps; `trait`:
    something that they are, whose `phrases` name them (`women`), and which is compared only."""
    within: Name | None = None
    """The factor inside whose levels the treatment is compared; none: all contacts together.
    Without a treatment, the factor whose levels are ranked; of a number, the factor each of whose
    levels has a curve of its own."""
    rates_over: Literal["own", "all"] = "own"
    """Without a treatment: whose contacts the rate of a level is taken over. `own`: those that it
    had; `all`: everybody's, as if each level had met the same contacts."""
    between: Name | None = None
    """The factor between whose levels the change of the lift is told, as between periods: a
    difference in differences, from the factor's first level; none: no change is told."""
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    """By name, in the order of the report."""
    checks: Checks = Checks()
    """What models are held against beside the cells."""
    predict: dict[Name, Predict] = Field({})
    """New data by name; `snakemake predict` writes `results/<analysis>/predict/<name>.csv` and
    `<name>_totals.csv`."""

    @property
    def variables(self) -> list[str]:
        """What formulas may name: factors, then numbers."""
        return [*self.factors, *self.numbers]

    @property
    def margins(self) -> list[list[str]]:
        """The sets of factors whose levels are checked together."""
        asked = self.checks.margins
        found = self.factors if asked is None else asked
        return [[of] if isinstance(of, str) else list(of) for of in found]

    @property
    def along(self) -> bool:
        """Whether the treatment is a number, along which the rate is told."""
        return self.treatment in self.numbers

    @property
    def ranked(self) -> bool:
        """Whether there is no level that others are held to."""
        return self.treatment is None or self.along

    @property
    def arms(self) -> str:
        """The factor whose levels are compared or ranked, or the number."""
        return str(self.within if self.treatment is None else self.treatment)

    @property
    def over(self) -> Literal["own", "all", "mix"]:
        """Whose contacts the rates of ranked levels are taken over."""
        over_all = "all" if self.along else self.rates_over
        return over_all if self.decision.mix is None else "mix"

    @property
    def compared(self) -> dict[str, Any]:
        """Which factor's levels are compared, inside which other's, and to what (`Question`)."""
        within = None if self.ranked else self.within
        asked = {"treatment": self.arms, "within": within, "ranked": self.ranked}
        return asked | {"along": self.along, "good": self.outcome.good}

    @property
    def asked(self) -> dict[str, Any]:
        """The whole question: besides, between which levels that changes, which have curves."""
        apart = self.within if self.along else None
        return {**self.compared, "between": self.between, "apart": apart}

    @property
    def strata(self) -> list[str]:
        """The factors whose levels the answer tells apart: of places, changes, values and costs."""
        named = [*filter(None, [self.within, self.between]), *self.decision.factors_of_amounts]
        return [name for name in dict.fromkeys(named) if name != self.arms]

    @property
    def common_link(self) -> Link:
        """The link that the models share, else the usual one."""
        links = {model.link for model in self.models.values()}
        return links.pop() if len(links) == 1 else "logit"

    @model_validator(mode="after")
    def _names_are_free(self) -> Analysis:
        for kind in ("factors", "numbers"):
            if taken := next((name for name in getattr(self, kind) if name in COUNTS), None):
                raise ValueError(
                    f"{kind}.{taken}: found a name that the cells' counts have already"
                )
        if taken := next((name for name in self.predict if name.endswith(TOTALS)), None):
            raise ValueError(
                f"predict.{taken}: found a name that ends in {TOTALS}, as tables of totals do; "
                "give it another"
            )
        if twice := next((name for name in self.numbers if name in self.factors), None):
            raise ValueError(f"numbers.{twice}: found a name that a factor has already")
        return self

    @model_validator(mode="after")
    def _rows_are_contacts(self) -> Analysis:
        if self.source.id is not None and self.outcome.is_counted:
            raise ValueError(
                f"source.id: found {self.source.id!r} beside outcome.successes, whose rows are "
                "many contacts already; leave it out"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Analysis:
        named = {key: getattr(self, key) for key in ("treatment", "within", "between")}
        check_question(named, self.factors, self.numbers, self.decision, self.source.id)
        for key, other in combinations(("between", "within", "treatment"), 2):
            name = getattr(self, key)
            if name is not None and name == getattr(self, other):
                which = "the treatment" if other == "treatment" else other
                raise ValueError(f"{key}: found {name!r}, which is {which} already")
        for margin in self.margins:
            wrong = next((n for n in margin if n not in self.factors), None)
            if wrong is not None or not margin or len(set(margin)) < len(margin):
                raise ValueError(
                    f"checks.margins: found {wrong or margin!r}, expected different ones of "
                    f"{', '.join(self.factors)}"
                )
        if self.decision.split is not None and self.treatment_is == "trait":
            raise ValueError(
                "decision.split: found one for a trait, which nobody assigns; leave it out, or "
                "say treatment_is: offer"
            )
        self.decision.check_levels(self.arms, {n: f.levels for n, f in self.factors.items()})
        named = {f"predict.{name}.model": new.model for name, new in self.predict.items()}
        for key, name in {"decision.model": self.decision.model, **named}.items():
            if name is not None and name not in self.models:
                raise ValueError(f"{key}: found {name!r}, expected one of {', '.join(self.models)}")
        return self


class Settings(Block):
    """The whole configuration."""

    defaults: Defaults = Defaults()
    """What every analysis inherits and may override."""
    analyses: dict[Name, Analysis] = Field({})
    """By name; each gives `reports/<name>.html`."""
    plans: dict[Name, Plan] = Field({})
    """Experiments before there are data, by name; `snakemake plan` writes
    `reports/plan/<name>.html`."""

    label: NewLabel | None = None
    """What `snakemake keep` calls the run, as `--config label=2026-11`."""
    since: Label | None = None
    """The kept run that a report is held to, by its label, or `last` for the newest: what changed
    since is told in the report and, by `snakemake compare`, on a page of its own."""

    @model_validator(mode="after")
    def _names_are_free(self) -> Settings:
        taken = next((name for name in self.analyses if name in RESERVED), None)
        if taken is not None:
            raise ValueError(
                f"analyses: found {taken!r}, expected a name other than {', '.join(RESERVED)}"
            )
        return self

    @model_validator(mode="after")
    def _there_is_something(self) -> Settings:
        if not self.analyses and not self.plans:
            raise ValueError("analyses: found none, expected at least one, or one of `plans`")
        return self
