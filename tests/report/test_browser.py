"""The report in a browser, as readers meet it: on a screen, a phone, in the dark, on paper."""

from itertools import pairwise

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

from partialpool.frames import read_frame
from partialpool.report.takeaway import list_files, list_pieces

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREEN, TABLET, PHONE = (
    {"width": width, "height": height} for width, height in ((1440, 900), (820, 1180), (390, 844))
)


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(finished):
    return (finished.folder / "reports" / "season_pass.html").as_uri()


@pytest.fixture(scope="module")
def visit(browser, address):
    """Open the report; the page remembers what it asked for and what it complained of."""

    def open_page(viewport=SCREEN, scheme="light"):
        key = (viewport["width"], scheme)
        if key not in pages:
            page = browser.new_page(viewport=viewport, color_scheme=scheme)
            page.asked, page.complaints = [], []
            page.on("request", lambda request: page.asked.append(request.url))
            page.on("console", lambda message: page.complaints.append(message.text))
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(address, wait_until="load")
            page.evaluate("document.fonts.ready")
            pages[key] = page
        return pages[key]

    pages = {}
    return open_page


def test_the_page_loads_without_a_complaint_and_asks_for_nothing_but_itself(visit, address):
    page = visit()
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith("data:")] == [address]


def test_the_page_sets_its_own_type(visit):
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    families = {family.strip('"') for family in visit().evaluate(loaded)}
    assert {"Pool Sans", "Pool Serif", "Pool Display"} <= families


def test_there_is_one_first_heading_and_no_level_is_skipped(visit):
    headings = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    levels = visit().evaluate(headings)
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
    assert jumps == []


def test_no_two_elements_have_one_name_and_every_link_leads_somewhere(visit):
    page = visit()
    names = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(names) == sorted(set(names))
    links = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash)")
    assert {link[1:] for link in links} <= set(names)


def test_the_answer_comes_first(visit):
    page = visit()
    first = page.evaluate("document.querySelector('main').firstElementChild.id")
    assert first == "answer"
    said = page.locator("#answer").inner_text()
    assert "bundle" in said
    assert "interval" in said
    assert page.locator("#answer").bounding_box()["y"] < SCREEN["height"]


def test_every_figure_has_an_alternative_text(visit):
    texts = visit().evaluate(
        """[...document.querySelectorAll('figure svg')].map(svg => {
            const ids = (svg.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
            const named = ids.map(id => document.getElementById(id)?.textContent || '').join(' ')
            const own = ['title', 'desc'].map(t => svg.querySelector(t)?.textContent || '')
            return svg.getAttribute('aria-label') || named || own.join(' ')
        })"""
    )
    assert len(texts) >= 5
    short = [text for text in texts if len(text.split()) < 5]
    assert short == []
    assert len(set(texts)) == len(texts), "two figures say the same"


def test_every_table_has_a_caption_and_headers(visit):
    bare = visit().evaluate(
        """[...document.querySelectorAll('table')]
            .filter(t => !t.caption?.textContent.trim() || !t.querySelector('th[scope]'))
            .map(t => t.outerHTML.slice(0, 200))"""
    )
    assert bare == []


@pytest.mark.parametrize("width", [320, 390, 820])
def test_the_page_never_scrolls_sideways(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = """[...document.querySelectorAll('body *')].filter(e => {
        const box = e.getBoundingClientRect()
        const kept = e.closest('[tabindex="0"], svg')
        return box.width && box.right > innerWidth + 1 && !(kept && kept !== e)
    }).map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.evaluate(wide)
    page.close()


def test_wide_tables_scroll_inside_regions_that_a_keyboard_reaches(visit):
    page = visit(PHONE)
    wider = """[...document.querySelectorAll('table')].filter(
        t => t.getBoundingClientRect().width > document.documentElement.clientWidth).length"""
    loose = """[...document.querySelectorAll('table')].filter(t => {
        const region = t.closest('[role="region"][tabindex="0"]')
        return !region || !(region.ariaLabel || region.getAttribute('aria-labelledby'))
            || !['auto', 'scroll'].includes(getComputedStyle(region).overflowX)
    }).map(t => t.outerHTML.slice(0, 200))"""
    assert page.evaluate(wider) > 0, "no table is wide enough to tell"
    assert page.evaluate(loose) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SCREEN, TABLET, PHONE], ids=["screen", "tablet", "phone"])
def test_a_checker_of_accessibility_finds_nothing(visit, axe, viewport, scheme):
    page = visit(viewport, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(axe.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then(found => found.violations)")
    found = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"][:3]])
        for violation in violations
    ]
    assert found == []


def test_the_tables_of_the_answer_need_no_scrolling_on_a_phone(visit):
    wider = """[...document.querySelectorAll('#answer .scroll, #decision-lifts-table .scroll')]
        .filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"""
    assert visit(PHONE).evaluate(wider) == []


def test_the_files_of_a_run_are_the_figures_and_tables_of_its_page(finished):
    pieces = list_pieces(finished.read("reports/season_pass.html"))
    results = finished.folder / "results" / "season_pass"
    manifest = read_frame(results / "manifest.csv")
    pd.testing.assert_frame_equal(manifest, list_files(pieces))
    assert set(manifest["number"].str.split().str[0]) == {"Figure", "Table"}
    written = {path for name in ("figures", "tables") for path in (results / name).glob("[!.]*")}
    assert written == {results / file for file in manifest["file"]}


def test_dark_is_dark_and_light_is_light(visit):
    colour = "getComputedStyle(document.body).backgroundColor"
    luminance = {}
    for scheme in ("light", "dark"):
        said = visit(SCREEN, scheme).evaluate(colour)
        luminance[scheme] = sum(float(part) for part in said.strip("rgb()").split(",")) / 3
    assert luminance["dark"] < 60
    assert luminance["light"] > 200


def test_the_page_prints(visit):
    page = visit()
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 5


MOST_SCREENS, MOST_PAGES, MOST_WORDS = 15, 20, 4000
"""What a reader of the season pass is asked to look through, with its folds closed."""
DESK, POCKET = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def closed(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    return page


def test_the_page_is_short_with_its_folds_closed(visit):
    page = closed(visit(DESK))
    height = page.evaluate("document.documentElement.scrollHeight")
    words = page.evaluate("document.querySelector('main').innerText.trim().split(/\\s+/).length")
    pdf = page.pdf(format="A4")
    pages = pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")
    counts = height / DESK["height"], pages, words
    print("screens {:.1f}, printed pages {}, words {}".format(*counts))
    assert counts[0] <= MOST_SCREENS
    assert counts[1] <= MOST_PAGES
    assert counts[2] <= MOST_WORDS


def test_no_paragraph_stands_twice(visit):
    said = visit().evaluate("[...document.querySelectorAll('main p')].map(p => p.textContent)")
    long = [text for text in said if len(text.split()) > 4]
    assert sorted(text for text in set(long) if long.count(text) > 1) == []


@pytest.mark.parametrize(("viewport", "screens"), [(DESK, 1), (POCKET, 2)], ids=["desk", "phone"])
def test_the_answer_its_picture_and_its_points_are_seen_first(visit, viewport, screens):
    page = closed(visit(viewport))
    page.evaluate("scrollTo(0, 0)")
    within = screens * viewport["height"]
    bottoms = page.evaluate(
        """[...document.querySelectorAll(
            '.answer > p, .brief figure, .points > *, .brief table')].map(
            e => [e.textContent.slice(0, 40), e.getBoundingClientRect().bottom])"""
    )
    assert len(bottoms) > 8
    assert [name for name, bottom in bottoms if bottom > within] == []
    titles = page.evaluate("[...document.querySelectorAll('.points h3')].map(h => h.textContent)")
    assert {"What to do", "How sure", "What it is worth", "Gravest doubt"} <= set(titles)


def test_the_answer_prints_on_one_page(visit):
    page = closed(visit(DESK))
    page.emulate_media(media="print")
    after = page.evaluate("getComputedStyle(document.querySelector('.answer')).breakAfter")
    page.emulate_media(media="screen")
    assert after == "page"


def test_a_term_explains_itself_to_the_keyboard(visit):
    page = visit(DESK)
    term = page.locator(".term").first
    tip = page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert not tip.is_visible()
    term.focus()
    assert tip.is_visible()
    assert len(tip.inner_text().split()) > 4
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= DESK["width"]
