"""Sentences on how far a posterior leans on its priors."""

from __future__ import annotations

import pandas as pd

from partialpool.checks.sensitivity import NOTABLE
from partialpool.report.formats import decimals
from partialpool.report.labels import Labels
from partialpool.report.text import capital, code, listed, some
from partialpool.report.treatment import lift_of

_MEANS = {
    "conflict": "Prior and data pull apart for {what}: scaling either moves {them}, as it does "
    "where the data lie far out in what the prior held plausible. Another prior would give another "
    "estimate.",
    "weak": "The data say little of {what}: scaling the prior moves {them}, scaling the likelihood "
    "hardly does. What is reported there is to a good part the prior.",
}


def state_sensitivity(table: pd.DataFrame, labels: Labels) -> str:
    """Which parameters and lifts depend on the priors, and how.

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
    parameters, lifts = (table[table["kind"] == kind] for kind in ("parameter", "lift"))
    most = f"{_most(table)}, where {NOTABLE:g} counts"
    if not (table["diagnosis"] != "").any():
        return (
            f"Neither parameters nor lifts lean on the priors: scaling those hardly moves any "
            f"({most})."
        )
    lines = []
    for diagnosis, means in _MEANS.items():
        names = parameters[parameters["diagnosis"] == diagnosis]["parameter"]
        if len(names):
            them = "it" if len(names) == 1 else "them"
            lines.append(means.format(what=some([code(name) for name in names]), them=them))
    lines.append(_lifts(lifts, labels))
    return " ".join(lines)


def _lifts(lifts: pd.DataFrame, labels: Labels) -> str:
    """What of the treatment's effect depends on the priors."""
    decisive = lifts[lifts["within"] != ""] if labels.within is not None else lifts
    leaning = decisive[decisive["diagnosis"] != ""]
    if leaning.empty:
        return (
            f"The {labels.vocabulary.lift}s themselves, which the answer "
            f"rests on, do not lean on the priors ({_most(decisive)})."
        )
    found = []
    for treatment, rows in leaning.groupby("treatment", sort=False):
        levels = [level for level in rows["within"] if level]
        where = f" {labels.list_places(levels)}" if levels else ""
        found.append(f"{lift_of(labels, str(treatment))}{where}")
    return (
        f"**{capital(listed(found))} {'depend' if len(found) > 1 else 'depends'} on the priors.**"
    )


def _most(table: pd.DataFrame) -> str:
    most = table["to_prior"].max()
    return f"sensitivity at most {decimals(2)(most)}" if most >= 0.005 else "sensitivity below 0.01"
