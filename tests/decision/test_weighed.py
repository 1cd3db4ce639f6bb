"""What is said of the arms: found again by place and pair, written and read."""

import pytest

from partialpool.cells.question import ALL
from partialpool.decision.weighed import COLUMNS, read_weighed
from partialpool.frames import write_facts, write_frames

from .test_weighing import weighed


def test_a_pair_is_found_whichever_of_the_two_comes_first():
    found = weighed()
    lift, turned = found.lift("x", "new", "old"), found.lift("x", "old", "new")
    assert turned["mean"] == pytest.approx(-lift["mean"])
    assert (turned["lower"], turned["upper"]) == pytest.approx((-lift["upper"], -lift["lower"]))
    assert turned["above_null"] == pytest.approx(1 - lift["above_null"])


def test_places_and_all_have_their_advice():
    found = weighed()
    assert [row["within"] for row in found.places] == ["x", "y"]
    assert found.of(ALL)["leader"] == "new"
    assert not found.in_money
    assert weighed(value=1.0).in_money


def test_all_comes_back_as_it_was_written(tmp_path):
    found = weighed(value=10.0)
    paths = {name: str(tmp_path / f"{name}.csv") for name in COLUMNS}
    write_frames(found.tables, paths)
    write_facts(found.facts, tmp_path / "arms.json")
    read = read_weighed([tmp_path / "arms.json", *paths.values()])
    assert read.facts["advice"] == found.facts["advice"]
    assert read.tables["arms"]["best"].tolist() == found.tables["arms"]["best"].tolist()
