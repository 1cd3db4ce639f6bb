"""An answer on contacts that have nothing in common is called an extrapolation, and said first."""

import pytest

from partialpool.report.decision.answer import headline
from partialpool.report.decision.gaps import list_gaps, warn_of_gaps
from partialpool.report.decision.limitations import list_limitations

from ...factories.weighed import weighed_of

NUMBER = {"treatment": "Bundle", "within": None, "kind": "number", "variables": ["dose"]}
ALL_OF_IT = NUMBER | {"share": 1.0, "ranges": [(0.5, 4.0), (0.0, 0.0)]}


def gaps(made, *found):
    return made.decision(made.season) | {"gaps": list(found)}


def test_no_overlap_is_said_before_the_answer_and_first_among_its_limits(made):
    decision = gaps(made, ALL_OF_IT)
    first = headline(decision, weighed_of(decision, made.labels), made.labels)
    assert first.startswith("**The lift of the bundle is an extrapolation of the model, not a comp")
    limit = list_limitations(decision, made.labels)[0]
    assert "share no dose (0.5 to 4 against 0)" in limit
    assert "nothing in the data can check that" in limit
    twice = gaps(made, ALL_OF_IT, ALL_OF_IT | {"variables": ["x"]})
    assert warn_of_gaps(twice, made.labels).count("lift of") == 1


def test_where_contacts_are_alike_nothing_is_said(made):
    for decision in (made.decision(made.season), gaps(made)):
        assert list_gaps(decision, made.labels) == []
        assert warn_of_gaps(decision, made.labels) == ""


def test_a_part_that_is_not_alike_is_a_limit_with_its_share(made):
    number = NUMBER | {"share": 0.25, "ranges": [(0, 9.0), (0, 3.0)]}
    levels = [f"l{i}" for i in range(30)]
    factor = NUMBER | {"kind": "factor", "variables": ["shop"], "share": 0.4, "levels": levels}
    decision = gaps(made, number, factor)
    assert warn_of_gaps(decision, made.labels) == ""
    of_number, of_factor = list_gaps(decision, made.labels)
    assert "25% have a dose outside of what the others have (0 to 9 against 0 to 3)" in of_number
    assert "40% are of levels of shop" in of_factor
    assert "more)" in of_factor


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"kind": "factor", "variables": ["shop"], "levels": ["a"]}, "share no level of shop"),
        ({"kind": "together", "variables": ["shop", "week"]}, "share no combination of shop and"),
    ],
)
def test_levels_that_never_meet_are_named(made, gap, said):
    assert said in list_gaps(gaps(made, NUMBER | {"share": 1.0} | gap), made.labels)[0]


def test_levels_without_an_arm_are_named_and_many_are_counted(made):
    arm = {"treatment": "Bundle", "kind": "arm", "variables": [], "share": 1.0}
    decision = gaps(made, arm | {"within": "Park", "lacks": "reference"})
    said = list_gaps(decision, made.labels)
    assert len(said) == 1
    assert said[0].startswith("In the park there are none of the contacts with NoBundle")
    many = [arm | {"within": str(i), "lacks": "treatment"} for i in range(1, 9)]
    wide = made.decision(made.season) | {"gaps": many}
    (line,) = list_gaps(wide, made.labels)
    assert line.startswith("In 8 levels of channel there are none of the contacts with the bundle")


def test_traits_are_not_given(made):
    said = list_gaps(gaps(made, ALL_OF_IT), made.trait)[0]
    assert said.startswith("Women and men share no dose")


def test_a_treatment_that_is_not_answered_on_is_left_out(made):
    assert list_gaps(gaps(made, ALL_OF_IT | {"treatment": "Other"}), made.labels) == []
