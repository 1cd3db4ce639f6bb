"""Sentences on how a model was sampled: its draws, its tries, and what ended them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.report.formats import decimals, integer
from partialpool.report.prose import fill
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, Attempt, is_sound

Attempts = Sequence[Attempt]
"""Every try of a fit, in turn."""
_NUMBERS = ("first", "second", "third")


def state_sampling(
    verdict: Mapping[str, Any], settings: Mapping[str, Any], attempts: Attempts
) -> str:
    """How the draws that are shown were made, and at what cost."""
    sampling, kept = settings["sampling"], _kept(attempts)
    return fill(
        "model/sampling",
        chains=f"{verdict['chains']}",
        draws=integer(verdict["draws"]),
        warmup=integer(sampling["warmup"]),
        adapt_delta=f"{kept.adapt_delta:g}",
        gradients=integer(verdict["gradients"]),
        per_draw=decimals(1)(verdict["gradients"] / verdict["draws"]),
    )


def state_repairs(
    attempts: Attempts, settings: Mapping[str, Any], verdict: Mapping[str, Any]
) -> str:
    """What was tried where transitions diverged or E-BFMI was low, and what ended it.

    Args:
        attempts: every try.
        settings: of the model.
        verdict: `diagnostics.judge`, for what it allows.
    """
    limits = {check["check"]: check["limit"] for check in verdict["checks"]}
    sound = is_sound(_kept(attempts), limits)
    if len(attempts) == 1:
        return _one_try(attempts[0], settings, sound)
    tries = [_try(number, attempt) for number, attempt in enumerate(attempts)]
    if sound:
        end = "That ended the repairs: its draws are the ones shown."
    else:
        which = _NUMBERS[list(attempts).index(_kept(attempts))]
        end = (
            f"**None of them mended it.** The draws shown are those of the {which} try, the best "
            "of them."
        )
    return f"The fit was repaired. {' '.join(tries)} {end}"


def _one_try(attempt: Attempt, settings: Mapping[str, Any], sound: bool) -> str:
    if sound:
        return "The first try was sound, so no repair was needed."
    why = "" if settings["sampling"]["repair"] else ", since `repair` is off"
    return f"The first try had {_trouble(attempt)}, and no other was made{why}."


def _try(number: int, attempt: Attempt) -> str:
    how = {
        AS_BUILT: "the parametrisation that the design chose",
        OPPOSITE: "the opposite parametrisation of the effects",
    }[attempt.centring]
    return (
        f"The {_NUMBERS[number]} try, with {how} and a target acceptance of "
        f"{attempt.adapt_delta:g}, had {_trouble(attempt)}."
    )


def _trouble(attempt: Attempt) -> str:
    count = attempt.divergences
    number = "no" if count == 0 else integer(count)
    return (
        f"{number} divergent transition{'s' * (count != 1)} and an E-BFMI of "
        f"{decimals(2)(attempt.ebfmi)}"
    )


def _kept(attempts: Attempts) -> Attempt:
    return next(attempt for attempt in attempts if attempt.kept)
