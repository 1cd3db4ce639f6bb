"""Progress of a fit: Stan's many lines become few."""

import logging

import pytest

from partialpool.sampling.engines import progress
from partialpool.sampling.engines.progress import LINES, report_every, reported


def say(*shares):
    for share in shares:
        print(f"Chain [1] Iteration: {10 * share} / 1000 [ {share}%]  (Sampling)")
        print(f"Chain [2] Iteration: {10 * share} / 1000 [ {share}%]  (Sampling)")


@pytest.mark.parametrize(("iterations", "every"), [(10, 1), (2000, 40)])
def test_an_engine_prints_no_more_lines_than_are_read(iterations, every):
    assert report_every(iterations) == every
    assert iterations / every <= LINES


def test_a_short_fit_is_quiet(caplog, capsys):
    with caplog.at_level(logging.INFO), reported():
        say(10, 20)
    assert caplog.messages == []
    assert capsys.readouterr().out == ""


def test_of_a_long_fit_the_first_chain_is_told(caplog, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0)
    with caplog.at_level(logging.INFO), reported():
        say(10, 20)
    assert caplog.messages == ["sampling, 10% of the iterations", "sampling, 20% of the iterations"]
