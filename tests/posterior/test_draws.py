"""Draws: their names, what they sum up to, and files that keep them."""

import hashlib

import numpy as np
import pytest

from partialpool.errors import InputError
from partialpool.model.parameters import of_kind
from partialpool.posterior.draws import (
    estimate_densities,
    label_draws,
    named_parameters,
    precision,
    read_draws,
    sampled_parameters,
    summarise,
    summarise_columns,
    summarise_parameters,
    write_draws,
)
from partialpool.sampling.engines import STATISTICS, Draws

from ..factories.draws import labelled, names_of, posterior_of, random_draws
from ..factories.names import OVERDISPERSED, named


def test_every_parameter_has_its_name_and_its_draws():
    _, draws, tree = labelled("promo + (1 + promo | shop)")
    names = names_of("promo + (1 + promo | shop)")
    parameters = named_parameters(posterior_of(tree))
    assert list(parameters) == list(names["parameter"])
    np.testing.assert_array_equal(parameters["promo[some]"], draws.variables["population"][..., 1])
    name = "r_shop[b, promo[some]]"
    at = of_kind(names, "effect").index(name)
    np.testing.assert_array_equal(parameters[name], draws.variables["effect"][..., at])


def test_the_programs_empty_place_for_an_intercept_is_left_out():
    _, draws, tree = labelled("0 + promo")
    parameters = named_parameters(posterior_of(tree))
    assert list(parameters) == ["promo[none]", "promo[some]"]
    np.testing.assert_array_equal(parameters["promo[none]"], draws.variables["population"][..., 1])


def test_a_standard_deviation_that_a_prior_holds_is_not_sampled():
    _, _, tree = labelled("promo + (1 + promo | shop)")
    posterior = posterior_of(tree)
    assert list(sampled_parameters(posterior)) == list(named_parameters(posterior))
    held, other = (str(name) for name in posterior["sd_name"].values)
    posterior["sd"].loc[{"sd_name": held}] = 0.3
    sampled = sampled_parameters(posterior)
    assert set(named_parameters(posterior)) - set(sampled) == {held}
    assert other in sampled
    assert held not in set(summarise_parameters(posterior, 0.9)["parameter"])
    # one draw alone says nothing of the kind
    one = posterior.isel(chain=[0], draw=[0])
    assert list(sampled_parameters(one)) == list(named_parameters(one))


def test_a_beta_binomials_precision_has_its_name_and_a_binomial_has_none():
    names = names_of("promo", OVERDISPERSED)
    draws = random_draws(names)
    posterior = posterior_of(label_draws(draws, names))
    np.testing.assert_array_equal(
        named_parameters(posterior)["phi"], draws.variables["phi"][..., 0]
    )
    np.testing.assert_array_equal(precision(posterior), draws.variables["phi"].ravel())
    assert precision(posterior_of(label_draws(draws, names_of("promo")))) is None


def own_draws(names, **variables):
    """Draws of a program of one's own: variables of other names, or of other sizes."""
    draws = random_draws(names)
    shape = draws.statistics["lp"].shape
    for name, elements in variables.items():
        draws.variables[name] = np.ones((*shape, len(elements)))
        draws.elements[name] = elements
    return draws


def test_other_parameters_of_a_program_keep_their_own_names():
    names = names_of("promo + (1 | shop)", others=["tau", "local", "empty"])
    draws = own_draws(names, tau=["tau"], local=["local[1]", "local[2]"], unasked=["unasked"])
    parameters = named_parameters(posterior_of(label_draws(draws, names)))
    assert list(parameters)[-3:] == ["tau", "local[1]", "local[2]"]
    assert "unasked" not in parameters


def test_a_programs_own_variable_may_not_take_a_parameters_name():
    names = names_of("promo", others=["promo"])
    draws = own_draws(names, promo=["promo[none]", "promo[some]"])
    with pytest.raises(InputError, match=r"^program: found promo\[some\], a name of the model"):
        label_draws(draws, names)


def test_a_program_may_leave_out_what_no_rate_depends_on():
    names = names_of("promo + (1 + promo | shop)")
    draws = random_draws(names)
    del draws.variables["sd"], draws.variables["correlation"]
    kept = posterior_of(label_draws(draws, names))
    assert set(kept.data_vars) == {"population", "effect"}


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("population", None, "found no variable population, expected 2 values: the coefficients"),
        ("population", 1, "found population of 1, expected 2 values: the coefficients"),
        ("effect", None, "found no variable effect, expected 6 values: the effects as deviations"),
        ("sd", 5, "found sd of 5, expected 2 values: the standard deviations"),
        ("phi", None, "found no variable phi, expected 1 value: the precision"),
    ],
)
def test_what_a_program_lacks_is_named(kind, values, expected):
    names = names_of("promo + (1 + promo | shop)", OVERDISPERSED)
    draws = random_draws(names)
    del draws.variables[kind]
    if values:
        draws = own_draws(names, **{kind: [str(i) for i in range(values)]})
    with pytest.raises(InputError) as error:
        label_draws(draws, names)
    assert str(error.value).startswith(f"program: {expected}")


def test_the_samplers_statistics_are_kept():
    _, draws, tree = labelled("promo")
    assert set(tree["sample_stats"].data_vars) == set(STATISTICS)
    np.testing.assert_array_equal(tree["sample_stats"]["energy"], draws.statistics["energy"])


def test_a_summary_is_equal_tailed():
    found = summarise(np.arange(101.0), 0.8)
    assert found == pytest.approx(
        {"mean": 50, "sd": np.sqrt(101 * 102 / 12), "median": 50, "lower": 10, "upper": 90}
    )


def test_columns_are_summed_up_each_by_itself():
    values = np.random.default_rng(2).normal([0, 5], [1, 2], (300, 2))
    found = summarise_columns(values, 0.89)
    for position in range(2):
        alone = summarise(values[:, position], 0.89)
        assert {name: column[position] for name, column in found.items()} == pytest.approx(alone)


def test_the_table_has_the_share_of_draws_above_zero():
    _, draws, tree = labelled("promo")
    table = summarise_parameters(posterior_of(tree), 0.89).set_index("parameter")
    values = draws.variables["population"][..., 1]
    assert table.loc["promo[some]", "above_0"] == np.mean(values > 0)
    assert table.loc["promo[some]", "mean"] == pytest.approx(values.mean())


def test_a_density_integrates_to_one_and_peaks_where_the_draws_are():
    random = np.random.default_rng(5)
    values = 3 + 2 * random.standard_normal((4, 5000, 1))
    statistics = dict.fromkeys(STATISTICS, values[..., 0])
    tree = label_draws(Draws({"population": values}, statistics), named(["Intercept"]))
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
    write_draws(label_draws(random_draws(named(names)), named(names)), tmp_path / "draws.nc")
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
