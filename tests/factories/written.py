"""Models to be written out, of cells whose names and levels are no identifiers of Stan."""

from functools import cache

import numpy as np
import pandas as pd

from partialpool.cells.levels import with_levels
from partialpool.model.design import Design
from partialpool.model.formula import parse_formula
from partialpool.model.likelihood import LOGISTIC
from partialpool.posterior.fit import CellModel
from partialpool.settings import Priors
from partialpool.written.outline import outline

LEVELS = {
    "promo": ["None", "Bundle", "2 for 1"],
    "channel": ["e-mail", "Mail"],
    "region": ["north", "south", "“west”"],
    "store": ["s1", "s2", "s3"],
    "double": ["x", "y"],
    "target": ["0", "1", "2"],
}
FORMULAS = [
    "promo * channel * region",
    "age + (1 + age | promo)",
    "promo * age",
    "0 + promo:age",
    "age:spent + I(age^2) + I(spent / 10)",
    "center(age) * promo + (poly(spent, 2) | channel)",
    "center(age) + (center(age) | region)",
    "scale(age) + log(spent) + exp(age / 100)",
    "bs(age, df=4)",
    "cr(age, df=4) + poly(spent, 3):promo",
    "I(age^2) + (1 + I(spent^2) | channel)",
    "promo + (1 + channel | region/store)",
    "(1 | region:store) + (1 + age || region) + (0 + promo | store)",
    "C(promo, contr.sum) + C(channel, contr.helmert):age",
    "C(promo, contr.treatment(base='Bundle')) * channel",
    "1 + promo:channel",
    "0 + promo:channel + (0 + channel || store)",
    "0 + index(promo) + index(channel):age + (1 + index(promo) | region)",
    "(promo + channel + age)^2 - promo:age",
    "double * new + target + (1 + new | double:target) + (1 | double)",
    "(1 | double) + (1 | target) + (1 | double:target)",
]
TOLD = Priors(
    intercept="rate(0.05, 0.4)",
    slope="odds_ratio(3)",
    sd="lift(0.2)",
    correlation="lkj(1.5)",
    phi="lognormal(3, 1.5)",
    coefficients={"promo[Bundle]": "rate_ratio(1.5, 0.9)", "sd_region[age]": "normal(0, 0.02)"},
)
"""Priors in words of rates."""


def cells(seed=2, rows=70, levels=LEVELS):
    """Cells with these factors and the numbers `age`, `spent` and `new`."""
    random = np.random.default_rng(seed)
    drawn = pd.DataFrame({name: random.choice(of, rows) for name, of in levels.items()})
    drawn["age"] = random.integers(18, 80, rows).astype(float)
    drawn["spent"] = random.gamma(2, 30, rows).round(2) + 1
    drawn["new"] = random.integers(0, 2, rows).astype(float)
    trials = random.integers(1, 40, rows)
    counts = {"trials": trials, "successes": random.binomial(trials, 0.3)}
    return with_levels(drawn.assign(**counts), levels)


@cache
def usual_cells():
    """The cells that a model has where none are given."""
    return cells()


def model_of(formula, given=None, likelihood=LOGISTIC):
    """A model of some cells."""
    given = usual_cells() if given is None else given
    factors = [name for name in given if isinstance(given[name].dtype, pd.CategoricalDtype)]
    numbers = [name for name in given if name not in (*factors, "trials", "successes")]
    return CellModel(given, Design(parse_formula(formula, factors, numbers), given), likelihood)


def outline_of(formula, given=None, priors=None, likelihood=LOGISTIC, at="contacts"):
    """The same by its terms."""
    if given is None and priors is None:
        return usual_outline(formula, likelihood, at)
    return outline(model_of(formula, given, likelihood), priors or Priors(), at)


@cache
def usual_outline(formula, likelihood=LOGISTIC, at="contacts"):
    """The same of the usual cells under the usual priors."""
    return outline(model_of(formula, None, likelihood), Priors(), at)
