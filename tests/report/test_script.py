"""What the page can do in a browser beyond being read, and that it is whole without."""

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from partialpool.report.drawing import render, style
from partialpool.report.formats import chance, points
from partialpool.report.index import fail_entry, index
from partialpool.report.page import Group, Page, assemble
from partialpool.report.sections import Fold, Section
from partialpool.report.table import Table
from partialpool.report.takeaway import list_pieces, write_pieces

from .test_browser import QUIET
from .test_index import entry

MADE = ".tools, .anchor, .back, button.sort, .search"
"""What the script makes."""
RATES = {
    "level": ["x 10", "x 9", "y, z", "none", "all"],
    "rate": [0.25, 0.1, 0.9, None, 0.3],
    "lift, points": [-0.111, 0.02, 0.3, None, 0.1],
    "probability": [0.99999, 0.5, 0.0001, None, 0.7],
}


def rates():
    frame = pd.DataFrame(RATES).set_index("level")
    formats = {"lift, points": points(), "probability": chance}
    return Table(frame, "Rates.", formats=formats, totals=["all"], first=["rate"])


def grouped():
    index = pd.MultiIndex.from_product([["Mail", "Park"], ["a", "b"]], names=["channel", "model"])
    columns = pd.MultiIndex.from_tuples([("", "n"), ("lift", "from"), ("lift", "to")])
    return Table(pd.DataFrame([[4, 1, 2], [1, 3, 4], [3, 5, 6], [2, 7, 8]], index, columns), "By.")


def picture():
    with style.canvas("small", 2) as figure:
        figure.subplots().barh(["Mail"], [1], color="#123e72")
        return render(figure, "A bar.", "One bar. For mail.")


def written():
    shown = picture()._repr_html_() + Fold("More", [grouped()])._repr_html_()
    long = "<p>Read on.</p>" * 90
    parts = [Section(f"model-{name}", name, long) for name in ("a", "b")]
    sections = [Section("data", "The data", shown + long), Group("models", "Models", parts)]
    page = Page("Passes", "Help?", "", ["Yes."], sections, {}, choices=rates()._repr_html_())
    return assemble(page)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("page")
    (place / "page.html").write_text(written(), encoding="utf-8")
    failed = fail_entry("Broken", "Why?", "no column")
    many = [entry(f"Analysis {i}", lift=(i % 7 - 3) / 10, doubts=i % 5) for i in range(59)]
    (place / "index.html").write_text(index([*many, failed]), encoding="utf-8")
    write_pieces(list_pieces(written()), place)
    return place


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, folder):
    """Open one of the pages anew; what it complains of fails the test."""
    opened, complaints = [], []

    def open_page(name="page.html", width=1440, **more):
        page = browser.new_page(viewport={"width": width, "height": 900}, **more)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((folder / name.partition("#")[0]).as_uri() + name[len(name.partition("#")[0]) :])
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()
    assert complaints == []


def column(page, table, place):
    """What a column says, from above."""
    cells = f"#{table} tbody tr > :nth-child({place})"
    return [
        " ".join(text.split()).removesuffix(" #") for text in page.locator(cells).all_inner_texts()
    ]


@pytest.mark.parametrize(
    ("heading", "up"),
    [
        ("level", ["none", "x 9", "x 10", "y, z"]),
        ("rate", ["x 9", "x 10", "y, z", "none"]),
        ("lift, points", ["x 10", "x 9", "y, z", "none"]),
        ("probability", ["y, z", "x 9", "x 10", "none"]),
    ],
)
def test_a_heading_sorts_by_its_numbers_up_then_down_then_not_with_what_is_missing_and_totals_last(
    visit, heading, up
):
    page = visit()
    header = page.locator("#answer-table th", has_text=heading).first
    kept = [name for name in up if name != "none" or heading == "level"]
    missing = [] if heading == "level" else ["none"]
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert column(page, "answer-table", 1) == [*kept, *missing, "all"]
    header.get_by_role("button").press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert column(page, "answer-table", 1) == [*kept[::-1], *missing, "all"]
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") is None
    assert column(page, "answer-table", 1) == RATES["level"]


def test_everything_opens_at_once_and_closes_again(visit):
    page = visit()
    opened = "[...document.querySelectorAll('main details')].map(fold => fold.open)"
    assert not any(page.evaluate(opened))
    page.get_by_role("button", name="Open everything").click()
    assert all(page.evaluate(opened))
    page.get_by_role("button", name="Close everything").click()
    assert not any(page.evaluate(opened))


def test_rows_that_share_a_header_have_each_their_own_once_sorted(visit):
    page = visit()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    table = page.locator("table", has_text="By.")
    table.get_by_role("button", name="n", exact=True).click()
    rows = table.locator("tbody tr")
    said = [row.split() for row in rows.all_inner_texts()]
    assert said == [
        ["Mail", "b", "1", "3", "4"],
        ["Park", "b", "2", "7", "8"],
        ["Park", "a", "3", "5", "6"],
        ["Mail", "a", "4", "1", "2"],
    ]


def test_what_a_table_downloads_is_the_file_among_the_results(visit, folder):
    page = visit()
    for table in page.locator(".table").all():
        name = table.get_attribute("id")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        with page.expect_download() as given:
            table.get_by_role("button", name="Download as CSV").click()
        assert given.value.suggested_filename == f"{name}.csv"
        saved = given.value.path().read_bytes()
        assert saved == (folder / "tables" / f"{name}.csv").read_bytes()


def test_a_table_is_copied_with_its_exact_numbers_in_columns(visit):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#answer-table").get_by_role("button", name="Copy").click()
    page.locator("#answer-table").get_by_text("Copied").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].split("\t") == list(RATES)
    assert lines[1].split("\t") == ["x 10", "0.25", "-11.1", "0.99999"]


def test_a_figure_downloads_as_a_drawing_and_as_a_picture_in_light_colours(visit, folder, tmp_path):
    page = visit(color_scheme="dark")
    figure = page.locator("figure")
    name = figure.get_attribute("id")
    for kind in ("SVG", "PNG"):
        with page.expect_download() as given:
            figure.get_by_role("button", name=f"Download as {kind}").click()
        assert given.value.suggested_filename == f"{name}.{kind.lower()}"
        given.value.save_as(tmp_path / kind)
    drawing = (tmp_path / "SVG").read_text(encoding="utf-8")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert "var(" not in drawing
    image = Image.open(tmp_path / "PNG").convert("RGB")
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert (0x12, 0x3E, 0x72) in {colour for _, colour in image.getcolors(1 << 22)}


def test_a_link_leads_to_its_table_even_inside_a_fold(visit, folder):
    anchor = next(
        path.stem for path in (folder / "tables").glob("*.csv") if path.stem != "answer-table"
    )
    page = visit(f"page.html#{anchor}")
    page.locator(f"#{anchor}").wait_for(state="visible")
    assert page.locator("main details").first.evaluate("fold => fold.open")
    page.wait_for_function(f"document.getElementById('{anchor}').getBoundingClientRect().top < 900")


def test_every_section_table_and_figure_offers_a_link_to_itself(visit):
    page = visit()
    links = page.evaluate("[...document.querySelectorAll('a.anchor')].map(a => a.hash.slice(1))")
    wanted = "[...document.querySelectorAll('figure, .table, main section[id]')].map(e => e.id)"
    assert set(page.evaluate(wanted)) <= set(links)
    assert page.evaluate("ids => ids.every(id => document.getElementById(id))", links)


def test_the_contents_follow_the_reader_and_there_is_a_way_back(visit):
    page = visit()
    back = page.get_by_role("link", name="Top")
    assert not back.is_visible()
    page.evaluate("document.getElementById('model-b').scrollIntoView()")
    here = page.locator("nav.side [aria-current]")
    page.locator("nav.side [aria-current][href='#model-b']").wait_for()
    assert here.count() == 1
    back.click()
    page.wait_for_function("scrollY === 0")
    page.locator("nav.side [aria-current][href='#answer']").wait_for()


def test_without_scripts_the_page_is_whole_and_shows_no_control_that_does_nothing(visit):
    page = visit(java_script_enabled=False)
    assert page.locator(MADE).count() == 0
    assert page.locator("button, input:visible").count() == 0
    assert page.locator("#answer-table td").first.is_visible()
    phone = visit(width=390, java_script_enabled=False)
    waiting = phone.locator("#answer-table .later").first
    assert not waiting.is_visible()
    phone.get_by_role("checkbox", name="All columns").check()
    assert waiting.is_visible()


def test_on_a_phone_a_table_shows_first_what_matters_without_scrolling_and_the_rest_on_demand(
    visit,
):
    page = visit(width=390)
    fits = "!(e => e.scrollWidth > e.clientWidth)(document.querySelector('#answer-table .scroll'))"
    shown = page.locator("#answer-table thead th:visible")
    assert [text.strip() for text in shown.all_inner_texts()] == ["level", "rate"]
    assert page.evaluate(fits)
    page.get_by_role("checkbox", name="All columns").first.check()
    assert len(shown.all_inner_texts()) == 4
    assert visit(width=1440).locator("#answer-table thead th:visible").count() == 4


def test_paper_has_no_controls_and_every_column_and_pages_are_numbered_under_the_title(visit):
    page = visit(width=390)
    page.emulate_media(media="print")
    assert (
        page.locator(".tools:visible, .anchor:visible, .back:visible, .more:visible").count() == 0
    )
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.locator("#answer-table thead th:visible").count() == 4
    boxes = page.evaluate(
        """[...document.styleSheets].flatMap(s => [...s.cssRules])
            .filter(r => r instanceof CSSPageRule).map(r => r.cssText).join(' ')"""
    )
    assert 'content: counter(page) " of " counter(pages)' in boxes
    assert '@top-left { content: "Passes"; }' in boxes


def test_sixty_analyses_fit_three_screens_and_can_be_searched_and_sorted(visit):
    page = visit("index.html")
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 900
    rows = page.locator("#reports tbody tr:visible")
    page.get_by_role("searchbox").fill("58 analysis")
    assert rows.count() == 1
    assert "1 of 60" in page.get_by_role("status").inner_text()
    page.get_by_role("searchbox").fill("no column")
    assert rows.all_inner_texts()[0].startswith("Broken")
    page.get_by_role("searchbox").fill("")
    page.locator("#reports th", has_text="lift, points").get_by_role("button").click()
    assert "−30.0" in rows.first.inner_text()
    assert rows.last.inner_text().startswith("Broken")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_checker_of_accessibility_finds_nothing_in_the_list_of_reports(visit, axe, scheme):
    for width in (390, 1440):
        page = visit("index.html", width, color_scheme=scheme)
        page.evaluate(axe.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(found => found.violations)")
        assert [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
