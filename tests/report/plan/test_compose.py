"""The page of a plan is put together from the files of its rule."""

from partialpool.frames import write_facts, write_frames
from partialpool.report.page import assemble
from partialpool.report.plan.compose import compose_plan

from .test_text import LOOKED, LOOKS, NEEDED, SIZES, plan_of


def test_the_page_has_the_answer_first_then_sizes_looks_and_priors(tmp_path):
    files = {name: tmp_path / f"{name}.csv" for name in ("sizes", "looks")}
    files["facts"] = tmp_path / "plan.json"
    write_frames({"sizes": SIZES, "looks": LOOKS}, files)
    write_facts({"needed": NEEDED, "looks": LOOKED}, files["facts"])
    page = compose_plan(files, plan_of(title="New <pages>"))
    assert [section.id for section in page.sections] == ["sizes", "looks", "priors"]
    assert page.answer[0].startswith("**About")
    assert all(page.answer)
    html = assemble(page)
    assert "New &lt;pages&gt;" in html
    assert html.index("About") < html.index("Table 1") < html.index("Table 2")
    assert "Figure 1" in html
