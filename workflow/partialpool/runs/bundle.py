"""One file with everything that a page was made of, the same bytes each time it is packed.

It holds the workflow's code and environment, the configuration, all results of an analysis, its
page, and `reproduce.py`, which checks every checksum and makes the page again.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from partialpool.provenance import digest_files, package_versions
from partialpool.seals import read_sealed

PROJECT = ("Snakefile", "environment.yml", "requirements.lock", "pyproject.toml", "LICENSE")
CODE = ("notebooks", "profiles", "stan", "workflow")
"""What of the project's folder is packed: files, and folders whole."""
INJECTED = "injected-parameters"
"""The tag of the cell that papermill puts into a notebook."""
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}
ABOUT, SUMS, OWN = "bundle.json", "SHA256SUMS", Path("workflow") / "templates" / "bundle"


def project_files(project: Path) -> list[Path]:
    """The files of the project that are packed, by their paths in it."""
    named = [project / name for name in PROJECT]
    inside = [path for name in CODE for path in sorted((project / name).rglob("*"))]
    return [path.relative_to(project) for path in [*named, *inside] if _is_packed(path)]


def digest_project(project: Path) -> str:
    """A digest of all that is packed of the project."""
    files = project_files(project)
    return sha256(
        "\n".join(f"{path} {digest_files([project / path])}" for path in files).encode()
    ).hexdigest()


def pack(
    target: Path,
    analysis: str,
    project: Path,
    page: Path,
    config: Mapping[str, Any],
    about: Mapping[str, Any],
    given: Iterable[str] = (),
) -> list[str]:
    """Pack an analysis into a compressed archive.

    Args:
        target: the archive.
        analysis: its name.
        project: the folder of the workflow.
        page: of the analysis; results are those in `results/<analysis>`.
        config: as it was given.
        about: what a page is composed of, for `reproduction.reproduce`.
        given: files of the user's that the analysis needs beside the contacts, such as a Stan
            program, by paths in the working folder; those elsewhere are left out.

    Returns:
        The names of the files in it.

    Raises:
        DamagedError: a result is missing, or not as it was written.
    """
    told = {"analysis": analysis, "page": str(page), **about, "versions": package_versions()}
    files = {str(path): (project / path).read_bytes() for path in project_files(project)}
    files |= {path.name: path.read_bytes() for path in sorted((project / OWN).glob("*"))}
    files |= _results(Path("results") / analysis)
    files |= {path: Path(path).read_bytes() for path in given if not Path(path).is_absolute()}
    files[str(page)] = read_sealed(page)
    files["config.yaml"] = yaml.safe_dump(
        dict(config), sort_keys=False, allow_unicode=True
    ).encode()
    files[ABOUT] = json.dumps(told, ensure_ascii=False, indent=1).encode()
    sums = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    files[SUMS] = "".join(sums).encode()
    _write(target, analysis, files)
    return sorted(files)


def strip(notebook: bytes) -> bytes:
    """An executed notebook with its parameters, without its outputs and all that tells of times."""
    read = json.loads(notebook)
    for cell in read["cells"]:
        kept = {"tags": cell["metadata"]["tags"]} if "tags" in cell["metadata"] else {}
        cell["metadata"] = kept
        if INJECTED in kept.get("tags", ()):
            cell["id"] = INJECTED  # papermill's own is another each time
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    read["metadata"] = {"kernelspec": read["metadata"]["kernelspec"]}
    return json.dumps(read, ensure_ascii=False, indent=1).encode()


def _results(folder: Path) -> dict[str, bytes]:
    """Every result, held against its seal; of notebooks what they compute from."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    plain = [path for path in paths if not path.name.startswith(".")]
    found = {str(path): read_sealed(path) for path in plain}
    seals = [path for path in paths if path not in plain and ".ipynb." not in path.name]
    stripped = {n: strip(of) for n, of in found.items() if n.endswith(".ipynb")}
    return found | stripped | {str(path): path.read_bytes() for path in seals}


def _is_packed(path: Path) -> bool:
    hidden = any(part in LEFT_OUT or part.endswith(".egg-info") for part in path.parts)
    return path.is_file() and not hidden and not path.name.startswith(".")


def _write(target: Path, root: str, files: Mapping[str, bytes]) -> None:
    """A compressed archive without times, owners and order of its own."""
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{root}/{name}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
