"""What tests of the report share: a small analysis in words, and the page of a finished run."""

from types import SimpleNamespace

import pytest

from ..factories.decisions import (
    AB,
    DISTRICTS,
    LABELS,
    SEASON,
    TRAIT,
    WORDS,
    ab_test,
    decision,
    districts,
    level,
)
from ..workflow.conftest import finished, workflow

__all__ = ["finished", "workflow"]


@pytest.fixture(scope="session")
def made():
    """Labels, a season like the shipped one, and the functions that make such facts."""
    return SimpleNamespace(
        labels=LABELS,
        season=SEASON,
        level=level,
        decision=decision,
        ab=AB,
        ab_test=ab_test,
        trait=TRAIT,
        by_district=DISTRICTS,
        districts=districts,
        words_of_levels=WORDS,
    )
