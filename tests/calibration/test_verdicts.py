"""The study of the verdict passes long draws of the posterior, and fails chains that disagree."""

import numpy as np
import pytest

from partialpool.calibration import verdicts
from partialpool.calibration.verdicts import (
    keep,
    main,
    miss_a_side,
    share_failed,
    shift_one,
    start_far,
    stick_one,
    walk,
    widen_one,
)


def test_walks_have_the_target_and_the_memory_that_they_are_asked_for():
    draws = walk((2, 20_000, 1), 0.8, np.random.default_rng(1))[..., 0]
    assert draws.mean() == pytest.approx(0, abs=0.05)
    assert draws.std() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(draws[0, :-1], draws[0, 1:])[0, 1] == pytest.approx(0.8, abs=0.02)


def test_independent_draws_of_the_posterior_pass():
    assert share_failed(1000, 0.0, keep, 8, np.random.default_rng(2)) == 0


@pytest.mark.parametrize("spoil", [shift_one(1.0), widen_one(2.0), stick_one, start_far])
def test_chains_that_disagree_fail(spoil):
    assert share_failed(1000, 0.0, spoil, 3, np.random.default_rng(3)) == 1


def test_what_all_chains_miss_alike_the_verdict_on_chains_cannot_see():
    spoilt = miss_a_side(walk((4, 1000, 1), 0.0, np.random.default_rng(4)))
    assert spoilt.max() <= 1
    assert share_failed(1000, 0.0, miss_a_side, 3, np.random.default_rng(4)) == 0


def test_the_table_has_a_row_for_every_case(capsys, monkeypatch):
    monkeypatch.setattr(verdicts, "CASES", verdicts.CASES[:2])
    monkeypatch.setattr(verdicts, "LENGTHS", (50,))
    main(1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.count("|") for line in lines] == [4] * 4
    assert lines[2].startswith("| independent draws | yes |")
