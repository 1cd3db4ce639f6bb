"""Parameters are a table: each says what it is, where Stan has it, and what it belongs to."""

import pandas as pd
import pytest

from partialpool.errors import InputError
from partialpool.frames import read_frame, write_frame
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters, of_kind

from ..factories.names import OVERDISPERSED, crossed, named, term

FACTORS = {"promo": ["none", "some"], "shop": ["a", "b, [x]", "c"]}
FORMULA = "0 + promo + (1 + promo | shop)"


def names_of(formula=FORMULA, factors=FACTORS, likelihood=LOGISTIC, others=()):
    return name_parameters(learn_design(formula, crossed(factors)), likelihood, others)


def row_of(names, parameter):
    return names.set_index("parameter").loc[parameter].to_dict()


def test_every_parameter_says_what_it_belongs_to():
    names = names_of()
    assert row_of(names, "r_shop[b, [x], promo[some]]") == {
        "kind": "effect",
        "position": 5,
        "grouping": "shop",
        "coefficient": "promo[some]",
        "other_coefficient": "",
        "level": "b, [x]",
        "population_coefficient": "promo[some]",
    }
    correlation = row_of(names, "cor_shop[Intercept, promo[some]]")
    assert (correlation["coefficient"], correlation["other_coefficient"]) == (
        "Intercept",
        "promo[some]",
    )
    assert row_of(names, "sd_shop[Intercept]")["population_coefficient"] == ""


def test_positions_are_those_of_stan_whose_intercept_has_a_place_without_one_too():
    names = names_of()
    of = names.groupby("kind", sort=False)["position"].apply(list).to_dict()
    assert of == {"population": [2, 3], "sd": [1, 2], "correlation": [1], "effect": [*range(1, 7)]}
    assert list(names_of("promo")["position"]) == [1, 2]


def test_a_precision_and_a_programs_own_variables_come_last():
    names = names_of("promo", likelihood=OVERDISPERSED, others=["tau"])
    assert list(names["parameter"])[-2:] == ["phi", "tau"]
    assert (of_kind(names, "phi"), of_kind(names, "other")) == (["phi"], ["tau"])


def test_effects_of_nested_factors_have_combined_levels():
    names = names_of("(1 | shop/promo)")
    effects = names[names["kind"] == "effect"]
    assert list(effects["grouping"].unique()) == ["shop", "shop:promo"]
    assert "b, [x]:none" in set(effects["level"])


@pytest.mark.parametrize(
    "level", ["a, b]", "x[y", "", " ", '"', '""', "'", "NA", "007", "*", ",", "two\nlines", "🎟"]
)
def test_a_level_survives_in_the_file(tmp_path, level):
    names = names_of(factors=FACTORS | {"shop": ["plain", level, "c"]})
    write_frame(names, tmp_path / "names.csv")
    again = read_frame(tmp_path / "names.csv")
    pd.testing.assert_frame_equal(again, names)
    assert set(again["level"][again["kind"] == "effect"]) == {"plain", level, "c"}


def test_parameters_that_would_have_one_name_are_refused():
    with pytest.raises(InputError, match="two parameters would be called phi"):
        named(["phi"], phi=True)
    levels = ["x", "x, zone[a"]
    both = term("shop", levels, "zone[a, promo[b]", "promo[b]")
    with pytest.raises(InputError, match=r"called r_shop\[x, zone\[a, promo\[b\]\]"):
        named([], both)
    with pytest.raises(InputError, match=r"called sd_shop\[Intercept\]"):
        named(["sd_shop[Intercept]"], term("shop", "ab", "Intercept"))
