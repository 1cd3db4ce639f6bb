"""One file for ArviZ: its groups, their values against SciPy, and what a large model leaves out."""

import json

import numpy as np
import pytest
import xarray as xr
from arviz_stats import summary
from scipy import stats

from partialpool.checks.margins import check_margins
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior import inference_data
from partialpool.posterior.draws import label_draws, named_parameters
from partialpool.posterior.fit import Fit
from partialpool.posterior.inference_data import (
    cell_log_likelihoods,
    collect,
    write_inference_data,
)
from partialpool.seals import check_seal

from ..factories.cells import crossed
from ..factories.draws import random_draws
from ..factories.names import OVERDISPERSED

GROUPS = {"posterior", "posterior_flat", "posterior_predictive", "prior", "prior_predictive"}
GROUPS |= {"log_likelihood", "log_prior", "observed_data", "constant_data", "sample_stats"}
LEVELS = {"promo": ["none", "some"], "shop": ["a", "b", "c"]}
ABOUT = {"analysis": "sales", "model": "varying", "formula": "promo + (1 | shop)"}
ABOUT |= {"versions": {"engine": "CmdStan 2.27", "partialpool": "0.1.0"}}


def fitted(cells=None, likelihood=LOGISTIC, formula="promo + (1 | shop)"):
    cells = crossed(LEVELS, successes=3, trials=7) if cells is None else cells
    design = learn_design(formula, cells)
    names = name_parameters(design, likelihood)
    drawn = random_draws(names)
    if "phi" in drawn.variables:
        drawn.variables["phi"][:] = np.exp(drawn.variables["phi"])
    tree = label_draws(drawn, names)
    fit = Fit(cells, design, likelihood, tree["posterior"].to_dataset())
    return fit, tree["sample_stats"].to_dataset(), names


def streams():
    return {kind: np.random.default_rng(i) for i, kind in enumerate(("prior", "posterior"))}


def collected(prior=True, log_prior=True, **of):
    fit, statistics, names = fitted(**of)
    fits = {"prior": fit} if prior else {}
    density = np.zeros(fit.shape) if log_prior else None
    return fit, collect(fits | {"posterior": fit}, statistics, names, density, streams())


def test_every_group_is_there_with_its_dimensions():
    fit, tree = collected()
    assert set(tree.children) == GROUPS
    assert tree.attrs["left_out"] == "nothing"
    for group in ("posterior_predictive", "prior_predictive", "log_likelihood"):
        assert tree[group]["successes"].dims == ("chain", "draw", "cell")
        assert list(tree[group]["cell"].values) == fit.labels
    assert tree["observed_data"]["successes"].values.tolist() == [3] * 6
    assert tree["constant_data"]["trials"].values.tolist() == [7] * 6
    assert tree["constant_data"]["shop"].values.tolist() == ["a", "b", "c"] * 2


@pytest.mark.parametrize("likelihood", [LOGISTIC, OVERDISPERSED])
def test_the_log_likelihood_is_that_of_each_cells_successes(likelihood):
    fit, _, _ = fitted(likelihood=likelihood)
    ((_, eta),) = fit.predict(fit.cells)
    rate, phi = likelihood.rate(eta), fit.phi
    expected = (
        stats.binom.logpmf(3, 7, rate)
        if phi is None
        else stats.betabinom.logpmf(3, 7, rate * phi[:, None], (1 - rate) * phi[:, None])
    )
    np.testing.assert_allclose(cell_log_likelihoods(fit), expected, rtol=1e-9)


def test_replicates_are_those_that_the_report_was_made_of():
    fit, tree = collected()
    tables = check_margins({"prior": fit, "posterior": fit}, [("promo",)], 0.89, streams())
    for kind, told in tables["predictive"].groupby("kind"):
        replicated = tree[f"{kind}_predictive"]["successes"]
        assert replicated.dtype == np.int32
        np.testing.assert_array_equal(replicated.mean(("chain", "draw")), told["mean"])


def test_replicates_of_very_many_contacts_have_room():
    cells = crossed(LEVELS, successes=3, trials=3_000_000_000)
    _, tree = collected(cells=cells)
    assert tree["posterior_predictive"]["successes"].max() > 2**31


def test_what_the_sampler_says_is_called_as_arviz_has_it():
    _, tree = collected()
    assert set(tree["sample_stats"].data_vars) == {
        *("acceptance_rate", "diverging", "energy", "lp", "n_steps", "step_size", "tree_depth")
    }
    assert tree["sample_stats"]["diverging"].dtype == bool


def test_what_is_not_known_is_left_out_and_told():
    _, tree = collected(prior=False, log_prior=False)
    assert set(tree.children) == GROUPS - {"prior", "prior_predictive", "log_prior"}
    prior, density = tree.attrs["left_out"].split("; ")
    assert prior.startswith("prior, prior_predictive: ")
    assert density.startswith("log_prior: ")


def test_a_large_model_leaves_out_what_has_a_value_for_each_draw_of_each_cell(monkeypatch):
    monkeypatch.setattr(inference_data, "MOST_VALUES", 59)
    _, tree = collected()  # ten draws of six cells and six parameters
    large = {"posterior_predictive", "prior_predictive", "log_likelihood", "posterior_flat"}
    assert set(tree.children) == GROUPS - large
    told = tree.attrs["left_out"].split("; ")
    assert told == [
        "posterior_flat: 10 draws of 6 parameters are more than 59 values",
        "prior_predictive: 10 draws of 6 cells are more than 59 values",
        "posterior_predictive, log_likelihood: 10 draws of 6 cells are more than 59 values",
    ]


def test_a_factor_may_be_called_as_the_cells_are():
    cells = crossed({"cell": ["x", "y"]})
    _, tree = collected(cells=cells, formula="1 + cell")
    assert tree["constant_data"]["cell_"].values.tolist() == ["x", "y"]


def test_a_summary_of_several_factors_has_every_value_at_its_name(tmp_path):
    levels = {"promo": ["none", "some"], "shop": ["a", "b", "c"], "week": ["1", "2"]}
    formula = "promo * week + (1 + promo | shop) + (1 | week)"
    fit, tree = collected(cells=crossed(levels), formula=formula)
    write_inference_data(tree, ABOUT, tmp_path / "a.nc")
    with xr.open_datatree(tmp_path / "a.nc", engine="h5netcdf") as read:
        found = summary(read, kind="stats", round_to="none")["mean"]
    for name, values in named_parameters(fit.draws).items():
        array, _, inside = name[:-1].partition("[")
        label = f"population[{name}]"
        if name.startswith("r_"):
            level, _, coefficient = inside.partition(", ")
            label = f"{array}[{coefficient}, {level}]"
        elif name.startswith(("sd_", "cor_")):
            label = name
        assert float(found[label]) == pytest.approx(values.mean())
    assert len(found) == len(named_parameters(fit.draws))


def test_the_file_says_of_what_it_is_and_is_the_same_twice(tmp_path):
    _, tree = collected()
    paths = [tmp_path / name for name in ("a.nc", "b.nc")]
    for path in paths:
        write_inference_data(tree, ABOUT, path)
        check_seal(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with xr.open_datatree(paths[0], engine="h5netcdf") as read:
        assert set(read.children) == GROUPS
        assert {name: read.attrs[name] for name in ("model", "formula", "engine")} == {
            "model": "varying",
            "formula": "promo + (1 | shop)",
            "engine": "CmdStan 2.27",
        }
        assert read.attrs["inference_library"] == "CmdStan"
        assert json.loads(read.attrs["versions"]) == ABOUT["versions"]
        for group in GROUPS:
            for name, values in tree[group].data_vars.items():
                np.testing.assert_array_equal(read[group][name], values)
