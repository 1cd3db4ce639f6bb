"""Tables of names of parameters and coefficients: of chosen terms, or of a formula's design."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from partialpool.cells.levels import with_levels
from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.design import Term, learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters

OVERDISPERSED = Likelihood("beta_binomial")


def term(grouping, levels, *coefficients):
    return Term((grouping,), coefficients, tuple(levels))


def named(population=(), *terms, phi=False, others=()):
    """The names of the parameters of some coefficients and terms."""
    design = SimpleNamespace(coefficients=list(population), terms=terms)
    return name_parameters(design, OVERDISPERSED if phi else LOGISTIC, others)


def crossed(factors, numbers=()):
    """Cells of every combination of levels, several where there are numbers to tell them apart."""
    grid = pd.MultiIndex.from_product(factors.values(), names=factors).to_frame(index=False)
    cells = pd.concat([grid] * (3 if numbers else 1), ignore_index=True)
    random = np.random.default_rng(1)
    columns = {name: random.normal(size=len(cells)) for name in numbers}
    return with_levels(cells.assign(successes=1, trials=2, **columns), factors)


def coefficients_of(formula, labels):
    """What the coefficients of a formula over the factors and numbers of some labels are of."""
    cells = crossed(labels.factors, labels.numbers)
    return tabulate_coefficients(learn_design(formula, cells).columns)
