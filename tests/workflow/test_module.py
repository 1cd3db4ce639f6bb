"""The workflow as a module of another: from a folder or a git repository, below a prefix."""

import hashlib
import os
import re
import subprocess

import pytest
import yaml

from ..factories.runs import ROOT

CALLER = """\
import yaml

rule all:
    input:
        "below/reports/season_pass.html",
        "words.txt",

module pool:
    snakefile: "{snakefile}"
    config: yaml.safe_load(open("pool.yaml"))
    prefix: "below"

use rule * from pool as pool_*

rule count_words:
    output: "words.txt"
    shell: "echo 2 > {{output}}"
"""
MODEL = "results/season_pass/models/baseline"
WANTED = ["words.txt", f"below/{MODEL}/attempts.json", "below/results/season_pass/data/margins.csv"]


def committed(house, place):
    """A git repository of a tree."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "all"]):
        git = ["git", f"--git-dir={place}", f"--work-tree={house}", *command]
        subprocess.run(git, check=True, cwd=house)
    clone = place.with_suffix(".clone")
    subprocess.run(["git", "clone", "-q", place, clone], check=True)
    return clone


@pytest.fixture(params=["folder", "git"])
def snakefile(request, finished, tmp_path):
    """Where a caller finds the workflow."""
    if request.param == "folder":
        return finished.house / "Snakefile"
    clone = committed(finished.house, tmp_path / "repository")
    return f"git+file://{clone}/workflow/Snakefile@HEAD"


def call(run, folder, *arguments):
    """Snakemake in the folder of a workflow that has this one as a module."""
    hidden = ("PYTHONPATH", "GIT_DIR")  # a caller has its own library, and reads repositories
    surroundings = {k: v for k, v in run.surroundings().items() if k not in hidden}
    command = ["snakemake", "--cores", "2", *arguments]
    return subprocess.run(
        command, cwd=folder, env=surroundings, text=True, capture_output=True, check=False
    )


def files_of(house):
    """Every file of a tree, and when it was written; Python's own copies of modules left out."""
    paths = [path for path in house.rglob("*") if "__pycache__" not in path.parts]
    return {path: path.stat().st_mtime_ns for path in paths if path.is_file()}


def test_a_module_makes_the_same_bytes_below_its_prefix(finished, snakefile, tmp_path):
    folder = tmp_path / "caller"
    folder.mkdir()
    (folder / "Snakefile").write_text(CALLER.format(snakefile=snakefile), encoding="utf-8")
    (folder / "pool.yaml").write_text(
        yaml.safe_dump(dict(finished.config), sort_keys=False), encoding="utf-8"
    )
    before = files_of(finished.house)
    done = call(finished, folder, *WANTED)
    assert done.returncode == 0, done.stdout + done.stderr
    made = sorted((folder / "below/results/season_pass").rglob("*.*"))
    made = [path for path in made if path.is_file()]
    assert {path.name for path in made} >= {"cells.csv", "draws.nc", "margins.csv"}
    for path in made:
        plain = finished.folder / path.relative_to(folder / "below")
        assert digest(path) == digest(plain), path
    assert files_of(finished.house) == before
    assert not (folder / "results").exists()
    assert not (folder / "reports").exists()
    rest = call(finished, folder, "--dry-run", "--quiet", "rules")
    assert rest.returncode == 0, rest.stderr
    assert "pool_render_report" in rest.stdout + rest.stderr
    assert re.search(r"pool_sample_model +2\b", rest.stdout + rest.stderr)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_catalog_finds_what_it_looks_for():
    about = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))
    assert about["usage"]["software-stack-deployment"]["conda"] is True
    for name in (
        "workflow/Snakefile",
        "config/README.md",
        "config/config.yaml",
        ".test/config.yaml",
    ):
        assert (ROOT / name).is_file()


def test_the_configuration_of_the_trial_run_is_whole(workflow, tmp_path):
    config = yaml.safe_load((ROOT / ".test/config.yaml").read_text(encoding="utf-8"))
    relative = os.path.relpath(ROOT / ".test" / config["analyses"]["season_pass"]["source"]["path"])
    config["analyses"]["season_pass"]["source"]["path"] = str(ROOT / relative)
    assert "render_report" in workflow(tmp_path / "run", config).stale()
