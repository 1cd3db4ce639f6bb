"""Designs: the names and matrices of a formula's terms, and what Stan is given."""

import itertools

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import Design, learn_design
from partialpool.model.formula import parse_formula
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.sampling.assembly import assemble_stan_data, prior_only
from partialpool.settings import Priors

LEVELS = {
    "promo": ["none", "some", "lots"],
    "region": ["north", "south"],
    "store": ["one", "two", "three"],
}


def crossed(levels, keep=lambda row: True):
    """Every combination of levels that is kept, as cells with some counts."""
    rows = [row for row in itertools.product(*levels.values()) if keep(row)]
    cells = pd.DataFrame(rows, columns=list(levels))
    sizes = np.arange(1, len(rows) + 1)
    return with_levels(cells.assign(successes=sizes, trials=10 * sizes), levels)


CELLS = crossed(LEVELS)


def design_of(formula, cells=CELLS, levels=LEVELS):
    return Design(parse_formula(formula, levels), cells)


def data_of(formula, cells=CELLS, priors=None, at="cells", centring="non-centred"):
    design = design_of(formula, cells)
    return assemble_stan_data(design, cells, priors or Priors(), at, centring)


def variables_of(*given, **named):
    return data_of(*given, **named).variables()


def indicator(cells, **levels):
    """1 where every factor is at the given level."""
    return np.all([cells[name] == level for name, level in levels.items()], axis=0).astype(float)


def test_coefficients_are_named_after_factor_and_level():
    assert design_of("promo * region").coefficients == [
        "Intercept",
        "promo[some]",
        "promo[lots]",
        "region[south]",
        "promo[some]:region[south]",
        "promo[lots]:region[south]",
    ]


def test_contrasts_are_those_of_treatment_against_the_first_level():
    columns = design_of("promo * region").matrices(CELLS).population.T
    expected = [
        np.ones(len(CELLS)),
        indicator(CELLS, promo="some"),
        indicator(CELLS, promo="lots"),
        indicator(CELLS, region="south"),
        indicator(CELLS, promo="some", region="south"),
        indicator(CELLS, promo="lots", region="south"),
    ]
    np.testing.assert_array_equal(columns, expected)


def test_without_an_intercept_every_level_has_its_coefficient():
    design = design_of("0 + region")
    assert design.coefficients == ["region[north]", "region[south]"]
    assert not design.has_intercept


def test_group_level_names_say_term_level_and_coefficient():
    names = name_parameters(design_of("0 + (1 + promo | region)"), LOGISTIC)
    assert of_kind(names, "population") == []
    assert of_kind(names, "sd") == [
        "sd_region[Intercept]",
        "sd_region[promo[some]]",
        "sd_region[promo[lots]]",
    ]
    assert of_kind(names, "correlation") == [
        "cor_region[Intercept, promo[some]]",
        "cor_region[Intercept, promo[lots]]",
        "cor_region[promo[some], promo[lots]]",
    ]
    assert of_kind(names, "effect")[:3] == [
        "r_region[north, Intercept]",
        "r_region[south, Intercept]",
        "r_region[north, promo[some]]",
    ]


STRANGE = {
    "promo": ['no "promo"', "[T.some]", "a: b, (c)"],
    "region": ["it's", "naïve 😀", "x|y+z"],
}


def test_levels_may_hold_brackets_quotes_and_signs():
    cells = crossed(STRANGE)
    design = design_of("promo + (1 | region)", cells, STRANGE)
    assert design.coefficients == ["Intercept", "promo[[T.some]]", "promo[a: b, (c)]"]
    assert design.terms[0].effect_names == [
        f"r_region[{level}, Intercept]" for level in STRANGE["region"]
    ]
    np.testing.assert_array_equal(
        design.matrices(cells).population[:, 2], indicator(cells, promo="a: b, (c)")
    )


def test_uncorrelated_effects_are_terms_of_their_own():
    together, apart = design_of("(1 + promo | region)"), design_of("(1 + promo || region)")
    both = name_parameters(together, LOGISTIC)
    expected = both[both["kind"] != "correlation"].reset_index(drop=True)
    pd.testing.assert_frame_equal(name_parameters(apart, LOGISTIC), expected)
    np.testing.assert_array_equal(
        np.column_stack(apart.matrices(CELLS).groups), together.matrices(CELLS).groups[0]
    )


def test_nested_grouping_is_the_outer_factor_and_the_combinations_that_occur():
    cells = crossed(LEVELS, lambda row: row[1:] != ("south", "three"))
    outer, inner = design_of("(1 | region/store)", cells).terms
    assert (outer.name, outer.levels) == ("region", ("north", "south"))
    assert inner.name == "region:store"
    assert inner.levels == ("north:one", "north:two", "north:three", "south:one", "south:two")


def test_each_row_finds_its_own_level_of_every_term():
    design = design_of("(1 | store) + (1 | region/store)")
    level = design.matrices(CELLS).level
    for position, term in enumerate(design.terms):
        found = [term.levels[i] for i in level[:, position]]
        assert found == [":".join(row) for row in CELLS[list(term.grouping)].astype(str).to_numpy()]


def test_new_rows_get_the_rows_of_the_fitted_ones():
    design = design_of("promo * region + (1 + promo | store) + (1 | region:store)")
    fitted = design.matrices(CELLS)
    order = np.random.default_rng(1).permutation(len(CELLS))[:7]
    rows = design.matrices(CELLS.iloc[order].reset_index(drop=True))
    np.testing.assert_array_equal(rows.population, fitted.population[order])
    np.testing.assert_array_equal(rows.level, fitted.level[order])
    for new, old in zip(rows.groups, fitted.groups, strict=True):
        np.testing.assert_array_equal(new, old[order])


def test_new_rows_need_no_other_level_of_the_factor():
    design = design_of("promo + (1 | store)")
    only = CELLS[CELLS["promo"] == "lots"]
    np.testing.assert_array_equal(
        design.matrices(only).population, np.tile([1.0, 0.0, 1.0], (len(only), 1))
    )


def test_a_combination_that_was_never_seen_is_a_new_level_and_gets_no_others_effect():
    cells = crossed(LEVELS, lambda row: row[:2] != ("lots", "south"))
    design = design_of("(1 | promo:region)", cells)
    matrices = design.matrices(CELLS)
    assert matrices.new_levels == (("lots:south",),)
    new = matrices.level[:, 0] == len(design.terms[0].levels)
    assert new.tolist() == indicator(CELLS, promo="lots", region="south").astype(bool).tolist()


AGES = CELLS.assign(age=np.arange(len(CELLS)) % 5 + 1.0)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("age", ["age"]),
        ("center(age)", ["center(age)"]),
        ("poly(age, 2)", ["poly(age, 2)[1]", "poly(age, 2)[2]"]),
        ("age + I(age^2)", ["age", "I(age ** 2)"]),
        ("bs(age, df=4)", [f"bs(age, df=4)[{i}]" for i in (1, 2, 3, 4)]),
        ("promo:age", ["promo[none]:age", "promo[some]:age", "promo[lots]:age"]),
    ],
)
def test_numbers_enter_as_they_are_and_through_functions(formula, names):
    assert learn_design(formula, AGES).coefficients == ["Intercept", *names]


def test_a_function_remembers_the_contacts_when_it_meets_other_rows():
    design = learn_design("center(age) + (center(age) | region)", AGES)
    rows = AGES.iloc[:3].assign(age=[10.0, 20.0, 30.0])
    expected = np.array([10.0, 20.0, 30.0]) - np.average(AGES["age"], weights=AGES["trials"])
    np.testing.assert_allclose(design.matrices(rows).population[:, 1], expected)
    np.testing.assert_allclose(design.matrices(rows).groups[0][:, 1], expected)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("log(age - 3)", "log(age - 3)"),
        ("bs(age, df=2)", "bs(age, df=2)"),
    ],
)
def test_a_function_that_cannot_take_a_number_is_refused_by_its_name(formula, said):
    with pytest.raises(InputError) as error:
        learn_design(formula, AGES)
    assert said in str(error.value)
    assert str(error.value).startswith("formula: ")
    assert "\n" not in str(error.value)


def test_rows_outside_a_splines_range_are_refused():
    design = learn_design("bs(age, df=4)", AGES)
    with pytest.raises(InputError, match=r"formula: .*bs\(age, df=4\)"):
        design.matrices(AGES.assign(age=99.0))


def test_combined_levels_that_would_read_the_same_are_refused():
    levels = {"promo": ["a", "a:b"], "region": ["c", "b:c"]}
    with pytest.raises(InputError, match=r"two levels of promo:region read the same"):
        design_of("(1 | promo:region)", crossed(levels), levels)


def test_columns_that_the_others_determine_have_their_place():
    cells = crossed(LEVELS, lambda row: row[:2] != ("lots", "south"))
    design = design_of("promo * region", cells)
    unseen = design.coefficients.index("promo[lots]:region[south]")
    assert (design.matrices(cells).population[:, unseen] == 0).all()
    assert design.matrices(CELLS).population[:, unseen].any()


INDEXED = {
    "0 + promo + index(region)": ["promo", "region"],
    "0 + index(promo) + index(region)": ["promo", "region"],
    "index(region)": ["Intercept", "region"],
    "0 + index(promo):index(region)": ["promo:region"],
}


@pytest.mark.parametrize(("formula", "blocks"), INDEXED.items())
def test_index_codes_every_level_whatever_stands_beside_it(formula, blocks):
    expected = []
    for block in blocks:
        factors = [] if block == "Intercept" else block.split(":")
        levels = itertools.product(*(LEVELS[name] for name in reversed(factors)))
        named = [dict(zip(reversed(factors), of, strict=True)) for of in levels]
        expected += [":".join(f"{n}[{of[n]}]" for n in factors) or "Intercept" for of in named]
    design = design_of(formula, CELLS)
    assert design.coefficients == expected
    rows = design.matrices(CELLS).population
    assert (rows.sum(axis=1) == len(blocks)).all()
    new = CELLS.iloc[[-1]].reset_index(drop=True)
    np.testing.assert_array_equal(design.matrices(new).population, rows[-1:])


def test_r_codes_the_first_factor_alone_by_every_level():
    found = design_of("0 + promo + region", CELLS).coefficients
    offers, regions = LEVELS["promo"], LEVELS["region"][1:]
    assert found == [*(f"promo[{of}]" for of in offers), *(f"region[{of}]" for of in regions)]


def test_coding_a_factor_twice_is_refused():
    with pytest.raises(InputError, match=r"two coefficients would be called region\["):
        design_of("region + index(region)", CELLS)


def test_a_grouping_factor_with_a_single_level_is_refused():
    cells = CELLS[CELLS["region"] == "south"].reset_index(drop=True)
    with pytest.raises(InputError, match="grouping factor region has the single level south"):
        design_of("(1 | region)", cells)


def test_an_effect_that_two_terms_would_estimate_is_refused():
    with pytest.raises(InputError, match=r"sd_region\[Intercept\] would be estimated twice"):
        design_of("(1 | region) + (1 + promo | region)")


def test_every_variable_of_stans_data_has_the_size_that_it_declares():
    data = variables_of("promo + (1 + promo | store) + (1 | region)")
    assert (data["N"], data["K"], data["T"]) == (18, 2, 2)
    assert (data["E"], data["I"]) == (3 * 3 + 2, 3 * 6 + 2)
    assert (data["levels"], data["coefs"]) == ([3, 2], [3, 1])
    sizes = {
        "trials": (18,),
        "X": (18, 2),
        "X_at": (2,),
        "level": (2, 18),
        "Z": (18, 4),
        "population_coefficient": (4,),
        "information": (3 * 6 + 2,),
        "score": (11,),
        "slope_pull": (11, 2),
        "prior_weight": (11,),
        "order": (2,),
        "absorbed_by": (4,),
        "group": (5,),
        "intercept_prior": (1, 4),
        "slope_prior": (2, 4),
        "sd_prior": (4, 4),
        "lkj_shape": (2,),
    }
    assert {name: np.shape(data[name]) for name in sizes} == sizes
    assert min(min(row) for row in data["level"]) == 1


def test_an_effect_of_the_coarsest_term_varies_about_the_coefficient_of_its_name():
    data = variables_of("promo + (1 + region | region:store) + (1 + promo | store)")
    intercept, some, lots = 1, 2, 3
    assert data["population_coefficient"] == [0, 0, intercept, some, lots]
    assert variables_of("0 + promo + (1 | store)")["population_coefficient"] == [0]


def test_priors_reach_stan_by_class():
    priors = Priors(
        intercept="student_t(3, 0, 2.5)",
        slope="normal(1, 2)",
        sd="exponential(4)",
        correlation="lkj(2)",
    )
    data = variables_of("promo + (1 + promo | store)", priors=priors)
    assert data["intercept_prior"] == [[2, 0, 2.5, 3]]
    assert data["slope_prior"] == [[1, 1, 2, 1]] * 2
    assert data["sd_prior"] == [[3, 0, 0.25, 1]] * 3
    assert data["lkj_shape"] == [2.0]


def test_the_intercepts_prior_holds_where_it_is_asked_to():
    cells = crossed({**LEVELS, "promo": ["none", "some"]})
    shares = cells.groupby("promo", observed=True)["trials"].sum()
    expected = {"cells": 0.5, "contacts": shares["some"] / shares.sum(), "reference": 0.0}
    assert expected["contacts"] != 0.5
    for at, value in expected.items():
        assert data_of("promo", cells, at=at).prior_at == pytest.approx([value])
    assert not data_of("0 + promo", cells, at="contacts").prior_at.any()


def test_without_the_likelihood_nothing_is_told_of_any_effect():
    data = data_of("(1 | store)", centring="auto")
    assert data.terms[0].geometry.information.min() > 0
    prior = prior_only(data).variables()
    assert (prior["prior_only"], prior["prior_weight"]) == (1, [1, 1, 1])
    assert (prior["information"], prior["score"]) == ([0, 0, 0], [0, 0, 0])
    assert not data.prior_only
