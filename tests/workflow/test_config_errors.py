"""What stops a run before any job is one line, wherever Snakemake is when it is found.

What the lines say is held where they are written: in `test_preflight`, `settings/` and `sampling/`.
"""

import pytest

from ..factories.runs import ROOT, edited, short_config

CONTACTS = (ROOT / "data" / "season_pass.csv").read_text(encoding="utf-8")


@pytest.fixture
def refusal(fresh, tmp_path):
    """The one line that a run says before it stops without a job."""

    def run(*arguments, contacts=CONTACTS, **changes):
        path = tmp_path / "contacts.csv"
        path.write_text(contacts, encoding="utf-8")
        started = fresh(edited(short_config(path), changes))
        done = started.snakemake(*arguments)
        said = [line for line in done.stdout.splitlines() if line.startswith("partialpool: ")]
        assert done.returncode != 0, done.stdout
        assert len(said) == 1, done.stdout
        assert "Traceback" not in done.stdout, done.stdout
        assert started.files() == [], "a job ran"
        assert not list(started.folder.glob(".snakemake/locks/*")), "the folder stayed locked"
        return said[0]

    return run


def test_a_configuration_that_cannot_be_read_stops_the_run(refusal):
    said = refusal(**{"defaults.sampling.warmups": 500})
    assert said.startswith("partialpool: defaults.sampling.warmups: unknown key, expected one of ")


def test_contacts_that_do_not_fit_stop_the_run(refusal):
    said = refusal(contacts=CONTACTS.replace("YesPass", "Perhaps", 1))
    assert said.startswith("partialpool: analyses.season_pass.outcome: column 'Pass' holds ")


@pytest.mark.parametrize("target", ["predict", "plan"])
def test_a_target_that_has_nothing_to_make_stops_the_run(refusal, target):
    said = refusal(target)
    assert said.startswith(f"partialpool: found nothing to {target}, expected a block such as ")
