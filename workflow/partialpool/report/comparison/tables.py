"""Tables that set the models side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.comparison.alternatives import (
    compared_cells,
    compared_places,
    more_compared,
)
from partialpool.report.counts import rate_format
from partialpool.report.formats import Format, decimals, integer, points, spread_points
from partialpool.report.labels import Labels
from partialpool.report.model.text import CHECKS
from partialpool.report.selection import left_out
from partialpool.report.table import Table
from partialpool.report.text import MOST_NAMED, listed


def tabulate_models(
    facts: Mapping[str, Any], verdicts: Mapping[str, Mapping[str, Any]], labels: Labels
) -> Table:
    """Formula, assumption and verdict of each model.

    Args:
        facts: `formulas` and `about`, by model.
        verdicts: `diagnostics.judge`, by model.
        labels: the words of the analysis.
    """
    rows = [
        {
            "model": model,
            "formula": facts["formulas"][model],
            **{key: names.get(model, usual) for key, (names, usual) in _unusual(labels).items()},
            "it assumes": facts["about"][model].strip(),
            "verdict": _verdict(verdicts[model]),
        }
        for model in labels.models
    ]
    frame = pd.DataFrame(rows).set_index("model")
    return Table(
        frame if frame["it assumes"].any() else frame.drop(columns="it assumes"),
        "The models: formulas as lme4 and brms write them, and whether the fit passed its verdict.",
        colours=model_colours(labels),
        caveats=labels.caveats,
    )


def tabulate_effects(effects: Mapping[str, pd.DataFrame], labels: Labels) -> Table | None:
    """Log-odds under the reference, and log odds ratios, by level and model."""
    if labels.ranked:
        return None
    wanted = [(labels.reference, "log_odds", f"log-odds, {labels.reference}")]
    wanted += [
        (t, "log_odds_ratio", f"log odds ratio, {t}") for t in labels.treatments[:MOST_NAMED]
    ]
    return Table(
        _by_level(effects, labels, wanted),
        f"Log-odds under {labels.reference} and log odds ratios, {_by(labels)}, with "
        f"{labels.percent_interval} intervals.",
        note=more_compared(labels).strip(),
        first=[title for _, quantity, title in wanted if quantity == "log_odds_ratio"],
        colours=model_colours(labels) | labels.place_colours,
        caveats=labels.caveats,
    )


def tabulate_odds(effects: Mapping[str, pd.DataFrame], labels: Labels) -> Table | None:
    """Odds ratios next to lifts in points, by level and model."""
    if labels.ranked:
        return None
    wanted = []
    for treatment in labels.treatments[:MOST_NAMED]:
        wanted.append((treatment, "odds_ratio", f"odds ratio, {treatment}"))
        wanted.append((treatment, "lift", f"lift in points, {treatment}"))
    frame = _by_level(effects, labels, wanted)
    lifts = [key for key in frame.columns if key[0].startswith("lift in points, ")]
    formats: dict[Any, Format] = {
        key: spread_points() if key[1] == "sd" else points(1) for key in lifts
    }
    return Table(
        frame,
        f"Odds ratios and lifts over {labels.reference}, both computed draw by draw, with "
        f"{labels.percent_interval} intervals.",
        note=more_compared(labels).strip(),
        formats=formats,
        first={key[0] for key in lifts},
        colours=model_colours(labels) | labels.place_colours,
        caveats=labels.caveats,
    )


def tabulate_predictions(
    predictions: Mapping[str, pd.DataFrame], labels: Labels, contacts: int
) -> Table:
    """The rate of each cell, and apart from it the successes among future contacts."""
    cells, shown = next(iter(predictions.values()))["cell"].nunique(), compared_cells(predictions)
    titles = {"rate": "Rate", "future_successes": f"Successes of {contacts} {labels.contacts}"}
    columns = {"mean": "mean", "sd": "sd", "lower": "from", "upper": "to"}
    indexed = {m: t.set_index(["cell", "quantity"]) for m, t in predictions.items()}
    rows = {
        (cell, model): {
            (title, name): table.loc[(cell, quantity), column]
            for quantity, title in titles.items()
            for column, name in columns.items()
        }
        for cell in shown
        for model, table in indexed.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(rows, names=["cell", "model"])
    rates = rate_format(frame["Rate", "to"])
    formats: dict[Any, Format] = {
        key: rates if key[0] == "Rate" else integer for key in frame.columns
    }
    formats |= dict.fromkeys([(titles["future_successes"], c) for c in ("mean", "sd")], decimals(1))
    formats["Rate", "sd"] = spread_points()
    return Table(
        frame,
        f"Two uncertainties: of each cell’s rate, and of what future {labels.contacts} there "
        "will do.",
        note=f"The sd of a rate is in points. {_interval(labels)}"
        + left_out(cells, "cells that are more alike", "predictions.csv of each model"),
        formats=formats,
        first=("Rate",),
        colours=model_colours(labels),
        caveats=labels.caveats,
    )


def model_colours(labels: Labels) -> dict[str, str]:
    """The colour of every model, for row headers."""
    return {model: labels.palette.model(model) for model in labels.models}


def _by_level(
    effects: Mapping[str, pd.DataFrame], labels: Labels, wanted: Sequence[tuple[str, str, str]]
) -> pd.DataFrame:
    """A row for each level and model; mean, sd and interval of each wanted quantity."""
    columns = {"mean": "mean", "sd": "sd", "lower": "from", "upper": "to"}
    indexed = {m: t.set_index(["within", "treatment", "quantity"]) for m, t in effects.items()}
    overall = "overall" if labels.places else f"all {labels.contacts}"
    rows = {
        (level or overall, model): {
            (title, shown): table.loc[(level, treatment, quantity), column]
            for treatment, quantity, title in wanted
            for column, shown in columns.items()
        }
        for level in [*compared_places(effects, labels), ALL]
        for model, table in indexed.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(rows, names=[labels.within or "", "model"])
    return frame


def _unusual(labels: Labels) -> dict[str, tuple[Mapping[str, str], str]]:
    """Links and families of the models, where any is not the usual one."""
    kinds = {"link": (labels.links, "logit"), "family": (labels.families, "binomial")}
    return {
        key: (names, usual)
        for key, (names, usual) in kinds.items()
        if any(name != usual for name in names.values())
    }


def _interval(labels: Labels) -> str:
    return f"From and to: ends of the {labels.percent_interval} interval."


def _by(labels: Labels) -> str:
    return f"by {labels.within} and model" if labels.places else "by model"


def _verdict(verdict: Mapping[str, Any]) -> str:
    failed = [CHECKS[check["check"]] for check in verdict["checks"] if not check["passed"]]
    return f"failed: {listed(failed)}" if failed else "passed"
