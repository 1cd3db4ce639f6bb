"""Every script loads what it needs and no more: each import costs a job its time."""

import ast
import subprocess
import sys

import pytest

from .test_architecture import SCRIPTS, WORKFLOW

HEAVY = {"arviz_base", "arviz_stats", "duckdb", "formulaic", "jinja2", "matplotlib", "nbformat"}
HEAVY |= {"papermill", "scipy.optimize", "scipy.stats", "sqlalchemy", "xarray"}
"""Packages that take long to import, or that few scripts have a use for."""
DRAWS = {"xarray"}
FITTING = DRAWS | {"scipy.optimize"}
CHECKING = FITTING | {"arviz_base", "arviz_stats", "matplotlib", "scipy.stats"}
"""ArviZ loads Matplotlib itself."""
PAGE = {"jinja2", "nbformat"}
MAY_LOAD = {
    "assess_model": CHECKING,
    "bridge_log_odds": set(),
    "bundle_run": set(),
    "build_design": FITTING,
    "compare_models": set(),
    "compare_runs": FITTING,
    "compile_program": set(),
    "decide": DRAWS,
    "explore_cells": {"scipy.optimize", "scipy.stats"},
    "keep_run": DRAWS,
    "predict_rates": DRAWS | {"duckdb", "sqlalchemy"},
    "rank_truths": FITTING,
    "read_cells": {"duckdb", "sqlalchemy"},
    "recover_lifts": FITTING,
    "record_provenance": set(),
    "refit_units": FITTING,
    "render_calibration": PAGE | FITTING,
    "render_changes": PAGE | DRAWS,
    "render_index": PAGE | DRAWS,
    "render_plan": PAGE | {"matplotlib"},
    "render_report": PAGE | DRAWS,
    "run_notebook": {"nbformat", "papermill"},
    "sample_model": FITTING,
    "score_units": FITTING,
    "simulate_plan": {"scipy.optimize", "scipy.stats"},
    "summarise_ranks": FITTING,
    "summarise_recovery": FITTING,
    "weigh_arms": {"xarray"},
}


def loaded(script):
    """What of `HEAVY` the imports of a script load in a new interpreter."""
    nodes = ast.parse(script.read_text(encoding="utf-8")).body
    imports = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    code = "\n".join([*imports, "import sys", "print(*sys.modules)"])
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=WORKFLOW)
    return HEAVY & set(said.stdout.split())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_loads_only_what_it_has_a_use_for(script):
    assert loaded(script) <= MAY_LOAD[script.stem]
