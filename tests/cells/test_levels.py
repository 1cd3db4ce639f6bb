"""Levels: held to those that are configured, or found and sorted."""

import pytest

from partialpool.cells.levels import levels_of, read_levels, write_levels
from partialpool.errors import InputError
from partialpool.settings import Factor, Outcome

from ..factories.counted import FACTORS, make, make_counts, refusal


@pytest.mark.parametrize("value", ["With", " with", "with ", "NA", "wi\x00th"])
def test_a_value_that_is_no_level_is_refused(value):
    said = refusal((value, "shop", "yes", 1))
    assert said == (
        f"factors.promo.levels: column 'Promo' holds {value!r} (1 row), expected only without, with"
    )


def test_a_level_that_does_not_occur_is_refused_with_those_that_do():
    factor = Factor(column="Channel", levels=("mail", "shop", "phone"))
    said = refusal(factors={**FACTORS, "channel": factor})
    assert said == (
        "factors.channel.levels: 'phone' does not occur in column 'Channel', found 'mail' (15 "
        "rows), 'shop' (10 rows)"
    )


def test_of_many_unknown_values_the_most_frequent_are_named():
    more = [(f"x{i}", "shop", "no", i) for i in range(1, 8)]
    said = refusal(*more)
    assert "'x7' (7 rows), 'x6' (6 rows)" in said
    assert "'x2'" not in said
    assert "and 2 more" in said


def test_levels_that_are_found_are_sorted_and_said_to_be_found():
    factors = {"promo": Factor(column="Promo"), "channel": FACTORS["channel"]}
    cells, ledger = make(factors=factors)
    assert levels_of(cells) == {"promo": ["with", "without"], "channel": ["mail", "shop"]}
    assert ledger["found"] == ["promo"]


def test_found_levels_that_are_numbers_are_sorted_by_size():
    rows = [("10", 1, 2, 1), ("9", 1, 2, 1), ("-1", 1, 2, 1), ("9.0", 1, 2, 1)]
    cells, _ = make_counts(rows, Outcome(successes="won", trials="tried"))
    assert levels_of(cells) == {"promo": ["-1", "9", "9.0", "10"]}


def test_a_factor_with_a_single_level_is_refused():
    said = refusal(factors={"promo": Factor(column="Promo", recode={"with": "without"})})
    assert said == (
        "factors.promo: column 'Promo' has the single level 'without', expected two or more; leave "
        "the factor out"
    )


def test_values_are_recoded_before_they_are_held_to_the_levels():
    channel = Factor(column="Channel", recode={"SHOP": "shop"}, levels=("mail", "shop"))
    cells, _ = make(("with", "SHOP", "no", 3), factors={**FACTORS, "channel": channel})
    assert cells["trials"].tolist() == [10, 3, 5, 10]
    assert "'SHOP' does not occur" in refusal(factors={**FACTORS, "channel": channel})


def test_levels_are_kept_beside_the_cells(tmp_path):
    cells, _ = make()
    write_levels(cells, tmp_path / "levels.json")
    assert read_levels(tmp_path / "levels.json") == levels_of(cells)


@pytest.mark.parametrize("level", ["a\rb", "\x1b[31m", "\a", "wi\0th", "a\r\nb", "\x7f", "\x85"])
@pytest.mark.parametrize("levels", [None, "declared"])
def test_a_level_with_a_control_character_is_refused_unless_it_is_recoded(level, levels):
    declared = ("with", "without", level) if levels else None
    promo = Factor(column="Promo", levels=declared)
    said = refusal((level, "shop", "yes", 3), factors={"promo": promo})
    assert said == (
        f"factors.promo: column 'Promo' holds {level!r} (3 rows), expected levels without control "
        "characters; give it another name by recode"
    )
    recoded = {"promo": Factor(column="Promo", recode={level: "with"})}
    cells, _ = make((level, "shop", "yes", 3), factors=recoded)
    assert levels_of(cells) == {"promo": ["with", "without"]}


@pytest.mark.parametrize("settings", [{"levels": [7, "08"]}, {"recode": {7: "x"}}])
def test_levels_that_yaml_takes_for_numbers_are_hinted_at(settings):
    rows = [("007", 1, 2, 3), ("08", 1, 2, 3)]
    outcome = Outcome(successes="won", trials="tried")
    with pytest.raises(InputError, match=r"; a bare 007 in YAML is 7: put it in quotes$"):
        make_counts(rows, outcome, {"promo": Factor(column="Promo", **settings)})
