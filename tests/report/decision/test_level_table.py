"""Tables and picture of levels that are ranked, for few and for very many."""

import pandas as pd

from partialpool.cells.exploration import tabulate_margins
from partialpool.report.decision.level_figures import draw_levels
from partialpool.report.decision.level_table import tabulate_levels, tabulate_standing

from ...factories.cells import listed
from .test_levels import FAR, ranked


def margins(counts):
    rows = [(level, *of) for level, of in counts.items()]
    return tabulate_margins(listed(rows, {"hospital": list(counts)}))


def test_levels_stand_in_order_with_ranks_and_their_side_of_the_mean():
    labels, weighed = ranked(FAR)
    table = tabulate_standing(weighed.tables["levels"], labels)
    frame = table.frame
    assert frame.index.tolist()[0] == "4"
    assert frame.index.tolist()[-1] == "1"
    assert frame.loc["4", "rank"] == "1"
    assert frame.loc["3", "rank"] == "2 to 3"
    for sure in ("highest", "above the mean"):
        assert table.formats[sure](frame.loc["4", sure]) == "above 99.9%"


def test_where_less_is_better_the_lowest_stands_first():
    labels, weighed = ranked(FAR, good=False)
    frame = tabulate_standing(weighed.tables["levels"], labels).frame
    assert frame.index.tolist()[0] == "1"
    assert frame.loc["1", "rank"] == "1"


def test_raw_counts_stand_beside_what_the_model_makes_of_them():
    labels, weighed = ranked(FAR)
    table = tabulate_levels(weighed.tables["levels"], margins(FAR), labels)
    assert table.frame.loc["1", "deaths"] == 50
    assert table.frame.loc["1", "contacts"] == 1000
    assert table.frame.loc["1", "rate in the counts"] == 0.05
    assert "rate in the model" in table.frame


def test_of_many_levels_those_farthest_from_the_mean_are_shown_and_the_rest_counted():
    counts = {f"{i}": (20 + 2 * i, 1000) for i in range(60)}
    labels, weighed = ranked(counts)
    levels = weighed.tables["levels"]
    first = tabulate_standing(levels, labels)
    assert len(first.frame) == 12
    assert "48 more levels of hospital" in first.note
    assert {"59", "0"} <= set(first.frame.index)
    assert "36 more levels" in tabulate_levels(levels, margins(counts), labels).note
    figure = draw_levels(levels, margins(counts), labels)
    assert "36 more levels" in figure.caption


def test_the_picture_tells_every_rate_in_words():
    labels, weighed = ranked(FAR)
    figure = draw_levels(weighed.tables["levels"], margins(FAR), labels)
    assert "the mean of the levels" in figure.caption
    assert "4: 30." in figure.alt


def test_nothing_is_shown_where_no_model_answers_or_nothing_is_ranked():
    labels, _ = ranked(FAR)
    empty = pd.DataFrame(columns=["treatment", "mean"])
    assert tabulate_standing(empty, labels) is None
    assert tabulate_levels(empty, margins(FAR), labels) is None
    assert draw_levels(empty, margins(FAR), labels) is None
