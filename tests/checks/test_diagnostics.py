"""Diagnostics: good draws pass, and each way of going wrong fails its own check."""

import numpy as np
import pytest
import xarray as xr

from partialpool.checks.diagnostics import (
    RANK_BINS,
    TRACE_POINTS,
    bin_energy,
    count_ranks,
    diagnose_parameters,
    judge,
    mcse_of_sd,
    thin_traces,
)
from partialpool.settings import Verdict

CHAINS, COUNT, DEPTH = 4, 1000, 10
NAMES = ["Intercept", "promo[some]"]


def good_values(seed=1):
    return np.random.default_rng(seed).standard_normal((CHAINS, COUNT, 2))


def draws_of(values):

    return xr.Dataset(
        {"population": (("chain", "draw", "population_name"), values)}, {"population_name": NAMES}
    )


def good_statistics(seed=2):
    random = np.random.default_rng(seed)
    shape = (CHAINS, COUNT)
    statistics = {
        "energy": random.standard_normal(shape),
        "divergent": np.zeros(shape),
        "treedepth": np.full(shape, 3.0),
        "n_leapfrog": np.full(shape, 7.0),
    }
    return xr.Dataset({name: (("chain", "draw"), values) for name, values in statistics.items()})


def verdict_on(values=None, statistics=None, limits=None):
    table = diagnose_parameters(draws_of(good_values() if values is None else values))
    return judge(table, statistics or good_statistics(), limits or Verdict(), DEPTH)


def failures(verdict):
    return [check["check"] for check in verdict["checks"] if not check["passed"]]


def found(verdict, name):
    return next(check for check in verdict["checks"] if check["check"] == name)


def autoregressive(correlation, seed=3):
    noise = good_values(seed)
    values = noise.copy()
    for i in range(1, COUNT):
        values[:, i] = correlation * values[:, i - 1] + np.sqrt(1 - correlation**2) * noise[:, i]
    return values


def test_good_draws_pass():
    verdict = verdict_on()
    assert verdict["passed"]
    assert failures(verdict) == []
    assert (verdict["draws"], verdict["chains"]) == (CHAINS * COUNT, CHAINS)
    assert verdict["gradients"] == 7 * CHAINS * COUNT


def test_independent_draws_have_the_errors_that_statistics_gives_them():
    row = diagnose_parameters(draws_of(good_values())).iloc[0]
    assert row["rhat"] == pytest.approx(1, abs=0.005)
    assert row["ess_bulk"] == pytest.approx(CHAINS * COUNT, rel=0.15)
    assert row["mcse_mean"] == pytest.approx(1 / np.sqrt(CHAINS * COUNT), rel=0.1)
    assert row["mcse_sd"] == pytest.approx(1 / np.sqrt(2 * CHAINS * COUNT), rel=0.15)


def test_a_chain_that_is_elsewhere_fails_by_rhat_and_is_named():
    values = good_values()
    values[0, :, 1] += 0.5
    verdict = verdict_on(values, limits=Verdict(ess=1))
    assert failures(verdict) == ["rhat"]
    assert found(verdict, "rhat")["worst"] == "promo[some]"


def test_few_effective_draws_fail():
    values = autoregressive(0.95)
    verdict = verdict_on(values, limits=Verdict(rhat=2))
    assert failures(verdict) == ["ess_bulk", "ess_tail"]
    expected = CHAINS * COUNT * 0.05 / 1.95
    assert found(verdict, "ess_bulk")["found"] == pytest.approx(expected, rel=0.4)


def test_tails_that_mix_badly_fail_alone():
    values = good_values()
    values[..., 0] *= np.where(autoregressive(0.99)[..., 0] > 1, 10, 0.1)
    verdict = verdict_on(values, limits=Verdict(rhat=2))
    assert failures(verdict) == ["ess_tail"]
    assert found(verdict, "ess_tail")["worst"] == "Intercept"


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("divergences", lambda s: s["divergent"].values.__setitem__((2, 5), 1)),
        ("treedepth_hits", lambda s: s["treedepth"].values.__setitem__((0, 7), DEPTH)),
        ("ebfmi", lambda s: s["energy"].values.__setitem__(1, s["energy"].values[1].cumsum())),
    ],
)
def test_each_of_the_samplers_troubles_fails_its_own_check(name, spoil):
    statistics = good_statistics()
    spoil(statistics)
    assert failures(verdict_on(statistics=statistics)) == [name]


def test_as_many_troubles_as_are_allowed_pass():
    statistics = good_statistics()
    statistics["divergent"].values[0, :3] = 1
    assert failures(verdict_on(statistics=statistics, limits=Verdict(divergences=2))) == [
        "divergences"
    ]
    assert verdict_on(statistics=statistics, limits=Verdict(divergences=3))["passed"]


def test_ebfmi_is_the_mean_squared_step_of_the_energy_over_its_variance():
    energy = good_statistics()["energy"].values
    by_hand = np.sum(np.diff(energy) ** 2, axis=1) / np.sum(
        (energy - energy.mean(axis=1, keepdims=True)) ** 2, axis=1
    )
    assert found(verdict_on(), "ebfmi")["found"] == pytest.approx(by_hand.min(), rel=0.01)


def test_an_estimate_whose_digits_chance_has_made_fails_by_its_monte_carlo_error():
    values = good_values()
    values[..., 1] = 100 + 10 * values[..., 1]
    verdict = verdict_on(values)
    assert failures(verdict) == ["mcse"]
    check = found(verdict, "mcse")
    assert check["worst"] == "promo[some]"
    assert check["found"] == pytest.approx(10 / np.sqrt(CHAINS * COUNT), rel=0.1)


def test_the_monte_carlo_error_that_is_judged_is_that_of_a_parameter_as_it_acts():
    values = good_values()
    values[..., 1] = 100 + 10 * values[..., 1]
    table = diagnose_parameters(draws_of(values), {"promo[some]": values[..., 1] / 100})
    assert judge(table, good_statistics(), Verdict(), DEPTH)["passed"]
    verdict = judge(table, good_statistics(), Verdict(mcse=0.001), DEPTH)
    expected = 0.1 / np.sqrt(CHAINS * COUNT)
    assert found(verdict, "mcse")["worst"] == "Intercept"
    assert table["mcse"][1] == pytest.approx(expected, rel=0.1)
    assert table["mcse_mean"][1] == pytest.approx(100 * expected, rel=0.1)


def test_binned_energies_are_as_wide_as_e_bfmi_says():
    energy = good_statistics()["energy"].values
    table = bin_energy(energy)
    middle = (table["left"] + table["right"]) / 2
    assert table[["energies", "changes"]].sum().tolist() == pytest.approx([1, 1])
    spread = {name: np.average(middle**2, weights=table[name]) for name in ("energies", "changes")}
    assert spread["energies"] == pytest.approx(energy.var(), rel=0.05)
    assert spread["changes"] / spread["energies"] == pytest.approx(
        np.square(np.diff(energy)).mean() / energy.var(), rel=0.05
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("column", ["rhat", "ess_bulk", "ess_tail"])
def test_a_diagnostic_that_is_no_number_fails_its_check_and_is_named(column, value):
    table = diagnose_parameters(draws_of(good_values()))
    table.loc[1, column] = value
    verdict = judge(table, good_statistics(), Verdict(), DEPTH)
    assert failures(verdict) == [column]
    assert found(verdict, column)["worst"] == "promo[some]"


@pytest.mark.parametrize("where", [(0, 0, 1), np.s_[:, :, 1], np.s_[:]])
def test_draws_that_are_no_numbers_fail(where):
    values = good_values()
    values[where] = np.nan
    verdict = verdict_on(values)
    assert {"rhat", "ess_bulk", "ess_tail"} <= set(failures(verdict))
    if where != np.s_[:]:
        assert found(verdict, "rhat")["worst"] == "promo[some]"


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_chains_that_do_not_move_fail():
    values = good_values()
    values[..., 0] = 1.0
    verdict = verdict_on(values)
    assert not verdict["passed"]
    assert found(verdict, "rhat")["worst"] == "Intercept"


def test_ranks_are_even_where_chains_agree_and_sum_to_the_draws():
    table = count_ranks(draws_of(good_values()), NAMES)
    assert table.groupby(["parameter", "chain"])["draws"].sum().unique().tolist() == [COUNT]
    assert table.groupby(["parameter", "bin"])["draws"].sum().unique().tolist() == [
        CHAINS * COUNT / RANK_BINS
    ]
    expected = COUNT / RANK_BINS
    assert table["draws"].between(expected - 30, expected + 30).all()


def test_ranks_show_the_chain_that_is_elsewhere():
    values = good_values()
    values[3, :, 0] += 10
    table = count_ranks(draws_of(values), NAMES)
    high = table[(table["parameter"] == "Intercept") & (table["bin"] > RANK_BINS * 3 / 4)]
    assert high.groupby("chain")["draws"].sum().to_dict() == {1: 0, 2: 0, 3: 0, 4: COUNT}


@pytest.mark.parametrize(
    ("count", "kept"), [(TRACE_POINTS, TRACE_POINTS), (1000, 200), (1001, 167)]
)
def test_traces_are_thinned_evenly(count, kept):
    values = np.arange(CHAINS * count * 2.0).reshape(CHAINS, count, 2)
    table = thin_traces(draws_of(values), ["promo[some]"])
    assert set(table["parameter"]) == {"promo[some]"}
    one = table[table["chain"] == 2]
    assert len(one) == kept <= TRACE_POINTS
    assert one["draw"].diff().dropna().nunique() == 1
    np.testing.assert_array_equal(one["value"], values[1, one["draw"] - 1, 1])


@pytest.mark.parametrize("correlation", [-0.7, 0.0, 0.7], ids=["antithetic", "independent", "slow"])
def test_the_error_of_an_sd_is_what_it_scatters_by_over_runs(correlation):
    random, innovation = np.random.default_rng(8), np.sqrt(1 - correlation**2)
    noise = random.standard_normal((300, 4, 1000))
    values = np.empty_like(noise)
    values[..., 0] = noise[..., 0]
    for at in range(1, noise.shape[-1]):
        values[..., at] = correlation * values[..., at - 1] + innovation * noise[..., at]
    sds = values.std(axis=(1, 2))
    claimed = np.mean([mcse_of_sd(run) for run in values[:60]])
    assert claimed == pytest.approx(sds.std(), rel=0.15)


def test_what_does_not_vary_has_no_error_of_its_sd():
    assert np.isnan(mcse_of_sd(np.ones((4, 100))))
