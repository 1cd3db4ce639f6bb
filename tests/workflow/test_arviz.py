"""ArviZ on the file of a finished run: what it computes there is what the report says."""

import warnings
from types import SimpleNamespace

import arviz_base
import arviz_stats
import matplotlib.pyplot as plt
import matplotlib.style
import numpy as np
import pytest
import xarray as xr
from arviz_stats.base import array_stats

from partialpool.frames import read_frame

from ..factories.runs import MODELS

if not hasattr(matplotlib.style, "core"):  # what Matplotlib 3.11 has no more, and arviz-plots asks
    matplotlib.style.core = matplotlib.style
try:
    import arviz as az
except ImportError:  # which needs Python 3.12: its parts are its functions
    import arviz_plots

    az = SimpleNamespace(**vars(arviz_base) | vars(arviz_plots) | vars(arviz_stats))
RESULTS = "results/season_pass"


def read(run, name):
    return read_frame(run.folder / RESULTS / name)


def of_model(run, model, name):
    return read(run, f"models/{model}/{name}.csv").set_index("parameter")


@pytest.fixture(scope="module")
def trees(finished):
    """What is written of each model, opened as ArviZ does."""
    paths = {m: finished.folder / RESULTS / "models" / m / "posterior.nc" for m in MODELS}
    trees = {model: xr.open_datatree(path, engine="h5netcdf") for model, path in paths.items()}
    yield trees
    for tree in trees.values():
        tree.close()


@pytest.fixture
def headless():
    """Figures that no window shows, and none is left."""
    with plt.rc_context(), warnings.catch_warnings():
        plt.switch_backend("Agg")
        yield
        plt.close("all")


def quietly(function, *arguments, **named):
    """Without its warnings: a short run has units that importance sampling cannot leave out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **named)


def of_sd(tree):
    """What ArviZ's standard deviation is of ours: before 1.0 it divided by the number of draws."""
    draws = tree["posterior"].sizes["chain"] * tree["posterior"].sizes["draw"]
    return 1.0 if int(arviz_stats.__version__[0]) else np.sqrt(1 - 1 / draws)


def own_name(label):
    """A parameter's own name, of how ArviZ labels it."""
    array, _, inside = label[:-1].partition("[")
    if array in ("population", "parameters"):
        return inside
    if array.startswith("r_"):
        coefficient, _, level = inside.rpartition(", ")
        return f"{array}[{level}, {coefficient}]"
    return label


@pytest.mark.parametrize("model", MODELS)
def test_its_summary_is_that_of_the_report(finished, trees, model):
    flat = az.summary(trees[model], group="posterior_flat", round_to="none")
    found = flat.set_axis([own_name(name) for name in flat.index])
    estimates = of_model(finished, model, "parameters")
    diagnostics = of_model(finished, model, "diagnostics")
    assert list(found.index) == list(estimates.index) == list(diagnostics.index)
    for theirs, ours in {
        "mean": estimates["mean"],
        "sd": estimates["sd"] * of_sd(trees[model]),
        "eti89_lb": estimates["lower"],
        "eti89_ub": estimates["upper"],
        "r_hat": diagnostics["rhat"],
        "ess_bulk": diagnostics["ess_bulk"],
        "mcse_mean": diagnostics["mcse_mean"],
    }.items():
        np.testing.assert_allclose(found[theirs].astype(float), ours, rtol=1e-6, err_msg=theirs)
    tails = az.ess(trees[model], group="posterior_flat", method="tail", prob=(0.05, 0.95))
    np.testing.assert_allclose(tails["parameters"], diagnostics["ess_tail"], rtol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_its_summary_by_dimensions_has_the_same_numbers(finished, trees, model):
    found = az.summary(trees[model], round_to="none")
    names = [own_name(name) for name in found.index]
    expected = of_model(finished, model, "parameters")["mean"]
    np.testing.assert_allclose(found["mean"].astype(float), expected[names], rtol=1e-6)
    assert len(found) == len(expected)


@pytest.mark.parametrize("model", MODELS)
def test_it_leaves_out_cells_as_the_report_does(finished, trees, model):
    """With the efficiency of each cell's own draws, where ArviZ takes one for all of them."""
    told = read(finished, "scores_cell.csv").query("model == @model").set_index("left_out")
    likelihoods = trees[model]["log_likelihood"]["successes"]
    assert set(told.index) == set(likelihoods["cell"].values)
    for cell, row in told.iterrows():
        of_cell = likelihoods.sel(cell=[cell])
        unit = of_cell.values[..., 0]
        ess = array_stats.ess(np.exp(unit - unit.max()), 0, 1, method="mean")
        one = trees[model].copy()
        one["log_likelihood"] = of_cell.to_dataset()
        one["observed_data"] = trees[model]["observed_data"].to_dataset().sel(cell=[cell])
        found = quietly(az.loo, one, pointwise=True, reff=min(float(ess) / unit.size, 1.0))
        psis = row["elpd"] if row["how"] == "importance" else row["psis_elpd"]
        assert float(found.elpd_i.squeeze()) == pytest.approx(psis)
        assert float(found.pareto_k.squeeze()) == pytest.approx(row["pareto_k"])


def test_its_comparison_has_the_order_of_the_report(finished, trees):
    found = quietly(az.compare, trees)
    assert list(found.index) == list(read(finished, "comparison_cell.csv")["model"])


@pytest.mark.parametrize("model", MODELS)
def test_its_sensitivity_is_that_of_the_report(finished, trees, model):
    found = az.psense_summary(trees[model], round_to=12)
    told = read(finished, f"models/{model}/sensitivity.csv").query("kind == 'parameter'")
    ours = told.set_index("parameter")
    found = found.set_axis([own_name(name) for name in found.index])
    assert set(ours.index) <= set(found.index)
    for name, row in ours.iterrows():
        assert found.loc[name, "prior"] == pytest.approx(row["to_prior"], abs=1e-6)
        assert found.loc[name, "likelihood"] == pytest.approx(row["to_likelihood"], abs=1e-6)


def test_it_draws_what_is_predicted_beside_what_was_observed(trees, headless):
    for group in ("posterior_predictive", "prior_predictive"):
        quietly(az.plot_ppc_dist, trees["multilevel"], group=group, num_samples=30)
        (axes,) = plt.gcf().axes
        assert len(axes.lines) >= 30
