"""Provenance: which modules a result depends on, and which versions made it."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from partialpool.provenance import ROOT, file_digest, library_of, package_versions

SCRIPTS = ROOT.parent / "scripts"


def names_of(paths):
    return {path.relative_to(ROOT).as_posix() for path in paths}


def written(tmp_path, text, name="script.py"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_modules_are_found_through_the_modules_that_import_them(tmp_path):
    script = written(tmp_path, "from partialpool.settings.reading import read_settings\n")
    rooms = ("__init__", "blocks", "calibration", "data", "modelling", "priors", "reading")
    assert names_of(library_of(script)) == {"errors.py", *(f"settings/{name}.py" for name in rooms)}


@pytest.mark.parametrize(
    "line",
    [
        "import partialpool.errors",
        "from partialpool import errors",
        "from partialpool.errors import InputError as Wrong",
        "def f():\n    from partialpool.errors import InputError",
    ],
)
def test_every_way_to_import_is_seen(tmp_path, line):
    assert "errors.py" in names_of(library_of(written(tmp_path, line + "\n")))


def test_other_packages_are_no_part_of_the_library(tmp_path):
    assert library_of(written(tmp_path, "import numpy\nimport partialpoolish\n")) == []


def test_the_code_cells_of_a_notebook_are_read(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["from partialpool import cells"]},
        {"cell_type": "code", "source": ["import json\n", "from partialpool import errors"]},
    ]
    path = written(tmp_path, json.dumps({"cells": cells}), "notebook.ipynb")
    assert names_of(library_of(path)) == {"errors.py"}


def test_the_paragraphs_of_a_section_count_as_a_part_of_its_modules(tmp_path):
    found = names_of(library_of(written(tmp_path, "from partialpool.report.data import text\n")))
    assert "report/data/levels_offer.md" in found
    assert not [name for name in found if name.startswith("report/recovery/")]


@pytest.mark.parametrize("name", ["read_cells", "refit_units", "render_report"])
def test_a_script_depends_on_every_module_that_python_loads_for_it(name):
    script = SCRIPTS / f"{name}.py"
    imports = re.findall(
        r"^(?:from|import) partialpool.*", script.read_text(encoding="utf-8"), re.MULTILINE
    )
    show = "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('partialpool.')))"
    code = "\n".join([*imports, "import sys", show])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = names_of(map(Path, run.stdout.split()))
    empty = {
        path for path in loaded if len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 1
    }
    assert loaded - empty <= names_of(library_of(script))


def test_a_fit_does_not_depend_on_how_it_is_shown():
    found = names_of(library_of(SCRIPTS / "sample_model.py"))
    assert "posterior/draws.py" in found
    shown = ("report",)
    assert not [path for path in found if path.startswith(shown)]


def test_a_digest_is_the_files_sha256(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a\r\nb")
    assert file_digest(path) == hashlib.sha256(b"a\r\nb").hexdigest()


def test_versions_are_those_that_run():
    versions = package_versions()
    assert versions["numpy"] == np.__version__
    assert versions["Python"] == ".".join(map(str, sys.version_info[:3]))
