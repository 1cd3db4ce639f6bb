"""The house stays as it was drawn: who may import whom, what a rule, a script, a notebook is."""

import ast
import json
import re
import statistics
import subprocess
from pathlib import Path

import yaml

from ..factories.runs import ROOT

WORKFLOW = ROOT / "workflow"
LIBRARY = WORKFLOW / "partialpool"
SCRIPTS = sorted((WORKFLOW / "scripts").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if path != LIBRARY / "__init__.py")
TESTS = ROOT / "tests"
LONGEST_MODULE, LONGEST_SCRIPT, LONGEST_FUNCTION = 250, 30, 35
MEDIAN_SCRIPT = 18
MOST_STAGES, MOST_IMPORTS_ACROSS = 24, 370

STAGES = [
    "errors",
    "seals",
    "columns",
    "frames",
    "lifetime",
    "logs",
    "provenance",
    "settings",
    "source",
    "cells",
    "model",
    "sampling",
    "posterior",
    "written",
    "comparison",
    "checks",
    "shortfalls",
    "decision",
    "calibration",
    "runs",
    "preflight",
    "report",
    "assessment",
    "reproduction",
]
"""The library's modules in the order of the flow: each may import those before it."""
RULE = re.compile(r"^(?:rule|checkpoint) (\w+):\n((?:(?:    .*)?\n)+)", re.MULTILINE)
RULES = {
    name: body
    for path in sorted((WORKFLOW / "rules").glob("*.smk"))
    for name, body in RULE.findall(path.read_text(encoding="utf-8") + "\n")
}
TRAVEL_ALONE = {"all", "bundle", "calibrate", "compare", "keep", "kept", "plan", "predict"}
"""Targets, which do nothing."""
TRAVEL_ALONE |= {"read_cells", "compile_program", "refit_units", "rank_truths", "recover_lifts"}
TRAVEL_ALONE |= {"predict_rates", "render_index"}
ORDER = ["input", "output", "log", "benchmark", "wildcard_constraints", "priority", "conda"]
ORDER += ["threads", "resources", "params", "script"]


def module_name(path):
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path, nodes=ast.walk):
    """The modules that a file imports, by their full names."""
    found = set()
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            assert path.is_relative_to(TESTS), f"{path}: a relative import"
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in inner if is_module(name)}
            found |= modules if modules == inner else {node.module, *modules}
    return found


def is_module(name):
    place = WORKFLOW / Path(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def stage(module):
    """Where a module stands in the order: as itself, or with its package."""
    names = [module, module.partition(".")[0]]
    return next((STAGES.index(name) for name in names if name in STAGES), None)


def package(module):
    return module.partition(".")[0]


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def length_of(function):
    docstring = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    documented = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - documented


def is_tested(path):
    place = path.relative_to(LIBRARY)
    folder = TESTS / place.parent
    if (folder / f"test_{place.name}").exists():
        return True
    files = folder.glob("test_*.py")
    if place.parts[0] != "report":
        imported = set().union(*map(imports, files))
    elif is_section(path.parent):
        imported = imports_through(files, path.parent.glob("*.py"))
    else:  # what sections share
        files = (TESTS / "report").rglob("test_*.py")
        imported = imports_through(files, (LIBRARY / "report").rglob("*.py"))
    return f"partialpool.{module_name(path)}" in imported


def is_section(folder):
    return folder.parent == LIBRARY / "report" and folder.name != "drawing"


def imports_through(tests, files):
    """What tests import themselves, or through those of some files that they import."""
    needs = {f"partialpool.{module_name(path)}": imports(path) for path in files}
    found, waiting = set(), set().union(*map(imports, tests))
    while waiting:
        found |= waiting
        waiting = set().union(*(needs.get(name, ()) for name in waiting)) - found
    return found


def library_imports(path, nodes=ast.walk):
    names = {name for name in imports(path, nodes) if name.partition(".")[0] == "partialpool"}
    return {name.removeprefix("partialpool").removeprefix(".") for name in names} - {""}


def test_every_package_has_its_place_among_few():
    packages = {module_name(path).partition(".")[0] for path in MODULES}
    assert packages == set(STAGES)
    assert len(STAGES) == len(set(STAGES)) <= MOST_STAGES


def test_a_module_imports_only_what_comes_before_it():
    backwards = {
        module_name(path): sorted(later)
        for path in MODULES
        if (later := {n for n in library_imports(path) if stage(n) > stage(module_name(path))})
    }
    assert backwards == {}


def test_packages_import_few_modules_of_each_other():
    """Every module that a file of one package imports of another counts once.

    Imports inside functions count too, and `from partialpool.cells import levels` is one of
    `cells.levels`; what stands beside the packages, as `errors`, is a package of its own here.
    """
    across = [
        f"{module_name(path)} {name}"
        for path in MODULES
        for name in library_imports(path)
        if package(name) != package(module_name(path))
        and (LIBRARY / package(name)).is_dir()
        and (LIBRARY / package(module_name(path))).is_dir()
    ]
    assert len(across) <= MOST_IMPORTS_ACROSS, sorted(across)


def test_no_module_is_long():
    lengths = {module_name(path): len(lines_of(path)) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_long():
    """Lines from `def` to the end, without the docstring."""
    files = [*MODULES, *SCRIPTS]
    lengths = {
        f"{path.relative_to(WORKFLOW)} {node.name}": length_of(node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_has_its_test_under_the_mirrored_path():
    """A file of its name there, or one that imports it; in the report, a section as a whole."""
    untested = [
        path.relative_to(LIBRARY).as_posix()
        for path in MODULES
        if len(lines_of(path)) > 1 and not is_tested(path)
    ]
    assert untested == []


def test_no_module_needs_itself_to_be_imported():
    # an import inside a function waits until it is called, as that of an engine
    at_import = ast.iter_child_nodes
    waiting = {module_name(path): library_imports(path, at_import) for path in MODULES}
    assert set().union(*waiting.values()) <= set(waiting), "an import of what is no module"
    while ready := {name for name, needed in waiting.items() if not needed & waiting.keys()}:
        waiting = {name: needed for name, needed in waiting.items() if name not in ready}
    assert waiting == {}


def test_the_library_never_names_snakemake():
    naming = []
    for path in MODULES:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        if "snakemake" in names | {name.partition(".")[0] for name in imports(path)}:
            naming.append(module_name(path))
    assert naming == []


def test_the_rules_are_all_found():
    files = (WORKFLOW / "rules").glob("*.smk")
    begun = [
        line for path in files for line in lines_of(path) if re.match("(rule|checkpoint) ", line)
    ]
    assert len(RULES) == len(begun)


def test_a_rule_says_what_it_does_and_logs_and_measures_it():
    wanted = {"input", "output", "log", "benchmark", "conda", "script"}
    offenders = []
    for rule, body in RULES.items():
        directives = re.findall(r"^    (\w+):", body, re.MULTILINE)
        is_in_order = directives == sorted(directives, key=ORDER.index)
        is_described = re.match(r'    """[A-Z].*\."""\n', body)
        if not (is_described and is_in_order and wanted <= set(directives)):
            offenders.append(rule)
    assert offenders == []


def test_a_rule_has_the_script_of_its_name_and_declares_what_that_imports():
    offenders = []
    for rule, body in RULES.items():
        script = re.search(r'script:\n        "\.\./scripts/(\w+)\.py"', body)[1]
        shows = rule.startswith("show_")
        declared = "notebook_library" if shows else "library"
        is_declared = f'library={declared}("{rule.removeprefix("show_")}")' in body
        if script != ("run_notebook" if shows else rule) or not is_declared:
            offenders.append(rule)
    assert offenders == []


def test_every_script_is_used():
    used = set(re.findall(r'"\.\./scripts/(\w+)\.py"', "".join(RULES.values())))
    assert {path.stem for path in SCRIPTS} == used


def test_a_script_says_what_it_does():
    offenders = []
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        narrates = "with narrate(snakemake.log[0]" in re.sub(r"\(\s+", "(", text)
        if not (ast.get_docstring(ast.parse(text)) and narrates):
            offenders.append(path.stem)
    assert offenders == []


def test_every_job_travels_on_a_cluster_in_a_group_or_is_known_to_travel_alone():
    profile = yaml.safe_load((ROOT / "profiles/slurm/profile.yaml").read_text(encoding="utf-8"))
    paths = [WORKFLOW / "Snakefile", *(WORKFLOW / "rules").glob("*.smk")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    names = set(
        re.findall(r"^(?:use )?(?:rule|checkpoint) .*?(\w+)(?: with)?:$", text, re.MULTILINE)
    )
    assert names == set(profile["groups"]) | TRAVEL_ALONE


def test_scripts_are_short():
    lengths = {path.stem: len(lines_of(path)) for path in SCRIPTS}
    assert {name: length for name, length in lengths.items() if length > LONGEST_SCRIPT} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_SCRIPT


def cells_of(notebook):
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def test_a_notebook_is_stripped_and_parameterised():
    offenders = []
    for path in NOTEBOOKS:
        code = [cell for cell in cells_of(path) if cell["cell_type"] == "code"]
        has_run = any(cell["outputs"] or cell["execution_count"] for cell in code)
        tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
        if has_run or len(tagged) != 1:
            offenders.append(path.stem)
    assert offenders == []


def test_the_prose_of_a_notebook_holds_no_number():
    found = {}
    for path in NOTEBOOKS:
        prose = ["".join(c["source"]) for c in cells_of(path) if c["cell_type"] == "markdown"]
        if numbers := re.findall(r".*\d.*", "\n".join(prose)):
            found[path.stem] = numbers
    assert found == {}


def test_every_notebook_is_run_by_a_rule():
    named = re.findall(r'PROJECT / "notebooks" / "(\w+)\.ipynb"', "".join(RULES.values()))
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
