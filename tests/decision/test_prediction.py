"""Predictions: every row of new data gets its rate, or one line says why it cannot."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from partialpool.decision.new_data import read_new_data
from partialpool.decision.prediction import place_rows, predict_rates
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.settings import Factor, Number

from ..factories.cells import crossed
from ..factories.draws import given, in_chunks

LEVELS = {"promo": ["none", "some"], "region": ["north", "south"], "band": ["young", "old"]}
VARIABLES = {
    "promo": Factor(column="Promo", recode={"0": "none", "1": "some"}),
    "region": Factor(column="Region"),
    "band": Factor(column="Age", bins=(30,), levels=("young", "old")),
    "spent": Number(column="Spent"),
}
CELLS = crossed(LEVELS, spent=np.arange(8.0))


@pytest.fixture
def place(tmp_path):
    """Rows of a CSV text as rows of a formula's design."""

    def read(formula, text, null_values=()):
        path = tmp_path / "new.csv"
        path.write_text(text, encoding="utf-8")
        rows = read_new_data(path, null_values)
        return place_rows(rows, VARIABLES, learn_design(formula, CELLS), CELLS)

    return read


def refusal(place, *given):
    with pytest.raises(InputError) as error:
        place(*given)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_rows_are_recoded_binned_and_read_as_the_source_was(place):
    text = "Age,Promo,Region,Spent\n29.9,1,south,7\n30,none,north,-1e2\n"
    placed, new = place("promo + band + spent + (1 | region)", text)
    assert placed.astype({"promo": str, "region": str, "band": str}).to_dict("list") == {
        "promo": ["some", "none"],
        "region": ["south", "north"],
        "band": ["young", "old"],
        "spent": [7.0, -100.0],
    }
    assert new == ["", ""]


def test_only_the_columns_of_the_formula_are_needed(place):
    placed, _ = place("promo", "Promo,note\nnone,x\n")
    assert list(placed) == ["promo"]
    said = refusal(place, "promo + spent", "Promo\nnone\n")
    assert said == "found no column 'Spent', which promo + spent needs"


def test_a_new_level_of_a_grouping_factor_is_drawn_and_said(place):
    placed, new = place("promo + (1 | region)", "Promo,Region\nnone,west\nsome,south\n")
    assert placed["region"].tolist() == ["west", "south"]
    assert new == ["region west", ""]


def test_an_unknown_level_of_a_factor_with_coefficients_is_named(place):
    said = refusal(place, "promo + (1 | region)", "Promo,Region\nnone,west\nlots,south\n")
    assert said == "row 2: column 'Promo' holds 'lots', expected one of none, some"
    said = refusal(place, "region + (1 | promo)", "Promo,Region\nnone,west\nnone,east\n")
    assert "row 1: column 'Region' holds 'west', expected one of" in said
    assert said.endswith("; 2 rows in all do not fit")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Promo,Spent\nnone,abc\n", "row 1: column 'Spent' holds 'abc', expected a number"),
        ("Promo,Spent\nnone,1\nnone,\n", "row 2: column 'Spent' holds 'nothing', expected a"),
        ("Promo,Spent\nnone,inf\n", "expected a number"),
        ("Promo,Spent\n,1\n", "row 1: column 'Promo' holds 'nothing', expected a level"),
        ("Promo,Spent\nNA,1\n", "row 1: column 'Promo' holds 'nothing', expected a level"),
        ("Promo,Spent\n", "has no rows, expected one for each rate"),
        ("Promo,Spent\nnone,1,2,3\n", "cannot be read"),
        ("Promo,mean\nnone,1\n", "has a column 'mean', which is a prediction's; rename it"),
        ("", "new.csv"),
        (
            "Promo,Spent\nnone,1\nso\x07me,1\n",
            "row 2: column 'Promo' holds 'so\\x07me', expected no",
        ),
    ],
)
def test_what_cannot_be_predicted_is_one_line(place, text, said):
    assert said in refusal(place, "promo + spent", text, ("NA",))


def test_the_rate_of_each_row_stands_beside_it():
    rows = pd.DataFrame({"Promo": ["a", "b"], "note": ["x", "y"]})
    log_odds = logit(np.column_stack([np.linspace(0, 1, 101), np.full(101, 0.25)]))
    fit = given(CELLS, lambda _: in_chunks(log_odds, 1))
    table = predict_rates(fit, rows, rows, 0.9, seed=1)
    assert table["note"].tolist() == ["x", "y"]
    np.testing.assert_allclose(table[["mean", "lower", "upper"]], [[0.5, 0.05, 0.95], [0.25] * 3])


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("C(spent)", "row 2: C(spent) is given 99, expected one of 0, 1, 2, 3, 4, 5, 6, 7, which"),
        ("C(I(spent - 1))", "row 2: C(I(spent - 1)) is given 98, expected one of -1, 0, 1, 2"),
        ("bs(spent, df=4)", "row 2: bs(spent, …) is given 99, expected a value from 0 to 7, which"),
        ("0 + cr(spent, df=4)", "row 2: cr(spent, …) is given 99, expected a value from 0 to 7"),
        (
            "bs(spent / 2, df=4)",
            "row 2: bs(spent / 2, …) is given 49.5, expected a value from 0 to",
        ),
        ("1 + (bs(spent, df=4) | region)", "row 2: bs(spent, …) is given 99, expected a value"),
        ("bs(spent, df=4, upper_bound=9.5)", "expected a value from 0 to 9.5, which"),
    ],
)
def test_what_a_function_has_never_seen_is_told_with_its_row(place, formula, said):
    text = "Promo,Region,Spent\nnone,north,3\nnone,south,99\n"
    assert said in refusal(place, formula, text)


def test_straight_lines_and_powers_go_on_beyond_what_was_seen(place):
    placed, new = place("I(spent^2) + center(spent)", "Spent\n99\n")
    assert placed["spent"].tolist() == [99]
    assert new == [""]


def test_bounds_of_a_spline_that_a_user_widens_are_its_range(place):
    placed, _ = place("bs(spent, df=4, upper_bound=100)", "Spent\n99\n")
    assert placed["spent"].tolist() == [99]


def test_a_combination_that_no_contact_had_is_flagged_though_its_levels_are_known(tmp_path):
    cells = CELLS.iloc[:-2]
    path = tmp_path / "new.csv"
    path.write_text("Promo,Region,Age\nsome,south,20\nnone,south,20\nsome,west,20\n")
    design = learn_design("1 + (1 | promo/region)", cells)
    _, new = place_rows(read_new_data(path), VARIABLES, design, cells)
    assert new == ["promo:region some:south", "", "region west"]
