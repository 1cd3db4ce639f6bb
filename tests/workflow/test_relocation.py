"""Results stand wherever their folder is: moved, copied, spelt otherwise, nothing is made anew."""

import os
import shutil
import subprocess
import time
from dataclasses import replace

import pytest
import yaml

from ..factories.runs import CONTACTS, edited, with_models


@pytest.fixture(scope="module")
def project(finished_pair, tmp_path_factory):
    """A finished run in the folder of its project, as people have it: `project/` holds all."""
    place = tmp_path_factory.mktemp("home") / "project"
    shutil.copytree(finished_pair.house, place)
    config = edited(finished_pair.config, {"analyses.season_pass.source.path": str(CONTACTS)})
    (place / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    for name in ("results", "reports", ".snakemake"):
        shutil.copytree(finished_pair.folder / name, place / name)
    run = replace(finished_pair, folder=place, house=place, config=config)
    assert stale(run, place) == {"read_cells", "record_provenance", "render_report", "show_data"}
    done = subprocess.run(
        ["snakemake", "--cores", "2"], cwd=place, env=run.surroundings(), check=False
    )
    assert done.returncode == 0
    return run


def stale(run, folder, *arguments):
    """The jobs that Snakemake, called in a folder as a person would, would do now."""
    command = ["snakemake", "--dry-run", "--cores", "1", "--quiet", "progress", *arguments]
    environment = replace(run, house=run.house).surroundings()
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, capture_output=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    lines = [line.split() for line in said.splitlines()]
    counted = [words for words in lines if words and words[-1].isdigit()]
    return {"_".join(words[:-1]) for words in counted} - {"total", "all"}


def test_nothing_is_made_anew_where_it_is(project):
    assert stale(project, project.folder) == set()


@pytest.mark.parametrize("spelling", ["Snakefile", "./Snakefile", "../project/Snakefile"])
def test_the_path_of_the_snakefile_does_not_count(project, spelling):
    assert stale(project, project.folder, "-s", spelling) == set()


def test_a_run_from_another_folder_makes_nothing_anew(project):
    called = ("-s", "project/Snakefile", "--directory", "project")
    config = ("--configfile", "project/config.yaml")
    assert stale(project, project.folder.parent, *called, *config) == set()


def test_a_renamed_project_makes_nothing_anew(project):
    other = project.folder.with_name("renamed")
    project.folder.rename(other)
    try:
        assert stale(replace(project, house=other), other) == set()
    finally:
        other.rename(project.folder)


@pytest.mark.parametrize("files", ["old, then code", "code, then old"])
def test_a_copy_with_new_dates_makes_nothing_anew(project, tmp_path, files):
    copy = shutil.copytree(project.folder, tmp_path / "copy")
    paths = sorted(path for path in copy.rglob("*") if path.is_file())
    is_result = [path.relative_to(copy).parts[0] in ("results", "reports") for path in paths]
    now = time.time()
    for path, made in zip(paths, is_result, strict=True):
        date = now if made == (files == "code, then old") else now - 100
        os.utime(path, (date, date))
    assert stale(replace(project, house=copy), copy) == set()


def test_a_copy_without_snakemakes_own_records_makes_nothing_anew(project, tmp_path):
    copy = shutil.copytree(
        project.folder, tmp_path / "copy", ignore=shutil.ignore_patterns(".snakemake")
    )
    assert stale(replace(project, house=copy), copy) == set()


def test_the_same_cells_and_another_prior_make_anew_what_the_prior_does(project, tmp_path):
    """Both in one run: that cells are the same hides no other edit from a run."""
    copy = shutil.copytree(project.folder, tmp_path / "copy")
    contacts = copy / CONTACTS
    header, *rows = contacts.read_text(encoding="utf-8").splitlines()
    contacts.write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")
    prior = {"analyses.season_pass.models.baseline.priors": {"slope": "normal(0, 3)"}}
    config = with_models(edited(project.config, prior), ["baseline", "multilevel"])
    run = replace(project, folder=copy, house=copy, config=config)
    before = run.stamps("draws.nc")
    targets = [f"results/season_pass/models/{name}/verdict.json" for name in ("baseline",)]
    targets += ["results/season_pass/provenance.json"]
    run.finish(*targets)
    after = run.stamps("draws.nc")
    changed = [path for path in before if before[path] != after[path]]
    assert changed == ["results/season_pass/models/baseline/draws.nc"]
