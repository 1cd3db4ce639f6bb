"""Pictures of the chains: what each drew, whether their ranks are even, their energies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.report.colours import INK, NEUTRAL
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import DASHED, cut
from partialpool.report.labels import Labels
from partialpool.report.model.alternatives import describe_chains, describe_energy
from partialpool.report.selection import CHAINS, left_out, worst_mixed

ROW = 0.92


def draw_chains(
    traces: pd.DataFrame,
    ranks: pd.DataFrame,
    diagnostics: pd.DataFrame,
    labels: Labels,
    model: str,
) -> Figure:
    """Traces beside rank histograms, of the parameters with the fewest effective draws.

    Chains that agree have rank histograms near 1 (Vehtari et al. 2021, section 4).

    Args:
        traces: `diagnostics.thin_traces`.
        ranks: `diagnostics.count_ranks`.
        diagnostics: `diagnostics.diagnose_parameters`.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    names = worst_mixed(diagnostics)
    draws = dict(list(traces.groupby("parameter")))
    counts = dict(list(ranks.groupby("parameter")))
    colour = labels.palette.model(model)
    with style.canvas("column", 0.5 + ROW * len(names)) as figure:
        grid = figure.subplots(len(names), 2, squeeze=False, width_ratios=(2.2, 1), sharex="col")
        for (left, right), name in zip(grid, names, strict=True):
            _trace(left, draws[name], colour)
            _ranks(right, counts[name], colour)
            left.set_title(cut(name, 46), fontweight=400)
        grid[-1, 0].set_xlabel("draw")
        grid[-1, 1].set_xlabel("rank")
        return render(
            figure,
            f"Chains of the {model} model. Left: traces, a line for each chain, thinned. "
            "Right: how often each chain has draws of a rank, relative to even (dashed), from "
            "lowest to highest."
            + left_out(
                len(diagnostics), "parameters with more effective draws", "posterior.nc", CHAINS
            ),
            describe_chains(names, traces, ranks),
        )


def draw_energy(
    energy: pd.DataFrame, verdict: Mapping[str, Any], labels: Labels, model: str
) -> Figure:
    """Energies of the draws beside their changes from draw to draw (Betancourt 2016).

    Args:
        energy: `diagnostics.bin_energy`.
        verdict: `diagnostics.judge`, for the smallest E-BFMI of any chain.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    edges = np.append(energy["left"], energy["right"].iloc[-1])
    ebfmi = next(check["found"] for check in verdict["checks"] if check["check"] == "ebfmi")
    colours = {"energies": NEUTRAL, "changes": labels.palette.model(model)}
    with style.canvas("column", 1.9) as figure:
        axes = figure.subplots()
        for name, colour in colours.items():
            axes.stairs(
                energy[name], edges, fill=True, color=colour, alpha=0.5, linewidth=0, label=name
            )
        axes.set_yticks([])
        axes.set_xlabel("energy about its mean, and its change from draw to draw")
        figure.legend(loc="outside upper left", ncols=2, handlelength=1.4, columnspacing=1.2)
        return render(
            figure,
            f"Energies of the draws of the {model} model about their mean, and their changes from "
            "one draw to the next. Changes much narrower than the energies would say that the "
            "sampler walks too slowly through them.",
            describe_energy(energy, ebfmi),
        )


def _shades(count: int) -> np.ndarray:
    return np.linspace(0.35, 0.9, count)


def _trace(axes: Axes, draws: pd.DataFrame, colour: str) -> None:
    chains = list(draws.groupby("chain"))
    for (_, rows), alpha in zip(chains, _shades(len(chains)), strict=True):
        axes.plot(rows["draw"], rows["value"], color=colour, alpha=alpha, linewidth=0.5)
    axes.locator_params(axis="y", nbins=3)
    axes.locator_params(axis="x", nbins=4)


def _ranks(axes: Axes, counts: pd.DataFrame, colour: str) -> None:
    bins = counts["bin"].max()
    even = counts.groupby("chain")["draws"].sum().mean() / bins
    chains = list(counts.groupby("chain"))
    for (_, rows), alpha in zip(chains, _shades(len(chains)), strict=True):
        height = rows["draws"].to_numpy() / even
        axes.stairs(
            height,
            np.linspace(0, 1, bins + 1),
            color=colour,
            alpha=alpha,
            linewidth=0.9,
            baseline=None,
        )
    axes.axhline(1, color=INK, linewidth=0.8, linestyle=DASHED)
    axes.set_ylim(0, max(2, 1.05 * counts["draws"].max() / even))
    axes.locator_params(axis="y", nbins=3)
    axes.set_xticks([0, 1], ["low", "high"])
