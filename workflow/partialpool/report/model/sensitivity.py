"""Sentences on how far a posterior leans on its priors."""

from __future__ import annotations

import pandas as pd

from partialpool.checks.sensitivity import NOTABLE
from partialpool.frames import list_rows
from partialpool.report.formats import decimals
from partialpool.report.labels import Labels
from partialpool.report.lifts import name_leaning
from partialpool.report.text import capital, code, some

_MEANS = {
    "conflict": "Prior and data pull apart for {what}: scaling either moves {them}, as it does "
    "where the data lie far out in what the prior held plausible. Another prior would give another "
    "estimate.",
    "weak": "The data say little of {what}: scaling the prior moves {them}, scaling the likelihood "
    "hardly does. What is reported there is to a good part the prior.",
}


def state_sensitivity(table: pd.DataFrame, labels: Labels) -> str:
    """Which parameters, lifts, rates and ratios depend on the priors, and how.

    Args:
        table: `sensitivity.measure_sensitivity`.
        labels: the words of the analysis.
    """
    if table.empty:
        return (
            "How far the posterior leans on its priors was not measured: the model’s own Stan "
            "program does not tell their density, which it may as a generated quantity "
            f"{code('log_prior')}."
        )
    parameters, compared = (
        table[(table["kind"] == "parameter") == is_one] for is_one in (True, False)
    )
    most = f"{_most(table)}, where {NOTABLE:g} counts"
    if not (table["diagnosis"] != "").any():
        return (
            "Neither parameters nor the rates that are compared, nor what lies between them, lean "
            f"on the priors: scaling those hardly moves any ({most})."
        )
    lines = []
    for diagnosis, means in _MEANS.items():
        names = parameters[parameters["diagnosis"] == diagnosis]["parameter"]
        if len(names):
            them = "it" if len(names) == 1 else "them"
            lines.append(means.format(what=some([code(name) for name in names]), them=them))
    lines.append(_compared(compared, labels))
    return " ".join(lines)


def _compared(compared: pd.DataFrame, labels: Labels) -> str:
    """What of the rates, and of what lies between them, leans on the priors."""
    decisive = compared[compared["within"] != ""] if labels.within is not None else compared
    leaning = decisive[decisive["diagnosis"] != ""]
    if leaning.empty:
        return (
            f"The rates themselves, their {labels.vocabulary.lift}s and their ratios, which the "
            f"answer rests on, do not lean on the priors ({_most(decisive)})."
        )
    found = name_leaning(list_rows(leaning), labels)
    return f"**{capital(some(found))} {'depend' if len(found) > 1 else 'depends'} on the priors.**"


def _most(table: pd.DataFrame) -> str:
    most = table["to_prior"].max()
    return f"sensitivity at most {decimals(2)(most)}" if most >= 0.005 else "sensitivity below 0.01"
