"""Runs of the workflow that tests share and only read."""

import pytest

from .runs import Run, run_of_a_copy, short_config


@pytest.fixture(scope="session")
def finished(shared):
    """A finished short run from nothing, of a copy of the tree; read it, or copy it."""
    with shared("finished") as (place, made):
        run = run_of_a_copy(place)
        return run if made else run.finish()


@pytest.fixture
def fresh(tmp_path):
    """A run of the repository's own tree, in a folder that is empty still."""

    def make(config=None, **more):
        return Run(tmp_path / "run", config or short_config(), **more)

    return make
