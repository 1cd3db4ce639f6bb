"""Settings as plain data, which is what rules pass on to jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from partialpool.settings import Analysis, Factor, Number, Outcome, Source

WORDS = {"verb", "noun", "contact", "good"}
"""Keys of the outcome that make no cells."""


class Request(NamedTuple):
    """What the cells of an analysis are made of."""

    source: Source
    factors: dict[str, Factor]
    numbers: dict[str, Number]
    outcome: Outcome
    treatment: str | None
    """The factor under whose levels ids are counted; none where there are no ids."""


def read_request(described: Mapping[str, Any]) -> Request:
    """What `describe_request` made plain data of."""
    return Request(
        Source(**described["source"]),
        {name: Factor(**factor) for name, factor in described["factors"].items()},
        {name: Number(**number) for name, number in described["numbers"].items()},
        Outcome(**described["outcome"]),
        described["treatment"],
    )


def describe_request(analysis: Analysis) -> dict[str, Any]:
    """What the cells of an analysis are made of, as plain data: nothing that only words use."""
    return {
        "source": analysis.source.model_dump(mode="json", exclude={"credit"}),
        "factors": {
            name: factor.model_dump(mode="json", exclude={"phrases"})
            for name, factor in analysis.factors.items()
        },
        "numbers": {n: number.model_dump(mode="json") for n, number in analysis.numbers.items()},
        "outcome": analysis.outcome.model_dump(mode="json", exclude=WORDS),
        "treatment": None if analysis.source.id is None else analysis.arms,
    }


def describe_labels(analysis: Analysis) -> dict[str, Any]:
    """The words of an analysis as plain data; its levels stand with the cells."""
    return {
        "phrases": {name: factor.phrases for name, factor in analysis.factors.items()},
        "treatment": analysis.arms,
        "within": analysis.compared["within"],
        "treatment_is": "level" if analysis.ranked else analysis.treatment_is,
        "along": analysis.treatment_is if analysis.along else None,
        "apart": analysis.asked["apart"],
        "good": analysis.outcome.good,
        "verb": analysis.outcome.verb,
        "noun": analysis.outcome.noun,
        "contact": analysis.outcome.contact.one,
        "contacts": analysis.outcome.contact.many,
        "models": list(analysis.models),
        "interval": analysis.interval,
        "numbers": list(analysis.numbers),
        "links": {name: model.link for name, model in analysis.models.items()},
        "families": {name: model.family for name, model in analysis.models.items()},
    }


def describe_assessment(analysis: Analysis, name: str) -> dict[str, Any]:
    """What is asked of one fitted model, as plain data (`assessment.Assessment`)."""
    model = analysis.models[name]
    return {
        "interval": analysis.interval,
        "verdict": analysis.verdict.model_dump(),
        "max_treedepth": model.sampling.max_treedepth,
        "oracle": analysis.oracle.model_dump(),
        "own_program": model.program is not None,
        "margins": analysis.margins,
        **{key: of for key, of in analysis.compared.items() if key != "good"},
        "own": analysis.ranked and analysis.over == "own",
        "strata": analysis.strata,
        "future_contacts": analysis.decision.future_contacts,
    }


def describe_pooling(analysis: Analysis) -> dict[str, Any]:
    """How lifts that stand alone are pooled, as plain data (`effects.pool_effects`)."""
    return {
        "variables": analysis.variables,
        "question": analysis.compared,
        "probability": analysis.decision.probability,
        "interval": analysis.interval,
        "seed": analysis.seed,
    }
