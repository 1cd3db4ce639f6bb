"""The general program against the page that a textbook has for it: one posterior, written twice.

Their densities differ by a constant, once the change of variables between what each samples is
accounted for.
"""

from pathlib import Path

import numpy as np
import pytest
import stanli
from scipy.special import logit

from partialpool.settings import Priors

from .density import cholesky
from .test_multilevel import data_of, stanli_model

TEXTBOOK = Path(__file__).parent / "programs" / "textbook.stan"
PRIORS = Priors(
    intercept="normal(0, 1.5)", slope="normal(0, 1)", sd="normal(0, 1)", correlation="lkj(2)"
)
FORMULAS = ["1 + (1 | shop)", "week + (1 + promo | shop)", "promo + (0 + promo | shop)"]
CENTRINGS = ["non-centred", "centred"]
POINTS = 25


@pytest.fixture(params=FORMULAS)
def formula(request):
    return request.param


def case_of(formula, centring):
    return data_of(formula, centring, PRIORS, at="reference")


def split(data, point):
    """Parameters of the textbook's program by name, from its unconstrained scale."""
    term = data.terms[0]
    sizes = [1, len(data.prior_at), term.coefficients, term.correlations]
    fixed = np.split(point, np.cumsum(sizes))
    names = ("intercept", "slope", "sd", "partial", "standard")
    found = dict(zip(names, fixed, strict=True))
    standard = found["standard"].reshape(term.levels, term.coefficients)
    return found | {
        "sd": np.exp(found["sd"]),
        "partial": np.tanh(found["partial"]),
        "standard": standard,
    }


def in_the_general_program(data, centring, intercept, slope, sd, partial, standard):
    """The same parameters on the general program's unconstrained scale.

    Also the logarithm of the Jacobian of its effects in the textbook's.
    """
    term, population = data.terms[0], np.concatenate([[0.0], intercept, slope])
    factor = np.diag(sd) @ cholesky(partial, term.coefficients)
    sampled, jacobian = standard, 0.0
    if centring == "centred":
        sampled = standard @ factor.T + population[term.population_coefficient]
        jacobian = term.levels * np.log(np.diag(factor)).sum()
    free = [intercept, slope, np.log(sd), logit((1 + partial) / 2), sampled.T.ravel()]
    return np.concatenate(free), jacobian


def assert_constant(differences):
    np.testing.assert_allclose(differences, differences[0], rtol=0, atol=1e-8)


@pytest.mark.parametrize("centring", CENTRINGS)
def test_the_general_program_has_the_textbooks_posterior(compiled, formula, centring):
    data = case_of(formula, centring)
    textbook = stanli.Model(
        mir=stanli.stan_to_mir(TEXTBOOK.read_text(encoding="utf-8")), data=data.variables()
    )
    general = stanli_model(compiled, data)
    assert textbook.n_unconstrained == general.n_unconstrained
    differences = []
    for point in np.random.default_rng(7).uniform(-1.5, 1.5, (POINTS, general.n_unconstrained)):
        other, jacobian = in_the_general_program(data, centring, **split(data, point))
        expected, found = textbook.log_prob_grad(point)[0], general.log_prob_grad(other)[0]
        differences.append(found + jacobian - expected)
    assert_constant(differences)
