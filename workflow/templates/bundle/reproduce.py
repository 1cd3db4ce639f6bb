"""Check that this bundle is as it was packed, and make its page again from its results.

`python reproduce.py` does both; `python reproduce.py --check` only looks at the checksums, for
which Python alone is enough.
"""

import os
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent


def check() -> int:
    """Hold every file against its checksum; the number of those that are not as they were."""
    lines = (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    wrong = 0
    for line in lines:
        digest, _, name = line.partition("  ")
        path = HERE / name
        if not path.is_file():
            print(f"{name} is not there")
        elif sha256(path.read_bytes()).hexdigest() != digest:
            print(f"{name} was changed after it was packed")
        else:
            continue
        wrong += 1
    whole = f"{len(lines)} files are as they were packed"
    print(f"{wrong} of {len(lines)} files are not as they were packed" if wrong else whole)
    return wrong


def main() -> int:
    """Check, then make the page again, with the code of the bundle."""
    if check():
        return 1
    if "--check" in sys.argv[1:]:
        return 0
    os.chdir(HERE)
    library = str(HERE / "workflow")
    sys.path.insert(0, library)
    # the notebooks run in processes of their own
    inherited = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [library, inherited]))
    try:
        from partialpool.reproduction import reproduce
    except ImportError as error:
        print(
            f"found no {error.name}; install what the page was made with, in Python 3.11 or later:"
        )
        print("  pip install -r requirements.lock")
        return 1
    return reproduce()


if __name__ == "__main__":
    sys.exit(main())
