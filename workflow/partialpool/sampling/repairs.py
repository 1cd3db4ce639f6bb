"""Sampling again where the sampler itself says that it missed a part of the posterior.

Divergent transitions and a low E-BFMI tell of regions that the sampler cannot enter
(Betancourt 2017, section 6), which more draws do not mend. What may: the other
parametrisation of group-level effects, then smaller steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from partialpool.sampling.centring import fix_centring
from partialpool.sampling.engines import Draws
from partialpool.sampling.health import examine_sampler
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Sampling

SMALLER_STEPS = 0.1
"""What a higher `adapt_delta` leaves of its distance from 1."""
HIGHEST_DELTA = 0.999
AS_BUILT, OPPOSITE = "as built", "opposite"

Sample = Callable[[StanData, Sampling, str], Draws]
"""Draws from the posterior of Stan data, given a name for the seed."""


@dataclass(frozen=True)
class Attempt:
    """One try: how it sampled, and what its sampler said."""

    centring: str
    """`AS_BUILT`, as the design has it, or `OPPOSITE`."""
    adapt_delta: float
    divergences: int
    ebfmi: float
    """The smallest of any chain."""
    gradients: int
    kept: bool = False

    def __str__(self) -> str:
        """What the log says of it."""
        found = f"{self.divergences} divergent transitions, E-BFMI {self.ebfmi:.2f}"
        return f"{found}, {self.gradients} gradients"


def sample_with_repairs(
    data: StanData, sampling: Sampling, limits: Mapping[str, float], sample: Sample
) -> tuple[Draws, list[Attempt]]:
    """Draws from the posterior, sampled again in other ways where need be.

    Args:
        data: of the Stan program.
        sampling: as configured; without `repair` there is one try.
        limits: `divergences` and `ebfmi` that a try must keep to, as in the verdict.
        sample: runs the engine.

    Returns:
        The draws of the first try that keeps to the limits, else of the one with the fewest
        divergent transitions; and every try in turn, one of them `kept`.
    """
    found: list[Draws] = []
    attempts: list[Attempt] = []
    for number, (centring, delta) in enumerate(_ladder(data, sampling, attempts)):
        chosen = _opposite(data) if centring == OPPOSITE else data
        settings = sampling.model_copy(update={"adapt_delta": delta})
        draws = sample(chosen, settings, f"repair {number}" if number else "")
        found.append(draws)
        attempts.append(_describe(draws, centring, settings))
        if is_sound(attempts[-1], limits):
            break
    best = min(range(len(attempts)), key=lambda i: _badness(attempts[i], limits))
    kept = [replace(attempt, kept=i == best) for i, attempt in enumerate(attempts)]
    return found[best], kept


def is_sound(attempt: Attempt, limits: Mapping[str, float]) -> bool:
    """Whether a try keeps to the limits on divergent transitions and E-BFMI."""
    return attempt.divergences <= limits["divergences"] and attempt.ebfmi > limits["ebfmi"]


def higher_delta(adapt_delta: float) -> float:
    """A target acceptance that takes clearly smaller steps: .8 becomes .98, .95 .995."""
    return round(min(1 - SMALLER_STEPS * (1 - adapt_delta), HIGHEST_DELTA), 6)


def _ladder(
    data: StanData, sampling: Sampling, attempts: Sequence[Attempt]
) -> Iterator[tuple[str, float]]:
    """Centring and `adapt_delta` of each try; the last takes what went best before it."""
    yield AS_BUILT, sampling.adapt_delta
    if not sampling.repair:
        return
    if data.terms:
        yield OPPOSITE, sampling.adapt_delta
    if sampling.adapt_delta < HIGHEST_DELTA:
        best = min(attempts, key=lambda attempt: (attempt.divergences, -attempt.ebfmi))
        yield best.centring, higher_delta(sampling.adapt_delta)


def _opposite(data: StanData) -> StanData:
    """Every effect non-centred where its data tell more than half of it, else centred."""
    return fix_centring(data, [term.geometry.centring <= 0.5 for term in data.terms])


def _describe(draws: Draws, centring: str, settings: Sampling) -> Attempt:
    health = examine_sampler(draws.statistics, settings.max_treedepth)
    found = health.divergences, health.ebfmi, health.gradients
    return Attempt(centring, settings.adapt_delta, *found)


def _badness(attempt: Attempt, limits: Mapping[str, float]) -> tuple[bool, int, float]:
    return not is_sound(attempt, limits), attempt.divergences, -attempt.ebfmi
