"""A test run that is interrupted or killed leaves nothing running."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .guarding import ENDING_WITH_PARENT, is_gone, within

SMALL_RUN = """
import subprocess, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from guarding import ENDING_WITH_PARENT, guarded

def test_that_starts_a_server():
    server = subprocess.Popen(["sleep", "600"], start_new_session=True)
    with guarded("sh", "-c", "kill $0; rm link", str(server.pid)):
        child = subprocess.Popen([*ENDING_WITH_PARENT, "sleep", "600"])
        Path("link").symlink_to("anywhere")
        Path("pids.part").write_text(f"{{server.pid}} {{child.pid}}")
        Path("pids.part").rename("pids")
        time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("workers", [0, 1])
def test_what_a_killed_run_started_is_stopped(tmp_path, sent, workers):
    path = tmp_path / "test_small.py"
    path.write_text(SMALL_RUN.format(tests=str(Path(__file__).parent)), encoding="utf-8")
    plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", str(workers), path]
    run = subprocess.Popen(command, cwd=tmp_path, env=plain, stdout=subprocess.DEVNULL)
    assert within(60, (tmp_path / "pids").exists)
    started = (tmp_path / "pids").read_text(encoding="utf-8").split()
    run.send_signal(sent)
    assert within(60, lambda: is_gone(started[0])), "the server is still there"
    assert within(60, lambda: not (tmp_path / "link").is_symlink())
    if ENDING_WITH_PARENT:
        assert within(60, lambda: is_gone(started[1])), "the child is still there"
    assert run.wait(timeout=60) != 0
