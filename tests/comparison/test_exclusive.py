"""Scores of units that hold whole levels are those of leaving them out exactly."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import expit, logsumexp

from partialpool.comparison.exclusive import find_exclusive, integrate_units
from partialpool.comparison.loo import score_sets, score_units
from partialpool.comparison.ranking import compare, gather_scores
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.posterior.fit import Fit

from ..factories.cells import crossed

SHOPS = [f"s{i}" for i in range(15)]
CHAINS, DRAWS = 4, 500


def shops(seed, sd=0.9, trials=60):
    random = np.random.default_rng(seed)
    rates = expit(-1 + sd * random.standard_normal(len(SHOPS)))
    return crossed({"shop": SHOPS}, successes=random.binomial(trials, rates), trials=trials)


def exact(cells):
    """A grid over intercept (normal(0, 1)) and sd (half-normal(0, 1)): log weights of all cells,
    and each cell's log likelihood with its effect integrated out."""
    intercepts, sds = np.linspace(-3, 1, 81), np.linspace(0.02, 3, 75)
    z, weight = np.polynomial.hermite_e.hermegauss(61)
    b, s = (grid.ravel() for grid in np.meshgrid(intercepts, sds, indexing="ij"))
    rates = expit(b[:, None] + s[:, None] * z)
    each = np.stack(
        [
            logsumexp(stats.binom.logpmf(y, n, rates) + np.log(weight), axis=1)
            for y, n in zip(cells["successes"], cells["trials"], strict=True)
        ]
    ) - 0.5 * np.log(2 * np.pi)
    return b, s, stats.norm.logpdf(b) + stats.norm.logpdf(s) + each.sum(axis=0), each


def fit_of(cells, seed=1):
    """Draws from the exact posterior of `1 + (1 | shop)`, effects too."""
    b, s, log_weights, _ = exact(cells)
    random = np.random.default_rng(seed)
    at = random.choice(len(b), CHAINS * DRAWS, p=np.exp(log_weights - logsumexp(log_weights)))
    z = np.linspace(-5, 5, 401)
    effects = np.empty((len(at), len(SHOPS)))
    for shop, (y, n) in enumerate(zip(cells["successes"], cells["trials"], strict=True)):
        eta = b[at, None] + s[at, None] * z
        mass = stats.binom.logpmf(y, n, expit(eta)) + stats.norm.logpdf(z)
        shares = np.cumsum(np.exp(mass - logsumexp(mass, axis=1, keepdims=True)), axis=1)
        chosen = (shares < random.random((len(at), 1))).sum(axis=1)
        effects[:, shop] = s[at] * z[np.minimum(chosen, len(z) - 1)]
    parameters = {"population": b[at, None], "sd": s[at, None], "effect": effects}
    names = {"population": ["Intercept"], "sd": ["sd_shop[Intercept]"]}
    names["effect"] = [f"r_shop[{shop}, Intercept]" for shop in SHOPS]
    arrays = {
        kind: xr.DataArray(
            values.reshape(CHAINS, DRAWS, -1),
            dims=("chain", "draw", f"{kind}_name"),
            coords={f"{kind}_name": names[kind]},
        )
        for kind, values in parameters.items()
    }
    return Fit(cells, learn_design("1 + (1 | shop)", cells), LOGISTIC, xr.Dataset(arrays))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cell_with_an_effect_of_its_own_has_its_exact_score(seed):
    cells = shops(seed)
    _, _, log_weights, each = exact(cells)
    expected = [logsumexp(log_weights) - logsumexp(log_weights - one) for one in each]
    found = score_units(fit_of(cells), ())
    found = found[found["unit"] == "cell"]
    trusted = (found["pareto_k"] < 0.7).to_numpy()
    assert trusted.sum() >= len(SHOPS) - 1  # an outlying shop may be refitted without
    away = found["elpd"].to_numpy() - expected
    assert np.abs(away / np.hypot(found["mcse"].to_numpy(), 0.01))[trusted].max() < 4.5
    # the total, where errors of one sign would add up
    assert abs(away[trusted].sum()) < 0.3


def test_levels_that_only_a_unit_has_are_found():
    cells = crossed({"shop": ["a", "b"], "week": ["1", "2"]}, successes=1, trials=9)
    fit = Fit(cells, learn_design("1 + (1 | shop) + (1 | shop:week)", cells), LOGISTIC, None)
    at = np.flatnonzero(cells["shop"] == "a")
    found = [(one.term, list(one.cells)) for one in find_exclusive(fit, at)]
    assert found == [(0, [0, 1]), (1, [0]), (1, [1])]
    assert [one.term for one in find_exclusive(fit, at[:1])] == [1]


def test_units_that_hold_no_level_are_left_to_importance_sampling():
    cells = shops(4)
    weekly = fit_of(cells)
    both = crossed({"shop": SHOPS, "week": ["1", "2"]}, successes=3, trials=9)
    fit = Fit(both, learn_design("1 + (1 | shop)", both), LOGISTIC, weekly.draws)
    assert integrate_units(fit, {"one": np.array([0])}) == {}
    assert list(integrate_units(fit, {"both": np.array([0, 1])})) == ["both"]


def test_a_contact_that_is_its_whole_cell_has_the_cells_score():
    cells = shops(5, trials=1)
    scores = score_units(fit_of(cells), ()).set_index("unit")
    columns = ["elpd", "mcse", "pareto_k"]
    np.testing.assert_array_equal(scores.loc["contact", columns], scores.loc["cell", columns])


def pooled(cells, seed=1):
    """Draws from the exact posterior of `1`, intercept normal(0, 1), and cells' exact scores."""
    grid = np.linspace(-4, 2, 6001)
    rates = expit(grid)[:, None]
    each = stats.binom.logpmf(cells["successes"].to_numpy(), cells["trials"].to_numpy(), rates)
    log_weights = stats.norm.logpdf(grid) + each.sum(axis=1)
    random = np.random.default_rng(seed)
    shares = np.exp(log_weights - logsumexp(log_weights))
    drawn = random.choice(grid, CHAINS * DRAWS, p=shares)
    array = xr.DataArray(
        drawn.reshape(CHAINS, DRAWS, 1),
        dims=("chain", "draw", "population_name"),
        coords={"population_name": ["Intercept"]},
    )
    fit = Fit(cells, learn_design("1", cells), LOGISTIC, xr.Dataset({"population": array}))
    rest = log_weights[:, None] - each
    return fit, logsumexp(log_weights) - logsumexp(rest, axis=0)


def judged(scores):
    return scores.assign(how=np.where(scores["pareto_k"] <= 0.7, "importance", "high_k"))


def refitted(exact, cells):
    names = score_units(pooled(cells)[0], ()).query("unit == 'cell'")["left_out"]
    told = {"mcse": 0.01, "fits": 1, "divergent": 0, "unit": "cell", "outcome": np.nan}
    return pd.DataFrame({"left_out": names.to_list(), "elpd": exact, "model": "pooled", **told})


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("integrated", [True, False])
def test_a_difference_is_the_exact_one_or_none(seed, integrated):
    """Shops with an effect each against shops alike, which is refitted; both have exact answers."""
    cells = shops(seed, sd=0.25)
    fit, alike = fit_of(cells), pooled(cells)[1]
    _, _, log_weights, each = exact(cells)
    own = np.array([logsumexp(log_weights) - logsumexp(log_weights - one) for one in each])
    scores = score_units(fit, ()).query("unit == 'cell'").reset_index(drop=True)
    if not integrated:  # what draws that have seen a shop say of it
        loose = score_sets(fit, np.arange(len(cells)), np.arange(len(cells)))
        scores = scores.assign(**loose.assign(pareto_k=0.9))
        assert ((scores["elpd"] + scores["p_loo"]).to_numpy() > own - 0.02).all()
    tables = {"shops": judged(scores), "pooled": judged(scores).assign(how="high_k")}
    found = gather_scores(tables, [refitted(alike, cells)], "cell")
    table = compare(found, 1).set_index("model")
    shops_row = table.loc["shops"]
    gap = table.loc["shops", "elpd"] - table.loc["pooled", "elpd"]
    if not integrated:
        assert np.isnan(gap)
        assert table["stacking"].isna().all()
        assert not table["within_noise"].loc["shops"]
    elif shops_row["high_k"] == 0:
        assert gap == pytest.approx(own.sum() - alike.sum(), abs=0.4)
    assert shops_row["at_most"] > own.sum() - 0.3
