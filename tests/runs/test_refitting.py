"""A fit between two runs is the fit that the pipeline makes: truth is found again."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.runs.ladder import Standing
from partialpool.runs.refitting import refit_standing

from ..factories.configurations import sales, settings_of
from ..factories.months import LEVELS, SHORT, STEADY, Runs, analysis_of, month


def test_the_rates_are_those_of_the_counts_where_a_coefficient_stands_for_every_cell(months):
    found = months.october.found.query("quantity == 'rate' and within != ''")
    cells = months.cells[0].set_index(["channel", "promo"])
    seen = [cells.loc[(row.within, row.treatment)] for row in found.itertuples()]
    rates = np.array([row["successes"] / row["trials"] for row in seen])
    assert found["mean"].to_numpy() == pytest.approx(rates, abs=0.01)
    errors = np.sqrt(rates * (1 - rates) / 1500)
    assert found["sd"].to_numpy() == pytest.approx(errors, rel=0.2)


def test_levels_that_are_ranked_are_held_to_their_mean(compiled):
    analysis = analysis_of(treatment=None, within="channel")
    run = Runs(compiled("stanli")).run("ranked", month(STEADY, 1), analysis)
    apart = run.found.query("quantity == 'from_mean'").set_index("treatment")["mean"]
    assert apart["mail"] == pytest.approx((0.375 - 0.20) / 2, abs=0.02)
    assert apart.sum() == pytest.approx(0, abs=1e-9)


def test_the_same_seed_gives_the_same_fit(months, compiled):
    at = Standing({}, months.october, months.october.model, months.october.model)
    given = {"engine": "stanli", "program": compiled("stanli"), "threads": 1}
    first, again = (refit_standing(at, seed=lambda *names: 5, **given) for _ in range(2))
    assert first.equals(again)


def test_along_a_number_every_value_has_its_rate(compiled):
    dosed = sales({"crossed": "dose", "plain": "1"}, treatment="dose", sampling=SHORT)
    dosed |= {"numbers": {"dose": {"column": "Dose"}}}
    counts = pd.DataFrame({"dose": [0.0, 1.0, 2.0], "promo": "none", "channel": "mail"})
    cells = with_levels(counts.assign(successes=[200, 400, 600], trials=1000), LEVELS)
    found = Runs(compiled("stanli")).run("dosed", cells, settings_of(dosed)).found
    assert list(found["quantity"].unique()) == ["rate"]
    assert list(map(float, found["treatment"])) == [0, 1, 2]
    assert found["mean"].to_numpy() == pytest.approx([0.2, 0.4, 0.6], abs=0.03)
