"""Runs of the workflow that tests share and only read."""

import pytest

from .runs import Run, finished_run, short_config


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A finished short run; read it, or copy it."""
    place = tmp_path_factory.getbasetemp() / "finished"
    place.mkdir(exist_ok=True)
    return finished_run(place)


@pytest.fixture
def fresh(tmp_path):
    """A run of the repository's own tree, in a folder that is empty still."""

    def make(config=None, **more):
        return Run(tmp_path / "run", config or short_config(), **more)

    return make
