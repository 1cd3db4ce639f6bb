"""A bundle is the same bytes each time, has no time in it, and tells what was changed."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile

import pytest

from partialpool.runs.bundle import LEFT_OUT, digest_project, pack, project_files, strip
from partialpool.seals import DamagedError, write_sealed

from ..factories.runs import ROOT

CONFIG = {"analyses": {"sales": {"title": "Größe"}}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with some results and a page."""
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results" / "sales" / "notebooks"
    results.mkdir(parents=True)
    write_sealed(results.parent / "decision.json", b"{}")
    write_sealed(results / "data.ipynb", notebook("2026-10-31"))
    (tmp_path / "reports").mkdir()
    write_sealed(tmp_path / "reports" / "sales.html", b"<p>page</p>")
    return tmp_path


def notebook(when):
    given = {"cell_type": "code", "id": when, "source": ["files = {}\n"]}
    given["metadata"] = {"tags": ["injected-parameters"], "papermill": when}
    shown = {"cell_type": "code", "id": "margins", "source": ["1\n"]}
    shown["metadata"] = {"tags": ["answer"], "papermill": when}
    ran = {"outputs": [{"text": "1"}], "execution_count": 3}
    metadata = {"kernelspec": {"name": "python3"}, "papermill": {"start_time": when}}
    read = {"cells": [given | ran, shown | ran], "metadata": metadata, "nbformat": 4}
    return json.dumps(read).encode()


def packed(folder, name="a.tar.gz", **more):
    page = (folder / "reports" / "sales.html").relative_to(folder)
    given = {"config": CONFIG, "about": {"title": "Größe"}} | more
    pack(folder / name, "sales", ROOT, page, **given)
    return folder / name


def unpacked(archive, place):
    with tarfile.open(archive) as read:
        read.extractall(place, filter="data")
    return place / "sales"


def test_a_bundle_is_the_same_bytes_whenever_it_is_packed(folder):
    first = packed(folder).read_bytes()
    for path in folder.rglob("*.json"):
        os.utime(path, (0, 0))
    write_sealed(folder / "results/sales/notebooks/data.ipynb", notebook("2027-01-01"))
    assert packed(folder, "b.tar.gz").read_bytes() == first
    with gzip.open(folder / "a.tar.gz") as content:
        content.peek(1)
        assert content.mtime == 0


def test_code_environment_results_and_page_are_in_it(folder):
    inside = unpacked(packed(folder), folder / "elsewhere")
    for name in ("Snakefile", "requirements.lock", "environment.yml", "stan/multilevel.stan"):
        assert (inside / name).read_bytes() == (ROOT / name).read_bytes()
    for name in ("results/sales/decision.json", "results/sales/.decision.json.sha256"):
        assert (inside / name).read_bytes() == (folder / name).read_bytes()
    assert (inside / "reports/sales.html").read_bytes() == b"<p>page</p>"
    assert "Größe" in (inside / "config.yaml").read_text(encoding="utf-8")
    about = json.loads((inside / "bundle.json").read_text(encoding="utf-8"))
    assert {"analysis": "sales", "title": "Größe"}.items() <= about.items()
    assert "numpy" in about["versions"]


def test_files_of_the_user_come_where_they_are_and_none_from_elsewhere(folder):
    (folder / "mine.stan").write_text("model {}", encoding="utf-8")
    outside = folder / "mix.csv"
    outside.write_text("x", encoding="utf-8")
    inside = unpacked(packed(folder, given=["mine.stan", str(outside)]), folder / "elsewhere")
    assert (inside / "mine.stan").read_text(encoding="utf-8") == "model {}"
    assert not list(inside.rglob("mix.csv"))


def test_what_was_built_or_hidden_is_no_part_of_the_project():
    parts = {part for path in project_files(ROOT) for part in path.parts}
    assert not parts & LEFT_OUT
    assert not {part for part in parts if part.startswith(".")}


def test_an_edit_of_the_project_is_another_digest(tmp_path):
    house = tmp_path / "house"
    shutil.copytree(ROOT / "stan", house / "stan")
    before = digest_project(house)
    assert digest_project(house) == before
    (house / "stan" / "multilevel.stan").write_text("model {}", encoding="utf-8")
    assert digest_project(house) != before


def test_a_notebook_keeps_what_it_runs_and_loses_what_it_showed():
    read = json.loads(strip(notebook("2026-10-31")))
    given, cell = read["cells"]
    assert given["source"] == ["files = {}\n"]
    assert (cell["source"], cell["outputs"]) == (["1\n"], [])
    # the page takes the names of places from these
    assert (cell["id"], cell["metadata"]) == ("margins", {"tags": ["answer"]})
    assert "2026" not in json.dumps(read)


def test_a_damaged_result_is_not_packed(folder):
    (folder / "results/sales/decision.json").write_text("{} ", encoding="utf-8")
    with pytest.raises(DamagedError):
        packed(folder)


def check(inside):
    command = [sys.executable, "-I", "reproduce.py", "--check"]
    return subprocess.run(command, cwd=inside, capture_output=True, text=True, check=False)


def test_the_bundle_checks_itself_by_python_alone(folder):
    inside = unpacked(packed(folder), folder / "elsewhere")
    whole = check(inside)
    assert whole.returncode == 0
    assert whole.stdout.endswith("files are as they were packed\n")
    (inside / "Snakefile").write_text("changed", encoding="utf-8")
    (inside / "reports/sales.html").unlink()
    broken = check(inside)
    assert broken.returncode == 1
    assert "Snakefile was changed after it was packed" in broken.stdout
    assert "reports/sales.html is not there" in broken.stdout
