"""The shipped cluster profile, on a real Slurm of one node that listens on loopback only."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from ..factories.runs import JOBS, PAIR, Run
from ..guarding import guarded

GROUPED = 1 + 1 + 1 + (1 + JOBS) * len(PAIR) + 1 + 1
"""Slurm jobs: the program, the contacts, their counts, each model's fit and the parts of its
refits, the scale, the answer."""
CPUS = 20
"""What the node claims to have: a group asks for the CPUs of its widest level, but its jobs run in
turn, and each waits much, so that a node of two holds every model's."""
LOOPBACK = [
    "--slurm-status-command=squeue",  # the other one needs a database
    "--slurm-init-seconds-before-status-checks=1",
    "--seconds-between-status-checks=2",
    f"--cores={CPUS}",
    "--default-resources",
    "mem_mb=300",
    "runtime=10",
]


@pytest.fixture(scope="module")
def cluster(slurm):
    """The folder of a Slurm that is up, and is stopped even if this process is killed."""
    # not below pytest's own folder: munge's user must be able to enter it
    folder = tempfile.mkdtemp(prefix="slurm-")
    environment = os.environ | {"D": folder, "CPUS": str(CPUS)}
    down = ["sh", "-c", '"$0" && rm -r "$D"', slurm / "down.sh"]
    with guarded(*down, environment=environment):
        subprocess.run([slurm / "up.sh"], env=environment, check=True, timeout=60)
        yield Path(folder)


@pytest.fixture(scope="module")
def on_the_cluster(cluster, finished_pair, tmp_path_factory):
    """A short run from nothing, through sbatch."""
    folder = tmp_path_factory.mktemp("slurm") / "run"
    environment = {"SLURM_CONF": str(cluster / "slurm.conf")}
    run = Run(folder, finished_pair.config, finished_pair.house, environment)
    return run.finish("--workflow-profile", run.house / "profiles" / "slurm", *LOOPBACK)


def test_the_cluster_gives_the_same_bytes(on_the_cluster, finished_pair):
    assert on_the_cluster.digests() == finished_pair.digests()


def test_every_job_went_through_slurm_and_small_ones_together(on_the_cluster, cluster):
    completed = (cluster / "jobcomp.txt").read_text(encoding="utf-8").splitlines()
    assert all("JobState=COMPLETED" in line for line in completed), completed
    assert len(completed) == GROUPED
    assert len(completed) < len(on_the_cluster.stamps("*.tsv")), "a benchmark for every job"


def test_the_cluster_leaves_nothing_to_do(on_the_cluster):
    assert on_the_cluster.stale() == set()
