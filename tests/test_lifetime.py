"""No job outlives its run, and nothing that a job started outlives the job."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from partialpool.lifetime import RUN, end_with_run, mark_run, tie

from .guarding import processes_with, within

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
MARK = "RUN_OF_A_TEST"
RUNNING = """
import subprocess
from partialpool.lifetime import mark_run
mark_run()
# as Snakemake does: a shell, which has something left to do after the job
subprocess.run(["bash", "-c", '"$0" job.py; true', {python!r}])
"""
JOB = """
import subprocess, tempfile, time
from pathlib import Path
from partialpool.logs import narrate
with narrate("job.log", "job"), tempfile.TemporaryDirectory(dir=".") as folder:
{what}
"""
SLEEPING = 'subprocess.run(["sleep", "600"])'
STUBBORN = """
subprocess.Popen(["sleep", "600"])
while True:
    try: time.sleep(600)
    except BaseException: pass
"""
NOTEBOOK = """
from jupyter_client.manager import start_new_kernel
kernel = start_new_kernel(kernel_name="python3")[1]
kernel.execute("import time; print('busy'); time.sleep(600)")
Path("begun").touch()
time.sleep(600)
"""
CHAINS = """
import sys, threading
from partialpool.lifetime import tie
sleep = tie(Path("/bin/sleep"), Path(folder))
chain = threading.Thread(target=lambda: subprocess.run([sleep, "600"]))
chain.start()
chain.join()
"""


@pytest.fixture
def begin(tmp_path):
    """Begin a run with one job; the run's process, and what asks for all that are left."""
    mark = uuid4().hex

    def left():
        return processes_with(MARK, mark)

    def begin(what, processes):
        indented = "\n".join(f"    {line}" for line in what.strip().splitlines())
        job = JOB.format(what=f"{indented}\n")
        (tmp_path / "job.py").write_text(job, encoding="utf-8")
        code = RUNNING.format(python=sys.executable)
        command = [sys.executable, "-c", code]
        run = subprocess.Popen(command, cwd=tmp_path, env=os.environ | {MARK: mark})
        assert within(60, lambda: len(left()) == processes), left()
        return run, left

    yield begin
    for pid in left():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("what", [SLEEPING, STUBBORN, NOTEBOOK])
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_and_what_it_started_end_with_their_run(begin, tmp_path, what, sent):
    run, left = begin(what, processes=4)  # the run, its shell, the job, and what that started
    run.send_signal(sent)
    run.wait()
    assert within(15, lambda: not left()), "something of the run is left"
    said = (tmp_path / "job.log").read_text(encoding="utf-8")
    assert "ended: the snakemake that started it is gone" in said
    assert "Traceback" not in said


def test_a_job_that_ends_with_its_run_puts_away_its_temporary_files(begin, tmp_path):
    run, left = begin(SLEEPING, processes=4)
    assert any(path.is_dir() for path in tmp_path.iterdir())
    run.kill()
    run.wait()
    assert within(15, lambda: not left())
    assert not any(path.is_dir() for path in tmp_path.iterdir())


@pytest.mark.parametrize("what", [NOTEBOOK, CHAINS])
def test_what_a_killed_job_started_ends_with_it(begin, tmp_path, what):
    run, left = begin(what, processes=4)
    if what == NOTEBOOK:
        assert within(60, (tmp_path / "begun").exists)
        time.sleep(2)  # until the kernel looks after its parent
    [job] = [pid for pid in left() if command_of(pid) == [sys.executable, "job.py"]]
    os.kill(job, signal.SIGKILL)
    assert run.wait(timeout=60) == 0
    assert within(15, lambda: not left()), "what the job started is left"


def command_of(pid):
    text = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    return text.removesuffix("\0").split("\0")


def test_a_job_whose_run_is_gone_already_does_not_begin(monkeypatch):
    with subprocess.Popen(["sleep", "600"]) as another:
        mark(monkeypatch, another.pid)
        end_with_run()  # it is there, but started nothing of this: a run on a cluster, say
        another.kill()
    with pytest.raises(SystemExit):
        end_with_run()


def test_a_job_of_a_run_on_another_machine_is_let_alone(monkeypatch):
    with subprocess.Popen(["sleep", "600"]) as another:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr("platform.node", lambda: "another-machine")
            mark(monkeypatch, another.pid)
        another.kill()
    end_with_run()


def mark(monkeypatch, pid):
    """Mark another process as the run of this one."""
    monkeypatch.setenv(RUN, "")
    with monkeypatch.context() as there:
        there.setattr("os.getpid", lambda: pid)
        mark_run()
        value = os.environ[RUN]
    monkeypatch.setenv(RUN, value)


def test_a_tied_program_does_as_the_program(tmp_path):
    place = tmp_path / "it's a folder"
    place.mkdir()
    echo = tie(Path("/bin/echo"), place)
    done = subprocess.run([echo, "a b", "$HOME"], capture_output=True, text=True, check=True)
    assert done.stdout == "a b $HOME\n"
