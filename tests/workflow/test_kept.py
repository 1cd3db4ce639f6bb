"""A finished run is kept, held to itself, packed, and made again elsewhere, by their commands."""

import subprocess
import sys
import tarfile

import pytest

SINCE = ("--config", "since=last")
LABEL = ("--config", "label=2026-10")


@pytest.fixture(scope="module")
def kept(finished_pair, tmp_path_factory):
    """A finished run that is kept."""
    run = finished_pair.copy(tmp_path_factory.mktemp("kept") / "run")
    return run.finish("keep", *LABEL)


@pytest.fixture(scope="module")
def held(kept):
    """The same, held to itself as it was kept, and packed."""
    return kept.finish("compare", "bundle", *SINCE)


def test_a_label_is_refused_the_second_time_in_a_line(kept):
    record = kept.folder / "runs" / "season_pass" / "2026-10" / "kept.json"
    before = record.stat().st_mtime_ns
    for target in ("keep", "runs/season_pass/2026-10/kept.json"):
        done = kept.snakemake(target, *LABEL)
        last = done.stdout.strip().splitlines()[-1]
        assert done.returncode != 0
        assert last.startswith("partialpool: label: found a run of season_pass kept as 2026-10")
    assert record.stat().st_mtime_ns == before


def test_the_same_run_again_is_one_line(held):
    page = held.read("reports/since/season_pass.html")
    assert "Nothing changed since October 2026." in page
    assert "Nothing changed since October 2026." in held.read("reports/season_pass.html")
    assert held.stale("all", "compare", "bundle", *SINCE) == set()


def test_a_bundle_makes_its_page_again_elsewhere(held, tmp_path):
    with tarfile.open(held.folder / "reports" / "bundle" / "season_pass.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    inside = tmp_path / "season_pass"
    command = [sys.executable, "reproduce.py"]
    done = subprocess.run(command, cwd=inside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same, byte by byte" in done.stdout
    made = (inside / "reproduced" / "season_pass.html").read_text(encoding="utf-8")
    assert made == held.read("reports/season_pass.html")
