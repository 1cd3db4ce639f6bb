"""Months of a growing data set whose true rates are known, each fitted shortly."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from partialpool.cells.levels import with_levels
from partialpool.runs.ladder import Standing
from partialpool.runs.refitting import refit_standing
from partialpool.runs.run import Run
from partialpool.sampling.engines import derive_seed

from .configurations import sales, settings_of

FORMULAS = {"crossed": "promo * channel", "plain": "promo + channel"}
SHORT = {"chains": 2, "warmup": 300, "draws": 300, "engine": "stanli"}
LEVELS = {"promo": ["none", "some"], "channel": ["mail", "shop"]}
STEADY = {"mail": (0.30, 0.45), "shop": (0.20, 0.20)}
"""True rates without and with the promo, by channel."""
FALLEN = STEADY | {"mail": (0.30, 0.30)}
"""The same once the promo does nothing by mail any more."""
VERSIONS = {"engine": "stanli 1", "numpy": "2"}


def analysis_of(**more):
    given = {"within": "channel", "sampling": SHORT, "priors": {"slope": "normal(0, 1)"}} | more
    return settings_of(sales(FORMULAS, **given))


def month(truth, seed, contacts=1500, before=None):
    """Cells of so many further contacts in each cell, beside those of before."""
    generator = np.random.default_rng(seed)
    rows = [(p, c) for p in LEVELS["promo"] for c in LEVELS["channel"]]
    rates = [truth[channel][LEVELS["promo"].index(promo)] for promo, channel in rows]
    new = pd.DataFrame(rows, columns=list(LEVELS))
    new = new.assign(successes=generator.binomial(contacts, rates), trials=contacts)
    counts = ["successes", "trials"]
    if before is not None:
        new[counts] += before[counts].to_numpy()
    return with_levels(new, LEVELS)


def decision_of(quantities, model):
    """Calls by the sign of the lift, where its interval leaves 0 out."""
    lifts = quantities[model]
    lifts = lifts[lifts["quantity"] == "lift"]

    def call(row):
        return "gain" if row["lower"] > 0 else "loss" if row["upper"] < 0 else "open"

    called = {row["within"]: {"call": call(row), "within": row["within"]} for row in _rows(lifts)}
    overall = called.pop("", None)
    facts = {"treatment": "some", "levels": list(called.values()), "overall": overall}
    return {"choice": {"model": model}, "treatments": [facts] if overall else []}


class Runs:
    """Runs of months, fitted with the embedded engine."""

    def __init__(self, program):
        self.refit = partial(
            refit_standing, engine="stanli", program=program, threads=2, seed=self._seed
        )
        self.refitted = []

    def run(self, label, cells, analysis=None, model="crossed", seed=7, **versions):
        """A finished run."""
        analysis = analysis or analysis_of()
        self._stream = seed
        bare = Run(label, analysis, cells, {}, {}, {}, {}, {}, {}, {})
        of = analysis.models
        quantities = {name: self.refit(Standing({}, bare, of[name], of[name])) for name in of}
        ledger = {"contacts": int(cells["trials"].sum()), "cells": len(cells)}
        ledger |= {"successes": int(cells["successes"].sum())}
        return replace(
            bare,
            ledger=ledger,
            decision=decision_of(quantities, model),
            weighed={"advice": []},
            verdicts={name: {"passed": True} for name in of},
            versions=dict.fromkeys(of, VERSIONS | versions),
            quantities=quantities,
        )

    def counting(self, at):
        """A refit that is counted."""
        self.refitted.append(at)
        return self.refit(at)

    def _seed(self, *names):
        return derive_seed(self._stream, *names)


def _rows(table):
    return table.to_dict("records")
