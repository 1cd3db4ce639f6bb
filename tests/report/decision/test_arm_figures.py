"""All arms in one picture, with a text that says the same."""

from partialpool.report.decision.arm_figures import draw_arms

from ...factories.labels import labels_of
from ...factories.weighed import weigh
from .test_choices import IN_SHOPS, SHOPS


def test_every_arm_in_every_place_is_drawn():
    figure = draw_arms(weigh(SHOPS, IN_SHOPS), IN_SHOPS)
    assert "x, A 10.0" in figure.alt
    assert figure.alt.count("(") == 12


def test_twelve_arms_are_one_picture():
    arms = {f"page {i}": (100 + i, 1000) for i in range(12)}
    labels = labels_of({"page": list(arms)}, within=None, treatment="page")
    assert draw_arms(weigh(arms, labels), labels).alt.count("(") == 12
