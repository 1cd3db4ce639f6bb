"""`says` finds facts in a sentence however it is worded, and takes none for another."""

import pytest

from .sentences import says

TEXT = "By mail, a loss of 2.6 points (89% interval −25.2 to −16.6). Bundle is within noise: 1.00."


@pytest.mark.parametrize(
    "facts", [("mail", "loss", "2.6"), ("−25.2", "−16.6"), ("within noise", "1.00"), ("89%",)]
)
def test_facts_in_their_order_are_found(facts):
    assert says(TEXT, *facts)


@pytest.mark.parametrize(
    "facts",
    [
        ("loss", "2"),  # a part of a number
        ("25.2",),  # without its sign
        ("89",),
        ("−16.6", "−25.2"),  # the wrong way round
        ("loss", "1.00"),  # two sentences
        ("gain",),
    ],
)
def test_other_facts_are_not(facts):
    assert not says(TEXT, *facts)
