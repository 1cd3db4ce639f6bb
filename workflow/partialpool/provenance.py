"""What a result was made from: library modules a script uses, package versions, fingerprints."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGE = "partialpool"
ROOT = Path(__file__).parent
RECORDED = (
    "arviz-base",
    "arviz-stats",
    "duckdb",
    "formulaic",
    "matplotlib",
    "numpy",
    "pandas",
    "partialpool",
    "scipy",
    "snakemake",
    "xarray",
)

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
    engines: Mapping[str, str],
    verdicts: Sequence[Mapping[str, Any]],
    analysis: Mapping[str, Any],
) -> dict[str, Any]:
    """What the results of an analysis were made from, as the report lists it.

    Args:
        ledger: of the cells.
        cells: their file.
        engines: of each model, with its version.
        verdicts: on each model.
        analysis: its settings as plain data.
    """
    import yaml

    return {
        "Source": {
            "Place": ledger["source"],
            **{SOURCE_NAMES[key]: value for key, value in ledger["fingerprint"].items()},
            "Rows read": ledger["rows_read"],
            "Rows used": ledger["rows_used"],
            "Contacts": ledger["contacts"],
        },
        "Cells": {"Count": ledger["cells"], "SHA-256": file_digest(cells)},
        "Engines": dict(engines),
        "Sampler": {
            name: f"{v['chains']} chains, {v['draws']:,} draws, {v['gradients']:,} gradients"
            for name, v in zip(engines, verdicts, strict=True)
        },
        "Seed": analysis["seed"],
        "Versions": package_versions(),
        "Configuration": yaml.safe_dump(dict(analysis), sort_keys=False, allow_unicode=True),
    }


def library_of(script: Path) -> list[Path]:
    """The files of the library that a script or notebook uses, directly or not.

    They are the modules that it imports and the Markdown in their folders, which those fill in.
    Snakemake does not notice an edit to them; rules name these as inputs.
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


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    return {"Python": platform.python_version(), **{name: version(name) for name in RECORDED}}


@cache
def _imported_by(module: Path) -> tuple[Path, ...]:
    return tuple(_imports(module.read_text(encoding="utf-8")))


def _source(script: Path) -> str:
    text = script.read_text(encoding="utf-8")
    if script.suffix != ".ipynb":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(cell["source"]) for cell in cells)


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
