"""Where contacts under two treatments have nothing in common, it is found; elsewhere nothing is."""

import numpy as np
import pandas as pd
import pytest

from partialpool.checks.overlap import find_gaps

PLAIN = ("promo", None)
INSIDE = ("promo", "channel")


def cells_of(rows, **levels):
    """Cells of (promo, ..., trials): factors as categories, `dose` a number."""
    frame = pd.DataFrame(rows).assign(successes=1)
    for name in frame:
        if name not in ("trials", "successes", "dose", "age"):
            known = levels.get(name) or list(dict.fromkeys(frame[name]))
            frame[name] = pd.Categorical(frame[name], known, ordered=True)
    return frame


def doses(none, some):
    return cells_of(
        [{"promo": "none", "dose": d, "trials": 10} for d in none]
        + [{"promo": "some", "dose": d, "trials": 10} for d in some]
    )


@pytest.mark.parametrize(
    ("none", "some"), [([0], [0.5, 1, 2]), ([0, 0], [3]), ([5, 6], [1, 2]), ([1], [2])]
)
def test_a_number_that_no_two_contacts_of_the_arms_share_is_a_gap_of_everything(none, some):
    gap = find_gaps(doses(none, some), *PLAIN, ["promo", "dose"])
    ranges = [(min(some), max(some)), (min(none), max(none))]
    assert gap == [
        {"treatment": "some", "within": None, "kind": "number", "variables": ["dose"]}
        | {"share": 1.0, "ranges": ranges}
    ]


def test_a_number_is_a_gap_for_as_many_contacts_as_are_outside_the_other_arms_range():
    gap = find_gaps(doses([0, 0, 0], [0, 1]), *PLAIN, ["promo", "dose"])
    assert [(g["kind"], g["share"]) for g in gap] == [("number", pytest.approx(0.2))]


def test_a_number_that_the_model_does_not_have_is_none():
    assert find_gaps(doses([0], [1, 2]), *PLAIN, ["promo"]) == []


def test_treatments_given_at_random_have_no_gap():
    random = np.random.default_rng(3)
    rows = [
        {"promo": p, "channel": c, "age": random.normal(), "trials": 1}
        for p in ("none", "some")
        for c in ("mail", "park", "shop")
        for _ in range(60)
    ]
    assert find_gaps(cells_of(rows), *INSIDE, ["promo", "channel", "age"]) == []


def crossed(*pairs, trials=10, names=("promo", "region", "week")):
    return cells_of([dict(zip(names, pair, strict=True), trials=trials) for pair in pairs])


def test_a_level_that_one_arm_has_alone_is_told_with_its_share():
    cells = crossed(("none", "n", "1"), ("some", "n", "1"), ("some", "s", "1"), ("some", "e", "1"))
    gap = find_gaps(cells, *PLAIN, ["promo", "region"])
    assert [(g["kind"], g["variables"], g["share"]) for g in gap] == [("factor", ["region"], 0.5)]
    assert gap[0]["levels"] == ["s", "e"]
    few = cells.assign(trials=[100, 100, 5, 5])
    assert find_gaps(few, *PLAIN, ["promo", "region"]) == []


def test_arms_that_never_meet_in_a_combination_are_found_though_each_factor_overlaps():
    cells = crossed(("none", "n", "1"), ("none", "s", "2"), ("some", "n", "2"), ("some", "s", "1"))
    gap = find_gaps(cells, *PLAIN, ["promo", "region", "week"])
    assert [(g["kind"], g["variables"], g["share"]) for g in gap] == [
        ("together", ["region", "week"], 1.0)
    ]
    assert find_gaps(cells, *PLAIN, ["promo", "region"]) == []


def test_a_level_of_within_in_which_an_arm_has_no_contact_is_told():
    cells = crossed(("none", "n", "1"), ("some", "n", "1"), ("some", "s", "1"), trials=50)
    cells.loc[len(cells)] = ["none", "s", "1", 0, 0]  # a cell that nobody is in
    gap = find_gaps(cells, "promo", "region", ["promo"])
    assert [(g["within"], g["kind"], g["lacks"]) for g in gap] == [("s", "arm", "reference")]


def test_numbers_that_part_inside_a_level_alone_are_told_there():
    rows = [
        {"promo": p, "channel": c, "age": age, "trials": 10}
        for p, c, ages in [
            ("none", "mail", (20, 40)),
            ("some", "mail", (25, 60)),
            ("none", "park", (20, 30)),
            ("some", "park", (40, 60)),
        ]
        for age in ages
    ]
    gap = find_gaps(cells_of(rows), *INSIDE, ["promo", "channel", "age"])
    inside = [g for g in gap if g["within"] is not None]
    assert [(g["within"], g["variables"], g["share"]) for g in inside] == [("park", ["age"], 1.0)]


def test_every_treatment_is_held_to_the_reference():
    rows = [("none", 0.0), ("low", 1.0), ("high", 2.0), ("sham", 0.0)]
    cells = cells_of([{"promo": p, "dose": d, "trials": 5} for p, d in rows])
    gap = find_gaps(cells, *PLAIN, ["promo", "dose"])
    assert [(g["treatment"], g["share"]) for g in gap] == [("low", 1.0), ("high", 1.0)]
