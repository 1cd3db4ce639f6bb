"""A page made again from an unpacked bundle: its notebooks run anew on its results."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from partialpool.frames import read_facts
from partialpool.provenance import package_versions
from partialpool.report.compose import compose_report
from partialpool.report.page import assemble
from partialpool.runs.bundle import ABOUT

PLACE = Path("reproduced")
AT_ONCE = 2
"""Notebooks that run at once."""


def reproduce() -> int:
    """Make the page of the bundle in the working folder again, and say whether it is the same.

    Returns:
        0 where every byte is the same, else 1.
    """
    about = read_facts(ABOUT)
    files = run_again(about["files"])
    composed = (about[key] for key in ("title", "question", "labels", "formulas"))
    page = assemble(compose_report(files, *composed)).encode("utf-8")
    made = PLACE / Path(about["page"]).name
    made.write_bytes(page)
    same = page == Path(about["page"]).read_bytes()
    differing = differing_versions(about["versions"])
    print(f"{made}: {'the same, byte by byte' if same else 'not the same'}, as {about['page']}")
    if differing:
        print(f"packages that have other versions here: {', '.join(differing)}")
    return 0 if same else 1


def run_again(files: Mapping[str, Any]) -> dict[str, Any]:
    """Run the notebooks among some files again.

    Args:
        files: paths, or lists of them, by what they hold.

    Returns:
        The same, with the notebooks that were run in place of those that were packed.
    """
    listed = {name: [of] if isinstance(of, str) else list(of) for name, of in files.items()}
    notebooks = [path for of in listed.values() for path in of if path.endswith(".ipynb")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        again = dict(zip(notebooks, pool.map(_run, notebooks), strict=True))
    found = {name: [again.get(path, path) for path in of] for name, of in listed.items()}
    return {n: of[0] if isinstance(files[n], str) else of for n, of in found.items()}


def differing_versions(then: Mapping[str, str]) -> list[str]:
    """What has another version here, as `numpy 2.4.6 instead of 2.4.5`."""
    here = package_versions()
    return [
        f"{name} {here.get(name, 'none')} instead of {version}"
        for name, version in then.items()
        if here.get(name) != version
    ]


def _run(notebook: str) -> str:
    import papermill
    from traitlets.config import Config

    made = PLACE / notebook
    made.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        own = Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})
        settings = {"kernel_name": "python3", "progress_bar": False, "config": own}
        papermill.execute_notebook(notebook, str(made), **settings)
    return str(made)
