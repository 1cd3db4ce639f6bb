"""Engines that run Stan programs: one interface, CmdStan and stanli behind it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from partialpool.errors import InputError
from partialpool.provenance import drawing_versions
from partialpool.settings import Sampling

if TYPE_CHECKING:
    from partialpool.sampling.stan_data import StanData

EngineName = Literal["cmdstan", "stanli"]
STATISTICS = ("divergent", "energy", "n_leapfrog", "treedepth", "lp", "accept_stat", "stepsize")
"""Sampler statistics that every engine reports, by Stan's names without the underscores."""


@dataclass(frozen=True)
class Draws:
    """What a sampler gave back.

    `variables` are chains x draws x size arrays of the program's variables, whatever their
    shapes in Stan, and `elements` name what is in them, `lambda[1]`, `lambda[2]`; `statistics` are
    chains x draws arrays named in `STATISTICS`; warm-up is left out.
    """

    variables: dict[str, np.ndarray]
    statistics: dict[str, np.ndarray]
    elements: dict[str, list[str]] = field(default_factory=dict)


class Engine(Protocol):
    """What `engines.cmdstan` and `engines.stanli` are."""

    def version(self) -> str:
        """The engine's own version, for the report."""

    def compile_program(self, program: Path, compiled: Path, folders: Sequence[Path] = ()) -> None:
        """Compile a Stan program; its includes are looked up beside it, then in the folders."""

    def sample(
        self,
        compiled: Path,
        data: StanData,
        sampling: Sampling,
        seed: int,
        threads: int,
        keep: Collection[str] | None = None,
    ) -> Draws:
        """Draw from the compiled program's distribution by NUTS.

        Given back are the variables of the program that are to be kept, or all.
        """

    def time_gradient(self, compiled: Path, data: StanData) -> float:
        """Seconds that one gradient of the log density takes here and now, on one core."""


def load_engine(name: EngineName) -> Engine:
    """The engine of that name; it is imported only now."""
    if name == "cmdstan":
        from partialpool.sampling.engines import cmdstan

        return cmdstan
    from partialpool.sampling.engines import stanli

    return stanli


def describe_versions(name: EngineName) -> dict[str, str]:
    """The versions of the engine, as `engine`, and of all else that its draws depend on."""
    return drawing_versions(load_engine(name).version())


def choose_engine(wanted: str) -> EngineName:
    """Which engine `sampling.engine` means on this machine.

    Raises:
        InputError: CmdStan is asked for and there is none.
    """
    if wanted == "stanli" or (wanted == "auto" and find_cmdstan() is None):
        return "stanli"
    if find_cmdstan() is None:
        raise InputError(
            "sampling.engine: found no CmdStan at $CMDSTAN, in the conda environment or in "
            "~/.cmdstan; install one by `make cmdstan`, or choose stanli"
        )
    return "cmdstan"


def find_cmdstan() -> Path | None:
    """The folder of the CmdStan that would be used, if there is one that is built."""
    named, conda = os.environ.get("CMDSTAN"), os.environ.get("CONDA_PREFIX")
    places = [Path(named)] if named else []
    places += [Path(conda) / "bin" / "cmdstan"] if conda else []
    places += sorted(Path.home().glob(".cmdstan/cmdstan-*"), key=_release, reverse=True)
    return next((place for place in places if (place / "bin" / "stanc").exists()), None)


def group_elements(columns: Iterable[str]) -> dict[str, list[str]]:
    """Scalar columns, `slope[1]`, `slope[2]`, by the variables that they are elements of."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        groups.setdefault(column.partition("[")[0], []).append(column)
    return groups


def take_variables(
    draws: np.ndarray, columns: Sequence[str], keep: Collection[str] | None
) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Variables that are kept, each copied once, and the names of their elements.

    Args:
        draws: chains x draws x columns.
        columns: their names, `slope[1]`.
        keep: names of variables, or none for all.
    """
    groups = group_elements(columns).items()
    elements = {name: of for name, of in groups if keep is None or name in keep}
    place = {column: at for at, column in enumerate(columns)}
    variables = {}
    for name, of in elements.items():
        variables[name] = np.empty((*draws.shape[:2], len(of)))
        for i, element in enumerate(of):
            variables[name][..., i] = draws[..., place[element]]
    return variables, elements


def derive_seed(seed: int, *names: str) -> int:
    """A seed for one purpose, from the configured seed and names, never from order."""
    text = "/".join([str(seed), *names])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def _release(folder: Path) -> tuple[int, ...]:
    digits = folder.name.removeprefix("cmdstan-").split(".")
    return tuple(int(part) if part.isdigit() else -1 for part in digits)
