"""Sentences on how a model was sampled: its draws, its tries, and what ended them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.report.formats import decimals, integer
from partialpool.report.prose import fill
from partialpool.report.text import listed
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, Attempt, is_sound

Attempts = Sequence[Attempt]
"""Every try of a fit, in turn."""
_NUMBERS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth"),
)
_LACKING = {
    "rhat": "R-hat",
    "ess_bulk": "bulk effective sample size",
    "ess_tail": "tail effective sample size",
    "mcse": "Monte Carlo error",
}


def state_sampling(verdict: Mapping[str, Any], attempts: Attempts) -> str:
    """How the draws that are shown were made, and at what cost."""
    kept = _kept(attempts)
    return fill(
        "model/sampling",
        chains=f"{verdict['chains']}",
        draws=integer(verdict["draws"]),
        warmup=integer(kept.warmup),
        adapt_delta=f"{kept.adapt_delta:g}",
        gradients=integer(verdict["gradients"]),
        per_draw=decimals(1)(verdict["gradients"] / verdict["draws"]),
    )


def state_repairs(
    attempts: Attempts, settings: Mapping[str, Any], verdict: Mapping[str, Any]
) -> str:
    """What was tried where a first try was not enough, and what ended it.

    Args:
        attempts: every try.
        settings: of the model.
        verdict: `diagnostics.judge`, for what it allows.
    """
    limits = {check["check"]: check["limit"] for check in verdict["checks"]}
    kept, sampling = _kept(attempts), settings["sampling"]
    sound = is_sound(kept, limits)
    if len(attempts) == 1:
        return _one_try(kept, sampling, sound)
    tries = [_try(number, attempt, attempts[0]) for number, attempt in enumerate(attempts)]
    what = "repaired" if any(not is_sound(tried, limits) for tried in attempts) else "drawn on"
    which = _NUMBERS[list(attempts).index(kept)]
    return f"The fit was {what}. {' '.join(tries)} {_end(kept, sampling, sound, which)}"


def _end(kept: Attempt, sampling: Mapping[str, Any], sound: bool, which: str) -> str:
    if sound and not kept.lacking:
        return "That ended the repairs: its draws are the ones shown."
    if sound:
        return (
            "**More draws were not enough.** The draws shown are those of the "
            f"{which} try; {sampling['longest']} times the configured draws are the limit "
            "(`sampling.longest`)."
        )
    return (
        f"**None of them mended it.** The draws shown are those of the {which} try, the best of "
        "them."
    )


def _one_try(attempt: Attempt, sampling: Mapping[str, Any], sound: bool) -> str:
    if sound and not attempt.lacking:
        return "The first try was sound, so no repair was needed."
    if not sampling["repair"]:
        why = ", since `repair` is off"
    else:
        why = ", since `longest` is 1" if attempt.lacking else ""
    return f"The first try had {_trouble(attempt)}, and no other was made{why}."


def _try(number: int, attempt: Attempt, first: Attempt) -> str:
    how = {
        AS_BUILT: "the parametrisation that the design chose",
        OPPOSITE: "the opposite parametrisation of the effects",
    }[attempt.centring]
    tried = (
        f"The {_NUMBERS[number]} try, with {how} and a target acceptance of "
        f"{attempt.adapt_delta:g}{_length(attempt, first)},"
    )
    if not attempt.finished:
        return f"{tried} took longer than `sampling.minutes` allows."
    return f"{tried} had {_trouble(attempt)}."


def _length(attempt: Attempt, first: Attempt) -> str:
    """How long a try was that was longer than the first."""
    if attempt.draws == first.draws:
        return ""
    return (
        f", {integer(attempt.warmup)} warm-up iterations and {integer(attempt.draws)} draws of "
        "each chain"
    )


def _trouble(attempt: Attempt) -> str:
    count = attempt.divergences
    number = "no" if count == 0 else integer(count)
    found = (
        f"{number} divergent transition{'s' * (count != 1)} and an E-BFMI of "
        f"{decimals(2)(attempt.ebfmi)}"
    )
    if not attempt.lacking:
        return found
    return f"{found}, but its {listed([_LACKING[check] for check in attempt.lacking])} fell short"


def _kept(attempts: Attempts) -> Attempt:
    return next(attempt for attempt in attempts if attempt.kept)
