"""Cells and levels where none or all succeeded, in words and in a table."""

import pandas as pd
import pytest

from partialpool.checks.separation import CELL, COLUMNS
from partialpool.frames import read_frame, write_frame
from partialpool.report.labels import Labels
from partialpool.report.model.separation import state_separation, tabulate_separation

LABELS = Labels(
    {"promo": ["No", "Yes"]}, {}, "promo", None, "bought", "passes", ["m", "p"], 0.89,
    links={"p": "probit"},
)  # fmt: skip
SETTINGS = {"formula": "promo * shop", "priors": {"intercept": "normal(0, 1)", "slope": "flat"}}
PROPER = SETTINGS | {"priors": {"intercept": "normal(0, 1)", "slope": "normal(0, 1)"}}


def rows(*given):
    """Rows of (kind, side, name, contacts, found, total), each with a rate of 3%."""
    return pd.DataFrame(
        [
            {
                "kind": kind, "side": side, "name": name, "trials": trials, "found": found,
                "successes": trials if side == "all" else 0, "total": total,
                "mean": 0.03, "sd": 0.01, "median": 0.03, "lower": 0.01, "upper": 0.08,
            }
            for kind, side, name, trials, found, total in given
        ],
        columns=COLUMNS,
    )  # fmt: skip


def test_nothing_is_said_where_nothing_is_at_an_end():
    assert state_separation(rows(), PROPER, LABELS, "m") == ""
    assert tabulate_separation(rows(), LABELS, "m") is None


def test_cells_at_an_end_are_named_with_their_counts_and_the_models_rate():
    said = state_separation(rows((CELL, "none", "Yes, A", 12, 1, 6)), PROPER, LABELS, "m")
    assert "In 1 of 6 cells, no contact bought: Yes, A (0 of 12)." in said
    assert "would run away to minus or plus infinity on the log-odds scale" in said
    assert (
        "The priors hold them back: of Yes, A, where 0.00% was observed, the model puts the rate "
        "at 3.00% (89% interval 1.00% to 8.00%)." in said
    )


def test_levels_at_the_other_end_are_told_too():
    said = state_separation(rows(("shop", "all", "<b>", 7, 1, 3)), PROPER, LABELS, "m")
    assert "In 1 of 3 levels of shop, every contact bought: \\<b\\> (7 of 7)." in said
    assert "of shop \\<b\\>, where 100.00% was observed" in said


def test_what_holds_an_estimate_back_depends_on_the_model():
    table = rows((CELL, "none", "x", 5, 1, 2))
    assert "only what the cells share" in state_separation(table, SETTINGS, LABELS, "m")
    grouped = PROPER | {"formula": "1 + (1 | shop)"}
    assert "what the levels learn from each other" in state_separation(table, grouped, LABELS, "m")
    assert "on the probit scale" in state_separation(table, PROPER, LABELS, "p")


def test_of_many_cells_the_largest_are_named_and_the_others_counted():
    table = rows(*[(CELL, "none", f"c{i}", i + 1, 800, 2000) for i in range(24)])
    said = state_separation(table, PROPER, LABELS, "m")
    assert "In 800 of 2\u202f000 cells, no contact bought: c23 (0 of 24); c22" in said
    assert "; 796 more." in said


def test_the_table_has_what_was_observed_beside_the_rate():
    table = rows(("shop", "none", "<i>", 40, 1, 3), (CELL, "all", "x", 5, 1, 6))
    html = tabulate_separation(table, LABELS, "m")._repr_html_()
    assert "<i>" not in html
    for number in ("40", "3.00%", "8.00%"):
        assert f">{number}</td>" in html


@pytest.mark.parametrize("store", ["3", "007", "1e3", "NA"])
def test_a_level_that_reads_like_a_number_is_named_as_it_is(tmp_path, store):
    write_frame(rows(("store", "none", store, 12, 1, 4)), tmp_path / "separation.csv")
    table = read_frame(tmp_path / "separation.csv")
    said = state_separation(table, PROPER, LABELS, "m")
    assert f"In 1 of 4 levels of store, no contact bought: {store} (0 of 12)." in said
    assert f"of store {store}, where 0.00% was observed" in said
    assert f">{store}</th>" in tabulate_separation(table, LABELS, "m")._repr_html_()
