"""Draws: their names, the log-odds that follow from them, and files that keep them."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from partialpool.design import Design, learn_design
from partialpool.engines import STATISTICS, Draws
from partialpool.formula import parse_formula
from partialpool.levels import with_levels
from partialpool.posterior import (
    by_chain,
    estimate_densities,
    label_draws,
    linear_predictor,
    named_parameters,
    read_draws,
    summarise,
    summarise_parameters,
    write_draws,
)

CHAINS, COUNT = 2, 5
LEVELS = {"promo": ["none", "some"], "shop": ["a", "b", "c"], "week": ["1", "2"]}


def cells():
    grid = pd.MultiIndex.from_product(LEVELS.values(), names=LEVELS).to_frame(index=False)
    return with_levels(grid.assign(successes=1, trials=2), LEVELS)


def random_draws(index, seed=1):
    """Draws of every variable of the program, as an engine gives them."""
    random = np.random.default_rng(seed)
    sizes = {kind: len(names) for kind, names in index.items()}
    sizes["population"] += "Intercept" not in index["population"]
    variables = {k: random.standard_normal((CHAINS, COUNT, n)) for k, n in sizes.items() if n}
    statistics = {name: random.standard_normal((CHAINS, COUNT)) for name in STATISTICS}
    return Draws(variables, statistics)


def labelled(formula, seed=1):
    design = Design(parse_formula(formula, LEVELS), cells())
    draws = random_draws(design.index, seed)
    return design, draws, label_draws(draws, design.index)


def posterior_of(tree):
    return tree["posterior"].to_dataset()


def test_every_parameter_has_its_name_and_its_draws():
    design, draws, tree = labelled("promo + (1 + promo | shop)")
    named = named_parameters(posterior_of(tree))
    assert list(named) == [name for names in design.index.values() for name in names]
    np.testing.assert_array_equal(named["promo[some]"], draws.variables["population"][..., 1])
    name = "r_shop[b, promo[some]]"
    at = design.index["effect"].index(name)
    np.testing.assert_array_equal(named[name], draws.variables["effect"][..., at])


def test_the_programs_empty_place_for_an_intercept_is_left_out():
    _, draws, tree = labelled("0 + promo")
    named = named_parameters(posterior_of(tree))
    assert list(named) == ["promo[none]", "promo[some]"]
    np.testing.assert_array_equal(named["promo[none]"], draws.variables["population"][..., 1])


def many_draws(formula, sd, correlation, count=40_000):
    """Draws with constant sds and correlation and no effects, of one chain."""
    design = learn_design(formula, cells())
    index = design.index
    values = {"population": [0.0, 0.0], "sd": sd, "correlation": correlation}
    values["effect"] = np.zeros(len(index["effect"]))
    variables = {kind: np.tile(value, (1, count, 1)) for kind, value in values.items()}
    return design, posterior_of(label_draws(Draws(variables, {}), index))


def new_rows(*shops):
    rows = pd.DataFrame({"promo": "some", "shop": shops, "week": "1"})
    return with_levels(rows, LEVELS | {"shop": [*LEVELS["shop"], "new", "newer"]})


def test_a_new_level_has_effects_of_its_terms_distribution():
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5])
    log_odds = linear_predictor(draws, design, new_rows("a", "new"), seed=3)
    assert np.abs(log_odds[:, 0]).max() == 0
    # var(a + b) with sds 1 and 2 and correlation -1/2
    assert log_odds[:, 1].mean() == pytest.approx(0, abs=0.05)
    assert log_odds[:, 1].std() == pytest.approx(np.sqrt(1 + 4 - 2), rel=0.03)


def test_a_new_level_has_the_same_effects_in_any_rows_and_another_level_others():
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5], count=50)
    together = linear_predictor(draws, design, new_rows("new", "a", "newer", "new"), seed=3)
    alone = linear_predictor(draws, design, new_rows("newer"), seed=3)
    np.testing.assert_array_equal(together[:, 0], together[:, 3])
    np.testing.assert_array_equal(together[:, 2], alone[:, 0])
    assert np.abs(together[:, 0] - together[:, 2]).min() > 0
    assert np.abs(linear_predictor(draws, design, new_rows("newer"), seed=4) - alone).min() > 0


def test_the_samplers_statistics_are_kept():
    _, draws, tree = labelled("promo")
    assert set(tree["sample_stats"].data_vars) == set(STATISTICS)
    np.testing.assert_array_equal(tree["sample_stats"]["energy"], draws.statistics["energy"])


@pytest.mark.parametrize(
    "formula",
    [
        "promo * shop",
        "0 + (1 + promo | shop)",
        "promo + (1 + promo | shop) + (1 | week)",
        "(1 + promo || shop) + (0 + promo | week)",
        "promo + (1 | shop/week)",
    ],
)
def test_log_odds_are_the_sum_of_coefficients_term_by_term(formula):
    design, _, tree = labelled(formula)
    draws = posterior_of(tree)
    named = {name: values.ravel() for name, values in named_parameters(draws).items()}
    rows = cells().sample(frac=1, random_state=3).reset_index(drop=True)
    expected = np.zeros((CHAINS * COUNT, len(rows)))
    for position, row in enumerate(rows.astype(str).to_dict("records")):

        def value(coefficient, row=row):
            """A coefficient's column, read off its name."""
            parts = [part for part in coefficient.split(":") if part != "Intercept"]
            return all(row[part.split("[")[0]] == part.split("[")[1][:-1] for part in parts)

        for name in design.coefficients:
            expected[:, position] += named[name] * value(name)
        for term in design.terms:
            level = ":".join(row[factor] for factor in term.grouping)
            for name in term.coefficients:
                expected[:, position] += named[f"r_{term.name}[{level}, {name}]"] * value(name)
    np.testing.assert_allclose(linear_predictor(draws, design, rows), expected, atol=1e-12)


def test_draws_stay_with_their_chain():
    design, draws, tree = labelled("1")
    log_odds = by_chain(linear_predictor(posterior_of(tree), design, cells()), posterior_of(tree))
    np.testing.assert_array_equal(log_odds[..., 0], draws.variables["population"][..., 0])


def test_a_summary_is_equal_tailed():
    found = summarise(np.arange(101.0), 0.8)
    assert found == pytest.approx(
        {"mean": 50, "sd": np.sqrt(101 * 102 / 12), "median": 50, "lower": 10, "upper": 90}
    )


def test_the_table_has_the_share_of_draws_above_zero():
    _, draws, tree = labelled("promo")
    table = summarise_parameters(posterior_of(tree), 0.89).set_index("parameter")
    values = draws.variables["population"][..., 1]
    assert table.loc["promo[some]", "above_0"] == np.mean(values > 0)
    assert table.loc["promo[some]", "mean"] == pytest.approx(values.mean())


def test_a_density_integrates_to_one_and_peaks_where_the_draws_are():
    random = np.random.default_rng(5)
    index = {"population": ["Intercept"], "sd": [], "correlation": [], "effect": []}
    values = 3 + 2 * random.standard_normal((4, 5000, 1))
    statistics = dict.fromkeys(STATISTICS, values[..., 0])
    tree = label_draws(Draws({"population": values}, statistics), index)
    table = estimate_densities(posterior_of(tree), ["Intercept"])
    assert np.trapezoid(table["density"], table["value"]) == pytest.approx(1, abs=0.01)
    assert table["value"][table["density"].idxmax()] == pytest.approx(3, abs=0.4)
    assert table["density"].max() == pytest.approx(1 / (2 * np.sqrt(2 * np.pi)), rel=0.08)


def test_draws_survive_the_round_trip_through_netcdf(tmp_path):
    _, _, tree = labelled("promo + (1 + promo | shop)")
    write_draws(tree, tmp_path / "draws.nc")
    again = read_draws(tmp_path / "draws.nc")
    assert again.identical(posterior_of(tree))
    statistics = read_draws(tmp_path / "draws.nc", "sample_stats")
    assert statistics.identical(tree["sample_stats"].to_dataset())


def test_names_with_any_character_survive_the_round_trip(tmp_path):
    names = ["Intercept", 'promo[a "b", c]', "promo[😀]", "promo[x/y]"]
    index = {"population": names, "sd": [], "correlation": [], "effect": []}
    write_draws(label_draws(random_draws(index), index), tmp_path / "draws.nc")
    assert list(named_parameters(read_draws(tmp_path / "draws.nc"))) == names


def test_the_same_draws_make_the_same_bytes(tmp_path):
    digests = set()
    for name in ("one", "two"):
        _, _, tree = labelled("promo + (1 | shop)")
        write_draws(tree, tmp_path / f"{name}.nc")
        digests.add(hashlib.sha256((tmp_path / f"{name}.nc").read_bytes()).hexdigest())
    _, _, other = labelled("promo + (1 | shop)", seed=2)
    write_draws(other, tmp_path / "other.nc")
    assert len(digests) == 1
    assert hashlib.sha256((tmp_path / "other.nc").read_bytes()).hexdigest() not in digests
