"""A run whose treatment is a number: what its sections say, and what they leave out."""

import csv
import json

import pytest

from ..factories.doses import REGIONS, dosed, turning
from ..factories.runs import edited, short_config

ANALYSIS = {
    "title": "Discounts",
    "question": "How does the rate run along the discount?",
    "source": {"path": "doses.csv"},
    "outcome": {"successes": "sold", "trials": "asked", "verb": "bought", "noun": "sales"},
    "factors": {"region": {"column": "region", "levels": list(REGIONS)}},
    "numbers": {"discount": {"column": "dose"}},
    "treatment": "discount",
    "within": "region",
    "oracle": {"dimensions": 0},
    "models": {"curve": {"formula": "region + poly(discount, 2)"}},
}


@pytest.fixture(scope="module")
def discounts(tmp_path_factory, workflow):
    """One model without refits."""
    folder = tmp_path_factory.mktemp("number") / "run"
    folder.mkdir()
    cells = dosed(turning, trials=(600, 600))
    counts = {"successes": "sold", "trials": "asked"}
    cells.rename(columns=counts).to_csv(folder / "doses.csv", index=False)
    config = edited(short_config(), {"analyses": {"discounts": ANALYSIS}})
    config["defaults"]["comparison"]["refits"]["units"] = 0
    return workflow(folder, config)


def test_the_sections_follow_the_number_and_leave_out_what_needs_arms(discounts):
    sections = [
        f"results/discounts/notebooks/{n}.ipynb" for n in ("data", "comparison", "decision")
    ]
    discounts.finish(*sections)
    text = "".join(map(discounts.read, sections))
    assert "all 11 values that were seen, 0 to 10" in text
    assert "The rate along discount: mean and 89% interval" in text
    assert "What they say of the rate along discount" in text
    for needless in ("What a success takes", "Odds ratios and lifts over"):
        assert needless not in text
    folder = discounts.folder / "results/discounts"
    facts = json.loads((folder / "decision/arms.json").read_text())["curve"]
    assert facts["places"][-1]["turn"]["at"] in (4, 5, 6)
    assert facts["shape"] == "bends"
    rows = list(csv.DictReader((folder / "decision/curve.csv").read_text().splitlines()))
    assert [float(row["at"]) for row in rows if row["within"] == "North"] == list(range(11))
    assert len((folder / "decision/pairs.csv").read_text().splitlines()) == 1
