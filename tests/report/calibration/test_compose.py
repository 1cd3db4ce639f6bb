"""The page of a calibration is put together from the files of its rule."""

from partialpool.frames import write_facts
from partialpool.report.calibration.compose import compose_calibration
from partialpool.settings import Calibration

from ..conftest import LABELS
from ..test_compose import WORDS


def test_where_no_model_can_be_tested_the_page_says_why(tmp_path):
    write_facts(LABELS.factors, tmp_path / "levels.json")
    files = {"verdicts": [], "needs": [], "calibration": [], "recovery": []}
    files["levels"] = tmp_path / "levels.json"
    out = {"one": "flat", "two": "program"}
    asked, made_by = Calibration().model_dump(), {"engines": {"one": "stanli 1"}, "seed": 3}
    page = compose_calibration(files, "Season", WORDS, asked, 0.95, {}, {}, out, made_by)
    assert page.sections == []
    assert page.provenance["Settings"]["seed"] == 3
    assert page.provenance["Engines"] == {"one": "stanli 1"}
    assert any("one" in doubt for doubt in page.doubts)
