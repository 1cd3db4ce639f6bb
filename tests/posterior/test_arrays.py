"""Parameters by dimensions: every value is where its own name says, whatever names are taken."""

from itertools import product

import numpy as np
import pytest

from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.arrays import FLAT, arrange, flatten
from partialpool.posterior.draws import label_draws, named_parameters
from partialpool.sampling.engines import Draws

from ..factories.cells import crossed
from ..factories.draws import labelled, names_of, posterior_of, random_draws
from ..factories.names import OVERDISPERSED, named


def arranged(formula):
    _, _, tree = labelled(formula)
    draws = posterior_of(tree)
    return arrange(draws, names_of(formula)), named_parameters(draws)


def by_name(group):
    """Every parameter by the name that its array and its labels make up."""
    found = {}
    for variable, array in group.data_vars.items():
        dims = array.dims[2:]
        for labels in product(*(array[dim].values for dim in dims)):
            name = ", ".join(map(str, reversed(labels)))
            shown = f"{variable}[{name}]" if name else str(variable)
            shown = name if variable == "population" else shown
            found[shown] = array.sel(dict(zip(dims, labels, strict=True))).values
    return found


@pytest.mark.parametrize(
    "formula",
    [
        "promo + (1 + promo | shop)",
        "promo + (1 + promo || shop)",
        "promo * week + (1 + promo | shop) + (1 | week)",
        "0 + promo + (1 | shop) + (1 | shop:week)",
        "promo + (1 | shop) + (0 + promo | shop)",
        "1",
    ],
)
def test_every_parameter_is_where_its_own_name_says(formula):
    group, expected = arranged(formula)
    found = by_name(group)
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)


def test_dimensions_are_called_after_coefficients_and_factors():
    group, _ = arranged("promo + (1 + promo | shop) + (1 | week)")
    assert group["population"].dims == ("chain", "draw", "coefficient")
    assert group["r_shop"].dims == ("chain", "draw", "coefficient", "shop")
    assert group["cor_shop"].dims == ("chain", "draw", "shop_pair")
    assert group["r_week"].dims == ("chain", "draw", "week_coefficient", "week")
    assert list(group["shop"].values) == ["a", "b", "c"]
    assert list(group["coefficient"].values) == ["Intercept", "promo[some]"]
    assert list(group["chain"].values) == [0, 1]
    assert list(group["draw"].values) == [0, 1, 2, 3, 4]


def test_factors_may_have_the_names_of_anything_else_there():
    levels = {
        "draw": ["a", "b"],
        "coefficient": ["c", "d"],
        "phi": ["e", "f"],
        "sd_draw": ["g", "h"],
    }
    cells = crossed(levels)
    formula = " + ".join(f"(1 | {name})" for name in levels)
    names = name_parameters(learn_design(formula, cells), OVERDISPERSED)
    draws = posterior_of(label_draws(random_draws(names), names))
    group, expected = arrange(draws, names), named_parameters(draws)
    assert {"phi", "sd_draw", "sd_sd_draw", "r_phi", "r_coefficient"} <= set(group.data_vars)
    assert group["r_draw"].dims[3] == "draw_level"
    found = by_name(group)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)


def test_variables_of_a_program_of_ones_own_keep_their_names_and_places():
    values = {name: np.random.default_rng(1).normal(size=(2, 5, n)) for name, n in SIZES.items()}
    names = named(["Intercept"], others=["global", "local"])
    elements = {"global": ["global"], "local": ["local[1]", "local[2]"]}
    draws = posterior_of(label_draws(Draws(values, {}, elements), names))
    group = arrange(draws, names)
    np.testing.assert_array_equal(group["global"], values["global"][..., 0])
    np.testing.assert_array_equal(group["local"].sel(local_element="2"), values["local"][..., 1])


SIZES = {"population": 1, "global": 1, "local": 2}


def test_what_a_program_of_ones_own_does_not_give_is_not_there():
    names = name_parameters(learn_design("1 + (1 | shop)", crossed({"shop": ["a", "b"]})), LOGISTIC)
    given = {"population": np.zeros((1, 3, 1)), "effect": np.zeros((1, 3, 2))}
    group = arrange(posterior_of(label_draws(Draws(given, {}), names)), names)
    assert set(group.data_vars) == {"population", "r_shop"}


def test_flat_they_have_their_own_names():
    _, _, tree = labelled("promo + (1 + promo | shop)")
    flat = flatten(posterior_of(tree))[FLAT]
    expected = named_parameters(posterior_of(tree))
    assert list(flat["parameter"].values) == list(expected)
    name = "r_shop[b, promo[some]]"
    np.testing.assert_array_equal(flat.sel(parameter=name), expected[name])
