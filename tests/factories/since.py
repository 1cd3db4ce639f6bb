"""What changed since a kept run, with chosen numbers."""

import pandas as pd

from partialpool.runs.comparison import TABLES

FACTS = {
    "since": "2026-10",
    "relation": "grown",
    "changed": ["data"],
    "refits": [],
    "reason": "",
    "needed": 0.95,
    "models": ["multilevel", "multilevel"],
    "contacts": [3156, 5656],
    "successes": [1589, 2815],
    "cells": [6, 6],
    "periods": [None, None],
    "calls": [],
    "verdicts": [],
    "versions": [],
    "settings": [],
    "same": False,
}
LIFTS = {"Mail": (-0.21, -0.22), "Email": (0.247, 0.213), "": (-0.08, -0.085)}
"""Lifts then and now."""


def facts(**more):
    return FACTS | more


def row_of(place, values, half=0.03):
    then, now = values
    ends = {
        f"{end}_{at}": mean + shift
        for at, mean in (("then", then), ("now", now))
        for end, shift in (("mean", 0), ("lower", -half), ("upper", half))
    }
    key = {"within": place, "treatment": "Bundle", "quantity": "lift"}
    return {**key, **ends, "difference": now - then, "mcse": 0.0005}


def step_of(place, step, difference, verdict, p=None, chance=0.02):
    key = {"within": place, "treatment": "Bundle", "quantity": "lift"}
    given = {"step": step, "difference": difference, "mcse": 0.0005, "by_mix": 0.0}
    if p is None:
        chance = None
    return {**key, **given, "chance": chance, "p": p, "verdict": verdict}


FELL = [
    step_of("Mail", "data", -0.01, "chance", 0.69),
    step_of("Email", "data", -0.034, "beyond", 0.96),
    step_of("", "data", -0.005, "chance", 0.6),
]


def tables(steps=FELL, lifts=LIFTS, trend=None):
    """Tables of what changed."""
    counts = [("Mail", "Bundle", 691, 1229, 242, 424), ("Email", "Bundle", 121, 218, 38, 43)]
    given = {
        "moves": pd.DataFrame([row_of(place, values) for place, values in lifts.items()]),
        "steps": pd.DataFrame(list(steps), columns=list(TABLES["steps"])),
        "counts": pd.DataFrame(counts, columns=list(TABLES["counts"])),
        "trend": follow(["2026-10", "now"]) if trend is None else trend,
    }
    return {name: table.reindex(columns=list(TABLES[name])) for name, table in given.items()}


def follow(runs, places=("Mail", "Email", "")):
    """Lifts of some places over runs."""
    rows = [
        {"label": label, "model": "m", "within": place, "treatment": "Bundle", "quantity": "lift"}
        | {"mean": 0.01 * i - 0.1 * j, "lower": -0.3, "upper": 0.3, "contacts": 100}
        for i, label in enumerate(runs)
        for j, place in enumerate(places)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["trend"]))
