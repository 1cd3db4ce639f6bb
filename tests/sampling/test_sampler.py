"""A sampler gives each purpose a random stream of its own, and the prior its own draws."""

import logging
from types import SimpleNamespace

import pandas as pd
import pytest

from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import LOG_PRIOR, VARIABLES
from partialpool.sampling import sampler
from partialpool.sampling.sampler import KEPT, make_sampler, sample_prior, say_time, tell_duration
from partialpool.settings import Sampling

DATA = {"prior_only": 0, "T": 0, "E": 0, "levels": [], "coefs": []}


class Engine:
    """Says what it was asked for; a gradient takes as long as it is told."""

    def __init__(self, gradient=0.0):
        self.gradient = gradient

    def version(self):
        return "an engine 1.0"

    def time_gradient(self, compiled, data):
        return self.gradient

    def sample(self, compiled, data, sampling, seed, threads, keep):
        return compiled.name, data, sampling, seed, threads, keep


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.setattr(sampler, "load_engine", lambda name: Engine())
    return make_sampler("stanli", "folder/program", 3, lambda *names: "/".join(names))


def test_the_stream_is_named_by_the_purpose_and_empty_names_are_left_out(sample):
    assert sample({}, Sampling(), "refit", "Mail", "12") == (
        *("program", {}, Sampling()),
        *("refit/Mail/12", 3, None),
    )
    assert sample({}, Sampling(), "")[3] == ""


def test_the_prior_has_draws_of_its_own_number_and_no_likelihood(sample, monkeypatch):
    monkeypatch.setattr(sampler, "prior_only", lambda data: {**data, "prior_only": 1})
    _, data, sampling, *_ = sample_prior(DATA, Sampling(draws=500, prior_draws=200), sample)
    assert data["prior_only"] == 1
    assert sampling.draws == 200


def test_all_that_draws_are_labelled_from_is_kept():
    assert {*KEPT} == {*VARIABLES, LOG_PRIOR}


def test_only_what_is_named_is_asked_of_the_engine(monkeypatch):
    monkeypatch.setattr(sampler, "load_engine", lambda name: Engine())
    cells = pd.DataFrame({"successes": [1, 2], "trials": [3, 4]})
    names = name_parameters(learn_design("1", cells), LOGISTIC, others=["tau"])
    make = make_sampler("stanli", "folder/own", 3, lambda *names: "", names)
    assert make({}, Sampling())[-1] == {*KEPT, "tau"}


def told(monkeypatch, caplog, gradient, engine="stanli", program="multilevel", cells=5000, **of):
    """What is logged before a fit, and the minutes that it is to take."""
    monkeypatch.setattr(sampler, "load_engine", lambda name: Engine(gradient))
    caplog.clear()
    settings = Sampling(**{"chains": 4, "warmup": 1000, "draws": 1000} | of)
    with caplog.at_level(logging.INFO, "partialpool"):
        data = SimpleNamespace(cells=cells)
        minutes = tell_duration(engine, f"folder/{program}.{engine}", 2, data, settings)
    return caplog.messages, minutes


def test_a_short_fit_is_begun_without_ado(monkeypatch, caplog):
    said, (_, most) = told(monkeypatch, caplog, gradient=2e-3)
    assert said == ["4 chains, an engine 1.0"]
    assert most == pytest.approx(2 * 2000 * 31 * 2e-3 / 60)


def test_a_long_fit_says_how_long_before_it_starts(monkeypatch, caplog):
    said, (least, most) = told(monkeypatch, caplog, gradient=0.1, minutes=600)
    assert said[1:] == ["a gradient takes 100 ms, so that the fit may take 47 min to 3.4 hours"]
    assert (least, most) == pytest.approx((2 * 2000 * 7 * 0.1 / 60, 2 * 2000 * 31 * 0.1 / 60))


def test_a_gradient_that_cannot_be_timed_leaves_it_to_the_fit_to_say_why(monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("a domain error")

    monkeypatch.setattr(Engine, "time_gradient", fail)
    assert told(monkeypatch, caplog, gradient=0)[0] == ["4 chains, an engine 1.0"]


def test_a_fit_that_cannot_end_in_time_says_so(monkeypatch, caplog):
    said, _ = told(monkeypatch, caplog, gradient=0.1, minutes=40)
    assert said[2:] == ["sampling.minutes: 40 will end it before"]
    assert len(told(monkeypatch, caplog, gradient=0.1, minutes=50)[0]) == 2


@pytest.mark.parametrize(
    ("engine", "program", "cells", "better"),
    [
        ("cmdstan", "multilevel", 1000, "stanli took about half as long"),
        ("cmdstan", "multilevel", 999, None),
        ("cmdstan", "own", 5000, None),
        ("stanli", "multilevel", 5000, None),
        ("stanli", "own", 5000, "cmdstan is faster for a program that loops over elements"),
    ],
)
def test_a_long_fit_says_what_is_known_of_the_other_engine(
    monkeypatch, caplog, engine, program, cells, better
):
    given = {"engine": engine, "program": program, "cells": cells, "minutes": 600}
    hints = told(monkeypatch, caplog, 0.1, **given)[0][2:]
    assert len(hints) == (better is not None)
    assert all(better in hint for hint in hints)
    assert len(told(monkeypatch, caplog, 1e-4, **given)[0]) == 1


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1.3e-5, "13 us"), (0.0042, "4.2 ms"), (90, "90 s"), (3600, "60 min"), (5e5, "5.8 days")],
)
def test_a_time_has_two_digits_in_a_unit_that_suits_it(seconds, said):
    assert say_time(seconds) == said
