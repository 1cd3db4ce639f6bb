"""Which commit of the project a run was made with."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

SECONDS = 20
"""That git may take."""


@cache
def describe_code(folder: Path) -> dict[str, str]:
    """The commit of the project, and whether its files are as they were committed.

    Files that git does not know do not count, as for `git describe --dirty`.

    Args:
        folder: of the project.

    Returns:
        `Commit` and `Tree`; nothing where there is no git, no repository or no commit.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return {}
    edited = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".")
    trees = {None: "unknown", "": "clean"}
    return {"Commit": commit, "Tree": trees.get(edited, "with changes that are not committed")}


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, None where it cannot."""
    # it takes no lock, so that it writes nothing
    surroundings = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            env=surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
