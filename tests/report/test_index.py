"""The list of reports: a row for each, and nothing that no row fills."""

import re

import pytest

from partialpool.report.formats import points
from partialpool.report.index import Entry, fail_entry, index, write_lift


def entry(title="Passes", lift=0.2, **more):
    written = write_lift("Bundle over None", lift, lift - 0.1, lift + 0.1, points())
    given = {"href": "season_pass.html", "best": "Bundle", "lift": written, "verdict": "passed"}
    return Entry(title, "Help?", "By **e-mail** only.", **given | more)


def rows(html):
    return re.findall(r"<tr.*?</tr>", html.partition("<tbody>")[2], re.DOTALL)


def test_each_report_has_a_row_with_its_answer_best_arm_lift_and_doubts():
    (row,) = rows(index([entry(doubts=3)]))
    for said in (
        '<a href="season_pass.html">Passes</a>',
        "By <strong>e-mail</strong> only.",
        "Bundle over None",
        "+20.0 (+10.0 to +30.0)",
        'data-value="20.0"',
    ):
        assert said in row
    assert re.search(r'<td class="number later">3</td>', row)


def test_a_column_that_no_report_fills_is_left_out():
    plain = index([entry()])
    assert "since last time" not in plain
    assert "period" not in plain
    told = index([entry(), entry(change="lift down by 3 points", period="October")])
    assert "since last time" in told
    assert "October" in told


def test_an_analysis_that_failed_is_listed_with_its_reason_and_without_a_link():
    reason = "data.csv: found no column 'promo' <b>"
    html = index([entry(), fail_entry("Broken", "Why?", reason)])
    row = rows(html)[1]
    assert "Broken" in row
    assert "<a " not in row
    assert "found no column &#39;promo&#39; &lt;b&gt;" in row


def test_lifts_are_drawn_on_one_scale_with_0_where_there_is_no_effect():
    html = index([entry(lift=0.4), entry(lift=0.3), entry(lift=-0.2)])
    means = [float(x) for x in re.findall(r'<circle cx="([^"]*)"', html)]
    zeros = {float(x) for x in re.findall(r'class="zero" d="M([\d.]+)', html)}
    (zero,) = zeros
    assert means[2] < zero < means[1] < means[0]
    assert (means[0] - zero) / (zero - means[2]) == pytest.approx(2, rel=0.02)


def test_of_reports_without_lifts_nothing_is_drawn():
    html = index([Entry("Levels", "Which?", "A is best.", "levels.html", best="A")])
    assert "<svg" not in html
    assert "lift, points" not in html.partition("<main")[2].partition("<script>")[0]
