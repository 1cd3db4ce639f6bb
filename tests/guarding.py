"""What a test starts outside of its own process ends with it, however that ends."""

import shutil
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

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


def within(seconds, happened):
    """Whether something happens in that time."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return happened()


def is_gone(pid):
    """Whether a process has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"  # ended, but nobody has asked for it yet


def processes_with(name, value):
    """Processes that have a variable in their environment, by number."""
    wanted = f"{name}={value}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return [pid for pid in found if not is_gone(pid)]
