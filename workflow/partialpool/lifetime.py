"""How long a job lives: never longer than its run, and what it starts never longer than itself.

Between Snakemake and a job stands a shell, which neither dies with Snakemake nor passes on that
it did. So a job waits for the end of the run's own process, which it knows by its environment.
"""

from __future__ import annotations

import _thread
import logging
import os
import platform
import shlex
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

RUN = "PARTIALPOOL_RUN"
"""The environment variable that names the run's process to its jobs."""
GRACE = 3.0
"""Seconds that a job has to put away its temporary files."""
TIED = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
"""Becomes another program, which Linux ends with the thread that started it."""

log = logging.getLogger("partialpool")


def mark_run() -> None:
    """Call this process the run that whatever it starts belongs to."""
    os.environ[RUN] = f"{os.getpid()} {psutil.Process().create_time()} {_place()}"


def share_library(folder: Path) -> None:
    """Have whatever this process starts find the library in a folder before any that is installed.

    Jobs and notebooks are processes of their own.
    """
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if others[0] != str(folder):
        os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), *filter(None, others)])


def end_with_run() -> None:
    """End this process, and all that it started, as soon as its run is gone.

    Without a mark, or where the run is elsewhere (another machine or container), nothing is tied:
    a job on a cluster belongs to the Snakemake that runs there.
    """
    pid, created, place = [*os.environ.get(RUN, "").split(" ", 2), "", ""][:3]
    if not pid or place != _place():
        return
    with suppress(psutil.NoSuchProcess):
        run = psutil.Process(int(pid))
        if run.create_time() == float(created):
            if run in psutil.Process().parents():
                threading.Thread(target=_end_after, args=(run,), daemon=True).start()
            return
    log.error("not begun: the snakemake that started it is gone")
    sys.exit(1)


def tie(program: Path, folder: Path) -> Path:
    """A program that does as another, and that Linux ends with the thread that starts it.

    For what is started by libraries, whatever ends this process. Elsewhere it is the program
    itself, which ends where this process ends it.

    Args:
        program: the executable.
        folder: where to put a script, as long as it is needed.
    """
    if sys.platform != "linux":
        return program
    script = folder / program.name
    command = [sys.executable, "-I", "-S", "-c", TIED, str(os.getpid()), str(program.resolve())]
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return script


def _end_after(run: psutil.Process) -> None:
    run.wait()
    log.error("ended: the snakemake that started it is gone")
    _thread.interrupt_main()
    end = time.monotonic() + GRACE
    while time.monotonic() < end:  # what is killed may be started again, as the next chain
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
        time.sleep(GRACE / 30)
    os._exit(1)


def _place() -> str:
    """Where process numbers mean the same: a machine, on Linux a namespace on it."""
    space = Path("/proc/self/ns/pid")
    return f"{platform.node()} {space.readlink() if space.is_symlink() else ''}".strip()
