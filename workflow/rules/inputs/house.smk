"""Find the workflow's own folder, and its library there, whoever runs it and from where.

The main Snakefile may be another workflow's, of which this is a module; the module may come from a
git repository that nobody has checked out.
"""

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from snakemake.sourcecache import HostingProviderFile, LocalGitFile


def own_folder(place):
    """The folder that holds the workflow's files.

    Stan's programs, notebooks and templates are read as files: of a git repository, those of the
    revision that was asked for are unpacked below `.snakemake`, once.

    Args:
        place: the folder of this file, as Snakemake knows it.
    """
    if isinstance(place, LocalGitFile):
        return unpacked(place.repo_path, place.ref, PurePosixPath(place.path))
    if isinstance(place, HostingProviderFile):
        clone = place.hosted_repo.repo_clone
        return unpacked(clone, place.ref, PurePosixPath(place.path))
    return Path(place.get_path_or_uri(secret_free=False)).parents[2]


def unpacked(repository, revision, place):
    git = ["git", "-C", str(repository)]
    named = [*git, "rev-parse", "--verify", f"{revision}^{{commit}}"]
    commit = subprocess.run(named, check=True, capture_output=True, text=True).stdout
    folder = Path(".snakemake", "partialpool", commit.strip()).absolute()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        packed = [*git, "archive", "--format=tar", commit.strip()]
        files = subprocess.run(packed, check=True, capture_output=True).stdout
        # a folder of its own until it is whole: jobs of other nodes may look for it
        own = Path(tempfile.mkdtemp(dir=folder.parent))
        with tarfile.open(fileobj=io.BytesIO(files)) as archive:
            archive.extractall(own, filter="data")
        try:
            own.rename(folder)
        except OSError:  # another was faster
            if not folder.exists():
                raise
    return folder.joinpath(*place.parts[:-3])


PROJECT = own_folder(workflow.current_basedir)
# from here on all files are these, wherever the first came from
RULES = PROJECT / "workflow" / "rules"
# the library too, whichever is installed
if sys.path[0] != str(RULES.parent):
    sys.path.insert(0, str(RULES.parent))

import partialpool

if not Path(partialpool.__file__).is_relative_to(PROJECT):
    sys.exit(
        f"partialpool: found the library of {Path(partialpool.__file__).parents[2]} in use beside "
        f"the workflow in {PROJECT}, expected one for both; take every module from one place"
    )
