"""Parameters drawn from priors: by SciPy's distributions, and by what is known of LKJ matrices."""

import numpy as np
import pytest
from scipy import stats

from partialpool.calibration.prior_draws import draw_correlation, draw_truth
from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.settings import Priors

COUNT = 4000
LEAST_P = 0.001
"""Of a Kolmogorov-Smirnov test; with the seeds below each is passed by chance but for 1 in 1000."""


@pytest.mark.parametrize("shape", [1.0, 2.5])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_correlation_matrix_is_from_lkj(size, shape):
    generator = np.random.default_rng(size)
    matrices = np.array([draw_correlation(size, shape, generator) for _ in range(COUNT)])
    assert np.allclose(matrices, matrices.transpose(0, 2, 1))
    assert np.allclose(np.diagonal(matrices, axis1=1, axis2=2), 1)
    # every correlation is a beta stretched to (-1, 1): Lewandowski, Kurowicka and Joe (2009)
    a = shape + (size - 2) / 2
    rows, columns = np.tril_indices(size, -1)
    for row, column in zip(rows, columns, strict=True):
        values = (matrices[:, row, column] + 1) / 2
        assert stats.kstest(values, stats.beta(a, a).cdf).pvalue > LEAST_P
    # the determinant is a product of independent betas, one for each row
    logs = np.linalg.slogdet(matrices)[1]
    parts = [
        stats.beta(shape + (size - 1 - k) / 2, k / 2).rvs((COUNT,), generator)
        for k in range(1, size)
    ]
    assert stats.ks_2samp(logs, np.log(np.prod(parts, axis=0))).pvalue > LEAST_P


def test_parameters_come_together_as_the_model_has_them(season_cells):
    priors = Priors(
        intercept="normal(-1, 0.5)",
        slope="normal(0, 0.3)",
        sd="exponential(2)",
        correlation="lkj(2)",
        coefficients={"sd_channel[Intercept]": "normal(0, 0.1)"},
    )
    design = learn_design("promo + (1 + promo | channel)", season_cells)
    likelihood = Likelihood("beta_binomial")
    stated, at = ModelPriors(priors, "logit", design.has_intercept), [0.5]
    generator = np.random.default_rng(3)
    truths = [draw_truth(design, stated, at, likelihood, generator) for _ in range(COUNT)]
    drawn = {name: np.array([truth[name] for truth in truths]) for name in truths[0]}
    # the prior of the intercept holds where the predictor is at 0.5, not at 0
    middle = drawn["Intercept"] + 0.5 * drawn["promo[Bundle]"]
    assert stats.kstest(middle, stats.norm(-1, 0.5).cdf).pvalue > LEAST_P
    assert abs(np.corrcoef(middle, drawn["promo[Bundle]"])[0, 1]) < 0.06
    assert stats.kstest(drawn["sd_channel[Intercept]"], stats.halfnorm(0, 0.1).cdf).pvalue > LEAST_P
    assert (
        stats.kstest(drawn["sd_channel[promo[Bundle]]"], stats.expon(0, 0.5).cdf).pvalue > LEAST_P
    )
    # effects, by their sds and correlation, are independent standard normals
    first = drawn["r_channel[Park, Intercept]"] / drawn["sd_channel[Intercept]"]
    second = drawn["r_channel[Park, promo[Bundle]]"] / drawn["sd_channel[promo[Bundle]]"]
    rho = drawn["cor_channel[Intercept, promo[Bundle]]"]
    rest = (second - rho * first) / np.sqrt(1 - rho**2)
    assert stats.kstest(first, stats.norm.cdf).pvalue > LEAST_P
    assert stats.kstest(rest, stats.norm.cdf).pvalue > LEAST_P
    assert abs(np.corrcoef(first, rest)[0, 1]) < 0.06
    assert set(drawn) == set(name_parameters(design, likelihood)["parameter"])


def test_nothing_is_drawn_from_a_flat_prior(season_cells):
    design, stated = learn_design("promo", season_cells), ModelPriors(Priors(slope="flat"))
    with pytest.raises(ValueError, match="flat"):
        draw_truth(design, stated, [0.0], Likelihood(), np.random.default_rng(1))


def test_a_belief_is_drawn_from_as_the_distribution_it_stands_for(season_cells):
    priors = Priors(intercept="rate(0.05, 0.2)", slope="odds_ratio(3)")
    design = learn_design("promo", season_cells)
    stated = ModelPriors(priors, "logit", has_intercept=True)
    generator = np.random.default_rng(4)
    truths = [draw_truth(design, stated, [0.0], Likelihood(), generator) for _ in range(COUNT)]
    ratios = np.exp(np.abs([truth["promo[Bundle]"] for truth in truths]))
    rates = 1 / (1 + np.exp([-truth["Intercept"] for truth in truths]))
    assert np.mean(ratios < 3) == pytest.approx(0.95, abs=0.015)
    assert np.mean((rates > 0.05) & (rates < 0.2)) == pytest.approx(0.95, abs=0.015)
