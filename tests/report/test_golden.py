"""The wording of whole reports, sentence by sentence, as it was last approved.

A changed sentence fails here and nowhere else. Where the new one is meant, `make golden` writes the
pages anew, and their difference is what to read before it is committed.
"""

from difflib import unified_diff
from pathlib import Path

import pytest
import yaml

from ..factories.runs import ROOT, short_config
from .visible import visible_lines

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def berkeley(tmp_path_factory, workflow):
    """A short run of an analysis of a trait."""
    example = yaml.safe_load((ROOT / "examples.yaml").read_text(encoding="utf-8"))
    analysis = example["analyses"]["berkeley_admissions"]
    analysis["source"]["path"] = str(ROOT / analysis["source"]["path"])
    analysis["sampling"] = {"warmup": 600, "draws": 1000, "prior_draws": 500}
    analysis["comparison"] = {"refits": {"warmup": 500, "draws": 500}}
    config = short_config() | {"analyses": {"berkeley_admissions": analysis}}
    return workflow(tmp_path_factory.mktemp("golden") / "run", config).finish()


def test_the_season_pass_is_worded_as_approved(finished, request):
    hold(finished, "season_pass", request.config)


@pytest.mark.large
def test_an_analysis_of_a_trait_is_worded_as_approved(berkeley, request):
    hold(berkeley, "berkeley_admissions", request.config)


def hold(run, analysis, config):
    """Compare a report with its golden page, or write that where it is asked for."""
    path = GOLDEN / f"{analysis}.txt"
    found = visible_lines(run.read(f"reports/{analysis}.html").replace(f"{run.house}/", ""))
    if config.getoption("rewrite_golden"):
        path.write_text("\n".join(found) + "\n", encoding="utf-8")
    expected = path.read_text(encoding="utf-8").splitlines()
    changed = list(unified_diff(expected, found, "approved", "found", lineterm="", n=0))
    assert not changed, "\n".join(
        [f"{analysis} is worded in another way; if that is meant: make golden", *changed]
    )


def test_a_reader_sees_sentences_with_masked_numbers_and_neither_code_nor_cells():
    page = """<style>p { margin: 1px }</style><h2><span>1.2</span> Rates</h2>
    <p>At most 2.3 standard errors, for promo[B].</p>
    <p>Lifts of 2 points by shop, for all.</p>
    <p>Of 3\u202f156 contacts, <em>12.5%</em>\nbought. “Why?” Up by +1.2 to −0.3 points.</p>
    <table><caption>Rates</caption><thead><tr><th>level</th><td></td><th>rate</th></tr></thead>
    <tbody><tr><th>Mail</th><td>0.3</td></tr></tbody></table><pre>code 1</pre>
    <svg><desc>Mail: 30%.</desc><text>30</text></svg>
    <section id="provenance"><p>Version 9.</p></section>"""
    assert visible_lines(page) == [
        "# Rates",
        "At most # standard errors, for ….",
        "Lifts of # points by shop, for all.",
        "Of # contacts, # bought.",
        "“Why?” Up by # to # points.",
        "Rates",
        "level | | rate",
        "Mail: #.",
    ]
