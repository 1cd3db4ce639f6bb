"""What a result was made from: library modules a script uses, package versions, fingerprints."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from partialpool.seals import file_digest

PACKAGE = "partialpool"
ROOT = Path(__file__).parent
RECORDED = (
    *("arviz-base", "arviz-stats", "duckdb", "formulaic", "matplotlib", "numpy", "pandas"),
    *("partialpool", "scipy", "snakemake", "xarray"),
)

DRAWING = ("arviz-stats", "formulaic", "numpy", "pandas", "partialpool", "scipy", "xarray")
"""Packages on which the design, the draws and how many there are depend."""

SOURCE_NAMES = {
    "files": "Files, by SHA-256",
    "url": "Database",
    "engine": "Engine",
    "table": "Table",
    "query": "Query",
    "as_of": "Asked as of",
}
"""What the parts of a source's fingerprint are called."""


def describe_results(
    ledger: Mapping[str, Any],
    cells: Path,
    drawn: Mapping[str, Mapping[str, str]],
    present: Mapping[str, Mapping[str, str]],
    verdicts: Sequence[Mapping[str, Any]],
    analysis: Mapping[str, Any],
    code: Mapping[str, str],
) -> dict[str, Any]:
    """What the results of an analysis were made from, as the report lists it.

    Args:
        ledger: of the cells.
        cells: their file.
        drawn: the versions that each model was drawn with (`drawing_versions`), by model.
        present: those that would draw it now.
        verdicts: on each model.
        analysis: its settings as plain data.
        code: the commit of the project (`runs.code.describe_code`).
    """
    import yaml

    period = ledger.get("period", {})

    return {
        "Source": {
            "Place": ledger["source"],
            **{SOURCE_NAMES[key]: value for key, value in ledger["fingerprint"].items()},
            **({"Period": "{first} to {last}".format(**period)} if period.get("first") else {}),
            "Rows read": ledger["rows_read"],
            "Rows used": ledger["rows_used"],
            "Contacts": ledger["contacts"],
        },
        "Cells": {"Count": ledger["cells"], "SHA-256": file_digest(cells)},
        "Engines": {name: versions["engine"] for name, versions in drawn.items()},
        "Drawn with": {name: spell_versions(versions) for name, versions in drawn.items()},
        **tell_differences(drawn, present),
        "Sampler": {
            name: f"{v['chains']} chains, {v['draws']:,} draws, {v['gradients']:,} gradients"
            for name, v in zip(drawn, verdicts, strict=True)
        },
        "Seed": analysis["seed"],
        "Versions of the page": package_versions(),
        **({"Project": dict(code)} if code else {}),
        "Configuration": yaml.safe_dump(dict(analysis), sort_keys=False, allow_unicode=True),
    }


def library_of(script: Path) -> list[Path]:
    """The files of the library that a script or notebook uses, directly or not.

    They are the modules that it imports and the Markdown in their folders, which those fill in.
    Snakemake does not notice an edit to them; rules have their digest as a parameter.
    """
    found: set[Path] = set()
    waiting = list(_imports(_source(script)))
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imported_by(module)
    folders = {module.parent for module in found}
    return sorted(found.union(*(folder.glob("*.md") for folder in folders)))


def digest_code(script: Path) -> str:
    """A digest of what a script or notebook and the library's part that it uses mean.

    Comments, docstrings, layout and the folder that holds them do not change it. The Markdown of
    a notebook does, as it is shown.
    """
    found = [
        _meaning_of(script),
        *((_place(path), _meaning_of(path)) for path in library_of(script)),
    ]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def digest_files(files: Sequence[Path]) -> str:
    """A digest of what some files hold, whatever folder they are in."""
    found = [(path.name, file_digest(path)) for path in files]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    return {"Python": platform.python_version(), **{name: _version(name) for name in RECORDED}}


def drawing_versions(engine: str) -> dict[str, str]:
    """The versions of all that draws depend on, as a sampling job keeps them beside its draws.

    Args:
        engine: its name and version.
    """
    present = package_versions()
    return {"engine": engine, **{name: present[name] for name in ("Python", *DRAWING)}}


def spell_versions(versions: Mapping[str, str]) -> str:
    """Versions in a line: `stanli 0.24.0, Python 3.11.7, numpy 2.2.6`."""
    return ", ".join(
        version if name == "engine" else f"{name} {version}" for name, version in versions.items()
    )


def tell_differences(
    drawn: Mapping[str, Mapping[str, str]], present: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """A sentence on each model that was drawn with other versions than are here now."""
    told = {}
    for name, versions in drawn.items():
        now = present[name]
        changed = [key for key in {**versions, **now} if versions.get(key) != now.get(key)]
        if changed:
            then, here = (
                spell_versions({key: of[key] for key in changed if key in of} or {"engine": "none"})
                for of in (versions, now)
            )
            told[name] = (
                f"Drawn with {then}; when this page was made there was {here}. The draws are "
                "kept; to draw anew: snakemake --forcerun sample_model"
            )
    return {"Other versions now": told} if told else {}


@cache
def _version(name: str) -> str:
    """The version of a package; of the library, that of its folder, where this says one."""
    own = ROOT.parents[1] / "pyproject.toml"
    if name == PACKAGE and own.is_file():
        project = tomllib.loads(own.read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    return version(name)


@cache
def _meaning_of(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    shown = [] if path.suffix == ".py" else _cells(path, "markdown")
    return repr((_meaning(ast.parse(_source(path))), shown))


def _meaning(node: object) -> object:
    """A syntax tree without what does not count, in a form that Python versions share.

    `ast.dump` differs between them. A text that stands alone is a docstring, of an attribute too.
    """
    if isinstance(node, list):
        return [_meaning(item) for item in node if not _is_docstring(item)]
    if not isinstance(node, ast.AST):
        return node
    fields = {name: _meaning(value) for name, value in ast.iter_fields(node) if name != "ctx"}
    kept = {name: value for name, value in fields.items() if value not in (None, [])}
    constant = isinstance(node, ast.Constant)
    return type(node).__name__, fields["value"] if constant else kept


def _is_docstring(node: object) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _imported_by(module: Path) -> tuple[Path, ...]:
    return tuple(_imports(module.read_text(encoding="utf-8")))


def _source(script: Path) -> str:
    if script.suffix != ".ipynb":
        return script.read_text(encoding="utf-8")
    return "\n".join(_cells(script, "code"))


def _cells(notebook: Path, kind: str) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def _imports(source: str) -> set[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {path for name in names for part in _packages(name) if (path := _file(part))}


def _packages(name: str) -> list[str]:
    """A module's name and those of the packages around it, which Python loads too."""
    parts = name.split(".")
    return [".".join(parts[:size]) for size in range(2, len(parts) + 1)]


def _file(name: str) -> Path | None:
    """The file of a module of the library; none for other modules and for plain names."""
    first, *rest = name.split(".")
    place = ROOT.joinpath(*rest)
    if first != PACKAGE:
        return None
    candidates = (place / "__init__.py", place.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)
