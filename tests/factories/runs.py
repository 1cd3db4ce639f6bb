"""The real workflow, run by Snakemake as a person would run it, each time in an empty folder."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ..guarding import ENDING_WITH_PARENT

ROOT = Path(__file__).parents[2]
PROJECT = (
    "Snakefile",
    "config.yaml",
    "environment.yml",
    "data",
    "notebooks",
    "profiles",
    "stan",
    "workflow",
)
"""What of the repository a run reads."""
PROFILE = Path("profiles") / "default" / "profile.yaml"
CONTACTS = Path("data") / "season_pass.csv"
KEPT_APART = {"logs", "benchmarks", "notebooks"}
"""Folders of `results` that hold times, or outputs whose numbers are in the report again."""
MODELS = ("baseline", "interaction", "multilevel")
PAIR = ("baseline", "multilevel")
"""Models enough for a run where the number of them does not matter."""
JOBS = 2
"""Parts that each model's refits are dealt out to."""


@dataclass(frozen=True)
class Run:
    """A working folder in which a workflow's tree is run with one configuration."""

    folder: Path
    config: Mapping
    house: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self, *arguments):
        """Snakemake's command line, the configuration written beside the working folder."""
        config = self.folder.with_suffix(f".{os.getpid()}.yaml")  # others may read this run too
        config.write_text(yaml.safe_dump(self.config, sort_keys=False), encoding="utf-8")
        self.folder.mkdir(exist_ok=True)
        places = ["--snakefile", self.house / "Snakefile", "--configfile", config]
        command = [
            *ENDING_WITH_PARENT,
            "snakemake",
            *places,
            "--directory",
            self.folder,
            "--cores",
            2,
            *arguments,
        ]
        return [str(part) for part in command]

    def surroundings(self):
        """The environment: this Python first, the tree's own library, no engine but stanli."""
        inherited = {k: v for k, v in os.environ.items() if k not in ("CMDSTAN", "CONDA_PREFIX")}
        path = os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", "")])
        library = str(self.house / "workflow")
        # a tree that git knows tells its commit, and its copy tells none
        own = {"PATH": path, "PYTHONPATH": library, "GIT_DIR": os.devnull}
        return inherited | own | self.environment

    def snakemake(self, *arguments):
        """Run to the end; standard output and error come back as one text."""
        return subprocess.run(
            self.command(*arguments),
            env=self.surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def finish(self, *arguments):
        """Run to the end, which must be a good one."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout
        return self

    def stale(self, *arguments):
        """The jobs that a run would do now, `rule model` or `rule unit`."""
        # Snakemake's own logger names each job; the profile's sums them up
        profile = yaml.safe_load((self.house / PROFILE).read_text(encoding="utf-8"))
        decides = ("--rerun-triggers", *profile["rerun-triggers"])
        decides += ("--max-checksum-file-size", profile["max-checksum-file-size"])
        plain = ("--dry-run", "--workflow-profile", "none", *decides)
        done = self.snakemake(*plain, *arguments)
        assert done.returncode == 0, done.stdout
        return {job for block in done.stdout.split("\n\n") for job in _jobs(block)}

    def read(self, path):
        """The text of a file under the working folder."""
        return (self.folder / path).read_text(encoding="utf-8")

    def files(self):
        """Every result and report."""
        places = (self.folder / "results", self.folder / "reports")
        return sorted(path for place in places for path in place.rglob("*") if path.is_file())

    def digests(self):
        """SHA-256 of every result that must not differ between runs, and of the reports."""
        return {
            str(name): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.files()
            if not KEPT_APART & set((name := path.relative_to(self.folder)).parts)
        }

    def stamps(self, pattern="*"):
        """Which file on the disk each result is, and when it was written."""
        found = {path: path.stat() for path in self.files() if path.match(pattern)}
        return {
            str(path.relative_to(self.folder)): (stat.st_ino, stat.st_mtime_ns)
            for path, stat in found.items()
        }

    def copy(self, folder, **changed):
        """The same run in another folder, with every file's time kept."""
        shutil.copytree(self.folder, folder)
        given = {"config": self.config, "house": self.house, "environment": self.environment}
        return Run(folder, **given | changed)

    def with_own_house(self, place):
        """A copy of the run and of its tree, which may be edited; nothing of it is stale."""
        house = shutil.copytree(self.house, place / "house")
        own = self.copy(place / "run", house=house, config=short_config(house / CONTACTS))
        return own.finish("--touch")


def short_config(data=ROOT / CONTACTS):
    """The shipped configuration with short chains, which pass their verdicts all the same."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    short = {"engine": "stanli", "warmup": 500, "draws": 500, "prior_draws": 200}
    config["defaults"]["sampling"] |= short
    del config["analyses"]["season_pass"]["sampling"]
    config["defaults"]["comparison"]["refits"] = {"warmup": 200, "draws": 300, "jobs": JOBS}
    config["analyses"]["season_pass"]["source"]["path"] = str(data)
    return config


def edited(config, changes):
    """A configuration with some keys set, by their dotted paths; None takes a key away."""
    config = yaml.safe_load(yaml.safe_dump(config, sort_keys=False))
    for path, value in changes.items():
        *parents, last = path.split(".")
        block = config
        for key in parents:
            block = block.setdefault(key, {})
        if value is None:
            del block[last]
        else:
            block[last] = value
    return config


@contextmanager
def changed(path: Path, change: Callable[[str], str]):
    """A file with its text changed; afterwards it is as it was, its time too."""
    before, stat = path.read_bytes(), path.stat()
    path.write_bytes(change(before.decode()).encode())
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def with_models(config, names: Iterable[str]):
    """A configuration with only some of its models."""
    config = edited(config, {})
    models = config["analyses"]["season_pass"]["models"]
    config["analyses"]["season_pass"]["models"] = {name: models[name] for name in names}
    return config


def run_of_a_copy(place: Path):
    """A short run of a copy of the tree, which is made unless it is there."""
    house = place / "house"
    if not house.exists():
        house.mkdir()
        for name in PROJECT:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, house / name)
    return Run(place / "run", short_config(house / CONTACTS), house)


def _jobs(block):
    """`rule model` of each job in a part of Snakemake's log."""
    named = re.compile(r"^(?:local)?(?:rule|checkpoint) (\w+):\n((?:    .*\n?)*)", re.MULTILINE)
    for rule, properties in named.findall(block):
        found = re.search(r"wildcards: (.*)", properties)
        values = dict(pair.split("=") for pair in found[1].split(", ")) if found else {}
        about = [values[key] for key in ("model", "unit", "program") if key in values]
        if rule != "all":
            yield " ".join([rule, *about])
