"""stanli: interprets Stan programs with no C++ toolchain, on CmdStan's random streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np
import stanli

from partialpool.engines import STATISTICS, Draws
from partialpool.engines.progress import report_every, reported
from partialpool.settings import Sampling


def version() -> str:
    """The engine's name and version."""
    return f"stanli {package_version('stanli')}"


def compile_program(program: Path, compiled: Path) -> None:
    """Compile a Stan program to stanli's intermediate representation."""
    compiled.write_text(stanli.stan_to_mir(program.read_text(), include_paths=[program.parent]))


def sample(
    compiled: Path, data: Mapping[str, Any], sampling: Sampling, seed: int, threads: int
) -> Draws:
    """Draw by NUTS; see `engines.Engine`."""
    model = stanli.Model(mir=compiled.read_text(), data=dict(data))
    with reported():
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
    return Draws(_gather(fit), statistics)


def _gather(fit: stanli.Fit) -> dict[str, np.ndarray]:
    """Vectors from their scalar columns, `slope[1]`, `slope[2]`, which come in order."""
    columns: dict[str, list[np.ndarray]] = defaultdict(list)
    for name in fit.keys():  # noqa: SIM118
        columns[name.split("[")[0]].append(fit.draws(name))
    return {name: np.stack(parts, axis=-1) for name, parts in columns.items()}
