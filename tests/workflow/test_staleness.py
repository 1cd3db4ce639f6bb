"""What each edit makes stale, held exactly: every job that would run again, and no other."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest

from ..factories.runs import CONTACTS, MODELS, changed, edited

ANALYSIS = "analyses.season_pass"


@pytest.fixture(scope="module")
def finished(finished, tmp_path_factory):
    """A finished run of a tree that only these tests edit."""
    return finished.with_own_house(tmp_path_factory.mktemp("edited"))


def of(models: Iterable[str], rules: str) -> set[str]:
    """The jobs of some rules for some models."""
    return {f"{rule} {model}" for rule in rules.split() for model in models}


def after_the_fit(models):
    """What reads a model's draws, or what was made of them."""
    return of(models, "assess_model score_units refit_units show_model") | ANSWERS


def of_the_fit(models):
    """A model's draws, and what follows."""
    return of(models, "sample_model") | after_the_fit(models)


BRIDGE = {"bridge_log_odds", "show_log_odds"}
REPORT = {"render_report"}
BY_SETS = {"compare_models cell", "compare_models group"}
COMPARED = {"compare_models contact"} | BY_SETS
DECIDED = {"decide", "weigh_arms", "show_comparison", "show_decision"} | REPORT
ANSWERS = COMPARED | DECIDED | {"record_provenance"}
OF_THE_CELLS = {"explore_cells", "show_data"} | BRIDGE | of(MODELS, "build_design")
FROM_THE_CELLS = OF_THE_CELLS | of_the_fit(MODELS)
ASSESSED = of(MODELS, "assess_model show_model") | BRIDGE | DECIDED | {"record_provenance"}
"""After every model is assessed anew; nothing is sampled for that."""
PROGRAM = {"compile_program multilevel"}

SETTINGS = {
    "nothing": ({}, set()),
    "the interval level": (
        {"defaults.interval": 0.9},
        {"explore_cells", "show_data"} | ASSESSED,
    ),
    "a prior of one model": (
        {f"{ANALYSIS}.models.interaction.priors": {"slope": "normal(0, 2)"}},
        {"build_design interaction"} | of_the_fit(["interaction"]),
    ),
    "a prior of the model that the log-odds are explained with": (
        {f"{ANALYSIS}.models.baseline.priors": {"slope": "normal(0, 2)"}},
        {"build_design baseline"} | BRIDGE | of_the_fit(["baseline"]),
    ),
    "how one model is sampled": (
        {f"{ANALYSIS}.models.multilevel.sampling.adapt_delta": 0.99},
        of_the_fit(["multilevel"]),
    ),
    "the seed": ({"defaults.seed": 43}, BRIDGE | of_the_fit(MODELS)),
    "a threshold of the verdict": (
        {"defaults.verdict.ess": 300},
        BRIDGE | of_the_fit(MODELS),  # chains are drawn on until they reach it
    ),
    "the margins that are checked": (
        {f"{ANALYSIS}.checks.margins": [["promo", "channel"]]},
        ASSESSED,
    ),
    "how often the oracle may raise a false alarm": (
        {"defaults.oracle.alarm": 0.01},
        ASSESSED,
    ),
    "what importance sampling is trusted with": (
        {"defaults.comparison.pareto_k": 0.6},
        of(MODELS, "score_units refit_units") | COMPARED | {"record_provenance"} | DECIDED,
    ),
    "how refits are sampled": (
        {"defaults.comparison.refits.draws": 400},
        of(MODELS, "refit_units") | COMPARED | DECIDED | {"record_provenance"},
    ),
    "into how many jobs refits are dealt": (
        {"defaults.comparison.refits.jobs": 3},
        of(MODELS, "refit_units") | COMPARED | DECIDED,
    ),
    "what models are ranked by": (
        {"defaults.comparison.unit": "group"},
        {"record_provenance"} | DECIDED,
    ),
    "how sure the decision must be": (
        {"defaults.decision.probability": 0.9},
        {"decide", "weigh_arms", "show_decision", "record_provenance"} | REPORT,
    ),
    "the planned split": (
        {f"{ANALYSIS}.decision.split": {"NoBundle": 1, "Bundle": 1}},
        {"decide", "weigh_arms", "show_decision", "record_provenance"} | REPORT,
    ),
    "the currency": (
        {f"{ANALYSIS}.decision.currency": "kr "},
        {"weigh_arms", "show_decision", "record_provenance"} | REPORT,
    ),
    "the title": ({f"{ANALYSIS}.title": "Another"}, {"record_provenance"} | REPORT),
}
FILES = {
    "the contacts": ("data/season_pass.csv", {"read_cells", "record_provenance"} | FROM_THE_CELLS),
    "the Stan program": (
        "stan/multilevel.stan",
        PROGRAM | BRIDGE | of_the_fit(MODELS),
    ),
    "how the sampler is repaired": (
        "workflow/partialpool/sampling/repairs.py",
        BRIDGE | of_the_fit(MODELS),
    ),
    "the density that the oracle states": (
        "workflow/partialpool/checks/oracle/density.py",
        ASSESSED,
    ),
    "leaving out by importance sampling": (
        "workflow/partialpool/comparison/loo.py",
        of(MODELS, "score_units refit_units") | COMPARED | DECIDED,
    ),
    "leaving out by refitting": (
        "workflow/partialpool/comparison/refits.py",
        of(MODELS, "refit_units") | COMPARED | DECIDED,
    ),
    "how far scores are trusted": (
        "workflow/partialpool/comparison/reliability.py",
        of(MODELS, "score_units refit_units") | COMPARED | DECIDED,
    ),
    "the comparison": ("workflow/partialpool/comparison/ranking.py", COMPARED | DECIDED),
    "the figures of one notebook": (
        "workflow/partialpool/report/decision/figures.py",
        {"show_decision"} | REPORT,
    ),
    "a paragraph of one notebook": (
        "workflow/partialpool/report/data/levels_offer.md",
        {"show_data"} | REPORT,
    ),
    "the figures' common style": (
        "workflow/partialpool/report/drawing/style.py",
        of(MODELS, "show_model")
        | {"show_data", "show_log_odds", "show_comparison", "show_decision"}
        | REPORT,
    ),
    "a notebook": ("notebooks/comparison.ipynb", {"show_comparison"} | REPORT),
    "the notebook of every model": ("notebooks/model.ipynb", of(MODELS, "show_model") | REPORT),
    "the script of a rule": (
        "workflow/scripts/assess_model.py",
        ASSESSED,
    ),
    "what only a calibration does": ("workflow/partialpool/calibration/ranks.py", set()),
    "the page's frame": ("workflow/templates/report.html.j2", REPORT),
    "the environment": ("environment.yml", set()),
}


def append(more):
    """An edit that adds a line."""
    return lambda text: f"{text}{more}\n"


def one_more_contact(text):
    """The last row once more."""
    return append(text.splitlines()[-1])(text)


def reverse_rows(text):
    """The rows of a table from the last to the first."""
    header, *rows = text.splitlines()
    return "\n".join([header, *reversed(rows), ""])


def add_column(text):
    """A table with one more column, which nobody asks for."""
    header, *rows = text.splitlines()
    return "\n".join([f"{header},note", *(f"{row},{at}" for at, row in enumerate(rows)), ""])


EDITS = {
    "csv": one_more_contact,
    "py": append("CHANGED = 1"),
    "stan": append("generated quantities { real changed = 1; }"),
    "ipynb": lambda text: text.replace('"## ', '"## Changed: ', 1),
}
"""Edits that mean something, by the ending of the file."""
LEDGER = {"read_cells", "show_data", "record_provenance"} | REPORT
"""What tells of the source itself."""
UNMEANT = {
    "the order of the rows": (str(CONTACTS), reverse_rows, LEDGER),
    "a column that is not used": (str(CONTACTS), add_column, LEDGER),
    "a comment in a module of sampling": (
        "workflow/partialpool/sampling/repairs.py",
        append("# a comment"),
        set(),
    ),
    "a comment in the module of tables": (
        "workflow/partialpool/frames.py",
        lambda text: text.replace("\n\n\n", "\n\n\n# a comment\n", 1),
        set(),
    ),
    "a docstring": (
        "workflow/partialpool/sampling/repairs.py",
        lambda text: text.replace('"""Sampling again', '"""To sample again', 1),
        set(),
    ),
    "the docstring of a constant": (
        "workflow/partialpool/sampling/repairs.py",
        lambda text: text.replace('"""Tries with', '"""Attempts with', 1),
        set(),
    ),
    "how a module is laid out": (
        "workflow/partialpool/sampling/repairs.py",
        lambda text: text.replace("SMALLER_STEPS = 0.1", "SMALLER_STEPS = (\n    0.1\n)"),
        set(),
    ),
    "a comment in a script": (
        "workflow/scripts/sample_model.py",
        append("# a comment"),
        set(),
    ),
    "a comment in the Stan program": (
        "stan/multilevel.stan",
        append("// a comment"),
        set(),
    ),
}


def test_the_tree_under_test_imports_its_own_library(finished):
    code = "from partialpool import provenance; print(provenance.ROOT)"
    environment = finished.surroundings()
    said = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    assert said.strip() == str(finished.house / "workflow" / "partialpool")


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_edit_of_the_configuration_makes_stale(finished, setting):
    changes, expected = SETTINGS[setting]
    run = replace(finished, config=edited(finished.config, changes))
    assert run.stale() == expected


@pytest.mark.parametrize("file", FILES)
def test_an_edit_of_a_file_makes_stale(finished, file):
    path, expected = FILES[file]
    with changed(finished.house / path, EDITS.get(path.rpartition(".")[2], append("x"))):
        assert finished.stale() == expected


@pytest.mark.parametrize("file", UNMEANT)
def test_an_edit_that_means_nothing_makes_stale(finished, file):
    path, edit, expected = UNMEANT[file]
    with changed(finished.house / path, edit):
        assert finished.stale() == expected


def test_a_file_that_is_newer_but_the_same_makes_nothing_stale(finished):
    with changed(finished.house / CONTACTS, str):
        assert finished.stale() == set()
