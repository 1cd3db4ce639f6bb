"""`snakemake plan`: pages before there are data, in a configuration that has nothing else."""

import csv

import pytest

from ..factories.runs import edited

PAGES = "reports/plan/pages.html"
CONFIG = {
    "plans": {
        "pages": {
            "title": "Two pages",
            "arms": ["old", "new"],
            "rate": 0.2,
            "lift": 0.1,
            "looks": 3,
            "contacts": [100, 200, 400],
            "replicates": 100,
        }
    }
}


@pytest.fixture
def planned(fresh):
    return fresh(CONFIG).finish("plan")


def test_a_plan_alone_gives_its_tables_and_its_page(planned):
    page = planned.read(PAGES)
    assert "contacts for each arm find a lift of 10.0 points with a probability of 80%" in page
    sizes = list(csv.DictReader(planned.read("results/plans/pages/sizes.csv").splitlines()))
    assert {100, 200, 400} <= {int(row["contacts"]) for row in sizes}
    assert len(planned.read("results/plans/pages/looks.csv").splitlines()) == 1 + 3


def test_numbers_are_made_anew_only_for_what_changes_them_and_are_the_same_bytes(planned, tmp_path):
    assert planned.stale("plan") <= {"plan"}
    titled = planned.copy(
        tmp_path / "titled", config=edited(CONFIG, {"plans.pages.title": "Other"})
    )
    assert titled.stale("plan") - {"plan"} == {"render_plan"}
    surer = planned.copy(tmp_path / "surer", config=edited(CONFIG, {"plans.pages.share": 0.9}))
    assert surer.stale("plan") - {"plan"} == {"simulate_plan", "render_plan"}
    before = planned.digests()
    assert planned.finish("plan", "--forceall").digests() == before


@pytest.mark.parametrize("target", [None, "calibrate", "predict"])
def test_other_targets_say_in_a_line_that_there_are_no_analyses(fresh, target):
    done = fresh(CONFIG).snakemake(*filter(None, [target]))
    said = [line for line in done.stdout.splitlines() if line.startswith("partialpool: ")]
    assert done.returncode != 0
    assert len(said) == 1, done.stdout
    assert said[0].startswith("partialpool: found no analyses, expected at least one in `analyses`")
    assert "Traceback" not in done.stdout
