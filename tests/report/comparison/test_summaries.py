"""One line for each way of comparing models."""

import pandas as pd

from partialpool.report.comparison.summaries import sum_up_ranking

RANKED = pd.DataFrame(
    {"model": ["a", "b", "c"], "elpd": [-1.0, -1.5, -9.0], "within_noise": [True, True, False]}
)


def test_the_best_model_is_named_and_those_within_noise_of_it():
    assert sum_up_ranking(RANKED) == "a predicts best; within noise of it b"
    assert sum_up_ranking(RANKED.drop(index=1)) == "a predicts best"


def test_without_a_score_none_is_named():
    assert sum_up_ranking(RANKED.assign(elpd=float("nan"))) == (
        "no model has a score to be trusted"
    )
