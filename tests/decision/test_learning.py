"""What further contacts are worth, against closed forms, brute force and common sense."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import betabinom

from partialpool.decision.learning import Choice, error_of_sample, value_of_sample


def choice_of(a, b, draws=40_000, seed=1, **more):
    """Two or more arms of one place with beta posteriors."""
    generator = np.random.default_rng(seed)
    rates = np.stack([generator.beta(*ab, draws) for ab in zip(a, b, strict=True)], -1)[:, None]
    size = (1, len(a))
    given = {"value": np.ones(size), "cost": np.zeros(size), "shares": np.ones(1)}
    return Choice(rates, candidates=np.arange(len(a)), **given | more)


def exact_value(a, b, contacts):
    """Two beta-binomial arms with as many further contacts each, summed over all outcomes."""
    counts = np.arange(contacts + 1)
    mass = [betabinom(contacts, *ab).pmf(counts) for ab in zip(a, b, strict=True)]
    after = [(ab[0] + counts) / (sum(ab) + contacts) for ab in zip(a, b, strict=True)]
    best = (np.outer(*mass) * np.maximum.outer(*after)).sum()
    return best - max(ab[0] / sum(ab) for ab in zip(a, b, strict=True))


def noise_of(choice, seed=2):
    return np.random.default_rng(seed).standard_normal(choice.rates.shape)


@pytest.mark.parametrize("contacts", [100, 1000])
@pytest.mark.parametrize(("a", "b"), [((13, 15), (91, 89)), ((130, 131), (910, 910))])
def test_the_value_of_a_sample_is_that_of_the_closed_form(a, b, contacts):
    choice = choice_of(a, b)
    found = value_of_sample(choice, np.full((1, 2), float(contacts)), noise_of(choice))
    assert found == pytest.approx(exact_value(a, b, contacts), rel=0.05)


def test_the_value_of_a_sample_is_that_of_brute_force_where_places_tell_of_one_another():
    """Rates of two places move together; posteriors are computed by weighing draws."""
    generator = np.random.default_rng(3)
    draws, contacts = 4000, 400
    shared = generator.normal(0, 0.15, (draws, 1, 2))
    rates = 1 / (1 + np.exp(2 - shared - generator.normal(0, 0.1, (draws, 2, 2))))
    shares, ones = np.array([0.7, 0.3]), np.ones((2, 2))
    choice = Choice(rates, ones, 0 * ones, shares, np.arange(2))
    asked = np.array([[contacts, contacts], [0, 0]])
    now = rates.mean(axis=0)
    gained = []
    for truth in rates[:800]:
        seen = generator.binomial(contacts, truth[0])
        logs = (seen * np.log(rates[:, 0]) + (contacts - seen) * np.log1p(-rates[:, 0])).sum(axis=1)
        weights = np.exp(logs - logs.max())
        after = np.einsum("d,dpa->pa", weights / weights.sum(), rates)
        gained.append((after.max(axis=1) - after[np.arange(2), now.argmax(axis=1)]) @ shares)
    found = value_of_sample(choice, asked.astype(float), noise_of(choice))
    assert found == pytest.approx(np.mean(gained), abs=4 * np.std(gained) / np.sqrt(800))
    alone = Choice(rates[:, :1], ones[:1], 0 * ones[:1], np.array([0.7]), np.arange(2))
    of_first = value_of_sample(alone, asked[:1].astype(float), noise_of(choice)[:, :1])
    assert found > of_first * 1.02


def test_nothing_is_learnt_where_there_is_nothing_to_choose():
    settled = choice_of((10, 900), (990, 100))
    assert settled.perfect == 0
    assert value_of_sample(settled, np.full((1, 2), 100.0), noise_of(settled)) == 0


def test_an_arm_that_may_not_be_chosen_teaches_nothing():
    choice = choice_of((13, 15, 900), (91, 89, 100))
    two = Choice(choice.rates, choice.value, choice.cost, choice.shares, np.array([0, 1]))
    without = value_of_sample(two, np.array([[500.0, 500.0, 0.0]]), noise_of(two))
    assert value_of_sample(two, np.array([[500.0, 500.0, 900.0]]), noise_of(two)) == pytest.approx(
        without, rel=0.02
    )


def test_contacts_teach_as_much_of_what_is_not_welcome():
    """With success and failure swapped and every new rate on the other side, all is mirrored."""
    good = choice_of((30, 36), (270, 264), draws=4000)
    bad = choice_of((30, 36), (270, 264), draws=4000, value=-np.ones((1, 2)))
    bad = replace(bad, rates=1 - good.rates)
    asked, noise = np.full((1, 2), 300.0), noise_of(good)
    assert value_of_sample(bad, asked, -noise) == pytest.approx(
        value_of_sample(good, asked, noise), rel=1e-9
    )
    assert bad.perfect == pytest.approx(good.perfect)


def test_the_error_of_a_value_is_how_far_it_scatters_over_other_draws():
    values, errors = [], []
    for seed in range(30):
        random = np.random.default_rng(seed)
        rates = random.beta([200, 210], [1800, 1790], (1000, 1, 2))
        one = Choice(rates, np.ones((1, 2)), np.zeros((1, 2)), np.ones(1), np.arange(2))
        asked = one, np.full((1, 2), 1000.0), random.standard_normal(rates.shape)
        values.append(value_of_sample(*asked))
        errors.append(error_of_sample(*asked))
    assert np.mean(errors) == pytest.approx(np.std(values, ddof=1), rel=0.35)
    assert np.mean(errors) < 0.3 * np.mean(values)
