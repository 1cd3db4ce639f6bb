"""Draws of the parameters of small models at random, with names: no engine has a part in them."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate
from partialpool.sampling.engines import STATISTICS, Draws

from .cells import crossed

CHAINS, COUNT = 2, 5
NO_LEVELS = SimpleNamespace(level=np.zeros((0, 0), int))
NO_TERMS = SimpleNamespace(terms=(), matrices=lambda cells: NO_LEVELS)
"""A design without group-level terms."""
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


@dataclass(frozen=True)
class Given(Fit):
    """A fit whose linear predictor of any rows is given."""

    given: Callable
    """From rows to chunks of draws x rows."""
    of_phi: np.ndarray | None = None
    size: tuple[int, int] = (1, -1)
    """Chains, and draws of each."""

    @property
    def shape(self):
        return self.size

    @property
    def phi(self):
        return self.of_phi

    def predict(self, rows, seed=0):
        return self.given(rows)

    def predict_by_chain(self, rows):
        eta = np.concatenate([eta for _, eta in self.given(rows)], axis=1)
        phi = None if self.of_phi is None else self.of_phi.reshape(self.size)
        return eta.reshape(*self.size, -1), phi


def given(cells, predict, likelihood=LOGISTIC, phi=None, size=(1, -1)):
    """A fit to cells with a linear predictor that a test states."""
    return Given(cells, NO_TERMS, likelihood, None, predict, phi, size)


def in_chunks(eta, size):
    """Draws x rows, as many rows at once as `size` says."""
    for start in range(0, eta.shape[1], size):
        stop = min(start + size, eta.shape[1])
        yield slice(start, stop), eta[:, start:stop]
