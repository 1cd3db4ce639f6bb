"""The health of a sampler, by its own statistics."""

import numpy as np
import pytest

from partialpool.sampling.health import count_divergences, least_ebfmi


def test_divergences_of_all_chains_are_counted():
    assert count_divergences(np.array([[0, 1, 0], [1, 1, 0]])) == 3


def test_the_e_bfmi_is_that_of_the_chain_whose_energy_moves_least():
    random = np.random.default_rng(1)
    free = random.standard_normal(1000)
    stuck = np.cumsum(free)
    by_hand = np.square(np.diff(stuck)).sum() / np.square(stuck - stuck.mean()).sum()
    assert least_ebfmi(np.stack([free, stuck])) == pytest.approx(by_hand, rel=0.01)
    assert by_hand < 0.1 < 1.5 < least_ebfmi(free[None])
