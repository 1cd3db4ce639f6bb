"""Provenance: which modules a result depends on, and which versions made it."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from partialpool.provenance import (
    ROOT,
    describe_results,
    digest_code,
    drawing_versions,
    file_digest,
    library_of,
    package_versions,
    spell_versions,
    tell_differences,
)

SCRIPTS = ROOT.parent / "scripts"


def names_of(paths):
    return {path.relative_to(ROOT).as_posix() for path in paths}


def written(tmp_path, text, name="script.py"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_modules_are_found_through_the_modules_that_import_them(tmp_path):
    script = written(tmp_path, "from partialpool.settings.reading import read_settings\n")
    rooms = ("__init__", "blocks", "calibration", "contact", "data", "decision", "defaults")
    rooms += ("modelling", "plan", "prediction", "priors", "question")
    expected = {f"settings/{name}.py" for name in (*rooms, "reading")}
    assert names_of(library_of(script)) == {"errors.py", *expected}


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


CODE = """from partialpool import errors

LIMIT = 2
\"\"\"What it is.\"\"\"


def double(value):
    \"\"\"Twice.\"\"\"
    return LIMIT * value
"""
SAME = {
    "a comment": lambda code: code.replace("LIMIT = 2", "LIMIT = 2  # two"),
    "a docstring": lambda code: code.replace("Twice.", "Two times."),
    "no docstring": lambda code: code.replace('    """Twice."""\n', ""),
    "the docstring of a constant": lambda code: code.replace("What it is.", "How much."),
    "layout": lambda code: code.replace(
        "LIMIT * value", "(\n        LIMIT\n        * value\n    )"
    ),
    "quotes": lambda code: code.replace('"', "'"),
}
OTHER = {
    "a number": lambda code: code.replace("= 2", "= 3"),
    "the kind of a number": lambda code: code.replace("= 2", "= 2.0"),
    "a name": lambda code: code.replace("double", "twice"),
    "an import": lambda code: code.replace("import errors", "import errors, logs"),
    "a text that is used": lambda code: code.replace("return", 'print("Twice.")\n    return'),
}


@pytest.mark.parametrize("edit", SAME)
def test_what_means_the_same_has_the_same_digest(tmp_path, edit):
    other = written(tmp_path, SAME[edit](CODE), "other.py")
    assert other.read_text(encoding="utf-8") != CODE
    assert digest_code(other) == digest_code(written(tmp_path, CODE))


@pytest.mark.parametrize("edit", OTHER)
def test_what_means_something_else_has_another_digest(tmp_path, edit):
    other = written(tmp_path, OTHER[edit](CODE), "other.py")
    assert digest_code(other) != digest_code(written(tmp_path, CODE))


def test_what_a_notebook_shows_counts(tmp_path):
    cells = [{"cell_type": "markdown", "source": ["Rates"]}, {"cell_type": "code", "source": ["1"]}]
    first = digest_code(written(tmp_path, json.dumps({"cells": cells}), "a.ipynb"))
    assert (
        digest_code(written(tmp_path, json.dumps({"cells": cells}, indent=1), "b.ipynb")) == first
    )
    cells[0]["source"] = ["Odds"]
    assert digest_code(written(tmp_path, json.dumps({"cells": cells}), "c.ipynb")) != first


def test_what_draws_is_named_with_its_engine_first():
    versions = drawing_versions("stanli 1")
    assert spell_versions(versions).startswith("stanli 1, Python 3.")
    assert f"numpy {np.__version__}" in spell_versions(versions)
    assert "matplotlib" not in versions


def test_each_model_that_was_drawn_with_other_versions_is_told_and_no_other():
    now = {"engine": "stanli 2", "Python": "3.11", "numpy": "2.1"}
    drawn = {
        "old": now | {"engine": "stanli 1", "numpy": "2.0"},
        "older": now | {"engine": "CmdStan 2.27"},
        "new": now,
    }
    told = tell_differences(drawn, dict.fromkeys(drawn, now))["Other versions now"]
    assert set(told) == {"old", "older"}
    assert told["old"].startswith("Drawn with stanli 1, numpy 2.0;")
    assert "there was stanli 2, numpy 2.1." in told["old"]
    assert "Drawn with CmdStan 2.27;" in told["older"]
    assert "numpy" not in told["older"]
    assert tell_differences({"new": now}, {"new": now}) == {}


def test_the_period_and_the_commit_are_told_only_where_they_are_known(tmp_path):
    cells = written(tmp_path, "promo\n", "cells.csv")
    ledger = {"source": "a.csv", "fingerprint": {}, "cells": 1}
    ledger |= dict.fromkeys(("rows_read", "rows_used", "contacts"), 1)
    period = {"period": {"first": "2026-10-01", "last": "2026-10-31"}}
    given = (cells, {}, {}, [], {"seed": 42})
    told = describe_results(ledger | period, *given, {"Commit": "abc", "Tree": "clean"})
    assert told["Source"]["Period"] == "2026-10-01 to 2026-10-31"
    assert told["Project"] == {"Commit": "abc", "Tree": "clean"}
    bare = describe_results(ledger, *given, {})
    assert "Project" not in bare
    assert "Period" not in bare["Source"]
