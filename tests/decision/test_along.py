"""A number's values: which are asked about, their rates over the contacts, the counts there."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from partialpool.cells.question import ALL
from partialpool.decision.along import (
    MOST_VALUES,
    choose_grid,
    count_seen,
    find_quarters,
    find_shape,
    stratify_along,
)
from partialpool.model.design import learn_design
from partialpool.posterior.draws import named_parameters

from ..factories.doses import DOSES, dosed, fit_to, rising


def many(count=5000, seed=4):
    """Cells of as many values as contacts, most of them small."""
    values = np.random.default_rng(seed).exponential(10, count)
    return pd.DataFrame({"dose": values, "successes": 0, "trials": 1})


def test_few_values_are_all_asked_about_and_many_are_a_choice_of_those_seen():
    assert choose_grid(dosed(rising, [0, 2, 7]), "dose") == [0, 2, 7]
    cells = many()
    grid = choose_grid(cells, "dose")
    assert set(grid) <= set(cells["dose"])
    assert grid == sorted(grid)
    assert (grid[0], grid[-1]) == (cells["dose"].min(), cells["dose"].max())
    assert MOST_VALUES / 2 < len(grid) <= MOST_VALUES + 3
    assert set(find_quarters(cells, "dose")) <= set(grid)


def test_the_quarters_are_those_of_contacts_and_not_of_values():
    cells = pd.DataFrame({"dose": [1.0, 2, 3, 4], "trials": [10, 10, 10, 70]})
    assert find_quarters(cells, "dose").tolist() == [3, 4, 4]


@pytest.mark.parametrize("formula", ["dose * region", "region + poly(dose, 2)", "bs(dose, df=4)"])
def test_a_rate_is_what_all_contacts_would_have_had_at_that_dose(formula):
    cells = dosed(rising, trials=(300, 100))
    fit = fit_to(cells, formula, count=20)
    found = stratify_along(fit, "dose", [])
    assert list(map(float, found.arms)) == sorted(set(cells["dose"]))
    for i, dose in enumerate(map(float, found.arms)):
        rows = cells.assign(dose=dose)
        (eta,) = (eta for _, eta in fit.predict(rows))
        by_hand = np.average(expit(eta), axis=1, weights=cells["trials"])
        np.testing.assert_allclose(found.rates[:, 0, i], by_hand, rtol=1e-12)


def test_each_place_has_the_rates_of_its_own_contacts():
    fit = fit_to(dosed(rising), "dose + region", count=20)
    found = stratify_along(fit, "dose", ["region"])
    named = {name: values.ravel() for name, values in named_parameters(fit.draws).items()}
    south = named["Intercept"] + named["region[South]"] + 3 * named["dose"]
    np.testing.assert_allclose(found.rates[:, 1, 3], expit(south))
    assert found.levels["trials"].tolist() == [3300, 1100]


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        ("region", "absent"),
        ("dose + region", "straight"),
        ("1 + (1 + scale(dose) | region)", "straight"),
        ("log(dose + 1)", "transformed"),
        ("dose + poly(dose, 2)", "bends"),
        ("region * bs(dose, df=4)", "bends"),
        ("dose + I(dose^2)", "bends"),
        ("C(dose)", "bends"),
        ("I(dose / 10) + dose:region", "straight"),
        ("I(1 / (dose + 1))", "transformed"),
        ("region:log(dose + 1)", "transformed"),
        ("dose + log(dose + 1)", "bends"),
        ("log(dose + 1) + log(dose + 2)", "bends"),
        ("log(dose + 1) + poly(age, 2)", "transformed"),
    ],
)
def test_what_a_formula_lets_the_curve_do_is_read_off_it(formula, shape):
    cells = dosed(rising).assign(age=np.arange(2 * len(DOSES)) % 7)
    assert find_shape(learn_design(formula, cells), cells, "dose") == shape


def test_counts_are_by_value_and_of_many_values_in_bands_of_as_many_contacts():
    cells = dosed(rising, [0, 1, 5])
    seen = count_seen(cells, "dose", "region")
    assert list(seen["within"]) == [ALL, "North", "South"] * 3
    row = seen[(seen["within"] == "South") & (seen["at"] == 5)].iloc[0]
    own = cells[(cells["region"] == "South") & (cells["dose"] == 5)].iloc[0]
    assert (row["successes"], row["trials"]) == (own["successes"], own["trials"])
    bands = count_seen(many(), "dose", None)
    assert bands["trials"].tolist() == pytest.approx([500] * 10, abs=1)
    assert (bands["least"] <= bands["at"]).all()
    assert (bands["at"] <= bands["greatest"]).all()
    assert (bands["greatest"].iloc[:-1].to_numpy() < bands["least"].iloc[1:].to_numpy()).all()
