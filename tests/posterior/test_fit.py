"""A fit is read from a rule's files, and keeps its draws by chain."""

import numpy as np
import pandas as pd

from partialpool.cells.cells import write_cells
from partialpool.cells.levels import write_levels
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.posterior.draws import label_draws, write_draws
from partialpool.posterior.fit import Fit, read_fit, read_model

from ..factories.draws import CHAINS, COUNT, cells, labelled, names_of, posterior_of, random_draws
from ..factories.names import OVERDISPERSED

FORMULA = "promo + (1 | shop)"


def test_a_fit_is_read_as_it_was_written(tmp_path):
    design, _, tree = labelled(FORMULA)
    paths = [tmp_path / name for name in ("cells", "levels", "posterior")]
    write_cells(cells(), tmp_path / "cells")
    write_levels(cells(), tmp_path / "levels")
    write_draws(tree, tmp_path / "posterior")
    fit = read_fit(*paths, FORMULA, "binomial", "probit")
    pd.testing.assert_frame_equal(fit.cells, cells())
    assert fit.design.coefficients == design.coefficients
    assert fit.design.terms == design.terms
    assert fit.likelihood == Likelihood("binomial", "probit")
    assert fit.draws.equals(posterior_of(tree))
    assert fit.shape == (CHAINS, COUNT)
    assert read_model(*paths[:2], FORMULA, "binomial", "probit").labels == fit.labels


def test_draws_stay_with_their_chain():
    design, draws, tree = labelled("1")
    fit = Fit(cells(), design, LOGISTIC, posterior_of(tree))
    log_odds, phi = fit.predict_by_chain(cells())
    np.testing.assert_array_equal(log_odds[..., 0], draws.variables["population"][..., 0])
    assert phi is None


def test_a_precision_stays_with_its_chain_too():
    design = learn_design("1", cells())
    names = names_of("1", OVERDISPERSED)
    draws = random_draws(names)
    posterior = posterior_of(label_draws(draws, names))
    _, phi = Fit(cells(), design, Likelihood("beta_binomial"), posterior).predict_by_chain(cells())
    np.testing.assert_array_equal(phi, draws.variables["phi"][..., 0])


def test_a_fit_predicts_what_its_draws_and_its_design_do():
    design, draws, tree = labelled("promo")
    fit = Fit(cells(), design, LOGISTIC, posterior_of(tree))
    ((chunk, eta),) = fit.predict(cells())
    some = (cells()["promo"] == "some").to_numpy()
    first, slope = np.moveaxis(draws.variables["population"].reshape(-1, 2), 1, 0)
    assert chunk == slice(0, len(cells()))
    np.testing.assert_allclose(eta, first[:, None] + slope[:, None] * some)
