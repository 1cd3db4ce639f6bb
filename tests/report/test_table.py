"""Tables: what a reader of the report sees of a data frame."""

import re

import pandas as pd
import pytest

from partialpool.report.colours import NEUTRAL
from partialpool.report.formats import MINUS, decimals, integer, percent, points
from partialpool.report.table import Table, Told

CELLS = pd.DataFrame(
    {"channel": ["Mail", "Park"], "contacts": [1328, 1195], "rate": [0.4526, 0.7724]}
)


def html(frame=CELLS, caption="Take rates.", **more):
    return Table(frame, caption, **more)._repr_html_()


def numbers(shown):
    return re.findall(r'<td class="number"[^>]*>(.*?)</td>', shown)


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [
        (integer, 3156, "3\u202f156"),
        (integer, -12, f"{MINUS}12"),
        (decimals(2), -0.1913, f"{MINUS}0.19"),
        (decimals(1), -0.01, "0.0"),
        (decimals(2, sign=True), 0.387, "+0.39"),
        (percent(1), 0.5034, "50.3%"),
        (points(), -0.2, f"{MINUS}20.0"),
        (points(), 0.2287, "+22.9"),
        (points(), 0, "0.0"),
        (decimals(2), float("inf"), "∞"),
        (decimals(2), float("-inf"), f"{MINUS}∞"),
        (decimals(2), float("nan"), "undefined"),
        (percent(1), float("inf"), "∞"),
        (points(), float("-inf"), f"{MINUS}∞"),
        (integer, float("inf"), "∞"),
    ],
)
def test_numbers_are_written_for_people(show, value, text):
    assert show(value) == text


def test_counts_and_fractions_have_a_sensible_format_unless_told():
    assert numbers(html()) == ["1\u202f328", "0.45", "1\u202f195", "0.77"]
    assert numbers(html(formats={"rate": percent()}))[1] == "45%"


def test_a_table_has_a_caption_and_headers_with_their_scope():
    shown = html()
    assert "<caption>" in shown
    assert "Take rates." in shown
    assert re.search(r'<th scope="col"[^>]*>contacts</th>', shown)
    assert re.search(r'<th scope="row"[^>]*>Mail</th>', shown)


def test_a_caveat_stands_beside_the_header_of_a_row_and_of_columns():
    frame = CELLS.set_index("channel").T
    beside = 'Park<br><span class="caveat">failed &lt;b&gt;</span></th>'
    assert beside in html(caveats={"Park": "failed <b>"})
    assert beside in html(frame, caveats={"Park": "failed <b>"})
    assert "caveat" not in html(caveats={"Email": "failed"})


def test_a_table_scrolls_by_itself_and_can_be_reached_by_keyboard():
    assert 'role="region" tabindex="0" aria-label="Take rates."' in html()


def test_text_from_data_stays_text():
    frame = pd.DataFrame({"channel": ["<b>Mail</b>"], "caveat": ['"few" & <i>far</i>']})
    shown = html(frame, caption='<script>"', note="<u>")
    assert not re.search(r"<(b|i|u|script)>", shown)
    assert "&lt;b&gt;Mail&lt;/b&gt;" in shown


def test_a_caveat_is_a_column_of_the_table():
    frame = CELLS.assign(caveat=["", "selection: people already there"])
    assert "<td>selection: people already there</td>" in html(frame)


def test_what_is_missing_is_a_dash():
    frame = CELLS.assign(rate=[None, 0.5])
    assert '<td class="none">\N{EN DASH}</td>' in html(frame)


def test_a_total_is_set_off():
    assert re.search(r'<tr class="total"><th [^>]*>Park</th>', html(totals=["Park"]))


def test_a_header_over_several_columns_is_said_once():
    columns = pd.MultiIndex.from_tuples([("89% interval", "from"), ("89% interval", "to")])
    frame = pd.DataFrame([[0.1, 0.2]], index=pd.Index(["Mail"], name="channel"), columns=columns)
    shown = html(frame)
    assert shown.count("89% interval") == 1
    assert re.search(r'<th scope="colgroup" colspan="2"[^>]*>89% interval</th>', shown)
    assert shown.count('rowspan="2">channel</th>') == 1


def test_a_header_over_several_rows_is_said_once():
    frame = pd.DataFrame(
        {"channel": ["Mail", "Mail", "Park"], "model": ["a", "b", "a"], "rate": [0.1, 0.2, 0.3]}
    ).set_index(["channel", "model"])
    shown = html(frame)
    assert shown.count(">Mail</th>") == 1
    assert re.search(r'<th scope="rowgroup" rowspan="2"[^>]*>Mail</th>', shown)


def test_a_level_has_the_colour_that_it_has_in_the_figures():
    assert "--mark: var(--by-1, #123e72)" in html(colours={"Mail": "#123e72"})


def test_a_level_whose_colour_tells_nothing_apart_is_not_marked():
    assert "--mark" not in html(colours={"Mail": NEUTRAL})


def test_behind_every_shown_number_stands_the_exact_one_in_the_unit_that_is_shown():
    shown = html(CELLS.assign(lift=[0.22871, -0.1]), formats={"rate": percent(), "lift": points()})
    exact = re.findall(r'data-value="([^"]*)"', shown)
    assert exact == ["1328", "0.4526", "22.871", "1195", "0.7724", "-10"]


def test_what_a_cell_says_in_words_has_its_number_too():
    shown = html(CELLS.assign(best=[Told("above 99.9%", 0.99987), Told("<5%", 0.04)]))
    assert 'data-value="0.99987">above 99.9%</td>' in shown
    assert 'data-value="0.04">&lt;5%</td>' in shown


def test_columns_that_may_wait_are_marked_with_their_headers_and_no_group_is_parted():
    names = [("", "contacts"), ("rate", "A"), ("rate", "B"), ("lift", "mean"), ("", "call")]
    frame = pd.DataFrame([[1, 2, 3, 4, "gain"]], index=["Mail"])
    frame.columns = pd.MultiIndex.from_tuples(names)
    later = r'<t[hd][^>]*class="[^"]*later[^"]*"[^>]*>(.*?)</t[hd]>'
    waiting = re.findall(later, html(frame, first=("lift", "call")))
    assert waiting == ["", "rate", "contacts", "A", "B", "1", "2", "3"]
    assert "later" not in html(frame)
    assert "later" not in html(frame, first=("a column that is not there",))
    assert 'type="checkbox" aria-label="All columns"' in html(frame, first=("lift",))


def test_rows_that_are_named_things_can_be_linked_to():
    frame = pd.DataFrame({"mean": [0.1, 0.2]}, index=["sd_shop[promo[A]]", "b"])
    assert 'data-anchor="parameter-sd-shop-promo-a"' in html(frame, anchor="parameter")


def test_an_infinite_number_is_shown_as_such():
    shown = html(CELLS.assign(rate=[float("-inf"), 0.5]))
    assert f"{MINUS}∞" in numbers(shown)
