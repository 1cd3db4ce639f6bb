"""Programs of a user's own: they take the house's data, and their parameters get names."""

from pathlib import Path

import numpy as np
import pytest

from partialpool.calibration.simulate import simulate_cells
from partialpool.checks.diagnostics import diagnose_parameters
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws, named_parameters, summarise_parameters
from partialpool.posterior.predictor import linear_predictor
from partialpool.sampling.assembly import assemble_stan_data, prior_only
from partialpool.sampling.programs import other_parameters
from partialpool.settings import Sampling

from ..factories.priors import NARROW

STAN = Path(__file__).parents[2] / "stan"
OWN = Path(__file__).parent / "programs"
SHORT = Sampling(chains=4, warmup=300, draws=300, adapt_delta=0.9)
LEVELS = {"offer": [f"o{i}" for i in range(12)], "shop": [f"s{i}" for i in range(30)]}
TRUTH = {"Intercept": -1.0, "offer[o3]": 1.2, "offer[o7]": -0.9}


@pytest.fixture(scope="module", params=["stanli", "cmdstan"])
def draw(request, tmp_path_factory, compiling):
    """Named draws of a program of one's own by either engine; each is compiled once."""
    if request.param == "cmdstan":
        request.getfixturevalue("cmdstan")
    engine, folder = compiling(request.param), tmp_path_factory.mktemp("programs")

    def named_draws(name, design, cells, likelihood=LOGISTIC, change=lambda data: data):
        program, compiled = OWN / f"{name}.stan", folder / name
        if not compiled.exists():
            engine.compile_program(program, compiled, [STAN])
        data = change(assemble_stan_data(design, cells, NARROW, "cells", "auto", likelihood))
        names = name_parameters(design, likelihood, other_parameters(program))
        draws = engine.sample(compiled, data, SHORT, 3, 2)
        return label_draws(draws, names)["posterior"].to_dataset()

    return named_draws


def test_a_horseshoe_leaves_the_few_large_effects_alone_and_others_near_0(draw):
    truth = simulate_cells("offer", LEVELS, 40, TRUTH, np.random.default_rng(1))
    design = learn_design("offer", truth.cells)
    draws = draw("horseshoe", design, truth.cells)
    table = summarise_parameters(draws, 0.89).set_index("parameter")
    assert table.index[:12].tolist() == design.coefficients
    others = ["raw", "local"]
    assert table.index[12:].tolist() == [
        *(f"{name}[{i}]" for name in others for i in range(1, 12)),
        "global",
    ]
    for name, value in TRUTH.items():
        assert abs(table.at[name, "mean"] - value) < 4 * table.at[name, "sd"]
    small = table.loc[[n for n in design.coefficients if n not in TRUTH]]
    assert small["mean"].abs().max() < 0.2
    assert (diagnose_parameters(draws)["rhat"] < 1.02).all()


def test_a_program_that_asks_for_prior_only_gives_its_prior(draw):
    truth = simulate_cells("offer", LEVELS, 40, TRUTH, np.random.default_rng(1))
    design = learn_design("offer", truth.cells)
    named = named_parameters(draw("horseshoe", design, truth.cells, change=prior_only))
    assert named["Intercept"].mean() == pytest.approx(0, abs=0.2)
    assert named["Intercept"].std() == pytest.approx(1.5, rel=0.1)


def test_a_program_with_includes_of_its_own_a_matrix_and_another_link_has_rates(draw):
    likelihood = Likelihood(link="probit")
    truth = simulate_cells(
        "1 + (1 | shop)",
        {"shop": LEVELS["shop"]},
        400,
        {"Intercept": -0.8, "sd_shop[Intercept]": 0.5},
        np.random.default_rng(2),
        likelihood,
    )
    design = learn_design("1 + (1 | shop)", truth.cells)
    draws = draw("laplace", design, truth.cells, likelihood)
    named = named_parameters(draws)
    assert [n for n in named if n.startswith("raw")] == [f"raw[{i},1]" for i in range(1, 31)]
    np.testing.assert_allclose(
        named["raw[7,1]"] * named["spread"], named["r_shop[s6, Intercept]"], rtol=1e-6
    )
    rates = likelihood.rate(linear_predictor(draws, design, truth.cells)).mean(axis=0)
    observed = truth.cells["successes"] / truth.cells["trials"]
    np.testing.assert_allclose(rates, observed, atol=0.03)
