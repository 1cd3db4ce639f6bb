"""What an effective draw costs, in gradients: the chosen centring against the two fixed ones.

Counts of gradients do not depend on the machine. A model's cost is that of its worst parameter.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.checks.diagnostics import diagnose_parameters
from partialpool.model.design import Design
from partialpool.model.formula import parse_formula
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Sampling

from ..factories.priors import NARROW

SAMPLING = Sampling(warmup=500, draws=1000, chains=4)
SEEDS = (1, 2, 3, 4)
ENOUGH = 100
"""Effective draws below which a fit says too little to be compared."""
CBPP = [
    *[(1, "2 14", "3 12", "4 9", "0 5"), (2, "3 22", "1 18", "1 21"), (4, "2 10", "0 10", "2 9")],
    *[(3, "8 22", "2 16", "0 16", "2 20"), (5, "5 18", "0 25", "0 24", "1 4"), (8, "12 34")],
    *[(6, "3 17", "0 17", "0 18", "1 20"), (7, "8 16", "1 10", "3 9", "0 5"), (13, "1 21", "2 24")],
    *[(9, "2 9", "0 6", "0 8", "0 6"), (10, "1 22", "0 22", "0 18", "2 22"), (15, "1 19", "1 15")],
    *[(11, "0 25", "5 27", "3 22", "1 22"), (12, "2 10", "1 8", "0 6", "0 5"), (14, "11 19")],
]
"""Serological status of cattle herds (Lesnoff et al. 2004): new cases and animals, by period."""


def cbpp():
    rows = [
        (str(herd), str(period), *map(int, counts.split()))
        for herd, *periods in CBPP
        for period, counts in enumerate(periods, start=1)
    ]
    cells = pd.DataFrame(rows, columns=["herd", "period", "successes", "trials"])
    levels = {name: list(dict.fromkeys(cells[name])) for name in ("herd", "period")}
    return "period + (1 | herd)", with_levels(cells, levels)


def simulated(formula, groups, trials, spreads, seed, nested=False):
    """Cells of every combination of `x` and the groups; trials by level of the first group.

    Of groups that are nested, each level has its own levels of the next.
    """
    random = np.random.default_rng(seed)
    levels = {"x": ["a", "b"]} | {g: [f"{g}{i}" for i in range(n)] for g, n in groups.items()}
    cells = pd.MultiIndex.from_product(levels.values(), names=levels).to_frame(index=False)
    if nested:
        for outer, inner in pairwise(groups):
            cells[inner] = cells[outer] + cells[inner]
            levels[inner] = list(dict.fromkeys(cells[inner]))
    place = {name: cells[name].map(of.index).to_numpy() for name, of in levels.items()}
    eta = -1 + 0.5 * place["x"]
    for group, (intercept, slope) in spreads.items():
        effects = random.standard_normal((2, len(levels[group])))[:, place[group]]
        eta = eta + intercept * effects[0] + slope * effects[1] * place["x"]
    cells["trials"] = np.asarray(trials)[place[next(iter(groups))]]
    cells["successes"] = random.binomial(cells["trials"], 1 / (1 + np.exp(-eta)))
    return formula, with_levels(cells, levels)


def nested(formula, trials, outer, inner):
    """Five groups in each of six."""
    given = {"g": 6, "h": 5}, [trials] * 6, {"g": outer, "h": inner}
    return simulated(formula, *given, seed=11, nested=True)


def hardly_seen(groups):
    """Groups of 4 to 7 single contacts whose rates differ so much that most had one outcome.

    As of the patients of De Backer et al. (1998), whom Lesaffre and Spiessens (2001) fit.
    """
    random = np.random.default_rng(1)
    visits, effects = random.integers(4, 8, groups), 4 * random.standard_normal(groups)
    rows = []
    for group, (count, effect) in enumerate(zip(visits, effects, strict=True)):
        eta = -2 + effect - 0.4 * np.arange(count) + 0.3 * (group % 2)
        yes = random.random(count) < 1 / (1 + np.exp(-eta))
        of = (f"g{group}", "ab"[group % 2])
        rows += [(*of, f"v{visit}", int(s), 1) for visit, s in enumerate(yes)]
    cells = pd.DataFrame(rows, columns=["g", "x", "visit", "successes", "trials"])
    levels = {name: list(dict.fromkeys(cells[name])) for name in ("g", "x", "visit")}
    return "visit + x + (1 | g)", with_levels(cells, levels)


def season_pass(request):
    return "0 + (1 + promo | channel)", request.getfixturevalue("season_cells")


BOTH = "x + (1 + x | g)"
CASES = {
    "herds": cbpp,
    "many small groups": lambda: simulated(
        "(1 | g)", {"g": 40}, np.tile([1, 2], 20), {"g": (1.0, 0)}, 1
    ),
    "mixed sizes": lambda: simulated(
        "x + (1 | g)", {"g": 18}, np.repeat([1500, 60, 3], 6), {"g": (0.7, 0)}, 4
    ),
    "a small true spread": lambda: simulated(
        "x + (1 | g)", {"g": 12}, [300] * 12, {"g": (0.08, 0)}, 6
    ),
    "a small true spread, much data": lambda: simulated(
        "x + (1 | g)", {"g": 12}, [3000] * 12, {"g": (0.08, 0)}, 6
    ),
    "crossed factors": lambda: simulated(
        "x + (1 | g) + (1 | h)", {"g": 8, "h": 5}, [30] * 8, {"g": (0.7, 0), "h": (0.5, 0)}, 7
    ),
    "nested groups": lambda: nested("x + (1 | g/h)", 300, (0.7, 0), (0.4, 0)),
    "nested groups with few trials": lambda: nested("x + (1 | g/h)", 15, (0.7, 0), (0.4, 0)),
    "few large groups": lambda: simulated(BOTH, {"g": 4}, [2000] * 4, {"g": (0.7, 0.4)}, 2),
    "eight large groups": lambda: simulated(BOTH, {"g": 8}, [2000] * 8, {"g": (0.7, 0.4)}, 2),
    "mixed sizes, two effects": lambda: simulated(
        BOTH, {"g": 24}, np.repeat([1500, 60, 3], 8), {"g": (0.7, 0.4)}, 3
    ),
    "middling groups": lambda: simulated(BOTH, {"g": 15}, [60] * 15, {"g": (0.7, 0.4)}, 10),
    "groups of a few contacts, a large spread": lambda: hardly_seen(60),
    "two small true spreads": lambda: simulated(BOTH, {"g": 12}, [300] * 12, {"g": (0.1, 0.05)}, 5),
}
LARGE = {
    "many groups of a few contacts, a large spread": lambda: hardly_seen(294),
    "three crossed factors": lambda: simulated(
        "x + (1 | g) + (1 | h) + (1 | k)",
        {"g": 6, "h": 5, "k": 4},
        [60] * 6,
        {"g": (0.7, 0), "h": (0.4, 0), "k": (0.2, 0)},
        5,
    ),
    "a strong factor crossed with a weak one": lambda: simulated(
        "x + (1 | g) + (1 | h)", {"g": 60, "h": 5}, [6] * 60, {"g": (0.7, 0), "h": (0.5, 0)}, 12
    ),
    "nested groups, two effects": lambda: nested("x + (1 + x | g/h)", 300, (0.7, 0.3), (0.4, 0.2)),
    "crossed factors, two effects": lambda: simulated(
        "x + (1 + x | g) + (1 | h)",
        {"g": 8, "h": 6},
        [300] * 8,
        {"g": (0.7, 0.4), "h": (0.3, 0)},
        8,
    ),
}


@pytest.fixture(scope="module")
def fit(request, compiled):
    """A function that fits a case with a centring and a seed: its gradients and its table."""

    @cache
    def fitted(case, centring, seed):
        cases = CASES | LARGE | {"season pass": lambda: season_pass(request)}
        formula, cells = cases[case]()
        levels = {name: list(cells[name].cat.categories) for name in cells.columns[:-2]}
        design = Design(parse_formula(formula, levels), cells)
        data = assemble_stan_data(design, cells, NARROW, "cells", centring)
        draws = load_engine("stanli").sample(compiled("stanli"), data, SAMPLING, seed, 2)
        posterior = label_draws(draws, name_parameters(design, LOGISTIC))["posterior"].to_dataset()
        return int(draws.statistics["n_leapfrog"].sum()), diagnose_parameters(posterior)

    return fitted


def cost(fits):
    """Gradients per effective draw of the worst parameter, over some fits."""
    return sum(gradients for gradients, _ in fits) / sum(t["ess_bulk"].min() for _, t in fits)


@pytest.mark.parametrize(
    "case",
    ["season pass", *CASES, *(pytest.param(case, marks=pytest.mark.large) for case in LARGE)],
)
def test_the_chosen_centring_costs_no_more_than_the_better_fixed_one(case, fit, capsys):
    once = {wanted: cost([fit(case, wanted, SEEDS[0])]) for wanted in ("centred", "non-centred")}
    better = min(once, key=once.get)
    chosen, fixed = (cost([fit(case, w, seed) for seed in SEEDS]) for w in ("auto", better))
    with capsys.disabled():
        said = ", ".join(f"{name} {value:.0f}" for name, value in once.items())
        print(f"\n{case}: gradients per effective draw: chosen {chosen:.1f}, {better} {fixed:.1f}")
        print(f"  of one fit: {said}")
    assert chosen <= 1.1 * fixed


@pytest.mark.parametrize("case", ["season pass", *CASES])
def test_the_posterior_does_not_depend_on_the_centring(case, fit):
    chosen, *fixed = (
        fit(case, centring, SEEDS[0])[1].set_index("parameter")
        for centring in ("auto", "centred", "non-centred")
    )
    assert mixed(chosen)
    fixed = [table for table in fixed if mixed(table)]
    assert fixed, "neither of the fixed ones mixed"
    for table in fixed:
        error = np.hypot(chosen["mcse_mean"], table["mcse_mean"])
        assert ((chosen["mean"] - table["mean"]).abs() / error).max() < 4.5


def mixed(table):
    return table["ess_bulk"].min() > ENOUGH and table["rhat"].max() < 1.05
