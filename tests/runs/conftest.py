"""Runs that tests of what changed share: three months of a growing data set."""

from types import SimpleNamespace

import pytest

from partialpool.errors import InputError

from ..factories.months import FALLEN, STEADY, Runs, month


@pytest.fixture(scope="session")
def months(compiled):
    """Two months at the same true rates, and a third in which the lift by mail is gone."""
    runs = Runs(compiled("stanli"))
    october = month(STEADY, 1)
    november = month(STEADY, 2, before=october)
    december = month(FALLEN, 3, before=november)
    return SimpleNamespace(
        runs=runs,
        cells=(october, november, december),
        october=runs.run("2026-10", october),
        november=runs.run("2026-11", november),
        december=runs.run("2026-12", december),
    )


@pytest.fixture
def refused():
    """What an InputError says, in one line."""

    def said(function, *arguments):
        with pytest.raises(InputError) as error:
            function(*arguments)
        assert "\n" not in str(error.value)
        return str(error.value)

    return said
