"""What a test starts outside of its own process ends with it, however that ends."""

import shutil
import subprocess
from contextlib import contextmanager

WAITING = 'cat > /dev/null; exec "$@"'
"""A pipe's other end is closed by the kernel even where its process is killed."""
ENDING_WITH_PARENT = ["setpriv", "--pdeathsig", "INT", "--"] if shutil.which("setpriv") else []
"""What goes before a command that is to be interrupted when the process that started it is gone."""


@contextmanager
def guarded(*command, environment=None):
    """Run a command after the block, or as soon as this process is gone.

    A process of its own waits for it, in a session of its own, which no Ctrl-C reaches.
    """
    guardian = subprocess.Popen(
        ["sh", "-c", WAITING, "guardian", *map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guardian.stdin.close()
        assert guardian.wait(timeout=90) == 0, f"failed: {' '.join(map(str, command))}"
