"""What pooling moves, and where nothing is pooled."""

from partialpool.report.comparison.shrinkage import state_shrinkage

from ...factories.comparisons import ALONE_EFFECTS, CELLS, COEFFICIENTS, LABELS, NAMES, effects
from ..sentences import says


def test_the_level_that_pooling_moves_most_is_named_with_both_estimates():
    pooled = effects({"A": -0.8, "B": -0.4, "<i>C</i>": 1.75}, base=0.5)
    both = {"interaction": ALONE_EFFECTS, "multilevel": pooled}
    text = state_shrinkage(both, NAMES, COEFFICIENTS, CELLS, LABELS)
    assert says(text, "the bundle", "most", "in B", "−0.70", "−0.40", "pass alone", "0.00", "0.50")
    assert says(text, "fewer contacts", "80")
    assert says(text, "Elsewhere", "0.05")
    assert "away from" not in text


def test_a_move_away_from_the_mean_of_the_levels_is_not_called_shrinkage():
    both = {
        "interaction": ALONE_EFFECTS,
        "multilevel": effects({"A": -0.8, "B": -0.7, "<i>C</i>": 2.0}),
    }
    assert "away from the levels’ mean" in state_shrinkage(both, NAMES, COEFFICIENTS, CELLS, LABELS)


def test_nothing_is_said_of_pooling_where_no_model_pools():
    names, of = (dict.fromkeys(LABELS.models, t["interaction"]) for t in (NAMES, COEFFICIENTS))
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    assert state_shrinkage(both, names, of, CELLS, LABELS) == ""
