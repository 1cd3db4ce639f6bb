"""Effects: rates standardised to each level's own contacts, contrasts draw by draw."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit, ndtr

from partialpool.cells.levels import with_levels
from partialpool.cells.question import ALL, Question
from partialpool.decision.effects import (
    estimate_effects,
    pool_effects,
    rates_in_places,
    standardised_rates,
)
from partialpool.decision.pooling import pool_strata
from partialpool.decision.segments import compare_places
from partialpool.decision.strata import write_strata
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.rates import contrast

from ..factories.cells import crossed
from ..factories.draws import given, rate_of
from ..factories.strata import simulate, strata_of

LEVELS = {"promo": ["none", "some"], "channel": ["mail", "shop"], "age": ["young", "old"]}

QUESTION = Question("promo", "channel")

TRIALS = [100, 300, 50, 150, 20, 80, 500, 100]

RATES = {row: 0.1 + 0.1 * i for i, row in enumerate(itertools.product(*LEVELS.values()))}


def gompertz(eta):
    """The inverse of the complementary log-log link."""
    return 1 - np.exp(-np.exp(eta))


def cells():
    return crossed(LEVELS, trials=TRIALS)


def predict(rows, shifts=(0.0, 0.5)):
    """Log-odds in two draws, the second shifted."""
    known = [RATES[tuple(row)] for row in rows[list(LEVELS)].astype(str).to_numpy()]
    yield slice(0, len(rows)), logit(known) + np.array(shifts)[:, None]


def test_a_rate_is_that_of_the_levels_own_contacts_had_all_been_given_the_treatment():
    rates = standardised_rates(given(cells(), predict), QUESTION)
    young, old = 100 + 20, 300 + 80  # contacts in mail, whatever they were given
    by_hand = (young * RATES["some", "mail", "young"] + old * RATES["some", "mail", "old"]) / 500
    assert rates["mail", "some"].value[0] == pytest.approx(by_hand)
    shifted = [expit(logit(RATES["some", "mail", age]) + 0.5) for age in ("young", "old")]
    assert rates["mail", "some"].value[1] == pytest.approx(
        (young * shifted[0] + old * shifted[1]) / 500
    )


def test_over_all_every_contact_is_given_the_treatment():
    rates = standardised_rates(given(cells(), predict), QUESTION)
    mail, shop = 500, 800
    for promo in LEVELS["promo"]:
        mixed = (mail * rates["mail", promo].value + shop * rates["shop", promo].value) / 1300
        np.testing.assert_allclose(rates[ALL, promo].value, mixed)


def test_without_a_third_factor_a_rate_is_the_cells_own():
    levels = {name: LEVELS[name] for name in ("promo", "channel")}
    two = crossed(levels, trials=[1, 20, 300, 4])

    def flat(rows):
        known = {"none mail": 0.2, "none shop": 0.4, "some mail": 0.6, "some shop": 0.8}
        pairs = rows[["promo", "channel"]].astype(str).to_numpy()
        yield slice(0, len(rows)), logit([[known[" ".join(pair)] for pair in pairs]])

    rates = standardised_rates(given(two, flat), QUESTION)
    assert rates["shop", "some"].value == pytest.approx([0.8])
    assert rates["mail", "none"].value == pytest.approx([0.2])


def test_the_lift_within_every_level_may_be_against_the_pooled_difference():
    """Kidney stones (Charig et al. 1986): open surgery wins in both sizes and loses pooled."""
    levels = {"treatment": ["puncture", "surgery"], "stone": ["small", "large"]}
    counts = {("puncture", "small"): (234, 270), ("puncture", "large"): (55, 80)}
    counts |= {("surgery", "small"): (81, 87), ("surgery", "large"): (192, 263)}
    frame = pd.DataFrame(list(counts), columns=list(levels))
    frame[["successes", "trials"]] = list(counts.values())
    stones = with_levels(frame, levels)

    def saturated(rows):
        known = [counts[tuple(row)] for row in rows[list(levels)].astype(str).to_numpy()]
        yield slice(0, len(rows)), logit([[y / n for y, n in known]])

    rates = standardised_rates(given(stones, saturated), Question("treatment", "stone"))
    places = ("small", "large", ALL)
    lifts = {w: rates[w, "surgery"].value - rates[w, "puncture"].value for w in places}
    assert lifts["small"][0] == pytest.approx(81 / 87 - 234 / 270)
    assert all(lift > 0 for lift in lifts.values())
    pooled = stones.groupby("treatment", observed=True)[["successes", "trials"]].sum()
    rate = pooled["successes"] / pooled["trials"]
    assert rate["surgery"] < rate["puncture"]
    small, large = (270 + 87) / 700, (80 + 263) / 700
    by_hand = small * (81 / 87 - 234 / 270) + large * (192 / 263 - 55 / 80)
    assert lifts[ALL][0] == pytest.approx(by_hand)


def test_rows_may_come_in_chunks():
    whole = standardised_rates(given(cells(), predict), QUESTION)

    def one_by_one(rows):
        ((_, eta),) = predict(rows)
        for position in range(len(rows)):
            yield slice(position, position + 1), eta[:, position : position + 1]

    chunked = standardised_rates(given(cells(), one_by_one), QUESTION)
    assert list(chunked) == list(whole)
    for key, rate in whole.items():
        np.testing.assert_allclose(chunked[key].log_odds, rate.log_odds)


@pytest.mark.parametrize(("link", "inverse"), [("probit", ndtr), ("cloglog", gompertz)])
def test_rates_are_averaged_on_their_own_scale_whatever_the_link(link, inverse):
    rates = standardised_rates(given(cells(), predict, Likelihood(link=link)), QUESTION)
    ((_, eta),) = predict(cells())
    mail = (cells()["channel"] == "mail").to_numpy() & (cells()["promo"] == "some").to_numpy()
    young, old = 100 + 20, 300 + 80
    by_hand = (inverse(eta[:, mail]) * [young, old]).sum(axis=1) / 500
    np.testing.assert_allclose(rates["mail", "some"].value, by_hand)


def test_log_odds_are_finite_where_rates_round_to_one():
    def far(rows):
        yield slice(0, len(rows)), np.full((1, len(rows)), 800.0)

    rate = standardised_rates(given(cells(), far), QUESTION)["mail", "some"]
    assert rate.value == 1
    assert rate.log_odds == pytest.approx(800)
    assert contrast(rate, rate)["log_odds_ratio"] == 0


def table_of_random_draws():
    random = np.random.default_rng(4)
    rates = {
        ("mail", "none"): rate_of(expit(random.normal(-1, 0.5, 4000))),
        ("mail", "some"): rate_of(expit(random.normal(0, 0.8, 4000))),
    }
    table = estimate_effects(rates, "none", 0.89)
    return rates, table.set_index(["within", "treatment", "quantity"])


def test_the_mean_odds_ratio_is_that_of_the_draws_not_that_of_the_mean_log_odds():
    rates, table = table_of_random_draws()
    values = {promo: rates["mail", promo].value for promo in ("none", "some")}
    odds = {promo: value / (1 - value) for promo, value in values.items()}
    mean = table.loc[("mail", "some", "odds_ratio"), "mean"]
    assert mean == pytest.approx(np.mean(odds["some"] / odds["none"]))
    naive = np.exp(table.loc[("mail", "some", "log_odds_ratio"), "mean"])
    assert mean > 1.3 * naive


def test_every_rate_is_summarised_and_only_the_treated_are_contrasted():
    rates, table = table_of_random_draws()
    quantities = table.reset_index().groupby("treatment")["quantity"].agg(list).to_dict()
    contrasts = ["lift", "log_odds_ratio", "odds_ratio", "relative_rate"]
    assert {"rate", "log_odds"} <= set(quantities["none"])
    assert quantities["some"] == quantities["none"] + contrasts
    lift = rates["mail", "some"].value - rates["mail", "none"].value
    row = table.loc[("mail", "some", "lift")]
    assert row["above_null"] == np.mean(lift > 0)
    ratio = rates["mail", "some"].value / rates["mail", "none"].value
    assert table.loc[("mail", "some", "relative_rate"), "above_null"] == np.mean(ratio > 1)
    assert 0 < np.mean(ratio > 1) < 1
    assert [row["lower"], row["upper"]] == pytest.approx(np.quantile(lift, [0.055, 0.945]).tolist())


def test_of_many_lifts_that_stand_alone_the_pooled_ones_are_called(tmp_path):
    """Fifty places without any effect: in each the pooled lift, over all that of the model."""
    alone = strata_of(simulate(1)[0], 400)
    few = strata_of([[40, 80], [80, 40]], 400, draws=500)
    files, effects = {}, {}
    for name, strata in {"many": alone, "few": few, "other": alone}.items():
        files[name] = tmp_path / f"{name}.nc"
        write_strata(strata, files[name])
        effects[name] = estimate_effects(rates_in_places(strata, "shop"), "old", 0.89)
    formulas = {"many": "offer * shop", "few": "offer * shop", "other": "(offer | shop)"}
    question = Question("offer", "shop")
    asked = ["offer", "shop"], vars(question), 0.95, 0.89, 1
    found = pool_effects(effects, map(str, files.values()), formulas, *asked)
    for name in ("few", "other"):
        pd.testing.assert_frame_equal(found[name], effects[name])
    before, after = effects["many"], found["many"]
    assert list(after) == list(before)
    lifts = after[(after["quantity"] == "lift") & (after["within"] != ALL)]
    assert not lifts["above_null"].between(0, 0.05).any()
    assert not lifts["above_null"].between(0.95, 1).any()
    # as what is weighed by the same seed
    weighed = compare_places(pool_strata(alone, "shop", 1), question, 0.95, 0.89, True)[1][0]
    called = [row["probability_of_gain"] for row in weighed["calls"]]
    np.testing.assert_allclose(lifts["above_null"], called)
    everything = after["within"] == ALL
    np.testing.assert_allclose(
        after.loc[everything, "mean"], before.loc[everything, "mean"], rtol=1e-9
    )


def test_without_a_reference_every_rate_is_held_to_the_mean_of_all():
    rates = standardised_rates(given(cells(), predict), Question("promo"))
    found = estimate_effects(rates, None, 0.89).set_index(["treatment", "quantity"])
    means = found["mean"]
    middle = (means["none", "rate"] + means["some", "rate"]) / 2
    assert means["some", "from_mean"] == pytest.approx(means["some", "rate"] - middle)
    assert found["above_null"]["some", "from_mean"] == 1
    assert found["above_null"]["none", "from_mean"] == 0
    assert "lift" not in found.index.get_level_values("quantity")


def test_rates_that_differ_by_rounding_alone_are_as_probably_above_their_mean_as_below():
    alike = {(ALL, level): rate_of(np.full(4, 0.1 + 0.2)) for level in "abc"}
    found = estimate_effects(alike, None, 0.89)
    assert set(found[found["quantity"] == "from_mean"]["above_null"]) == {0.5}
