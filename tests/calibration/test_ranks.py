"""Simulation-based calibration: models of every kind pass it, and a wrong prior is caught."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from partialpool.calibration import ranks as calibration
from partialpool.calibration.prior_draws import draw_truth
from partialpool.calibration.ranks import (
    LOG_LIKELIHOOD,
    judge_calibration,
    picture_ranks,
    rank_replicates,
    rank_truth,
    summarise_ranks,
)
from partialpool.calibration.replicates import Replicate, Study, fit_with_repairs
from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.posterior.draws import thin_draws
from partialpool.posterior.fit import CellModel, Fit
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.settings import Priors, Sampling

from ..factories.cells import crossed
from ..factories.draws import labelled, posterior_of
from ..factories.priors import NARROW

STAN = Path(__file__).parents[2] / "stan"
REPLICATES, RANKED = 50, 39
FEWER = 25
"""Replicates of models with group-level effects, whose fits take longest."""
FALSE_ALARM = 0.01
"""Of each study below: that chance would fail a right model. The seeds are fixed."""
LIMITS = {"divergences": 0, "ebfmi": 0.3}
SHORT = Sampling(chains=2, warmup=150, draws=100)

SEASON = {
    "baseline": "1 + promo",
    "interaction": "promo * channel",
    "multilevel": "0 + (1 + promo | channel)",
}
LEVELS = {
    "offer": ["none", "some"],
    "shop": ["s1", "s2", "s3", "s4"],
    "week": ["w1", "w2", "w3"],
}
OTHERS = {
    "crossed groups": ("1 + (1 | shop) + (1 | week)", ["shop", "week"], Likelihood()),
    "a beta-binomial": ("offer + (1 | shop)", ["offer", "shop"], Likelihood("beta_binomial")),
    "a probit": ("offer * week", ["offer", "week"], Likelihood(link="probit")),
    "a complementary log-log": ("offer", ["offer", "week"], Likelihood(link="cloglog")),
}
PRIORS = Priors(intercept="student_t(5, 0, 1)", sd="exponential(2)", phi="exponential(0.05)")


def cells_of(factors, trials):
    """A cell for each combination of the levels of some factors."""
    return crossed({name: LEVELS[name] for name in factors}, successes=0, trials=trials)


def study_of(program, formula, cells, likelihood=None, priors=None):
    """A model to be studied, and how its parameters are drawn."""
    likelihood, priors = likelihood or Likelihood(), priors or NARROW
    design, engine = learn_design(formula, cells), load_engine("stanli")
    data = assemble_stan_data(design, cells, priors, "cells", "auto", likelihood)
    names = name_parameters(design, likelihood)

    def sample(counts, sampling, name):
        return engine.sample(program, counts, sampling, derive_seed(7, name), 1)

    fit = fit_with_repairs(sample, names, SHORT, LIMITS)
    stated = ModelPriors(priors, likelihood.link, design.has_intercept)

    def draw(generator):
        return draw_truth(design, stated, data.prior_at, likelihood, generator)

    return Study(CellModel(cells, design, likelihood), data, "auto", fit), draw


def seed(name):
    return derive_seed(1, name)


def calibrate(study, draw, count=REPLICATES):
    ranks, fits = rank_replicates(study, draw, seed, range(1, count + 1), RANKED, 10)
    summary = summarise_ranks(ranks, RANKED, FALSE_ALARM)
    return summary, judge_calibration(summary, fits, FALSE_ALARM, RANKED, 0.3)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory, compiling):
    """The house's program with normal priors of half the scale that they are told."""
    folder = tmp_path_factory.mktemp("wrong")
    shutil.copytree(STAN, folder / "stan")
    path = folder / "stan" / "functions" / "prior.stanfunctions"
    right = "normal_lpdf(value[i] | prior[i, 2], prior[i, 3])"
    assert right in path.read_text(encoding="utf-8")
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            right, right.replace("prior[i, 3]", "0.5 * prior[i, 3]")
        )
    )
    compiled = folder / "wrong.stanli"
    compiling("stanli").compile_program(folder / "stan" / "multilevel.stan", compiled)
    return compiled


@pytest.mark.parametrize("model", SEASON)
def test_every_model_of_the_season_pass_is_calibrated(compiled, season_cells, model):
    count = FEWER if "|" in SEASON[model] else REPLICATES
    study = study_of(compiled("stanli"), SEASON[model], season_cells)
    summary, verdict = calibrate(*study, count)
    assert verdict["passed"], summary
    assert set(summary["replicates"]) == {count}
    assert LOG_LIKELIHOOD in set(summary["parameter"])


@pytest.mark.parametrize("model", OTHERS)
def test_so_are_models_of_other_kinds(compiled, model):
    formula, factors, likelihood = OTHERS[model]
    study = study_of(compiled("stanli"), formula, cells_of(factors, 30), likelihood, PRIORS)
    summary, verdict = calibrate(*study, FEWER if "|" in formula else REPLICATES)
    assert verdict["passed"], summary


def test_a_program_with_a_wrong_prior_scale_is_caught_where_the_right_one_passes(compiled, wrong):
    # few contacts, so that the prior has a say
    model = ("offer + week", cells_of(["offer", "week"], 3))
    summary, verdict = calibrate(*study_of(compiled("stanli"), *model))
    assert verdict["passed"], summary
    summary, verdict = calibrate(*study_of(wrong, *model))
    assert not verdict["passed"]
    assert summary["adjusted_p"].min() < FALSE_ALARM / 100
    flagged = summary.set_index("parameter").loc[verdict["flagged"]]
    assert (flagged["spread"] > 1.1).all(), "a prior too narrow leaves intervals too narrow"


def test_ranks_do_not_depend_on_how_replicates_are_batched(compiled, season_cells):
    study, draw = study_of(compiled("stanli"), SEASON["baseline"], season_cells)

    def run(*batches):
        parts = [rank_replicates(study, draw, seed, batch, RANKED, 10) for batch in batches]
        return [pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)]

    whole, parts = run(range(1, 7)), run(range(1, 3), range(3, 4), range(4, 7))
    for one, other in zip(whole, parts, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_effects_of_a_replicate_are_sampled_by_its_own_counts(compiled, season_cells):
    study, _ = study_of(compiled("stanli"), SEASON["multilevel"], season_cells)
    chosen = {}

    def fit(data, name):
        chosen[name] = tuple(data.variables()["centring"])
        return study.refit(data, name)

    spied = replace(study, refit=fit)
    names = name_parameters(study.model.design, study.model.likelihood)
    for number, size in enumerate((0.0, 2.0)):
        truth = dict.fromkeys(names["parameter"], 0.0)
        truth |= {n: size * (-1) ** i for i, n in enumerate(of_kind(names, "effect"))}
        rank_replicates(spied, lambda _, of=truth: of, seed, [number], RANKED, 10)
    assert max(chosen["0/fit"]) < 0.7 < 0.99 < min(chosen["1/fit"])


def test_a_fit_that_fails_is_counted_and_the_others_go_on(compiled, season_cells):
    study, draw = study_of(compiled("stanli"), SEASON["baseline"], season_cells)

    def fit(data, name):
        if name == "2/fit":
            raise RuntimeError("no initial values")
        return study.refit(data, name)

    shaky = replace(study, refit=fit)
    ranks, fits = rank_replicates(shaky, draw, seed, range(1, 4), RANKED, 10)
    assert fits["failed"].tolist() == [0, 1, 0]
    assert set(ranks["replicate"]) == {1, 3}
    summary = summarise_ranks(ranks, RANKED, FALSE_ALARM)
    verdict = judge_calibration(summary, fits, FALSE_ALARM, RANKED, 0.3)
    assert (verdict["failed"], verdict["troubled"], verdict["replicates"]) == (1, 1, 3)


def test_trouble_of_the_sampler_is_counted_by_kind_and_by_fit():
    fits = pd.DataFrame(
        {
            "failed": 0,
            "tries": [1, 3, 3, 1],
            "divergent": [0, 3, 1, 0],
            "depth_hits": [0, 1, 0, 0],
            "ebfmi": [0.9, 0.9, 0.9, 0.2],
            "ess": [200, 20, 200, 200],
        }
    )
    summary = pd.DataFrame({"parameter": ["a"], "adjusted_p": [1.0], "flagged": [False]})
    verdict = judge_calibration(summary, fits, 0.01, 99, 0.3)
    found = {key: verdict[key] for key in ("divergent", "depth_hits", "low_ebfmi", "low_ess")}
    assert found == {"divergent": 2, "depth_hits": 1, "low_ebfmi": 1, "low_ess": 1}
    assert (verdict["troubled"], verdict["repaired"]) == (3, 2)
    assert verdict["passed"]


def test_the_verdict_raises_no_more_false_alarms_than_it_says():
    generator, alarms, sets = np.random.default_rng(8), 0, 100
    for _ in range(sets):
        parts = [
            pd.DataFrame({"parameter": f"p{i}", "rank": generator.integers(0, 20, 50)})
            for i in range(4)
        ]
        alarms += summarise_ranks(pd.concat(parts), 19, 0.2)["flagged"].any()
    assert 0.05 < alarms / sets < 0.28


def test_draws_are_thinned_evenly_over_all_chains():
    _, _, tree = labelled("promo + (1 | shop)")
    draws = posterior_of(tree)
    kept = thin_draws(draws, 5)
    flat = draws["population"].values.reshape(10, -1)
    assert dict(kept.sizes)["draw"] == 5
    np.testing.assert_array_equal(kept["population"].values[0], flat[[1, 3, 5, 7, 9]])


def test_equal_draws_share_their_ranks_by_chance(compiled, season_cells):
    study, draw = study_of(compiled("stanli"), SEASON["baseline"], season_cells)
    truth = draw(np.random.default_rng(1))
    tree, _ = study.refit(study.data, "ties")
    draws = tree["posterior"].to_dataset()
    draws["population"][..., 0] = truth["Intercept"]
    fit = Fit(season_cells, study.model.design, study.model.likelihood, draws)
    tied = Replicate(fit, tree["sample_stats"].to_dataset())
    ranks = [
        rank_truth(truth, tied, RANKED, np.random.default_rng(i)).set_index("parameter")
        for i in range(40)
    ]
    places = [int(of.loc["Intercept", "rank"]) for of in ranks]
    assert min(places) < 10
    assert max(places) > 30
    assert len({int(of.loc["promo[Bundle]", "rank"]) for of in ranks}) == 1


def test_what_is_flagged_leaves_the_pictured_band():
    generator = np.random.default_rng(9)
    even, narrow = (
        generator.integers(0, 100, 200),
        (generator.beta(0.4, 0.4, 200) * 100).astype(int),
    )
    ranks = pd.concat(
        [pd.DataFrame({"parameter": n, "rank": r}) for n, r in (("a", even), ("b", narrow))]
    )
    summary = summarise_ranks(ranks, 99, 0.01)
    assert summary["flagged"].tolist() == [False, True]
    bins, points = picture_ranks(ranks, ["a", "b"], 99, 0.01, 2)
    outside = (points["difference"] < points["lower"]) | (points["difference"] > points["upper"])
    assert set(points[outside]["parameter"]) == {"b"}
    beyond = (bins["count"] < bins["lower"]) | (bins["count"] > bins["upper"])
    assert "b" in set(bins[beyond]["parameter"])
    assert calibration.TESTS == 2
