"""Draws of the parameters of small models at random, with names: no engine has a part in them."""

import numpy as np

from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.posterior.rates import Rate
from partialpool.sampling.engines import STATISTICS, Draws

from .cells import crossed

CHAINS, COUNT = 2, 5
LEVELS = {"promo": ["none", "some"], "shop": ["a", "b", "c"], "week": ["1", "2"]}


def cells():
    return crossed(LEVELS)


def random_draws(names, seed=1):
    """Draws of every variable of the program, as an engine gives them."""
    random = np.random.default_rng(seed)
    sizes = names[names["kind"] != "other"].groupby("kind", sort=False)["position"].max()
    variables = {k: random.standard_normal((CHAINS, COUNT, n)) for k, n in sizes.items()}
    statistics = {name: random.standard_normal((CHAINS, COUNT)) for name in STATISTICS}
    return Draws(variables, statistics)


def labelled(formula, seed=1):
    """The design of a formula, draws as an engine gives them, and the same with names."""
    design, names = learn_design(formula, cells()), names_of(formula)
    draws = random_draws(names, seed)
    return design, draws, label_draws(draws, names)


def names_of(formula, likelihood=LOGISTIC, others=()):
    """The names of the parameters of a formula."""
    return name_parameters(learn_design(formula, cells()), likelihood, others)


def posterior_of(tree):
    return tree["posterior"].to_dataset()


def rate_of(values):
    """Draws of a rate whose values are given."""
    values = np.asarray(values)
    return Rate(np.log(values), np.log1p(-values))
