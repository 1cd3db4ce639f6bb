"""`snakemake calibrate`: a page of its own, from jobs that may be cut in any way."""

import json
import shutil
from dataclasses import replace

import pytest

from ..factories.runs import ROOT, edited, short_config, with_models

ANALYSIS = "analyses.season_pass"
PAGE = "reports/calibration/season_pass.html"
OF_MODEL = "results/season_pass/calibration/multilevel"
SMALL = {
    "replicates": 20,
    "batch": 20,
    "warmup": 200,
    "draws": 100,
    "ranked": 19,
    "recovery": {"replicates": 3, "lifts": [0.1], "multiples": [0.2, 1]},
}


def small(config, **changes):
    return edited(config, {"defaults.calibration": SMALL | changes})


@pytest.fixture(scope="module")
def calibrated(finished, tmp_path_factory):
    """The calibration of one model, after the report of all was made."""
    folder = tmp_path_factory.mktemp("calibrate") / "run"
    config = small(with_models(finished.config, ["multilevel"]))
    return finished.copy(folder, config=config).finish("calibrate")


def test_the_page_says_whether_the_model_is_calibrated_and_what_a_lift_needs(calibrated):
    page, verdict = calibrated.read(PAGE), json.loads(calibrated.read(f"{OF_MODEL}/verdict.json"))
    assert verdict["replicates"] == 20
    said = "is as sure as it should be" if verdict["passed"] else "is not calibrated"
    assert f"The multilevel model {said}" in page
    assert "To call a lift of 10 points in 8 of 10 campaigns" in page


def test_every_replicate_and_quantity_is_in_the_tables(calibrated):
    ranks = calibrated.read(f"{OF_MODEL}/ranks.csv").splitlines()
    assert len(ranks) == 1 + 20 * 10
    assert len(calibrated.read(f"{OF_MODEL}/fits.csv").splitlines()) == 1 + 20
    assert len(calibrated.read(f"{OF_MODEL}/summary.csv").splitlines()) == 1 + 10


def test_ranks_are_the_same_bytes_whatever_the_batches(calibrated, tmp_path):
    config = edited(calibrated.config, {"defaults.calibration.batch": 7})
    other = calibrated.copy(tmp_path / "run", config=config)
    other.finish(f"{OF_MODEL}/ranks.csv", f"{OF_MODEL}/recovery.csv")
    batches = {path.name for path in (other.folder / OF_MODEL / "batches").glob("ranks_*")}
    assert batches == {f"ranks_{b}.csv" for b in ("1-20", "1-7", "8-14", "15-20")}
    for name in ("ranks.csv", "fits.csv", "summary.csv", "recovery.csv"):
        assert other.read(f"{OF_MODEL}/{name}") == calibrated.read(f"{OF_MODEL}/{name}")


def test_a_second_run_has_nothing_to_do(calibrated):
    assert calibrated.stale("calibrate") <= {"calibrate"}


def test_the_report_does_not_depend_on_how_it_is_calibrated(finished):
    run = replace(finished, config=small(finished.config))
    assert run.stale() == set()


def test_a_flat_prior_and_a_program_without_a_prior_of_its_own_are_left_out(fresh):
    models = {
        "flat": {"formula": "1 + promo", "priors": {"slope": "flat"}},
        # it does not ask for `prior_only`
        "mute": {"formula": "promo + (1 | channel)", "program": "programs/laplace.stan"},
        "pooled": {"formula": "1 + promo"},
    }
    run = with_programs(fresh(edited(small(short_config()), {f"{ANALYSIS}.models": models})))
    jobs = run.stale("calibrate")
    assert {job for job in jobs if job.startswith("rank_truths")} == {"rank_truths pooled"}
    recovered = {job for job in jobs if job.startswith("recover_lifts")}
    assert recovered == {f"recover_lifts {name}" for name in models}


def test_a_program_of_ones_own_is_calibrated_by_its_own_prior(fresh):
    models = {"own": {"formula": "promo * channel", "program": "programs/horseshoe.stan"}}
    run = with_programs(fresh(edited(small(short_config()), {f"{ANALYSIS}.models": models})))
    summary = "results/season_pass/calibration/own/summary.csv"
    rows = run.finish(summary).read(summary).splitlines()[1:]
    names = {row.partition(",")[0] for row in rows}
    assert {"Intercept", "promo[Bundle]", "local[1]", "global", "log-likelihood"} < names


def with_programs(run):
    """A run with the programs of the tests in its folder."""
    run.folder.mkdir()
    shutil.copytree(ROOT / "tests" / "stan" / "programs", run.folder / "programs")
    return run
