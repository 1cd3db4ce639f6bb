"""Where levels stand to their mean, and which models place them otherwise."""

import pandas as pd
import pytest

from partialpool.decision.standing import call_level, decide_levels

CHOICE = {"model": "one", "tied": ["two"], "barred": ["three"], "reason": "best"}


def effects(*above):
    rows = [
        {"within": "", "treatment": level, "quantity": quantity, "above_null": chance}
        for level, chance in zip("abc", above, strict=True)
        for quantity in ("rate", "from_mean")
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("above", "call"), [(0.95, "above"), (0.05, "below"), (0.5, "open"), (0.94, "open")]
)
def test_a_level_is_called_where_its_side_of_the_mean_is_probable_enough(above, call):
    assert call_level(above, 0.95) == call


def test_models_that_predict_as_well_are_told_where_they_place_a_level_otherwise():
    tables = {"one": effects(0.99, 0.5, 0.01), "two": effects(0.99, 0.96, 0.2)}
    found = decide_levels(tables, CHOICE, 0.95)
    assert found["disagree"] == [
        {"model": "two", "level": "b", "call": "above"},
        {"model": "two", "level": "c", "call": "open"},
    ]
    assert found["treatments"] == found["yields"] == []


def test_where_no_model_answers_nothing_is_placed():
    assert decide_levels({}, {"model": None, "tied": []}, 0.95)["disagree"] == []
