"""The linear predictor: draws x design, of cells and of new levels, whole or in chunks."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.parameters import of_kind
from partialpool.posterior import predictor
from partialpool.posterior.draws import label_draws, named_parameters
from partialpool.posterior.predictor import linear_predictor, predict_in_chunks
from partialpool.sampling.engines import Draws

from ..factories.draws import CHAINS, COUNT, LEVELS, cells, labelled, names_of, posterior_of


def many_draws(formula, sd, correlation, count=40_000):
    """Draws with constant sds and correlation and no effects, of one chain."""
    design = learn_design(formula, cells())
    names = names_of(formula)
    values = {"population": [0.0, 0.0], "sd": sd, "correlation": correlation}
    values["effect"] = np.zeros(len(of_kind(names, "effect")))
    variables = {kind: np.tile(value, (1, count, 1)) for kind, value in values.items()}
    return design, posterior_of(label_draws(Draws(variables, {}), names))


def new_rows(*shops):
    rows = pd.DataFrame({"promo": "some", "shop": shops, "week": "1"})
    return with_levels(rows, LEVELS | {"shop": [*LEVELS["shop"], "new", "newer"]})


def test_a_new_level_has_effects_of_its_terms_distribution():
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5])
    log_odds = linear_predictor(draws, design, new_rows("a", "new"), seed=3)
    assert np.abs(log_odds[:, 0]).max() == 0
    # var(a + b) with sds 1 and 2 and correlation -1/2
    assert log_odds[:, 1].mean() == pytest.approx(0, abs=0.05)
    assert log_odds[:, 1].std() == pytest.approx(np.sqrt(1 + 4 - 2), rel=0.03)


def test_a_new_level_has_the_same_effects_in_any_rows_and_another_level_others():
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5], count=50)
    together = linear_predictor(draws, design, new_rows("new", "a", "newer", "new"), seed=3)
    alone = linear_predictor(draws, design, new_rows("newer"), seed=3)
    np.testing.assert_array_equal(together[:, 0], together[:, 3])
    np.testing.assert_array_equal(together[:, 2], alone[:, 0])
    assert np.abs(together[:, 0] - together[:, 2]).min() > 0
    assert np.abs(linear_predictor(draws, design, new_rows("newer"), seed=4) - alone).min() > 0


@pytest.mark.parametrize(
    "formula",
    [
        "promo * shop",
        "0 + (1 + promo | shop)",
        "promo + (1 + promo | shop) + (1 | week)",
        "(1 + promo || shop) + (0 + promo | week)",
        "promo + (1 | shop/week)",
    ],
)
def test_log_odds_are_the_sum_of_coefficients_term_by_term(formula):
    design, _, tree = labelled(formula)
    draws = posterior_of(tree)
    named = {name: values.ravel() for name, values in named_parameters(draws).items()}
    rows = cells().sample(frac=1, random_state=3).reset_index(drop=True)
    expected = np.zeros((CHAINS * COUNT, len(rows)))
    for position, row in enumerate(rows.astype(str).to_dict("records")):

        def value(coefficient, row=row):
            """A coefficient's column, read off its name."""
            parts = [part for part in coefficient.split(":") if part != "Intercept"]
            return all(row[part.split("[")[0]] == part.split("[")[1][:-1] for part in parts)

        for name in design.coefficients:
            expected[:, position] += named[name] * value(name)
        for term in design.terms:
            level = ":".join(row[factor] for factor in term.grouping)
            for name in term.coefficients:
                expected[:, position] += named[f"r_{term.name}[{level}, {name}]"] * value(name)
    np.testing.assert_allclose(linear_predictor(draws, design, rows), expected, atol=1e-12)


def test_chunks_are_the_whole_in_parts_that_memory_is_meant_for(monkeypatch):
    design, _, tree = labelled("promo + (1 + promo | shop)")
    draws, rows = posterior_of(tree), cells()
    whole = linear_predictor(draws, design, rows)
    monkeypatch.setattr(predictor, "AT_ONCE", CHAINS * COUNT * 2 * 5)  # 2 coefficients, 5 rows
    chunks = list(predict_in_chunks(draws, design, rows))
    assert [(chunk.start, chunk.stop) for chunk, _ in chunks] == [(0, 5), (5, 10), (10, 12)]
    np.testing.assert_array_equal(np.concatenate([eta for _, eta in chunks], axis=1), whole)


def test_a_new_level_has_the_same_effects_in_every_chunk(monkeypatch):
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5], count=50)
    monkeypatch.setattr(predictor, "AT_ONCE", 1)
    chunks = list(predict_in_chunks(draws, design, new_rows("new", "a", "new"), seed=3))
    assert len(chunks) == 3
    np.testing.assert_array_equal(chunks[0][1], chunks[2][1])


def test_a_new_level_needs_the_spread_of_its_term():
    design, draws = many_draws("promo + (1 + promo | shop)", [1.0, 2.0], [-0.5], count=50)
    for absent in ("sd", "correlation"):
        with pytest.raises(InputError, match="program: found no variables sd and correlation"):
            linear_predictor(draws.drop_vars(absent), design, new_rows("new"))
