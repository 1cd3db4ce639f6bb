"""What can be left out of an analysis, and what is then left out."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.comparison.units import (
    available_units,
    count_sets,
    describe_units,
    find_grouping,
    list_sets,
)
from partialpool.errors import InputError
from partialpool.preflight import check_config
from partialpool.settings import Settings

from ..factories.configurations import sales, settings_of

FORMULAS = {
    "pooled": "1 + promo",
    "alone": "promo * channel",
    "varying": "promo + (1 | region/channel)",
    "both": "region + (1 | region)",
}
POOLED = {"pooled": {"formula": FORMULAS["pooled"]}}
REGION = {"region": {"column": "Region", "levels": ["north", "south"]}}


def analysis(**changes):
    return settings_of(sales(FORMULAS, factors=REGION, **changes))


def with_models(*names, **changes):
    formulas = {name: FORMULAS[name] for name in names}
    return settings_of(sales(formulas, factors=REGION, **changes))


@pytest.mark.parametrize(
    ("changes", "grouping", "source"),
    [
        pytest.param(
            {"comparison": {"group": "region:channel"}, "within": "channel"},
            ("region", "channel"),
            "setting",
            id="the setting comes first",
        ),
        pytest.param({"within": "channel"}, ("channel",), "within", id="then within"),
        pytest.param({}, ("region",), "terms", id="then what effects vary over"),
    ],
)
def test_levels_are_those_of_the_factor_that_is_named_or_compared_within(changes, grouping, source):
    found = analysis(**changes)
    assert find_grouping(found) == (grouping, source)
    assert available_units(found) == ["contact", "cell", "group"]
    assert describe_units(found)["grouping"] == ":".join(grouping)


def test_without_a_grouping_factor_no_level_is_left_out():
    found = with_models("pooled", "alone")
    assert find_grouping(found) == ((), None)
    described = describe_units(found)
    assert described["available"] == ["contact", "cell"]
    assert described["grouping"] is None


def test_how_each_model_takes_the_factor_is_told():
    taken = describe_units(analysis())["takes"]
    assert taken == {"pooled": "absent", "alone": "absent", "varying": "varying", "both": "both"}
    by_channel = describe_units(analysis(within="channel"))["takes"]
    assert by_channel["alone"] == "fixed"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            {"comparison": {"group": "store"}},
            "analyses.a.comparison.group: found 'store', expected one or several",
        ),
        (
            {
                "comparison": {"unit": "group"},
                "models": {"pooled": {"formula": FORMULAS["pooled"]}},
            },
            "analyses.a.comparison.unit: found 'group', but no model has group-level terms",
        ),
    ],
)
def test_a_unit_that_cannot_be_is_an_error_that_names_the_key(found, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contacts.csv").write_text("Promo,Channel,Region,Bought\n")
    settings = Settings(analyses={"a": analysis(**found)})
    with pytest.raises(InputError, match=said):
        check_config(settings)


LEVELS = {"promo": ["none", "some"], "shop": ["Z", "A", "NA"]}
CELLS = with_levels(
    pd.DataFrame(
        {
            "promo": ["none", "none", "none", "some", "some"],
            "shop": ["Z", "A", "NA", "Z", "NA"],
            "successes": [1, 2, 3, 4, 5],
            "trials": [10, 20, 30, 40, 50],
        }
    ),
    LEVELS,
)


def test_the_cells_of_a_level_are_found_in_the_order_of_the_levels():
    sets = list_sets(CELLS, ("shop",))
    assert list(sets["cell"]) == ["none, Z", "none, A", "none, NA", "some, Z", "some, NA"]
    assert {name: at.tolist() for name, at in sets["group"].items()} == {
        "Z": [0, 3],
        "A": [1],
        "NA": [2, 4],
    }
    assert list(sets["group"]) == LEVELS["shop"]
    assert count_sets(CELLS, sets["group"]).values.tolist() == [[2, 50, 5], [1, 20, 2], [2, 80, 8]]


def test_combined_levels_are_left_out_as_they_are_named_in_a_formula():
    sets = list_sets(CELLS, ("promo", "shop"))["group"]
    assert list(sets) == ["none:Z", "none:A", "none:NA", "some:Z", "some:NA"]
    assert np.concatenate(list(sets.values())).tolist() == list(range(5))
    assert list_sets(CELLS, ())["group"] == {}
