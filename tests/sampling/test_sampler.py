"""A sampler gives each purpose a random stream of its own, and the prior its own draws."""

import pytest

from partialpool.sampling import sampler
from partialpool.sampling.sampler import make_sampler, sample_prior
from partialpool.settings import Sampling

DATA = {"prior_only": 0, "T": 0, "E": 0, "levels": [], "coefs": []}


class Engine:
    """Says what it was asked for."""

    def sample(self, compiled, data, sampling, seed, threads):
        return compiled.name, data, sampling, seed, threads


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.setattr(sampler, "load_engine", lambda name: Engine())
    return make_sampler("stanli", "folder/program", 3, lambda *names: "/".join(names))


def test_the_stream_is_named_by_the_purpose_and_empty_names_are_left_out(sample):
    assert sample({}, Sampling(), "refit", "Mail", "12") == (
        *("program", {}, Sampling()),
        *("refit/Mail/12", 3),
    )
    assert sample({}, Sampling(), "")[3] == ""


def test_the_prior_has_draws_of_its_own_number_and_no_likelihood(sample, monkeypatch):
    monkeypatch.setattr(sampler, "prior_only", lambda data: {**data, "prior_only": 1})
    _, data, sampling, *_ = sample_prior(DATA, Sampling(draws=500, prior_draws=200), sample)
    assert data["prior_only"] == 1
    assert sampling.draws == 200
