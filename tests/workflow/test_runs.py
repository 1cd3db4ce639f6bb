"""Whole runs: the same twice, resumed when killed, honest when a fit fails."""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from partialpool.frames import write_facts

from ..factories.runs import MODELS, PAIR, Run, changed, edited, short_config, with_models
from ..guarding import processes_with, within

FITS = "results/season_pass/models"
REPORT = "reports/season_pass.html"
LAST_OF_A_MODEL = ("refits/1of2.csv", "verdict.json", "effects.csv")
PATIENCE = 300
MARK = "RUN_OF_A_TEST"


def test_a_second_run_has_nothing_to_do(finished, tmp_path):
    run = finished.copy(tmp_path / "run")
    before = run.stamps()
    assert run.finish().stamps() == before


def test_two_runs_from_nothing_give_the_same_bytes(finished_pair, fresh):
    # another tree, another folder: the same contacts, by the same path
    again = fresh(finished_pair.config).finish().digests()
    assert again == finished_pair.digests()
    assert {f"{FITS}/{model}/draws.nc" for model in PAIR} | {REPORT} <= set(again)


def test_results_are_the_same_however_many_jobs_refits_are_dealt_to(finished, tmp_path):
    config = edited(finished.config, {"defaults.comparison.refits.jobs": 3})
    run = finished.copy(tmp_path / "run", config=config)
    for part in run.folder.glob("results/*/models/*/refits/*"):
        part.unlink()
    run.finish()
    parts = re.compile(r"/refits/\.?\d+of\d+\.csv(\.sha256)?$")
    before, after = (
        {path: digest for path, digest in of.digests().items() if not parts.search(path)}
        for of in (finished, run)
    )
    assert after == before
    refits = list(run.folder.glob("results/*/models/*/refits/*of3.csv"))
    assert len(refits) == 3 * len(MODELS)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
@pytest.mark.parametrize("signals", [[signal.SIGKILL], [signal.SIGINT, signal.SIGINT]])
def test_a_killed_run_leaves_nothing_running_and_resumes(finished, tmp_path, signals):
    # what one model gives does not depend on which others there are, so two will do
    models = ["baseline", "interaction"]
    run = Run(tmp_path / "run", with_models(finished.config, models))
    last = [f"{FITS}/{model}/{name}" for model in models for name in LAST_OF_A_MODEL]
    fits = end_after_a_fit(run, last, signals)
    again = run.snakemake(*last)
    if signal.SIGKILL in signals:
        assert again.returncode != 0
        assert "--unlock" in again.stdout
        run.finish("--unlock")
    run.finish(*last)
    assert run.stale(*last) == set()
    resumed = run.stamps("draws.nc")
    assert {path: resumed[path] for path in fits} == fits
    unbroken, digests = finished.digests(), run.digests()
    assert set(last) <= set(digests)
    assert digests == {path: unbroken[path] for path in digests}


def end_after_a_fit(run, targets, signals):
    """End a run, itself alone, in its second fit; return the first as it stands."""
    mark = run.folder.as_posix()
    process = subprocess.Popen(
        run.command(*targets),
        env=run.surroundings() | {MARK: mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    # a fit takes every core, so that the first was over when the second began
    logs = "results/logs/*/*/sample_model.log"
    assert within(PATIENCE, lambda: len(list(run.folder.glob(logs))) == 2)
    fits = run.stamps("draws.nc")
    for number in signals:
        process.send_signal(number)
        within(1, lambda: process.poll() is not None)
    assert process.wait(timeout=PATIENCE) != 0
    assert within(15, lambda: processes_with(MARK, mark) == []), "something of the run is left"
    assert any(not (run.folder / target).exists() for target in targets), "it was over already"
    assert len(fits) == 1
    return fits


def break_notebook(text):
    """A notebook that fails in its last cell, when its output is there already."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells.append(new_code_cell("raise RuntimeError('broken on purpose')"))
    return nbformat.writes(notebook)


def test_a_failed_job_leaves_no_partial_output_and_no_report(finished, tmp_path):
    run = finished.with_own_house(tmp_path)
    before = run.stamps()
    with changed(run.house / "notebooks" / "decision.ipynb", break_notebook):
        done = run.snakemake()
    assert done.returncode != 0
    assert "broken on purpose" in done.stdout
    assert "broken on purpose" in run.read("results/logs/season_pass/show_decision.log")
    output = "results/season_pass/notebooks/decision.ipynb"
    assert not (run.folder / output).exists()
    touched = {path for path, stamp in before.items() if run.stamps().get(path) != stamp}
    assert {path for path in touched if not path.startswith("results/logs/")} == {output}


def test_a_fit_that_fails_its_verdict_is_barred_and_the_report_says_so_first(
    finished_pair, tmp_path
):
    config = edited(
        finished_pair.config, {"defaults.verdict.ess": 1e9, "defaults.sampling.longest": 1}
    )
    run = finished_pair.copy(tmp_path / "run", config=config).finish()
    choice = json.loads(run.read("results/season_pass/decision.json"))["choice"]
    assert choice["model"] is None
    assert sorted(choice["barred"]) == sorted(PAIR)
    for model in PAIR:
        assert json.loads(run.read(f"{FITS}/{model}/verdict.json"))["passed"] is False
    main = run.read(REPORT).partition("<main")[2]
    in_order = ("Read this first", "effective sample size", "The answer")
    places = [main.index(text) for text in in_order]
    assert places == sorted(places)
    assert "No answer yet" in main
    for model in PAIR:
        assert re.search(rf"<h3[^>]*>.*{model}: .*\(failed its verdict\)", main)
        assert f'{model}</span><br><span class="caveat">failed its verdict</span>' in main
    assert run.stamps("draws.nc").keys() == finished_pair.stamps("draws.nc").keys()


def test_the_report_of_good_fits_has_no_warning(finished):
    assert "Read this first" not in finished.read(REPORT)
    for model in MODELS:
        assert json.loads(finished.read(f"{FITS}/{model}/verdict.json"))["passed"] is True


def test_snakemakes_own_report_holds_the_page_and_its_figures_and_tables_by_category(
    finished, tmp_path
):
    finished.finish("--report", tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        names = {Path(name).name for name in archive.namelist()}
        page = archive.read("report/report.html").decode("utf-8")
    results = finished.folder / "results" / "season_pass"
    shown = [*(results / "figures").glob("[!.]*.svg"), *(results / "tables").glob("[!.]*.csv")]
    assert len(shown) > 20
    assert {"season_pass.html", *(path.name for path in shown)} <= names
    for said in ("A figure of the report", "A table of the report", "season_pass", "tables"):
        assert said in page


def test_the_engine_is_recorded(finished):
    engines = json.loads(finished.read("results/season_pass/provenance.json"))["Engines"]
    assert list(engines) == list(MODELS)
    assert all(version.startswith("stanli ") for version in engines.values())


def test_the_page_tells_what_drew_a_model_and_where_todays_versions_differ(finished_pair, tmp_path):
    run = finished_pair.copy(tmp_path / "run")
    first, *others = PAIR
    versions = run.folder / FITS / first / "versions.json"
    told = json.loads(run.read(f"{FITS}/{first}/versions.json"))
    assert told["engine"].startswith("stanli ")
    write_facts(told | {"engine": "stanli 0.1", "numpy": "1.0"}, versions)
    fits = run.stamps("draws.nc")
    run.finish("results/season_pass/provenance.json", "--forcerun", "record_provenance")
    record = json.loads(run.read("results/season_pass/provenance.json"))
    assert record["Engines"][first] == "stanli 0.1"
    assert "numpy 1.0" in record["Drawn with"][first]
    assert list(record["Other versions now"]) == [first]
    assert told["engine"] in record["Other versions now"][first]
    assert all(told["numpy"] in record["Drawn with"][name] for name in others)
    assert run.stamps("draws.nc") == fits


def test_another_version_of_numpy_fits_nothing_again_and_is_told(finished_pair, tmp_path):
    metadata = tmp_path / "numpy-99.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 99.0\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(finished_pair.house / "workflow")])
    run = finished_pair.copy(tmp_path / "run", environment={"PYTHONPATH": path})
    assert run.stale() == {"record_provenance", "render_report"}


@pytest.mark.parametrize("there_is_one", [True, False])
def test_auto_takes_cmdstan_where_there_is_one(fresh, tmp_path, there_is_one):
    stanc = tmp_path / "cmdstan" / "bin" / "stanc"
    if there_is_one:
        stanc.parent.mkdir(parents=True)
        stanc.touch()
    environment = {"CMDSTAN": str(stanc.parents[1]), "HOME": str(tmp_path)}
    config = edited(short_config(), {"defaults.sampling.engine": "auto"})
    program = f"results/programs/multilevel.{'cmdstan' if there_is_one else 'stanli'}"
    done = fresh(config, environment=environment).snakemake("--summary")
    assert done.returncode == 0, done.stdout
    assert [line.split("\t")[0] for line in done.stdout.splitlines() if "/programs/" in line] == [
        program
    ]


def test_cmdstan_fits_when_it_is_chosen(fresh, cmdstan):
    config = with_models(short_config(), ["baseline"])
    config = edited(config, {"defaults.sampling.engine": "cmdstan"})
    run = fresh(config, environment={"CMDSTAN": str(cmdstan)})
    run.finish(f"{FITS}/baseline/draws.nc", f"{FITS}/baseline/verdict.json")
    assert json.loads(run.read(f"{FITS}/baseline/verdict.json"))["passed"] is True
    assert "CmdStan" in run.read("results/logs/season_pass/baseline/sample_model.log")
