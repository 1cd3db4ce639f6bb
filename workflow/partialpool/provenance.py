"""What a result was made from: library modules a script uses, package versions, fingerprints."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

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
