"""A compiled program ready to be sampled, each purpose from a random stream of its own.

How long a fit will take is told before it starts, where that is long.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pandas as pd

from partialpool.model.parameters import OTHER, of_kind
from partialpool.sampling.assembly import prior_only
from partialpool.sampling.engines import Draws, EngineName, load_engine
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Sampling

KEPT = ("population", "sd", "correlation", "effect", "phi", "log_prior")
"""The variables of a program that draws are labelled from (`draws.label_draws`), beside its own."""


FEW, MANY = 7, 31
"""Gradients of an iteration: what tree depths of 3 and 5 take, between which most fits are."""
LONG = 5.0
"""Minutes from which on it is told, if it takes many."""
HOUSE = "multilevel"
"""The stem of the house's own program, for which the engines were compared."""
CELLS = 1000
"""From so many cells on stanli's gradients of it took half to two thirds of the time of CmdStan's,
of 20 cells as long (CPU seconds, 20 to 50,000 cells, 1 to 3 terms, both families)."""

log = logging.getLogger("partialpool")


class Sampler(Protocol):
    """Draws from a program's distribution, given names of the purpose for the seed."""

    def __call__(self, data: StanData, sampling: Sampling, *purpose: str) -> Draws:
        """Draw once."""


def make_sampler(
    engine: EngineName,
    program: str | Path,
    threads: int,
    seed: Callable[..., int],
    names: pd.DataFrame | None = None,
) -> Sampler:
    """How a compiled program is sampled.

    Args:
        engine: that the program is compiled for.
        program: the compiled program.
        threads: chains that run at once.
        seed: of a random stream, from the names of its purpose; empty ones are left out.
        names: of the model's parameters (`parameters.name_parameters`), so that only what these
            are read from is kept; without them it is all that the program has.
    """
    keep = None if names is None else {*KEPT, *of_kind(names, OTHER)}

    def sample(data: StanData, sampling: Sampling, *purpose: str) -> Draws:
        stream = seed(*filter(None, purpose))
        return load_engine(engine).sample(Path(program), data, sampling, stream, threads, keep)

    return sample


def sample_prior(data: StanData, sampling: Sampling, sample: Sampler) -> Draws:
    """Draws from a model's prior: the same program with its likelihood left out."""
    return sample(prior_only(data), sampling.model_copy(update={"draws": sampling.prior_draws}))


def tell_duration(
    engine: EngineName, program: str | Path, threads: int, data: StanData, sampling: Sampling
) -> tuple[float, float]:
    """Log what is about to sample, and how long that will take, where it is long.

    Args:
        engine: that the program is compiled for.
        program: the compiled program.
        threads: chains that run at once.
        data: of the program.
        sampling: as configured.

    Returns:
        Minutes that the fit takes with few and with many gradients an iteration.
    """
    log.info("%d chains, %s", sampling.chains, load_engine(engine).version())
    try:
        seconds = load_engine(engine).time_gradient(Path(program), data)
    except RuntimeError:  # what both engines raise; the fit itself will say why
        seconds = 0.0
    turns = -(-sampling.chains // min(threads, sampling.chains))
    iterations = turns * (sampling.warmup + sampling.draws)
    least, most = (seconds * iterations * gradients / 60 for gradients in (FEW, MANY))
    if most >= LONG:
        times = map(say_time, (seconds, 60 * least, 60 * most))
        log.info("a gradient takes %s, so that the fit may take %s to %s", *times)
        if least > sampling.minutes:
            log.info("sampling.minutes: %g will end it before", sampling.minutes)
        if hint := _hint(engine, Path(program).stem, data.cells):
            log.info("%s", hint)
    return least, most


def say_time(seconds: float) -> str:
    """A time in the unit that suits it, to two digits."""
    units = {"days": 86400, "hours": 3600, "min": 60, "s": 1, "ms": 1e-3}
    unit = next((name for name, size in units.items() if seconds >= 2 * size), "us")
    return f"{float(f'{seconds / units.get(unit, 1e-6):.2g}'):g} {unit}"


def _hint(engine: EngineName, program: str, cells: int) -> str:
    """What is known of the other engine, where it would be faster."""
    if engine == "cmdstan" and program == HOUSE and cells >= CELLS:
        return "sampling.engine: stanli took about half as long where both were timed"
    if engine == "stanli" and program != HOUSE:
        return "sampling.engine: cmdstan is faster for a program that loops over elements"
    return ""
