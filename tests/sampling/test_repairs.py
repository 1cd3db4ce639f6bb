"""Repairs: a fit that misses a part of the posterior is sampled again in other ways."""

import numpy as np
import pytest

from partialpool.errors import OutOfTimeError
from partialpool.sampling.centring import fix_centring
from partialpool.sampling.engines import Draws
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, higher_delta, sample_with_repairs
from partialpool.settings import Sampling

from ..factories.shops import data_of

LIMITS = {"divergences": 0, "ebfmi": 0.3}
SHARES = np.array([[0.97], [0.2], [0.5]])
DATA = fix_centring(data_of([20] * 3), [SHARES])
GROUPLESS = data_of([20] * 3, formula="promo")


def fit(divergences, stuck=False, depth=3):
    """Draws of a sampler with so many divergent transitions; a stuck one hardly changes energy."""
    random = np.random.default_rng(1)
    steps = random.standard_normal((2, 100))
    energy = np.cumsum(steps, axis=1) if stuck else steps
    divergent = np.zeros((2, 100))
    divergent.flat[:divergences] = 1
    steps, depths = np.full((2, 100), 7), np.full((2, 100), depth)
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


def draw_on(tries, **settings):
    """Run the repairs on fits with what each lacks; None is one that is ended by its limit."""
    asked, waiting = [], iter(tries)
    lacks = {id(one[0]): one[1] for one in tries if one}

    def sample(data, sampling, name):
        asked.append((sampling.warmup, sampling.draws, sampling.adapt_delta, name))
        following = next(waiting)
        if following is None:
            raise OutOfTimeError(sampling.minutes)
        return following[0]

    settings = Sampling(warmup=500, draws=1000, **settings)
    lacking = lambda draws: lacks[id(draws)]  # noqa: E731
    draws, attempts = sample_with_repairs(DATA, settings, LIMITS, sample, lacking)
    return draws, attempts, asked


ESS, RHAT = ["ess_bulk"], ["rhat", "ess_tail"]


def test_a_sound_fit_that_lacks_draws_is_drawn_on_until_it_has_enough():
    enough = fit(0)
    draws, attempts, asked = draw_on([(fit(0), ESS), (fit(0), ["mcse"]), (enough, [])])
    assert draws is enough
    assert asked == [
        (500, 1000, 0.8, ""),
        (500, 2000, 0.8, "draw on 1"),
        (500, 4000, 0.8, "draw on 2"),
    ]
    assert [list(attempt.lacking) for attempt in attempts] == [ESS, ["mcse"], []]
    assert [attempt.draws for attempt in attempts] == [1000, 2000, 4000]
    assert [attempt.kept for attempt in attempts] == [False, False, True]


def test_chains_that_do_not_agree_also_get_a_longer_warm_up():
    _, _, asked = draw_on([(fit(0), RHAT), (fit(0), ESS), (fit(0), [])])
    assert [of[:2] for of in asked] == [(500, 1000), (1000, 2000), (1000, 4000)]


def test_drawing_on_ends_at_its_limit_and_keeps_the_longest_try():
    fits = [(fit(0), ESS) for _ in range(3)]
    draws, attempts, _ = draw_on(fits, longest=4)
    assert draws is fits[2][0]
    assert [attempt.kept for attempt in attempts] == [False, False, True]
    assert attempts[2].lacking == ("ess_bulk",)


@pytest.mark.parametrize("settings", [{"longest": 1}, {"repair": False}])
def test_drawing_on_can_be_turned_off(settings):
    assert len(draw_on([(fit(0), ESS)], **settings)[1]) == 1


@pytest.mark.parametrize(
    "trouble",
    [{"divergences": 3}, {"divergences": 0, "stuck": True}, {"divergences": 0, "depth": 10}],
)
def test_a_sampler_in_trouble_is_not_drawn_on(trouble):
    _, _, asked = draw_on([(fit(**trouble), ESS)] * 4)
    assert not any(name.startswith("draw on") for *_, name in asked)


def test_a_repaired_fit_is_drawn_on_in_the_way_that_mended_it():
    _, attempts, asked = draw_on([(fit(2), []), (fit(1), []), (fit(0), ESS), (fit(0), [])])
    assert asked[3] == (500, 2000, 0.98, "draw on 1")
    assert attempts[3].centring == attempts[2].centring == OPPOSITE
    assert attempts[3].kept


def test_a_longer_try_that_meets_divergences_is_made_in_smaller_steps():
    _, attempts, asked = draw_on([(fit(0), ESS), (fit(1), []), (fit(0), [])])
    assert asked[1:] == [(500, 2000, 0.8, "draw on 1"), (500, 2000, 0.98, "draw on 2")]
    assert [attempt.kept for attempt in attempts] == [False, False, True]


def test_where_every_longer_try_diverges_the_sound_one_is_kept():
    tries = [(fit(0), ESS), *[(fit(n), []) for n in (1, 2, 3, 4)]]
    draws, attempts, _ = draw_on(tries)
    assert draws is tries[0][0]
    assert [attempt.adapt_delta for attempt in attempts] == [0.8, 0.8, 0.98, 0.998, 0.999]


def test_a_longer_try_that_takes_too_long_leaves_the_one_before():
    first = fit(0)
    draws, attempts, _ = draw_on([(first, ESS), None])
    assert draws is first
    assert [(attempt.kept, attempt.finished) for attempt in attempts] == [
        (True, True),
        (False, False),
    ]


def test_a_first_try_that_takes_too_long_ends_the_fit_in_a_line():
    with pytest.raises(OutOfTimeError, match=r"sampling\.minutes: .* ended after 240 minutes"):
        draw_on([None])


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
    fits = [fit(9), fit(4), fit(6), fit(5)]
    draws, attempts, _ = repair(fits)
    assert draws is fits[1]
    assert [attempt.kept for attempt in attempts] == [False, True, False, False]


def test_smaller_steps_that_leave_divergences_are_made_smaller_once_more():
    _, attempts, asked = repair([fit(9), fit(20), fit(1), fit(0)])
    assert [of[1:] for of in asked[2:]] == [(0.98, "repair 2"), (0.998, "repair 3")]
    assert [attempt.centring for attempt in attempts[2:]] == [AS_BUILT, AS_BUILT]
    assert attempts[3].kept


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
