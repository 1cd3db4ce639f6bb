"""One line for each check of a model, for those who need not open it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.checks.separation import CELL
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.model.margins import name_margin
from partialpool.report.text import listed, some
from partialpool.sampling.repairs import Attempt


def sum_up_model(
    verdict: Mapping[str, Any], tests: pd.DataFrame, sensitivity: pd.DataFrame, labels: Labels
) -> str:
    """Whether a fit passed, what the model misses, and whether it leans on its priors."""
    lines = [
        sum_up_verdict(verdict),
        sum_up_margins(tests),
        sum_up_sensitivity(sensitivity, labels),
    ]
    return f"{'; '.join(lines)}."


def sum_up_verdict(verdict: Mapping[str, Any]) -> str:
    """How many checks of the fit passed."""
    checks = verdict["checks"]
    passed = sum(check["passed"] for check in checks)
    said = f"{passed} of {len(checks)} checks passed"
    return f"converged: {said}" if passed == len(checks) else f"**failed: {said}**"


def sum_up_cells(predictive: pd.DataFrame, labels: Labels) -> str:
    """How many observed counts lie inside what the model expects."""
    rows = predictive[predictive["kind"] == "posterior"]
    held, count = integer(rows["covered"].sum()), integer(len(rows))
    return f"{held} of {count} inside their {labels.percent_interval} intervals"


def sum_up_margins(tests: pd.DataFrame) -> str:
    """Which margins the model misses."""
    rows = tests[tests["kind"] == "posterior"]
    missed = [name_margin(margin) for margin in rows[rows["missed"].astype(bool)]["margin"]]
    return f"**misses the counts {some(missed, 3, 'and')}**" if missed else "fits cells and margins"


def sum_up_sensitivity(sensitivity: pd.DataFrame, labels: Labels) -> str:
    """Whether anything that the answer rests on leans on the priors."""
    if sensitivity.empty:
        return "leaning on priors not measured"
    leaning = sensitivity[sensitivity["diagnosis"] != ""]
    decisive = leaning[leaning["kind"] != "parameter"]
    if labels.within is not None:
        decisive = decisive[decisive["within"] != ""]
    if len(decisive):
        return "**what it compares depends on its priors**"
    if len(leaning):
        return "parameters lean on their priors, what it compares does not"
    return "does not lean on its priors"


def sum_up_sampling(verdict: Mapping[str, Any], attempts: Sequence[Attempt]) -> str:
    """The verdict, and how often the model was sampled."""
    tries = len(attempts)
    return f"{sum_up_verdict(verdict)}; {'one try' if tries == 1 else f'{integer(tries)} tries'}"


def sum_up_oracle(facts: Mapping[str, Any]) -> str:
    """Whether a second computation agrees."""
    if not facts["checked"]:
        return "there is none"
    return "agrees" if facts["agreed"] else "**disagrees**"


def sum_up_separation(separation: pd.DataFrame) -> str:
    """How many cells and levels there are where none or all succeeded."""
    cells = int((separation["kind"] == CELL).sum())
    counts = {"cell": cells, "level": len(separation) - cells}
    said = [f"{integer(n)} {kind}{'s' * (n != 1)}" for kind, n in counts.items() if n]
    return listed(said)
