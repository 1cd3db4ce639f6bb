"""Stan programs are written as stanc itself would write them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from partialpool.sampling.engines import find_cmdstan

STAN = Path(__file__).parents[2] / "stan"
OWN = Path(__file__).parent / "programs"
FILES = sorted([*STAN.glob("*.stan"), *STAN.glob("functions/*.stanfunctions"), *OWN.iterdir()])
KEEPS_COMMENTS = (2, 32)


@pytest.fixture(scope="module")
def stanc():
    """A stanc whose formatter keeps comments: $STANC, or that of the CmdStan."""
    cmdstan = find_cmdstan()
    program = os.environ.get("STANC") or (cmdstan and cmdstan / "bin" / "stanc")
    if not program:
        pytest.skip("no stanc: $STANC is not set and there is no CmdStan")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, re.search(r"v(\d+)\.(\d+)", said).groups()))
    if version < KEEPS_COMMENTS:
        pytest.skip(f"stanc {version[0]}.{version[1]} drops comments; 2.32 and later keep them")
    return program


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_program_is_in_stancs_own_format(stanc, path):
    include = f"--include-paths={STAN},{STAN / 'functions'},{OWN}"
    command = [stanc, "--auto-format", "--max-line-length=96", include, str(path)]
    formatted = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert path.read_text(encoding="utf-8").rstrip() == formatted.rstrip()
