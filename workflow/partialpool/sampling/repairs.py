"""Sampling again where a first try is not enough.

Divergent transitions and a low E-BFMI tell of regions that the sampler cannot enter
(Betancourt 2017, section 6), which more draws do not mend. What may: the other
parametrisation of group-level effects, then smaller steps. Where a sampler met no such trouble
and only R-hat, effective sample sizes or Monte Carlo errors fall short, more draws do mend it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from partialpool.errors import OutOfTimeError
from partialpool.sampling.centring import fix_centring
from partialpool.sampling.engines import Draws
from partialpool.sampling.health import examine_sampler
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Sampling

log = logging.getLogger("partialpool")

SMALLER_STEPS = 0.1
"""What a higher `adapt_delta` leaves of its distance from 1."""
HIGHEST_DELTA = 0.999
TIMES_SMALLER = 2
"""Tries with ever smaller steps at most."""
AS_BUILT, OPPOSITE = "as built", "opposite"

Sample = Callable[[StanData, Sampling, str], Draws]
"""Draws from the posterior of Stan data, given a name for the seed."""
Lacking = Callable[[Draws], Sequence[str]]
"""The checks that draws fall short of and more may pass (`shortfalls.find_shortfalls`)."""


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
    warmup: int = 0
    """Iterations of each chain."""
    draws: int = 0
    """Of each chain."""
    depth_hits: int = 0
    """Transitions that ran into the largest tree depth."""
    lacking: Sequence[str] = ()
    """Of a try whose sampler was well: the checks that more draws may pass."""
    finished: bool = True
    """Whether it ended within `sampling.minutes`; one that did not has no draws."""

    def __str__(self) -> str:
        """What the log says of it."""
        found = f"{self.divergences} divergent transitions, E-BFMI {self.ebfmi:.2f}"
        return f"{found}, {self.gradients} gradients"


def sample_with_repairs(
    data: StanData,
    sampling: Sampling,
    limits: Mapping[str, float],
    sample: Sample,
    lacking: Lacking | None = None,
) -> tuple[Draws, list[Attempt]]:
    """Draws from the posterior, sampled again in other ways where need be, then for longer.

    Args:
        data: of the Stan program.
        sampling: as configured; without `repair` there is one try.
        limits: `divergences`, `ebfmi` and, to draw on, `treedepth_hits`, as in the verdict.
        sample: runs the engine.
        lacking: which checks draws fall short of; without it none are drawn on.

    Returns:
        The draws of the first try that keeps to the limits and lacks nothing, else of the longest
        one that keeps to them, else of the one with the fewest divergent transitions; and every
        try in turn, one of them `kept`.

    Raises:
        OutOfTimeError: the first try was ended by `sampling.minutes`.
    """
    attempts: list[Attempt] = []
    kept, best = -1, None
    for centring, settings, purpose in _plan(data, sampling, limits, attempts):
        if purpose:
            log.info("%s, after %s", purpose, attempts[-1])
        try:
            draws = sample(_opposite(data) if centring == OPPOSITE else data, settings, purpose)
        except OutOfTimeError:
            if best is None:
                raise
            attempts.append(_out_of_time(centring, settings))
            break
        attempts.append(_describe(draws, centring, settings, limits, lacking))
        if best is None or _badness(attempts[-1], limits) < _badness(attempts[kept], limits):
            kept, best = len(attempts) - 1, draws
    assert best is not None, "the first try gave draws or an error"
    return best, [replace(attempt, kept=i == kept) for i, attempt in enumerate(attempts)]


def is_sound(attempt: Attempt, limits: Mapping[str, float]) -> bool:
    """Whether a try keeps to the limits on divergent transitions and E-BFMI."""
    return attempt.divergences <= limits["divergences"] and attempt.ebfmi > limits["ebfmi"]


def higher_delta(adapt_delta: float) -> float:
    """A target acceptance that takes clearly smaller steps: .8 becomes .98, .95 .995."""
    return round(min(1 - SMALLER_STEPS * (1 - adapt_delta), HIGHEST_DELTA), 6)


def _plan(
    data: StanData, sampling: Sampling, limits: Mapping[str, float], attempts: Sequence[Attempt]
) -> Iterator[tuple[str, Sampling, str]]:
    """Centring, settings and the seed's name of each try, from what came of those before it."""
    for number, (centring, delta) in enumerate(_ladder(data, sampling, attempts)):
        settings = sampling.model_copy(update={"adapt_delta": delta})
        yield centring, settings, f"repair {number}" if number else ""
        if is_sound(attempts[-1], limits):
            break
    number, longest = 0, sampling.longest * sampling.draws if sampling.repair else 0
    while attempts[-1].lacking or (number and not is_sound(attempts[-1], limits)):
        longer = _lengthen(attempts[-1], settings, limits)
        if longer is None or longer.draws > longest:
            return
        number, settings = number + 1, longer
        yield centring, settings, f"draw on {number}"


def _ladder(
    data: StanData, sampling: Sampling, attempts: Sequence[Attempt]
) -> Iterator[tuple[str, float]]:
    """Centring and `adapt_delta` of each try; smaller steps take what went best before them."""
    yield AS_BUILT, sampling.adapt_delta
    if not sampling.repair:
        return
    if data.terms:
        yield OPPOSITE, sampling.adapt_delta
    delta = sampling.adapt_delta
    for _ in range(TIMES_SMALLER):
        if delta < HIGHEST_DELTA:
            best = min(attempts, key=lambda attempt: (attempt.divergences, -attempt.ebfmi))
            delta = higher_delta(delta)
            yield best.centring, delta


def _lengthen(last: Attempt, settings: Sampling, limits: Mapping[str, float]) -> Sampling | None:
    """Twice as long, or after a longer run that met trouble as long in smaller steps."""
    if is_sound(last, limits):
        warmup = settings.warmup * (2 if "rhat" in last.lacking else 1)
        return settings.model_copy(update={"draws": 2 * settings.draws, "warmup": warmup})
    if settings.adapt_delta >= HIGHEST_DELTA:
        return None
    return settings.model_copy(update={"adapt_delta": higher_delta(settings.adapt_delta)})


def _opposite(data: StanData) -> StanData:
    """Every effect non-centred where its data tell more than half of it, else centred."""
    return fix_centring(data, [term.geometry.centring <= 0.5 for term in data.terms])


def _describe(
    draws: Draws,
    centring: str,
    settings: Sampling,
    limits: Mapping[str, float],
    lacking: Lacking | None,
) -> Attempt:
    health = examine_sampler(draws.statistics, settings.max_treedepth)
    found = Attempt(
        centring,
        settings.adapt_delta,
        health.divergences,
        health.ebfmi,
        health.gradients,
        warmup=settings.warmup,
        draws=settings.draws,
        depth_hits=health.depth_hits,
    )
    well = is_sound(found, limits) and found.depth_hits <= limits.get("treedepth_hits", 0)
    return replace(found, lacking=tuple(lacking(draws))) if well and lacking else found


def _out_of_time(centring: str, settings: Sampling) -> Attempt:
    nothing = Attempt(centring, settings.adapt_delta, 0, 0.0, 0, finished=False)
    return replace(nothing, warmup=settings.warmup, draws=settings.draws)


def _badness(attempt: Attempt, limits: Mapping[str, float]) -> tuple[bool, bool, int, int, float]:
    unsound, short = not is_sound(attempt, limits), bool(attempt.lacking)
    return unsound, short, attempt.divergences, -attempt.draws, -attempt.ebfmi
