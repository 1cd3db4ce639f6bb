"""Sentences about the counts: the numbers of the tables, in words."""

from dataclasses import replace

import pandas as pd
import pytest

from partialpool.cells.exploration import cross, tabulate_margins
from partialpool.cells.question import Question
from partialpool.report.counts import raw_lifts, spread
from partialpool.report.data.reversal import describe_lifts, describe_mix
from partialpool.report.data.source_tables import tabulate_levels
from partialpool.report.data.tables import (
    tabulate_cells,
    tabulate_lifts,
    tabulate_mix,
    tabulate_outcomes,
    tabulate_rates,
    tabulate_shares,
    tabulate_successes,
)
from partialpool.report.data.text import (
    describe_cells,
    describe_outcomes,
    describe_rates,
    describe_shares,
    describe_successes,
    introduce_levels,
    introduce_mix,
    introduce_shares,
)
from partialpool.report.labels import Labels

SEASON_PASS = [
    ("NoBundle", "Mail", 359, 637),
    ("NoBundle", "Park", 284, 333),
    ("NoBundle", "Email", 27, 512),
    ("Bundle", "Mail", 242, 691),
    ("Bundle", "Park", 639, 862),
    ("Bundle", "Email", 38, 121),
]
PHRASES = {
    "promo": {"NoBundle": "the pass alone", "Bundle": "the bundle"},
    "channel": {"Mail": "by mail", "Park": "in the park", "Email": "by e-mail"},
}
OUTCOME = {"column": "Pass", "success": "YesPass", "failure": "NoPass"}


def counts(rows, phrases=None):
    """Cells, margins, crossing and labels of rows (promo, channel, successes, trials)."""
    cells = pd.DataFrame(rows, columns=["promo", "channel", "successes", "trials"])
    factors = {name: list(dict.fromkeys(cells[name])) for name in ("promo", "channel")}
    for name, levels in factors.items():
        cells[name] = pd.Categorical(cells[name], levels, ordered=True)
    labels = Labels(
        factors, phrases or {}, "promo", "channel", "bought a season pass", "passes", ["m"], 0.89
    )
    margins = tabulate_margins(cells)
    return cells, margins, cross(cells, Question("promo", "channel")), labels


@pytest.fixture
def season_pass():
    return counts(SEASON_PASS, PHRASES)


def test_the_contacts_shrink_to_six_cells(season_pass):
    said = describe_cells(season_pass[0], season_pass[3])
    assert "**6 cells**" in said
    assert "no contact" not in said


def test_combinations_that_do_not_occur_are_counted():
    cells, _, _, labels = counts(SEASON_PASS[:-1])
    assert "1 of the 6 possible combinations had no contact" in describe_cells(cells, labels)


def test_the_season_pass_is_told_as_its_tables_have_it(season_pass):
    _, margins, crossing, labels = season_pass
    assert "most (923) were met in the park and fewest (65) by e-mail" in describe_successes(
        margins, labels
    )
    assert "In the park, 77.2%" in describe_rates(margins, labels)
    shares = describe_shares(crossing, labels)
    assert "in the park (69.2%)" in shares
    assert "by mail (40.3%)" in shares
    pooled = describe_outcomes(margins, labels)
    assert "670 of 1\u202f482 contacts with the pass alone (45.2%)" in pooled
    assert "+9.7 points for the bundle" in pooled


def test_a_reversal_is_found_in_the_counts_and_called_by_its_name(season_pass):
    _, margins, crossing, labels = season_pass
    said = describe_lifts(crossing, margins, labels)
    assert "lower by mail (−21.3) and in the park (−11.2), and higher by e-mail (+26.1)" in said
    assert "In 2 of 3" in said
    assert "−8.0 points" in said
    assert "Simpson’s paradox" in said


def test_where_every_level_agrees_with_the_pool_no_paradox_is_claimed():
    rows = [("a", "x", 10, 100), ("a", "y", 40, 100), ("b", "x", 20, 100), ("b", "y", 55, 100)]
    _, margins, crossing, labels = counts(rows)
    said = describe_lifts(crossing, margins, labels)
    assert "None points against the pool" in said
    assert "Simpson" not in said


def test_one_opposite_level_that_does_not_turn_the_whole_is_no_paradox():
    rows = [("a", "x", 10, 100), ("a", "y", 40, 100), ("b", "x", 60, 100), ("b", "y", 35, 100)]
    _, margins, crossing, labels = counts(rows)
    said = describe_lifts(crossing, margins, labels)
    assert "In 1 of 2" in said
    assert "Simpson" not in said


def test_the_mix_is_told_where_it_differs_most(season_pass):
    _, margins, crossing, labels = season_pass
    said = describe_mix(crossing, margins, labels)
    assert "in the park: 51.5% of the contacts with the bundle" in said
    assert "22.5%" in said
    assert "raises the pooled rate of the bundle" in said


def test_small_rates_keep_their_digits():
    rows = [
        ("a", "x", 3, 10_000),
        ("a", "y", 5, 10_000),
        ("b", "x", 9, 10_000),
        ("b", "y", 8, 9000),
    ]
    _, margins, crossing, labels = counts(rows)
    assert "0.040%" in describe_outcomes(margins, labels)
    assert "+0.060" in describe_lifts(crossing, margins, labels)


def test_levels_without_successes_or_contacts_are_told_without_stumbling():
    rows = [("a", "x", 0, 10), ("a", "y", 4, 9), ("b", "x", 0, 12), ("c", "y", 0, 5)]
    _, margins, crossing, labels = counts(rows)
    assert describe_shares(crossing, labels) == (
        "None of the contacts with promo b bought a season pass. "
        "None of the contacts with promo c bought a season pass."
    )
    assert "nan" not in describe_lifts(crossing, margins, labels).lower()
    assert spread(crossing, "rate", labels).isna().sum().sum() == 2


def test_level_names_are_text_in_every_sentence():
    rows = [(t, c, 5, 20 + i) for i, t in enumerate(["a_b*", "<i>"]) for c in ("[x](y)", "🎢")]
    _, margins, crossing, labels = counts(rows)
    said = describe_lifts(crossing, margins, labels) + describe_outcomes(margins, labels)
    assert "\\<i\\>" in said
    assert "<i>" not in said
    assert "\\[x\\]\\(y\\)" in describe_mix(crossing, margins, labels) + said


def test_the_tables_hold_the_numbers_of_the_season_pass(season_pass):
    cells, margins, crossing, labels = season_pass
    assert tabulate_cells(cells, labels, "cells.csv").frame["passes"].tolist() == [
        359,
        284,
        27,
        242,
        639,
        38,
    ]
    lifts = tabulate_lifts(crossing, margins, labels).frame["lift, points", "Bundle"]
    assert lifts.tolist() == pytest.approx(raw_lifts(crossing, margins, labels)["Bundle"].tolist())
    total = tabulate_outcomes(margins, OUTCOME, labels).frame.loc["All contacts"]
    assert total[["YesPass", "NoPass", "contacts"]].tolist() == [1589, 1567, 3156]


def test_contrasts_are_one_for_their_level_and_the_reference_has_none(season_pass):
    frame = tabulate_levels(season_pass[1], season_pass[3]).frame
    contrasts = frame["contrasts"]
    assert contrasts.loc[("channel", "Park"), "channel[Park]"] == 1
    assert contrasts.loc[("channel", "Mail"), ["channel[Park]", "channel[Email]"]].tolist() == [
        0,
        0,
    ]
    assert frame[("", "")].tolist() == ["reference", "", "reference", "", ""]
    assert frame["", "rate"].tolist() == pytest.approx(
        [0.4521, 0.5490, 0.4526, 0.7724, 0.1027], abs=1e-4
    )


def test_factors_with_many_levels_have_their_contrasts_told_not_tabulated():
    rows = [(t, f"s{i}", 5, 20) for t in ("a", "b") for i in range(12)]
    _, margins, _, labels = counts(rows)
    table = tabulate_levels(margins, labels)
    assert "channel" in table.note
    assert table.frame["contrasts"].columns.tolist() == ["promo[b]"]


@pytest.fixture
def ab_test():
    """Cells, margins, crossing and labels of one factor, nothing to be compared within."""
    rows = [("none", 606, 6000), ("voucher", 738, 6000)]
    cells = pd.DataFrame(rows, columns=["offer", "successes", "trials"])
    cells["offer"] = pd.Categorical(cells["offer"], ["none", "voucher"], ordered=True)
    labels = Labels(
        {"offer": ["none", "voucher"]}, {}, "offer", None, "came back", "returns", ["m"], 0.89
    )
    return cells, tabulate_margins(cells), cross(cells, Question("offer")), labels


def test_an_ab_test_has_no_sentence_table_or_prose_about_levels(ab_test):
    _, margins, crossing, labels = ab_test
    said = [describe_successes(margins, labels), describe_rates(margins, labels)]
    said += [describe_shares(crossing, labels), describe_lifts(crossing, margins, labels)]
    said += [describe_mix(crossing, margins, labels), introduce_shares(labels)]
    assert set(said) | {introduce_levels(labels), introduce_mix(labels)} == {""}
    assert tabulate_successes(crossing, labels) is None
    assert tabulate_rates(margins, labels) is None
    assert tabulate_shares(crossing, labels) is None
    assert tabulate_lifts(crossing, margins, labels) is None
    assert tabulate_mix(crossing, labels) is None


def test_the_counts_of_an_ab_test_are_told(ab_test):
    cells, margins, _, labels = ab_test
    assert "**2 cells**, one for each level of offer, so" in describe_cells(cells, labels)
    said = describe_outcomes(margins, labels)
    assert said.endswith("Held to none, that is +2.2 points for voucher.")
    outcome = {"success": None, "failure": None}
    assert list(tabulate_outcomes(margins, outcome, labels).frame)[:2] == ["returns", "others"]


def test_the_prose_of_traits_speaks_of_no_offers(season_pass):
    labels = replace(season_pass[3], treatment_is="trait")
    said = " ".join([introduce_shares(labels), introduce_levels(labels), introduce_mix(labels)])
    assert "offer" not in said
    assert "offer" in introduce_shares(season_pass[3])


def many():
    """60 districts, district 7 with the fewest contacts, two more factors and a number."""
    rows = [(t, f"d{i}", 3 + i % 7, 20 + (i != 7) * i) for t in ("a", "b") for i in range(60)]
    return counts(rows)


def test_of_60_districts_those_with_the_most_contacts_are_tabled():
    cells, margins, crossing, labels = many()
    for table in (
        tabulate_successes(crossing, labels),
        tabulate_rates(margins, labels),
        tabulate_shares(crossing, labels),
        tabulate_lifts(crossing, margins, labels),
        tabulate_mix(crossing, labels),
    ):
        shown = [name for name in table.frame.index if name != "All contacts"]
        assert shown == [f"d{i}" for i in range(36, 60)]
        assert "Not shown: 36 more levels of channel" in table.note
    total = tabulate_successes(crossing, labels).frame.loc["All contacts"]
    assert total["", "all"] == cells["successes"].sum()


def test_of_very_many_cells_the_largest_are_tabled_with_their_numbers():
    cells, _, _, labels = many()
    cells = cells.assign(age=[i / 3 for i in range(len(cells))])
    labels = replace(labels, numbers=["age"])
    table = tabulate_cells(cells, labels, "cells.csv")
    assert len(table.frame) == 24
    assert table.frame.index.names == ["promo", "channel", "age"]
    assert table.note == "Not shown: 96 more cells, with fewer contacts, which are in cells.csv."


def test_contacts_of_whom_few_are_alike_are_said_to_be_so():
    cells, _, _, labels = counts([("a", f"c{i}", 1, 1) for i in range(5)] + [("b", "c0", 1, 1)])
    assert "counting them saves little" in describe_cells(cells, labels)


def test_levels_may_be_called_like_totals():
    rows = [(t, c, 5, 20) for t in ("all", "rate") for c in ("x", "y")]
    _, _, crossing, labels = counts(rows)
    frame = tabulate_successes(crossing, labels).frame
    assert frame["", "all"].tolist() == [10, 10, 20]


def test_where_levels_are_ranked_their_rates_are_told_and_no_treatment_is():
    _, margins, crossing, labels = counts(SEASON_PASS)
    ranked = replace(labels, treatment="channel", within=None, treatment_is="level")
    said = describe_rates(margins, ranked)
    assert said.startswith("For channel Park, 77.2%") or said.startswith("For Park, 77.2%")
    assert tabulate_rates(margins, ranked).frame.loc["Park", "contacts"] == 333 + 862
    assert describe_outcomes(margins, ranked) == ""
    assert tabulate_outcomes(margins, OUTCOME, ranked) is None
    assert describe_successes(margins, ranked) == describe_shares(crossing, ranked) == ""
