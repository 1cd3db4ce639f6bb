"""Settings of new data: what is totalled, by which columns."""

import pytest

from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited, mistake

JUNE = f"{SALES}.predict"


def test_the_columns_of_totals_come_with_the_keys_that_name_them():
    block = {"june": {"path": "june.csv", "total_by": ["region", "month"], "trials": "n"}}
    june = read_settings(edited(SMALL, {JUNE: block})).analyses["sales"].predict["june"]
    assert june.columns == [("total_by", "region"), ("total_by", "month"), ("trials", "n")]


def test_without_them_nothing_is_asked_of_the_file():
    settings = read_settings(edited(SMALL, {JUNE: {"june": {"path": "june.csv"}}}))
    assert settings.analyses["sales"].predict["june"].columns == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"june": {"path": "j.csv", "total_by": ["a", "a"]}}, "total_by: expected columns that"),
        ({"june_totals": {"path": "j.csv"}}, "predict.june_totals: found a name that ends in _tot"),
        ({"june": {"path": "j.csv", "trials": ""}}, "predict.june.trials"),
    ],
)
def test_what_cannot_be_totalled_is_said(block, said):
    assert said in mistake(JUNE, block)
