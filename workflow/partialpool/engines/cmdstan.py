"""CmdStan through CmdStanPy: compiled programs, and the reference for the other engine."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cmdstanpy
import numpy as np

from partialpool.engines import STATISTICS, Draws, find_cmdstan
from partialpool.engines.progress import report_every, reported
from partialpool.settings import Sampling

SIGNIFICANT_DIGITS = 16


def version() -> str:
    """The engine's name and version."""
    _use_cmdstan()
    major, minor = cmdstanpy.cmdstan_version() or (0, 0)
    return f"CmdStan {major}.{minor}"


def compile_program(program: Path, compiled: Path) -> None:
    """Compile a Stan program to an executable; nothing is left beside the source."""
    _use_cmdstan()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / program.name
        source.write_bytes(program.read_bytes())
        model = cmdstanpy.CmdStanModel(
            stan_file=source, stanc_options={"include-paths": [str(program.parent)]}
        )
        shutil.move(str(model.exe_file), compiled)


def sample(
    compiled: Path, data: Mapping[str, Any], sampling: Sampling, seed: int, threads: int
) -> Draws:
    """Draw by NUTS; see `engines.Engine`."""
    _use_cmdstan()
    with tempfile.TemporaryDirectory() as folder, reported():
        data_file = Path(folder) / "data.json"
        data_file.write_text(json.dumps(data))
        fit = cmdstanpy.CmdStanModel(exe_file=compiled).sample(
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
        )
        variables = {name: _by_chain(fit, name) for name in fit.metadata.stan_vars}
        method = {name.rstrip("_"): values.T for name, values in fit.method_variables().items()}
    return Draws(variables, {name: np.asarray(method[name], float) for name in STATISTICS})


def _by_chain(fit: cmdstanpy.CmdStanMCMC, name: str) -> np.ndarray:
    """Chains x draws x size, from CmdStanPy's chain-after-chain order."""
    flat = np.asarray(fit.stan_variable(name))
    return flat.reshape(fit.chains, fit.num_draws_sampling, -1)


def _use_cmdstan() -> None:
    folder = find_cmdstan()
    if folder is not None:
        cmdstanpy.set_cmdstan_path(str(folder))
