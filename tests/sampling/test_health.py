"""The health of a sampler, by its own statistics."""

import numpy as np
import pytest

from partialpool.sampling.health import count_divergences, examine_sampler


def statistics(energy, **given):
    nothing = dict.fromkeys(("divergent", "treedepth", "n_leapfrog"), np.zeros(energy.shape))
    return nothing | {"energy": energy} | given


def test_divergences_of_all_chains_are_counted():
    assert count_divergences(np.array([[0, 1, 0], [1, 1, 0]])) == 3


def test_transitions_and_gradients_are_counted_over_all_chains():
    counts = {
        "divergent": np.array([[0, 1, 0], [1, 1, 0]]),
        "treedepth": np.array([[3, 10, 9], [2, 11, 4]]),
        "n_leapfrog": np.array([[7, 1, 3], [3, 1, 1]]),
    }
    energy = np.random.default_rng(2).standard_normal((2, 3))
    health = examine_sampler(statistics(energy, **counts), 10)
    assert (health.divergences, health.depth_hits, health.gradients) == (3, 2, 16)


def test_the_e_bfmi_is_that_of_the_chain_whose_energy_moves_least():
    random = np.random.default_rng(1)
    free = random.standard_normal(1000)
    stuck = np.cumsum(free)
    by_hand = np.square(np.diff(stuck)).sum() / np.square(stuck - stuck.mean()).sum()
    both, alone = (
        examine_sampler(statistics(energy), 10).ebfmi
        for energy in (np.stack([free, stuck]), free[None])
    )
    assert both == pytest.approx(by_hand, rel=0.01)
    assert by_hand < 0.1 < 1.5 < alone
