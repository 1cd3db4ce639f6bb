"""Terms are explained where a text first uses them, and nowhere that has an action of its own."""

import re

import pytest

from partialpool.report.glossary import Term, list_terms, mark_terms

LIFT, RELATIVE, POOLED = (
    Term("lift", "A difference.", r"lifts?\b"),
    Term("relative lift", "A ratio.", r"relative lifts?\b"),
    Term("pooled", "<All> of them.", r"pooled\b"),
)


def marked(html, *terms):
    return re.findall(r'class="term"[^>]*>([^<]+)<', mark_terms(html, terms))


def test_a_term_is_explained_where_it_first_appears_and_there_alone():
    html = mark_terms("<p>The lift.</p><p>A lift again.</p>", [LIFT])
    assert html.count("A difference.") == 1
    assert html.index("A difference.") < html.index("A lift again.")
    assert 'aria-describedby="tip-term-lift"' in html
    assert 'id="tip-term-lift"' in html
    assert 'tabindex="0"' in html


def test_a_longer_term_is_not_taken_for_the_shorter_one_in_it():
    assert marked("<p>a relative lift, then a lift</p>", LIFT, RELATIVE) == [
        "relative lift",
        "lift",
    ]


def test_a_part_of_a_word_is_no_term():
    assert marked("<p>uplift, face-lift and lifted</p>", LIFT) == []


@pytest.mark.parametrize("tag", ["svg", "a", "summary", "h2", "details", "figcaption"])
def test_what_has_an_action_of_its_own_or_is_folded_holds_no_explanation(tag):
    html = f"<{tag}><b>lift</b></{tag}><p>lifts</p>"
    assert marked(html, LIFT) == ["lifts"]


def test_names_of_attributes_and_a_meaning_in_angles_do_no_harm():
    html = mark_terms('<p title="pooled">All <b>pooled</b></p>', [POOLED])
    assert html.startswith('<p title="pooled">')
    assert "&lt;All&gt; of them." in html


def test_the_terms_of_a_report_speak_of_its_rows_and_interval(made):
    terms = {term.name: term for term in list_terms(made.labels)}
    assert next(iter(terms)) == "89% interval"
    assert "All contacts counted together" in terms["pooled"].meaning
    assert "a miss says much, a pass little" in terms["margin"].meaning
    assert {"lift", "points", "R-hat", "elpd", "Pareto k"} <= set(terms)
    assert len({term.id for term in terms.values()}) == len(terms)
    assert not any("{" in term.meaning or "\n" in term.meaning for term in terms.values())
