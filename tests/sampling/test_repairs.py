"""Repairs: a fit that misses a part of the posterior is sampled again in other ways."""

import numpy as np
import pytest

from partialpool.sampling.centring import fix_centring
from partialpool.sampling.engines import Draws
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, higher_delta, sample_with_repairs
from partialpool.settings import Sampling

from ..factories.shops import data_of

LIMITS = {"divergences": 0, "ebfmi": 0.3}
SHARES = np.array([[0.97], [0.2], [0.5]])
DATA = fix_centring(data_of([20] * 3), [SHARES])
GROUPLESS = data_of([20] * 3, formula="promo")


def fit(divergences, stuck=False):
    """Draws of a sampler with so many divergent transitions; a stuck one hardly changes energy."""
    random = np.random.default_rng(1)
    steps = random.standard_normal((2, 100))
    energy = np.cumsum(steps, axis=1) if stuck else steps
    divergent = np.zeros((2, 100))
    divergent.flat[:divergences] = 1
    steps, depths = np.full((2, 100), 7), np.full((2, 100), 3)
    statistics = {"n_leapfrog": steps, "treedepth": depths}
    return Draws({}, {"energy": energy, "divergent": divergent, **statistics})


def repair(fits, data=DATA, limits=LIMITS, **settings):
    """Run the repairs on fits that are given; also what each was asked for."""
    asked, waiting = [], iter(fits)

    def sample(data, sampling, name):
        asked.append((data.variables()["centring"], sampling.adapt_delta, name))
        return next(waiting)

    draws, attempts = sample_with_repairs(data, Sampling(**settings), limits, sample)
    return draws, attempts, asked


def test_a_sound_fit_is_left_alone():
    sound = fit(0)
    draws, attempts, asked = repair([sound])
    assert draws is sound
    assert asked == [(SHARES.ravel().tolist(), 0.8, "")]
    assert [attempt.kept for attempt in attempts] == [True]
    assert (attempts[0].divergences, attempts[0].gradients) == (0, 1400)


def test_divergences_lead_to_the_opposite_parametrisation_of_the_effects():
    mended = fit(0)
    draws, attempts, asked = repair([fit(3), mended])
    assert draws is mended
    assert [(a.centring, a.divergences, a.kept) for a in attempts] == [
        (AS_BUILT, 3, False),
        (OPPOSITE, 0, True),
    ]
    assert asked[1] == ([0.0, 1.0, 1.0], 0.8, "repair 1")


def test_a_low_ebfmi_is_repaired_too():
    _, attempts, _ = repair([fit(0, stuck=True), fit(0)])
    assert attempts[0].ebfmi < LIMITS["ebfmi"]
    assert [attempt.kept for attempt in attempts] == [False, True]


@pytest.mark.parametrize(("counts", "best"), [((9, 2), OPPOSITE), ((2, 9), AS_BUILT)])
def test_then_the_better_parametrisation_takes_smaller_steps(counts, best):
    _, attempts, asked = repair([*map(fit, counts), fit(0)])
    assert (attempts[2].centring, attempts[2].adapt_delta) == (best, 0.98)
    assert asked[2][2] == "repair 2"
    assert attempts[2].kept


def test_where_nothing_mends_it_the_try_with_the_fewest_divergences_is_kept():
    fits = [fit(9), fit(4), fit(6)]
    draws, attempts, _ = repair(fits)
    assert draws is fits[1]
    assert [attempt.kept for attempt in attempts] == [False, True, False]


def test_a_model_without_groups_goes_to_smaller_steps_at_once():
    _, attempts, _ = repair([fit(1), fit(0)], data=GROUPLESS, adapt_delta=0.95)
    assert [(a.centring, a.adapt_delta) for a in attempts] == [(AS_BUILT, 0.95), (AS_BUILT, 0.995)]


def test_the_limits_are_those_of_the_verdict():
    assert len(repair([fit(5)], limits={"divergences": 5, "ebfmi": 0.3})[1]) == 1


def test_repairs_can_be_turned_off():
    failed = fit(5)
    draws, attempts, _ = repair([failed], repair=False)
    assert draws is failed
    assert [attempt.kept for attempt in attempts] == [True]


def test_a_higher_target_acceptance_stays_below_one():
    assert [higher_delta(delta) for delta in (0.8, 0.95, 0.995)] == [0.98, 0.995, 0.999]
