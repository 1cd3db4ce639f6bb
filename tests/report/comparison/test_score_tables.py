"""Scores of models in tables: how each came about, and where models differ."""

from dataclasses import replace

import numpy as np
import pandas as pd

from partialpool.report.comparison import text as say
from partialpool.report.comparison.score_tables import (
    tabulate_left_out,
    tabulate_methods,
    tabulate_scores,
)

from ...factories.comparisons import (
    CELL,
    CONTACT,
    LABELS,
    left_out,
    scores,
)
from ..sentences import says


def test_the_table_of_methods_adds_up():
    labels = replace(LABELS, models=["a"])
    table = left_out("a", ["importance", "refit", "refit", "high_k"], k=[0.4, 0.8, 0.9, 0.75])
    html = tabulate_methods(table, *CELL, labels)._repr_html_()
    # trusted, kept, largest k, off by, instead, fits, divergent, error
    for number in ("1", "0.90", "+2.00", "2", "4", "0.60"):
        assert f">{number}</td>" in html


def test_a_model_without_a_score_has_no_error_of_it_either():
    labels = replace(LABELS, models=["a"])
    table = left_out("a", ["importance", "undefined"])
    table.loc[1, ["elpd", "mcse", "pareto_k"]] = np.nan
    assert np.isnan(tabulate_methods(table, *CELL, labels).frame.loc["a", ("", "MCSE")])


def test_the_score_of_every_cell_stands_beside_how_it_was_found():
    labels = replace(LABELS, models=["a", "b"])
    table = pd.concat(
        [
            left_out("a", ["importance", "undefined"], elpd=[-5.25, np.nan]),
            left_out("b", ["refit"] * 2),
        ]
    )
    found = tabulate_left_out(table, *CELL, labels)
    assert found.frame["a", "k, by"].tolist() == ["0.90 PSIS", "no score"]
    assert found.frame["b", "k, by"].tolist() == ["0.90 refit", "0.90 refit"]
    html = found._repr_html_()
    assert ">−5.25</td>" in html
    assert "nan" not in html
    assert "1\u202f234" in html


def test_of_many_cells_left_out_those_on_which_models_differ_are_shown():
    labels = replace(LABELS, models=["a", "b"])
    other = np.full(60, -5.0)
    other[40] = -50.0
    table = pd.concat(
        [left_out("a", ["importance"] * 60), left_out("b", ["importance"] * 60, elpd=other)]
    )
    found = tabulate_left_out(table, *CELL, labels)
    assert len(found.frame) == 24
    assert "cell 40" in found.frame.index
    assert "36 more cells on which models differ less" in found.note


def test_scores_in_the_table_are_those_of_the_sentence():
    table = scores(("multilevel", -10.0, 0.0, 0.0), ("interaction", -10.5, -0.47, 0.79))
    html = tabulate_scores(table, *CONTACT, LABELS)._repr_html_()
    assert ">−0.47</td>" in html
    for weight in ("0.50", "0.40"):
        assert f">{weight}</td>" in html
    assert says(say.rank_models(table, *CONTACT), "interaction", "−0.47", "0.79")


def test_a_model_whose_elpd_is_not_known_has_what_it_is_at_most_and_nothing_else():
    table = scores(("interaction", -10.0, 0.0, 0.0), ("multilevel", *[np.nan] * 3))
    table = table.assign(at_most=[-10.0, -8.5])
    told = tabulate_scores(table, *CELL, LABELS)
    assert told.frame["elpd", "at most"].tolist() == [-10.0, -8.5]
    assert told.frame.loc["multilevel", "Behind the best"].isna().all()
    assert "no elpd, no difference and no weight" in told.note
    known = tabulate_scores(table.iloc[:1], *CELL, LABELS)
    assert ("elpd", "at most") not in known.frame
    assert "no weight" not in known.note
