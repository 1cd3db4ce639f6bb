"""Models that are not the shipped ones: likelihoods, beliefs, flat priors, own programs."""

import csv
import json
import shutil
from dataclasses import replace

import pytest
import xarray as xr

from partialpool.comparison.ranking import gather_scores
from partialpool.frames import read_frame

from ..factories.runs import ROOT, changed, edited, short_config

ANALYSIS = "analyses.season_pass"
OWN = ROOT / "tests" / "stan" / "programs"
MODELS = {
    "overdispersed": {
        "formula": "promo + channel",
        "family": "beta_binomial",
        "link": "cloglog",
        "priors": {
            "intercept": "rate(0.2, 0.7)",
            "slope": "odds_ratio(5)",
            "coefficients": {"channel[Email]": "normal(0, 2)"},
        },
    },
    "flat": {"formula": "1 + promo", "priors": {"slope": "flat"}},
    "own": {"formula": "promo * channel", "program": "programs/horseshoe.stan"},
}
FILES = ("parameters.csv", "diagnostics.csv", "predictive.csv", "effects.csv", "importance.csv")


def path_of(model, name):
    return f"results/season_pass/models/{model}/{name}"


@pytest.fixture(scope="module")
def fitted(tmp_path_factory, workflow):
    """A run of the models up to what is said of each, without the report."""
    place = tmp_path_factory.mktemp("models")
    config = edited(short_config(), {f"{ANALYSIS}.models": MODELS})
    (place / "run").mkdir()
    shutil.copytree(OWN, place / "run" / "programs")
    run = workflow(place / "run", config)
    wanted = [path_of(model, name) for model in MODELS for name in FILES]
    return run.finish(*wanted, *(path_of("overdispersed", f"refits/{i}of2.csv") for i in (1, 2)))


def table(run, model, name):
    return list(csv.DictReader(run.read(path_of(model, name)).splitlines()))


def test_every_parameter_of_a_beta_binomial_is_told(fitted):
    names = [row["parameter"] for row in table(fitted, "overdispersed", "parameters.csv")]
    slopes = ["promo[Bundle]", "channel[Park]", "channel[Email]"]
    assert names == ["Intercept", *slopes, "phi"]
    assert [r["parameter"] for r in table(fitted, "overdispersed", "diagnostics.csv")] == names


def scores_of(run, unit):
    """The overdispersed model's scores at one unit, refits among them."""
    tables = [read_frame(run.folder / path_of("overdispersed", "importance.csv"))]
    parts = [
        read_frame(run.folder / path_of("overdispersed", f"refits/{i}of2.csv")) for i in (1, 2)
    ]
    scores = gather_scores({"overdispersed": tables[0]}, parts, unit)["overdispersed"]
    return scores, scores["units"] @ scores["elpd"]


def test_contacts_of_a_beta_binomial_are_left_out_and_its_cells_as_new_ones(fitted):
    """Given the rest of its cell, a contact is as well known as where each cell has its rate."""
    exact = json.loads((ROOT / "tests/reference/season_pass.json").read_text(encoding="utf-8"))
    saturated = exact["interaction_brms"]
    assert scores_of(fitted, "contact")[1] == pytest.approx(
        saturated["elpd_loo_contact_exact"], abs=1
    )
    # a new cell is better predicted by rates that scatter than by rates that are sure of themselves
    for unit, fixed in (("cell", "loo_cell"), ("group", "leave_one_channel_out")):
        scores, elpd = scores_of(fitted, unit)
        assert saturated[f"elpd_{fixed}_exact"] < elpd < -30
        assert (scores["how"].isin(["importance", "refit"])).all()
        assert (scores["how"] == "importance").tolist() == (
            scores["pareto_k"] <= scores["limit"]
        ).tolist()


def test_a_prior_that_is_flat_is_not_sampled_and_what_follows_does_without(fitted):
    kinds = {
        model: {row["kind"] for row in table(fitted, model, "predictive.csv")} for model in MODELS
    }
    assert kinds == {
        "overdispersed": {"prior", "posterior"},
        "flat": {"posterior"},
        "own": {"prior", "posterior"},
    }
    assert not (fitted.folder / path_of("flat", "prior_draws.nc")).exists()


def test_a_program_of_ones_own_is_compiled_and_its_parameters_are_told(fitted):
    assert (fitted.folder / "results/programs/horseshoe.stanli").exists()
    names = [row["parameter"] for row in table(fitted, "own", "parameters.csv")]
    assert names[:6] == [
        "Intercept",
        "promo[Bundle]",
        "channel[Park]",
        "channel[Email]",
        "promo[Bundle]:channel[Park]",
        "promo[Bundle]:channel[Email]",
    ]
    assert names[6:] == [f"{n}[{i}]" for n in ("raw", "local") for i in range(1, 6)] + ["global"]


def test_what_is_written_for_arviz_says_what_a_model_does_not_have(fitted):
    groups, variables, left_out = {}, {}, {}
    for model in MODELS:
        path = fitted.folder / path_of(model, "posterior.nc")
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            groups[model] = set(tree.children)
            variables[model] = set(tree["posterior"].data_vars)
            left_out[model] = tree.attrs["left_out"]
            assert tree.attrs["formula"] == MODELS[model]["formula"]
    assert groups["overdispersed"] - groups["flat"] == {"prior", "prior_predictive"}
    assert groups["overdispersed"] - groups["own"] == {"log_prior"}
    assert left_out["overdispersed"] == "nothing"
    assert left_out["flat"].startswith("prior, prior_predictive: ")
    assert left_out["own"].startswith("log_prior: ")
    assert variables["overdispersed"] == {"population", "phi"}
    assert variables["own"] == {"population", "raw", "local", "global"}


def test_an_edit_of_a_program_makes_its_own_model_stale_alone(fitted):
    wanted = [path_of(model, "effects.csv") for model in MODELS]
    assert fitted.stale(*wanted) == set()
    program = fitted.folder / "programs" / "horseshoe.stan"
    with changed(program, lambda text: text.replace("normal(0, 0.3)", "normal(0, 0.4)")):
        rules = ("build_design", "sample_model", "assess_model")
        expected = {f"{rule} own" for rule in rules} | {"compile_program horseshoe"}
        assert fitted.stale(*wanted) == expected


def test_a_program_that_lacks_what_the_model_has_is_told_in_a_line(fitted):
    models = {"own": {"formula": "1 + (1 | channel)", "program": "programs/horseshoe.stan"}}
    run = replace(fitted, config=edited(fitted.config, {f"{ANALYSIS}.models": models}))
    done = run.snakemake(path_of("own", "effects.csv"))
    assert done.returncode != 0
    assert "program: found no variable effect, expected 3 values" in done.stdout
    assert "Traceback" not in done.stdout
