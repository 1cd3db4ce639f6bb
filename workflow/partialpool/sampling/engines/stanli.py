"""stanli: interprets Stan programs with no C++ toolchain, on CmdStan's random streams."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as package_version
from pathlib import Path
from types import FrameType

import numpy as np
import stanli

from partialpool.errors import OutOfTimeError
from partialpool.sampling.engines import STATISTICS, Draws, take_variables
from partialpool.sampling.engines.progress import report_every, reported
from partialpool.sampling.stan_data import StanData
from partialpool.seals import read_sealed
from partialpool.settings import Sampling

GRADIENTS, LONGEST_TIMING = 20, 0.5
"""How many gradients are timed, unless that takes longer in seconds."""


def version() -> str:
    """The engine's name and version."""
    return f"stanli {package_version('stanli')}"


def compile_program(program: Path, compiled: Path, folders: Sequence[Path] = ()) -> None:
    """Compile a Stan program to stanli's intermediate representation; see `engines.Engine`."""
    places = [program.parent, *folders]
    source = program.read_text(encoding="utf-8")
    compiled.write_text(stanli.stan_to_mir(source, include_paths=places), encoding="utf-8")


def sample(
    compiled: Path,
    data: StanData,
    sampling: Sampling,
    seed: int,
    threads: int,
    keep: Collection[str] | None = None,
) -> Draws:
    """Draw by NUTS; see `engines.Engine`."""
    model = stanli.Model(mir=read_sealed(compiled).decode("utf-8"), data=data.variables())
    with reported(), _in_time(sampling.minutes):
        fit = model.sample(
            chains=sampling.chains,
            seed=seed,
            warmup=sampling.warmup,
            samples=sampling.draws,
            delta=sampling.adapt_delta,
            max_depth=sampling.max_treedepth,
            parallel_chains=threads,
            refresh=report_every(sampling.warmup + sampling.draws),
        )
    columns = dict(zip(stanli.SAMPLER_COLUMNS, np.moveaxis(fit.sampler_stats, -1, 0), strict=True))
    statistics = {name: columns[f"{name}__"] for name in STATISTICS}
    variables, elements = take_variables(fit.draws(), fit.keys(), keep)
    return Draws(variables, statistics, elements)


def time_gradient(compiled: Path, data: StanData) -> float:
    """Seconds of one gradient at 0; see `engines.Engine`."""
    model = stanli.Model(mir=compiled.read_text(encoding="utf-8"), data=data.variables())
    point = np.zeros(model.n_unconstrained)
    model.log_prob_grad(point)  # the first one makes what the others use
    begun, done, seconds = time.perf_counter(), 0, 0.0
    while done < GRADIENTS and seconds < LONGEST_TIMING:
        model.log_prob_grad(point)
        done, seconds = done + 1, time.perf_counter() - begun
    return seconds / done


@contextmanager
def _in_time(minutes: float) -> Iterator[None]:
    """End what takes longer, by the door that the engine has for Ctrl-C: it asks between draws.

    As that does, it works where the main thread is what samples.
    """
    ended = threading.Event()

    def end() -> None:
        ended.set()
        _thread.interrupt_main()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if ended.is_set():
            signal.default_int_handler(number, frame)

    timer = threading.Timer(60 * minutes, end)
    timer.daemon = True
    before = signal.getsignal(signal.SIGINT)
    deaf = before is signal.SIG_IGN and threading.current_thread() is threading.main_thread()
    if deaf:  # as in the background of a shell, where the door would stay shut
        signal.signal(signal.SIGINT, interrupt)
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if not ended.is_set():
            raise
        raise OutOfTimeError(minutes) from None
    finally:
        timer.cancel()
        if deaf:
            signal.signal(signal.SIGINT, before)
