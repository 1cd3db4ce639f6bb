"""Tables of one model's estimates: its parameters, and its varying effects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from partialpool.model.parameters import of_kind
from partialpool.posterior.names import fixed_parameters, other_parameters
from partialpool.report.formats import Format, chance, decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out, select_largest, shown_effects
from partialpool.report.table import Table, Told


def tabulate_parameters(
    parameters: pd.DataFrame,
    diagnostics: pd.DataFrame,
    names: pd.DataFrame,
    labels: Labels,
    model: str,
) -> Table:
    """Estimates and how exactly the chains give them.

    Args:
        parameters: `draws.summarise_parameters`.
        diagnostics: `diagnostics.diagnose_parameters`, the same parameters.
        names: of the model's parameters (`parameters.name_parameters`).
        labels: the words of the analysis.
        model: its name.
    """
    others = other_parameters(names, list(parameters["parameter"]))
    both = _join(parameters, diagnostics)
    both = both[~both["parameter"].isin(others)]
    shown = both[both["parameter"].isin(_shown_parameters(both, names))]
    frame, formats = _estimates(shown, labels, of_kind(names, "phi"))
    return Table(
        frame,
        f"Estimates of the {model} model on the {labels.scale(model)} scale, and what the sampler "
        "says of them.",
        note=left_out(len(both), _others(both, names), "parameters.csv").strip(),
        formats=formats,
        first=("Posterior",),
        anchor="parameter",
    )


def tabulate_others(
    parameters: pd.DataFrame,
    diagnostics: pd.DataFrame,
    names: pd.DataFrame,
    labels: Labels,
    model: str,
) -> Table | None:
    """Estimates of what only a program of the user's own has; None without any."""
    others = other_parameters(names, list(parameters["parameter"]))
    if not others:
        return None
    both = _join(parameters, diagnostics)
    frame, formats = _estimates(both[both["parameter"].isin(others[:SHOWN])], labels, others)
    return Table(
        frame,
        f"Parameters that only the {model} model’s own program has, by their Stan names.",
        note=left_out(len(others), "parameters", "parameters.csv").strip(),
        formats=formats,
        first=("Posterior",),
        anchor="parameter",
    )


def _join(parameters: pd.DataFrame, diagnostics: pd.DataFrame) -> pd.DataFrame:
    return parameters.merge(diagnostics.drop(columns=["mean", "sd"]), on="parameter")


def _shown_parameters(both: pd.DataFrame, names: pd.DataFrame) -> list[str]:
    """The parameters in the table: all but effects, then the effects with the worst R-hat."""
    fixed = fixed_parameters(names, list(both["parameter"]))[:SHOWN]
    effects = both[both["parameter"].isin(of_kind(names, "effect"))].set_index("parameter")
    worst = effects["rhat"].fillna(np.inf)
    return [*fixed, *select_largest(worst, SHOWN - len(fixed))]


def _others(both: pd.DataFrame, names: pd.DataFrame) -> str:
    """What parameters that are not in the table are called."""
    fixed = len(fixed_parameters(names, list(both["parameter"])))
    return "parameters, effects with a lower R-hat" if fixed <= SHOWN else "parameters"


def _estimates(
    both: pd.DataFrame, labels: Labels, apart: Collection[str] = ()
) -> tuple[pd.DataFrame, dict[Any, Format]]:
    """Estimates and diagnostics as a table's frame, and how its columns are written.

    Args:
        both: the rows.
        labels: the words of the analysis.
        apart: parameters on scales of their own, each of which has its own decimals.
    """
    shared = supported_decimals(both[~both["parameter"].isin(apart)]["mcse_mean"])
    places = [
        supported_decimals(pd.Series([error])) if name in apart else shared
        for name, error in zip(both["parameter"], both["mcse_mean"], strict=True)
    ]
    interval = f"{labels.percent_interval} interval"
    columns = {
        ("Posterior", "mean"): ("mean", 0),
        ("Posterior", "sd"): ("sd", 0),
        (interval, "from"): ("lower", 0),
        (interval, "to"): ("upper", 0),
        ("Sampler", "R-hat"): ("rhat", None),
        ("Sampler", "bulk ESS"): ("ess_bulk", None),
        ("Sampler", "tail ESS"): ("ess_tail", None),
        ("Sampler", "MCSE"): ("mcse_mean", 2),
    }
    frame = pd.DataFrame(
        {name: _written(both[source], places, more) for name, (source, more) in columns.items()}
    )
    frame.index = pd.Index(both["parameter"], name="parameter")
    formats: dict[Any, Format] = dict.fromkeys(columns, str)
    formats |= {("Sampler", "R-hat"): decimals(4)}
    formats |= {("Sampler", f"{kind} ESS"): integer for kind in ("bulk", "tail")}
    return frame, formats


def _written(values: pd.Series[float], places: Sequence[int], more: int | None) -> list[Any]:
    """Numbers in so many decimals each, and some more; None leaves numbers to the table."""
    if more is None:
        return list(values)
    return [Told(decimals(p + more)(v), v) for p, v in zip(places, values, strict=True)]


def supported_decimals(errors: pd.Series[float]) -> int:
    """Decimals (at most 3) whose unit is no smaller than the largest Monte Carlo standard error."""
    largest = float(errors.max())
    if not np.isfinite(largest) or largest <= 0:
        return 2
    return int(np.clip(np.floor(-np.log10(largest)), 0, 3))


def tabulate_effects(
    parameters: pd.DataFrame, effects: pd.DataFrame, names: pd.DataFrame, labels: Labels, model: str
) -> Table | None:
    """The varying effects by coefficient and level, those that are drawn; None without any.

    Args:
        parameters: `draws.summarise_parameters`.
        effects: `names.list_effects`.
        names: of the model's parameters (`parameters.name_parameters`).
        labels: the words of the analysis.
        model: its name.
    """
    if effects.empty:
        return None
    shown = shown_effects(names, parameters.set_index("parameter")["mean"])
    rows = effects[effects["parameter"].isin(shown)].merge(parameters, on="parameter")
    low = f"{labels.percent_interval} from"
    columns = {"mean": "mean", "sd": "sd", low: "lower", "to": "upper", "above 0": "above_0"}
    frame = pd.DataFrame({name: rows[column] for name, column in columns.items()})
    titles = rows["coefficient"] + " by " + rows["grouping"]
    frame.index = pd.MultiIndex.from_arrays([titles, rows["level"]], names=["effect", "level"])
    known = [name for name in labels.factors if name in set(rows["grouping"])]
    colours = {k: v for name in known for k, v in labels.palette.levels(name).items()}
    return Table(
        frame,
        f"Varying effects of the {model} model on the {labels.scale(model)} scale, level by level.",
        note="Above 0: the probability of it."
        + left_out(len(effects), "effects nearer to 0", "parameters.csv", len(rows)),
        formats={"above 0": chance},
        colours=colours,
        first=("mean", "above 0"),
        anchor="effect",
    )
