"""Centring: effects are sampled by what their own data tell, found by a quick pilot."""

import numpy as np
import pytest

from partialpool.sampling.centring import choose_centring, fix_centring
from partialpool.sampling.pilot import run_pilot

from ..factories.shops import data_of


def variables_of(*given, **named):
    return data_of(*given, **named).variables()


def test_effects_with_much_data_are_all_but_centred():
    assert min(variables_of([500] * 8)["centring"]) > 0.95


def test_effects_with_little_data_are_not():
    assert max(variables_of([1] * 30)["centring"]) < 0.4


def test_effects_between_are_recorded_with_the_share_that_their_data_tell():
    data = data_of([30] * 60)
    variance = run_pilot(data).terms[0].variance[0, 0]
    information = 60 * 0.2  # two cells of 30 trials, with p (1 - p) a little below .25
    told = variance / (variance + 1 / information)
    assert np.mean(data.terms[0].geometry.centring) == pytest.approx(told, rel=0.05)
    assert 0.8 < told < 0.95


def test_each_level_is_judged_by_its_own_data():
    centring = np.reshape(variables_of([800, 1] * 10)["centring"], (10, 2))
    assert centring[:, 0].min() > 0.97
    assert centring[:, 1].max() < 0.4


def test_centring_stands_in_the_order_of_the_effects():
    data = variables_of([2000, 2] * 6, formula="(1 + promo | shop)", seed=3, spread=1.5)
    intercepts = np.reshape(data["centring"][:12], (6, 2))
    assert intercepts[:, 0].min() > 0.97 > 0.9 > intercepts[:, 1].max()


@pytest.mark.parametrize(("wanted", "value"), [("centred", 1.0), ("non-centred", 0.0)])
def test_the_choice_may_be_forced(wanted, value):
    data = variables_of([800, 1] * 3, centring=wanted)
    assert data["centring"] == data["information"] == [value] * 6
    assert (data["score"], data["prior_weight"]) == ([0.0] * 6, [1 - value] * 6)


def test_the_opposite_ends_may_be_mixed():
    data = data_of([800, 1], formula="(1 + promo | shop)")
    fixed = fix_centring(data, [np.array([[1, 0], [0, 1]])]).variables()
    assert fixed["information"] == [1, 0, 0, 0, 0, 1]
    assert fixed["prior_weight"] == [0, 1, 1, 0]
    assert fixed["score"] == [0] * 4


def test_a_model_without_groups_has_nothing_to_centre():
    data = data_of([50] * 3, formula="promo")
    chosen = choose_centring(data, "auto").variables()
    assert (chosen["I"], chosen["information"]) == (0, [])
    assert run_pilot(data).terms == []
