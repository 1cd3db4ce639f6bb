"""CmdStan through CmdStanPy: compiled programs, and the reference for the other engine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cmdstanpy
import numpy as np

from partialpool.errors import OutOfTimeError
from partialpool.lifetime import tie
from partialpool.sampling.engines import STATISTICS, Draws, find_cmdstan, take_variables
from partialpool.sampling.engines.progress import report_every, reported
from partialpool.sampling.stan_data import StanData, write_stan_data
from partialpool.seals import check_seal
from partialpool.settings import Sampling

SIGNIFICANT_DIGITS = 16
TIMED, SMALL = 5, 1e-6
"""How many transitions are timed, and their step size."""


def version() -> str:
    """The engine's name and version; the name alone where it is broken, as compiling will say."""
    try:
        _use_cmdstan()
    except ValueError:
        return "CmdStan"
    major, minor = cmdstanpy.cmdstan_version() or (0, 0)
    return f"CmdStan {major}.{minor}"


def compile_program(program: Path, compiled: Path, folders: Sequence[Path] = ()) -> None:
    """Compile a Stan program to an executable; nothing is left beside the source."""
    places = [str(folder) for folder in (program.parent, *folders)]
    _use_cmdstan()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / program.name
        source.write_bytes(program.read_bytes())
        model = cmdstanpy.CmdStanModel(stan_file=source, stanc_options={"include-paths": places})
        shutil.move(str(model.exe_file), compiled)


def sample(
    compiled: Path,
    data: StanData,
    sampling: Sampling,
    seed: int,
    threads: int,
    keep: Collection[str] | None = None,
) -> Draws:
    """Draw by NUTS; see `engines.Engine`."""
    check_seal(compiled)
    _use_cmdstan()
    with tempfile.TemporaryDirectory() as folder, reported(), _in_time(sampling.minutes):
        data_file = Path(folder) / "data.json"
        write_stan_data(data, data_file)
        fit = cmdstanpy.CmdStanModel(exe_file=tie(compiled, Path(folder))).sample(
            data=str(data_file),
            chains=sampling.chains,
            parallel_chains=threads,
            seed=seed,
            iter_warmup=sampling.warmup,
            iter_sampling=sampling.draws,
            adapt_delta=sampling.adapt_delta,
            max_treedepth=sampling.max_treedepth,
            sig_figs=SIGNIFICANT_DIGITS,
            output_dir=folder,
            refresh=report_every(sampling.warmup + sampling.draws),
            show_progress=False,
            show_console=True,
            timeout=60 * sampling.minutes,
        )
        method = {name.rstrip("_"): values.T for name, values in fit.method_variables().items()}
        names, everything = fit.column_names[len(method) :], fit.draws()[..., len(method) :]
        variables, elements = take_variables(everything.swapaxes(0, 1), names, keep)
    statistics = {name: np.asarray(method[name], float) for name in STATISTICS}
    return Draws(variables, statistics, elements)


def time_gradient(compiled: Path, data: StanData) -> float:
    """Seconds of one gradient, by what CmdStan says of a few small steps; see `engines.Engine`."""
    _use_cmdstan()
    with tempfile.TemporaryDirectory() as folder:
        data_file = Path(folder) / "data.json"
        write_stan_data(data, data_file)
        fit = cmdstanpy.CmdStanModel(exe_file=tie(compiled, Path(folder))).sample(
            data=str(data_file),
            chains=1,
            iter_warmup=0,
            iter_sampling=TIMED,
            adapt_engaged=False,
            step_size=SMALL,
            max_treedepth=3,
            seed=1,
            output_dir=folder,
            show_progress=False,
        )
        gradients = float(fit.method_variables()["n_leapfrog__"].sum())
        return float(fit.time[0]["sampling"]) / max(gradients, 1.0)


@contextmanager
def _in_time(minutes: float) -> Iterator[None]:
    """Say in a line that CmdStanPy ended the chains."""
    try:
        yield
    except TimeoutError:
        raise OutOfTimeError(minutes) from None


def _use_cmdstan() -> None:
    folder = find_cmdstan()
    if folder is not None:
        cmdstanpy.set_cmdstan_path(str(folder))
