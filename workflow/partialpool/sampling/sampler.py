"""A compiled program ready to be sampled, each purpose from a random stream of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from partialpool.sampling.assembly import prior_only
from partialpool.sampling.engines import Draws, EngineName, load_engine
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Sampling


class Sampler(Protocol):
    """Draws from a program's distribution, given names of the purpose for the seed."""

    def __call__(self, data: StanData, sampling: Sampling, *purpose: str) -> Draws:
        """Draw once."""


def make_sampler(
    engine: EngineName, program: str | Path, threads: int, seed: Callable[..., int]
) -> Sampler:
    """How a compiled program is sampled.

    Args:
        engine: that the program is compiled for.
        program: the compiled program.
        threads: chains that run at once.
        seed: of a random stream, from the names of its purpose; empty ones are left out.
    """

    def sample(data: StanData, sampling: Sampling, *purpose: str) -> Draws:
        stream = seed(*filter(None, purpose))
        return load_engine(engine).sample(Path(program), data, sampling, stream, threads)

    return sample


def sample_prior(data: StanData, sampling: Sampling, sample: Sampler) -> Draws:
    """Draws from a model's prior: the same program with its likelihood left out."""
    return sample(prior_only(data), sampling.model_copy(update={"draws": sampling.prior_draws}))
