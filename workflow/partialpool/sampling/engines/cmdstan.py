"""CmdStan through CmdStanPy: compiled programs, and the reference for the other engine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cmdstanpy
import numpy as np

from partialpool.errors import OutOfTimeError
from partialpool.lifetime import tie
from partialpool.sampling.engines import STATISTICS, Draws, find_cmdstan, group_elements
from partialpool.sampling.engines.progress import report_every, reported
from partialpool.sampling.stan_data import StanData, write_stan_data
from partialpool.seals import check_seal
from partialpool.settings import Sampling

SIGNIFICANT_DIGITS = 16


def version() -> str:
    """The engine's name and version."""
    _use_cmdstan()
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


def sample(compiled: Path, data: StanData, sampling: Sampling, seed: int, threads: int) -> Draws:
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
        elements = group_elements(fit.column_names[len(fit.method_variables()) :])
        variables = {name: _by_chain(fit, name) for name in elements}
        method = {name.rstrip("_"): values.T for name, values in fit.method_variables().items()}
    statistics = {name: np.asarray(method[name], float) for name in STATISTICS}
    return Draws(variables, statistics, elements)


@contextmanager
def _in_time(minutes: float) -> Iterator[None]:
    """Say in a line that CmdStanPy ended the chains."""
    try:
        yield
    except TimeoutError:
        raise OutOfTimeError(minutes) from None


def _by_chain(fit: cmdstanpy.CmdStanMCMC, name: str) -> np.ndarray:
    """Chains x draws x size, from CmdStanPy's chain-after-chain order, as Stan's columns stand."""
    flat = np.asarray(fit.stan_variable(name))
    columns = flat.reshape(len(flat), -1, order="F")
    return columns.reshape(fit.chains, fit.num_draws_sampling, -1)


def _use_cmdstan() -> None:
    folder = find_cmdstan()
    if folder is not None:
        cmdstanpy.set_cmdstan_path(str(folder))
