"""Runs of the workflow that tests share and only read."""

import shutil
from dataclasses import replace

import pytest

from ..factories.runs import MODELS, PAIR, Run, run_of_a_copy, short_config, with_models


@pytest.fixture(scope="session")
def workflow():
    """Runs of the real workflow; a test that uses it, however indirectly, is marked `run`."""
    return Run


@pytest.fixture(scope="session")
def finished(shared, workflow):
    """A finished short run from nothing, of a copy of the tree; read it, or copy it."""
    with shared("finished") as (place, made):
        run = run_of_a_copy(place)
        return run if made else run.finish()


@pytest.fixture(scope="session")
def finished_pair(finished, shared):
    """The same with two of its models."""
    with shared("finished-pair") as (place, made):
        config = with_models(finished.config, PAIR)
        if made:
            return replace(finished, folder=place / "run", config=config)
        run = finished.copy(place / "run", config=config)
        for model in {*MODELS} - {*PAIR}:
            shutil.rmtree(run.folder / "results" / "season_pass" / "models" / model)
        return run.finish()


@pytest.fixture
def fresh(tmp_path, workflow):
    """A run of the repository's own tree, in a folder that is empty still."""

    def make(config=None, **more):
        return workflow(tmp_path / "run", config or short_config(), **more)

    return make
