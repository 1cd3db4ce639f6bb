"""Seals: the checksum that is kept beside each result, and held against it by who reads it.

The seal of `cells.csv` is `.cells.csv.sha256` in the same folder: a line that `sha256sum --check`
understands. A result without one, as other versions wrote them, is taken as it is. A seal stays as
it is, its date too, when the same content is written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from shlex import quote

from partialpool.errors import InputError

LARGE = 64 * 2**20
"""Bytes above which a look over all results leaves a file's inside to who reads it."""
ENDING = ".sha256"
FOLDERS = {"figures", "tables"}
"""Folders that are one output each: what is in them is made anew together."""


class DamagedError(InputError):
    """A result that is not there, or not as it was written.

    The message names the file, what is wrong with it, and the command that makes it anew.
    """

    def __init__(self, path: Path | str, found: str) -> None:
        place = Path(path)
        output = place.parent if place.parent.name in FOLDERS else place
        super().__init__(
            f"{path} {found}, expected it as it was written; make it anew: "
            f"snakemake --forcerun {quote(str(output))}"
        )


def write_sealed(path: Path | str, content: bytes) -> None:
    """Write a result, its seal first: who sees the file sees the right seal, on other nodes too."""
    _write_seal(Path(path), hashlib.sha256(content).hexdigest(), len(content))
    Path(path).write_bytes(content)


def seal(path: Path | str) -> None:
    """Seal a result that another program wrote."""
    place = Path(path)
    _write_seal(place, file_digest(place), place.stat().st_size)


def check_seal(path: Path | str) -> None:
    """Hold a result against its seal, if it has one.

    Raises:
        DamagedError: the result is missing, empty, or not as it was sealed.
    """
    if found := _find_damage(Path(path)):
        raise DamagedError(path, found)


def read_sealed(path: Path | str) -> bytes:
    """What a result holds, once it is held against its seal.

    Raises:
        DamagedError: as `check_seal`.
    """
    check_seal(path)
    return Path(path).read_bytes()


def list_damaged(folders: Iterable[Path]) -> list[DamagedError]:
    """The results below some folders that are not as they were sealed.

    Those that are missing are not among them: they are made anew when something needs them. Of
    a large file only the size is looked at here; who reads it looks at the whole.
    """
    seals = [path for folder in folders for path in sorted(folder.rglob(f".*{ENDING}"))]
    results = [path.with_name(path.name[1 : -len(ENDING)]) for path in seals]
    found = {path: _find_damage(path, LARGE) for path in results if path.is_file()}
    return [DamagedError(path, damage) for path, damage in found.items() if damage]


def sealed_digest(path: Path) -> str | None:
    """The SHA-256 of a result as it was written, none where it has no seal."""
    sealed = _read_seal(path)
    return sealed[0] if sealed else None


def made_of_sealed(made: Path | str, result: Path | str) -> bool:
    """Whether a file was made since a result's content last changed, as the seal's date tells."""
    seal_file = _seal_of(Path(result))
    try:
        return Path(made).stat().st_mtime_ns >= seal_file.stat().st_mtime_ns
    except OSError:
        return False


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_damage(path: Path, most: float = float("inf")) -> str:
    """What is wrong with a result, nothing where all is well."""
    if not path.is_file():
        return "is not there"
    size = path.stat().st_size
    if not size:
        return "is empty"
    sealed = _read_seal(path)
    if sealed is None:
        return ""
    digest, bytes_then = sealed
    if size < bytes_then:
        return f"is cut short ({size:,} of {bytes_then:,} bytes)"
    if size > bytes_then:
        return f"has {size:,} bytes where {bytes_then:,} were written"
    changed = size <= most and file_digest(path) != digest
    return "was changed after it was written" if changed else ""


def _seal_of(path: Path) -> Path:
    return path.with_name(f".{path.name}{ENDING}")


def _read_seal(path: Path) -> tuple[str, int] | None:
    try:
        words = _seal_of(path).read_text(encoding="utf-8").split()
        return words[0], int(words[-1])
    except (OSError, ValueError, IndexError):
        return None  # nothing that a result could be held against


def _write_seal(path: Path, digest: str, size: int) -> None:
    if _read_seal(path) == (digest, size):
        return  # so that its date is that of the last change
    # in place, not by a new file: a node that has the old one open or cached sees the change
    line = f"{digest}  {path.name}\n# bytes: {size}\n"
    _seal_of(path).write_text(line, encoding="utf-8")
