"""The house stays as it was drawn: who may import whom, what a rule, a script, a notebook is."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from ..factories.runs import ROOT

WORKFLOW = ROOT / "workflow"
LIBRARY = WORKFLOW / "partialpool"
SCRIPTS = sorted((WORKFLOW / "scripts").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if path != LIBRARY / "__init__.py")
LONGEST_SCRIPT = 45

STAGES = [
    "errors",
    "columns",
    "frames",
    "logs",
    "provenance",
    "settings",
    "source",
    "cells",
    "model",
    "sampling",
    "posterior",
    "comparison",
    "checks",
    "decision",
    "calibration",
    "preflight",
    "report",
]
"""The library's modules in the order of the flow: each may import those before it."""
RULE = re.compile(r"^rule (\w+):\n((?:(?:    .*)?\n)+)", re.MULTILINE)
RULES = {
    name: body
    for path in sorted((WORKFLOW / "rules").glob("*.smk"))
    for name, body in RULE.findall(path.read_text(encoding="utf-8") + "\n")
}
ORDER = ["input", "output", "log", "benchmark", "priority", "conda", "threads", "resources"]
ORDER += ["params", "script"]


def module_name(path):
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path, nodes=ast.walk):
    """The modules that a file imports, by their full names."""
    found = set()
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in inner if is_module(name)} or {node.module}
    return found


def is_module(name):
    place = WORKFLOW / Path(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def stage(module):
    """Where a module stands in the order: as itself, or with its package."""
    names = [module, module.partition(".")[0]]
    return next((STAGES.index(name) for name in names if name in STAGES), None)


def library_imports(path, nodes=ast.walk):
    names = {name for name in imports(path, nodes) if name.partition(".")[0] == "partialpool"}
    return {name.removeprefix("partialpool").removeprefix(".") for name in names} - {""}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_what_comes_before_it(path):
    own = stage(module_name(path))
    assert own is not None, f"{module_name(path)} has no place in the order"
    later = {name for name in library_imports(path) if stage(name) is None or stage(name) > own}
    assert later == set()


def test_no_module_needs_itself_to_be_imported():
    # an import inside a function waits until it is called, as that of an engine
    at_import = ast.iter_child_nodes
    waiting = {module_name(path): library_imports(path, at_import) for path in MODULES}
    assert set().union(*waiting.values()) <= set(waiting), "an import of what is no module"
    while ready := {name for name, needed in waiting.items() if not needed & waiting.keys()}:
        waiting = {name: needed for name, needed in waiting.items() if name not in ready}
    assert waiting == {}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_the_library_never_names_snakemake(path):
    assert "snakemake" not in {name.partition(".")[0] for name in imports(path)}
    names = {
        n.id
        for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(n, ast.Name)
    }
    assert "snakemake" not in names


def test_the_rules_are_all_found():
    assert len(RULES) == sum(
        path.read_text(encoding="utf-8").count("\nrule ")
        + path.read_text(encoding="utf-8").startswith("rule ")
        for path in (WORKFLOW / "rules").glob("*.smk")
    )


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_does_and_logs_and_measures_it(rule):
    body = RULES[rule]
    assert re.match(r'    """[A-Z].*\."""\n', body)
    directives = re.findall(r"^    (\w+):", body, re.MULTILINE)
    assert {"input", "output", "log", "benchmark", "conda", "script"} <= set(directives)
    assert directives == sorted(directives, key=ORDER.index)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_the_script_of_its_name_and_declares_what_that_imports(rule):
    body = RULES[rule]
    script = re.search(r'script:\n        "\.\./scripts/(\w+)\.py"', body)[1]
    expected = "run_notebook" if rule.startswith("show_") else rule
    assert script == expected
    declared = "notebook_library" if rule.startswith("show_") else "library"
    named = rule.removeprefix("show_")
    assert f'library={declared}("{named}")' in body


def test_every_script_is_used():
    used = set(re.findall(r'"\.\./scripts/(\w+)\.py"', "".join(RULES.values())))
    assert {path.stem for path in SCRIPTS} == used


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_short_and_says_what_it_does(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_SCRIPT
    assert ast.get_docstring(ast.parse(text))
    assert "with narrate(snakemake.log[0]" in re.sub(r"\(\s+", "(", text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stripped_and_parameterised(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_prose_of_a_notebook_holds_no_number(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert re.findall(r".*\d.*", "\n".join(prose)) == []


def test_every_notebook_is_run_by_a_rule():
    named = re.findall(r'HOUSE / "notebooks" / "(\w+)\.ipynb"', "".join(RULES.values()))
    assert sorted(named) == [path.stem for path in NOTEBOOKS]


def test_tables_are_read_and_written_where_their_columns_are_known():
    elsewhere = re.compile(r"\bpd\.read_csv\(|\.to_csv\(")
    places = {*MODULES, *SCRIPTS, *NOTEBOOKS} - {LIBRARY / "frames.py"}
    found = [path for path in places if elsewhere.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_the_stan_programs_are_there():
    assert [path.name for path in (ROOT / "stan").glob("*.stan")] == ["multilevel.stan"]


def test_the_shipped_configuration_is_the_shipped_analysis():
    assert (ROOT / "data" / "season_pass.csv").is_file()
    assert "path: data/season_pass.csv" in (ROOT / "config.yaml").read_text(encoding="utf-8")


def test_no_file_names_a_folder_of_somebodys_machine():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    homes = re.compile(r"/(?:home|Users)/\w+|/root\b|[A-Z]:\\Users")
    own = Path(__file__).relative_to(ROOT)
    found = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".woff2", ".ttf") and Path(name) != own:
            hits = homes.findall(path.read_text(encoding="utf-8", errors="replace"))
            found |= {name: hits} if hits else {}
    assert found == {}
