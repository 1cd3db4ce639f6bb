"""What tests need beyond Python: each fixture gives it, or skips with the reason.

`make test` installs them (tests/prerequisites.sh); a bare `pytest` uses what is there.
"""

import fcntl
import os
import shutil
import sys
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from partialpool.cells.levels import with_levels
from partialpool.sampling.engines import find_cmdstan, load_engine

# The same examples in every run, and more of them with `pytest --hypothesis-profile=thorough`.
settings.register_profile(
    "quick",
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile("quick")

TESTS = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
AXE = TESTS / "node_modules" / "axe-core" / "axe.min.js"
SLURM = ("slurmctld", "slurmd", "sbatch", "squeue", "munged")


def _why_no_chromium():
    return None if CHROMIUM.exists() else f"no Chromium at {CHROMIUM}"


def _why_no_axe():
    return None if AXE.exists() else f"no axe-core in {AXE.parent.relative_to(TESTS.parent)}"


def _why_no_slurm():
    path = "/usr/sbin:/sbin:/usr/bin:/bin"
    missing = [program for program in SLURM if shutil.which(program, path=path) is None]
    if missing:
        return f"no Slurm here: {', '.join(missing)} not found"
    # the daemons of tests/slurm/ switch users, and their configuration goes to /etc
    is_root = sys.platform == "linux" and Path("/proc/self").stat().st_uid == 0
    return None if is_root else "Slurm is there, but its daemons are started as root only"


def _find_postgresql():
    """The folder of PostgreSQL's programs, the newest where there are several."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = [Path(on_path)] if on_path else debian[-1:]
    return found[0].parent if found else None


def _version(path):
    return int(path.parts[-3])


def _why_no_postgresql():
    if _find_postgresql() is None:
        return "no PostgreSQL here: initdb not found"
    needed = ["runuser"] if os.geteuid() == 0 else []
    missing = [program for program in needed if shutil.which(program) is None]
    return f"PostgreSQL does not run as root, and {missing[0]} is not there" if missing else None


def _why_no_spark():
    if find_spec("pyspark") is None:
        return "no pyspark here"
    return None if shutil.which("java") else "no Java here, which Spark runs on"


def _why_no_cmdstan():
    return (
        None if find_cmdstan() else "no CmdStan at $CMDSTAN, in the conda environment, ~/.cmdstan"
    )


PREREQUISITES = {
    "chromium": _why_no_chromium,
    "axe": _why_no_axe,
    "slurm": _why_no_slurm,
    "postgresql": _why_no_postgresql,
    "cmdstan": _why_no_cmdstan,
}


def _require(name):
    reason = PREREQUISITES[name]()
    if reason:
        pytest.skip(f"{reason}; `make test` installs it where it can")


@pytest.fixture(scope="session")
def chromium():
    """The browser's path, for playwright's `executable_path`."""
    _require("chromium")
    return CHROMIUM


@pytest.fixture(scope="session")
def axe():
    """The accessibility checker's script, to be added to a page."""
    _require("axe")
    return AXE


@pytest.fixture(scope="session")
def slurm():
    """The folder with up.sh and down.sh, which start and stop a Slurm on loopback."""
    _require("slurm")
    return TESTS / "slurm"


@pytest.fixture(scope="session")
def postgresql():
    """The folder of initdb and pg_ctl."""
    _require("postgresql")
    return _find_postgresql()


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A Spark session; `make spark` installs pyspark and runs the tests that are marked spark."""
    if reason := _why_no_spark():
        pytest.skip(f"{reason}; `make spark` installs pyspark")
    from pyspark.sql import SparkSession

    chosen = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    return SparkSession.builder.config(map=chosen).getOrCreate()


@pytest.fixture(scope="session")
def cmdstan():
    """The folder of the CmdStan that the engine uses."""
    _require("cmdstan")
    return find_cmdstan()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A function that gives a folder to make something in once, for all of pytest's processes.

    It is a context that one process at a time is in, with the folder and whether it is made.
    """
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @contextmanager
    def share(name):
        folder, made = root / name, root / f"{name}.made"
        folder.mkdir(exist_ok=True)
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder, made.exists()
            made.touch()

    return share


def pytest_addoption(parser):
    """Let a run of the tests write the golden pages (`make golden`)."""
    parser.addoption("--rewrite-golden", action="store_true", help="approve the reports' wording")


MARKED_BY = {"run": {"workflow"}, "fit": {"compiled", "compiling"}}
"""Markers of what takes long, by the fixtures that bring it; `make quick` leaves them out."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what takes long, and start it first, so that two processes end together."""
    for item in items:
        for marker, fixtures in MARKED_BY.items():
            if fixtures & {*item.fixturenames}:
                item.add_marker(marker)
    items.sort(key=_promptness)


def _promptness(item):
    """The place of the first marker that a test has: 0 where it reads a whole run."""
    found = [place for place, name in enumerate(MARKED_BY) if item.get_closest_marker(name)]
    return min(found, default=len(MARKED_BY))


def pytest_terminal_summary(terminalreporter):
    """Say at the end which prerequisites were missing."""
    missing = [reason for why in PREREQUISITES.values() if (reason := why())]
    line = f"missing, their tests were skipped: {'; '.join(missing)}" if missing else "all there"
    terminalreporter.write_line(f"prerequisites: {line}", yellow=bool(missing))


@pytest.fixture(scope="session")
def compiling():
    """Engines by their names, for a test that compiles a program of its own; it is marked `fit`."""
    return load_engine


@pytest.fixture(scope="session")
def compiled(request, shared):
    """The Stan program as an engine runs it, by the engine's name; compiled once."""

    @cache
    def compile_for(engine):
        if engine == "cmdstan":
            request.getfixturevalue("cmdstan")
        with shared(f"program-{engine}") as (folder, made):
            path = folder / f"multilevel.{engine}"
            if not made:
                load_engine(engine).compile_program(TESTS.parent / "stan" / "multilevel.stan", path)
        return path

    return compile_for


@pytest.fixture(scope="session")
def season_cells():
    """The six cells of the season pass, by promo and channel."""
    levels = {"promo": ["NoBundle", "Bundle"], "channel": ["Mail", "Park", "Email"]}
    counts = {"successes": [359, 284, 27, 242, 639, 38], "trials": [637, 333, 512, 691, 862, 121]}
    crossed = dict(zip(levels, zip(*product(*levels.values()), strict=True), strict=True))
    return with_levels(pd.DataFrame(crossed | counts), levels)
