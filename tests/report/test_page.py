"""The page: notebooks in, one HTML document out."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from itertools import pairwise

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from partialpool.report.drawing import render, style
from partialpool.report.glossary import Term
from partialpool.report.page import Group, Page, Point, assemble
from partialpool.report.sections import Fold, Section, read_section
from partialpool.report.table import Table


def displayed(html, kind="text/html"):
    return new_output("display_data", data={kind: html, "text/plain": "plain"})


@pytest.fixture
def notebook(tmp_path):
    def write(*cells):
        path = tmp_path / "notebook.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return write


def picture(name):
    with style.canvas("small", 2) as figure:
        figure.subplots().bar(["Mail"], [1], color=style.INK)
        return render(figure, name, f"One bar for {name}.")._repr_html_()


def page(**more):
    shown = picture("first") + Table(pd.DataFrame({"a": ["x"], "b": [1]}), "A table.")._repr_html_()
    given = {
        "title": "Season passes",
        "question": "Does the bundle help?",
        "lede": "3,156 contacts.",
        "answer": ["By **e-mail** only.", "Elsewhere it hurts."],
        "sections": [
            Section("data", "The data", shown),
            Group("models", "Models & more", [Section("model-a", "a", picture("second"))]),
        ],
        "provenance": {"engine": {"name": "stanli"}, "seed": 42, "config": "a: 1\nb: 2"},
    }
    return assemble(Page(**given | more))


class Outline(HTMLParser):
    """The headings, ids and loads of a page."""

    def __init__(self, html):
        super().__init__()
        self.levels, self.ids, self.links, self.tags, self.loads = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        elif "src" in found or (tag == "link" and "href" in found):
            self.loads.append(found)


def test_prose_and_what_cells_display_are_shown_in_order_and_code_is_not(notebook):
    path = notebook(
        new_markdown_cell("# The data\n\nSome *prose*."),
        new_code_cell("secret = 1", outputs=[displayed("<table></table>")]),
        new_code_cell("more", outputs=[displayed("**said** by a cell", "text/markdown")]),
    )
    section = read_section(path, "data")
    assert section.title == "The data"
    assert "secret" not in section.html
    order = [section.html.index(part) for part in ("<em>prose</em>", "<table>", "<strong>said")]
    assert order == sorted(order)


def test_what_a_cell_prints_or_shows_only_as_plain_text_is_left_out(notebook):
    printed = [
        new_output("stream", text="noise"),
        new_output("execute_result", data={"text/plain": "7"}),
    ]
    section = read_section(
        notebook(new_markdown_cell("# T"), new_code_cell("", outputs=printed)), "t"
    )
    assert section.html == ""


def test_prose_about_cells_that_show_nothing_is_left_out_with_them(notebook):
    path = notebook(
        new_markdown_cell("# T\n\nThe start."),
        new_code_cell("", outputs=[]),
        new_markdown_cell("## Levels\n\nWhat they are."),
        new_code_cell("none", outputs=[displayed("", "text/markdown")]),
        new_code_cell("none"),
        new_markdown_cell("## Pooled"),
        new_code_cell("some", outputs=[displayed("said", "text/markdown")]),
        new_markdown_cell("The end."),
    )
    html = read_section(path, "t").html
    assert "Levels" not in html
    assert "What they are" not in html
    for kept in ("The start.", "Pooled", "said", "The end."):
        assert kept in html


def said(text, tag=None):
    cell = new_code_cell("", outputs=[displayed(text, "text/markdown")])
    cell.metadata = {"tags": [tag]} if tag else {}
    return cell


def heading(text, tag=None):
    cell = new_markdown_cell(text)
    cell.metadata = {"tags": [tag]} if tag else {}
    return cell


def test_a_tagged_heading_folds_what_stands_below_it_under_its_line(notebook):
    path = notebook(
        heading("# T"),
        said("open"),
        heading("## Sampling", "fold"),
        said("converged", "summary"),
        said("long prose"),
        heading("### Chains"),
        said("more"),
        heading("## Estimates"),
        said("seen"),
    )
    html = read_section(path, "t").html
    fold = html[html.index("<details") : html.index("</details>")]
    line = '<h3 id="t-sampling">Sampling</h3> <span class="line">converged</span>'
    assert f"<summary>{line}</summary>" in fold
    assert all(part in fold for part in ("long prose", "Chains", "more"))
    assert "Estimates" not in fold
    assert "open" not in fold
    assert html.count("<details") == html.count("</details>") == 1


def test_folds_may_stand_in_folds_and_start_with_what_a_cell_says(notebook):
    path = notebook(
        heading("# T"),
        said("## Outer\n\ntext", "fold"),
        heading("### Inner", "fold"),
        said("deep"),
        heading("## After"),
        said("seen"),
    )
    html = read_section(path, "t").html
    assert html.index("Outer") < html.index("text") < html.index("Inner") < html.index("deep")
    assert html.rindex("</details>") < html.index("After")
    assert html.count("<details") == html.count("</details>") == 2


def test_a_line_alone_keeps_no_fold_open(notebook):
    path = notebook(heading("# T"), heading("## Empty", "fold"), said("a line", "summary"))
    assert read_section(path, "t").html == ""


def test_numbers_are_folded_by_themselves_and_nothing_is_without_them(notebook):
    path = notebook(heading("# T"), said("a table", "numbers"), said("", "numbers"))
    html = read_section(path, "t").html
    assert html.count("<details><summary>In numbers</summary>") == 1


def test_what_is_tagged_so_moves_to_the_answer(notebook):
    path = notebook(heading("# T"), said("picture", "answer"), said("rest"))
    section = read_section(path, "t")
    assert "picture" in section.answer
    assert "picture" not in section.html
    assert "rest" in section.html


def test_a_section_may_be_folded_whole_under_its_line(notebook):
    section = read_section(
        notebook(heading("# T", "fold"), said("its line", "summary"), said("body")), "t"
    )
    assert section.folded
    html = page(sections=[section])
    assert '<section id="t" class="folded"' in html
    assert '<span class="line">its line</span></summary>' in html


def test_points_stand_beside_the_answer_and_its_gravest_doubt_with_them():
    html = page(points=[Point("How sure", "- Quite.")], doubts=["First.", "Second."])
    assert re.search(r"<h3>How sure</h3>\s*<ul>\s*<li>Quite.</li>", html)
    assert html.index("Gravest doubt") < html.index("First.") < html.index("1 more")
    assert html.index("1 more") < html.index("Second.")


def test_a_term_is_explained_once_and_listed_in_the_glossary():
    terms = [Term("lift", "A difference.", r"lift\b"), Term("elpd", "A score.", "")]
    html = page(answer=["The lift."], points=[Point("P", "A lift.")], terms=terms)
    assert html.count('role="tooltip"') == 1
    assert html.count("A difference.") == 2
    assert '<div id="term-elpd"><dt>elpd</dt><dd>A score.</dd></div>' in html


def test_a_cell_that_failed_stops_the_report(notebook):
    error = new_output("error", ename="KeyError", evalue="'rate'", traceback=[])
    path = notebook(new_markdown_cell("# T"), new_code_cell("", outputs=[error]))
    with pytest.raises(ValueError, match=r"notebook.ipynb: a cell failed with KeyError: 'rate'"):
        read_section(path, "t")


def test_a_notebook_without_a_title_is_refused_unless_one_is_given(notebook):
    path = notebook(new_markdown_cell("No heading."))
    with pytest.raises(ValueError, match="title"):
        read_section(path, "t")
    assert read_section(path, "t", title="Given").title == "Given"


def test_html_in_prose_is_text_and_pictures_from_elsewhere_are_left_out(notebook):
    away = "![seen](https://example.org/x.png) [l](javascript:x)"
    prose = f"# T\n\n<script>x</script>\n\na <b>b</b> {away}"
    section = read_section(notebook(new_markdown_cell(prose)), "t")
    assert not re.search(r"<(script|b|img)|javascript:", section.html)


def test_headings_have_one_first_level_and_skip_none(notebook):
    path = notebook(new_markdown_cell("# T\n\n#### Deep\n\n## Less\n\n# Another"))
    inner = read_section(path, "inner", level=3)
    group = Group("models", "Models", [inner])
    levels = Outline(page(sections=[read_section(path, "outer"), group], doubts=["Few."])).levels
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_answer_comes_before_everything_but_a_warning():
    html = page(warnings=["The *baseline* failed."])
    parts = [
        "<h1>",
        "The <em>baseline</em> failed.",
        "By <strong>e-mail</strong> only.",
        'id="data"',
    ]
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert html.index('id="provenance"') > html.index('id="model-a"')


def test_without_a_warning_there_is_no_banner():
    assert 'class="alarm"' not in page()


def test_figures_and_tables_are_numbered_through_the_page():
    assert re.findall(r'"serial">(\w+ \d)<', page()) == ["Figure 1", "Table 1", "Figure 2"]


def test_sections_are_numbered_and_the_contents_lead_to_each():
    outline = Outline(page())
    assert '<span class="count">2.1</span> a' in page()
    assert {"#answer", "#data", "#models", "#model-a", "#provenance"} <= set(outline.links)
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_no_id_occurs_twice():
    ids = Outline(page()).ids
    assert len(ids) == len(set(ids))


def test_the_page_loads_nothing_and_forbids_itself_to():
    html = page()
    assert not Outline(html).loads
    assert not re.search(r"https?://|@import|url\((?!#|data:)", html)
    assert "default-src 'none'" in html


def test_its_one_script_is_the_only_one_that_may_run():
    html = page(title="<script>x</script>")
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    allowed = re.search(r"script-src '(.*?)'", html)[1]
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert allowed == f"sha256-{digest}"
    assert not re.search(r"<[^>]* on\w+=", html)


def test_a_title_cannot_leave_the_style_sheet_that_prints_it():
    html = page(title='"; } </style><b>\\ é')
    sheet = html.partition("<style>")[2].partition("</style>")[0]
    (printed,) = re.findall(r'@top-left \{ content: (".*?"); \}', sheet)
    body = printed.removeprefix('"').removesuffix('"')
    assert re.fullmatch(r"(?:[\w ]|\\[0-9a-f]+ )*", body)
    read = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), body)
    assert read == '"; } </style><b>\\ é'


def test_a_heading_has_the_name_of_its_words_wherever_it_stands(notebook):
    first = read_section(notebook(new_markdown_cell("# T\n\n## Who & *what*, 1973\n")), "data")
    cells = "# T\n\n## Another\n\n## Who & *what*, 1973\n\n## Another"
    second = read_section(notebook(new_markdown_cell(cells)), "data")
    assert '<h3 id="data-who-what-1973">' in first.html
    assert '<h3 id="data-who-what-1973">' in second.html
    assert re.findall(r'id="data-(another.*?)"', second.html) == ["another", "another-2"]


def test_a_table_and_a_figure_have_the_name_of_their_cell_wherever_they_stand(notebook):
    table = Table(pd.DataFrame({"a": ["x"], "b": [1]}), "A table.")._repr_html_()

    def shown(*more):
        cell = new_code_cell("", outputs=[displayed(picture("p") + table)], id="rates")
        section = read_section(notebook(new_markdown_cell("# T"), *more, cell), "data")
        return Outline(page(sections=[section])).ids

    other = new_code_cell("", outputs=[displayed(table), displayed(table)], id="cells-table")
    assert {"data-rates-figure", "data-rates-table"} <= set(shown()) & set(shown(other))
    assert {"data-cells-table", "data-cells-table-2"} <= set(shown(other))


def test_the_page_is_the_same_twice_to_the_byte():
    assert page() == page()


def test_text_from_the_analysis_stays_text():
    html = page(title="<i>T</i>", provenance={"<i>k</i>": ["<i>v</i>"]}, answer=["<i>a</i>"])
    assert "<i>" not in html
    assert "Models &amp; more" in html


def test_the_page_has_a_language_landmarks_and_a_way_past_the_contents():
    html = page()
    assert '<html lang="en">' in html
    assert {"header", "nav", "main"} <= set(Outline(html).tags)
    assert '<a class="skip" href="#content">' in html


def test_a_source_of_very_many_files_is_folded():
    files = {f"data/{i}.csv": "a1b2" for i in range(40)}
    assert "<summary>All 40</summary>" in page(provenance={"Source": {"Files": files}})
    few = dict(list(files.items())[:3])
    assert "<details>" not in page(provenance={"Source": {"Files": few}}).partition("<main")[2]


def test_long_material_is_folded_and_its_code_is_text():
    html = Fold("Stan program", ["real<lower=0> x;"])._repr_html_()
    assert html.startswith("<details><summary>Stan program</summary>")
    assert "real&lt;lower=0&gt; x;" in html
