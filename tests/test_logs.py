"""What a job says: its progress, and its end in a line for a person."""

import pytest

from partialpool.errors import InputError
from partialpool.logs import narrate


@pytest.fixture
def log(tmp_path):
    return tmp_path / "job.log"


def fail(log, error):
    """Fail in a job; what its log holds."""
    with pytest.raises(SystemExit) as ended, narrate(str(log), "fit"):
        raise error
    assert ended.value.code == 1
    return log.read_text(encoding="utf-8")


def test_a_job_tells_its_progress_on_the_console_and_in_its_log(log, capsys):
    with narrate(str(log), "fit") as logger:
        logger.info("500 draws")
    assert "fit: 500 draws\nfit: done in " in capsys.readouterr().err
    assert "500 draws" in log.read_text(encoding="utf-8")


def test_a_mistake_of_the_input_ends_a_job_with_its_message_alone(log, capsys):
    kept = fail(log, InputError("source.path: found no file"))
    assert capsys.readouterr().err == "fit: source.path: found no file\n"
    assert "Traceback" not in kept


def test_another_error_leaves_its_traceback_in_the_log_and_a_line_on_the_console(log, capsys):
    kept = fail(log, ZeroDivisionError("of nothing"))
    assert capsys.readouterr().err == f"fit: failed, ZeroDivisionError: of nothing (see {log})\n"
    assert "Traceback" in kept
