"""Pictures of scales: the curve from log-odds to rates, and priors on each scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from scipy.special import expit, logit

from partialpool.decision.log_odds import EXAMPLE_ODDS, pick
from partialpool.model.prior_scales import PLAUSIBLE
from partialpool.report.colours import INK, NEUTRAL, PAPER, RULE, SOFT
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import folded
from partialpool.report.drawing.rows import fills
from partialpool.report.formats import decimals, percent
from partialpool.report.labels import Labels
from partialpool.report.log_odds.text import rates_of, spell_priors, spell_rates

REACH = 3.4
"""Log-odds that the curve always reaches, either way."""
FARTHEST = 7.0
ODDS, WIDE_ODDS = (1, 4, 20), (1, 20, 1000)
PRIOR_ROW, FRAME = 0.74, 0.95
HEIGHT = 0.8
"""Of a density, where rows are 1 apart."""
SCALES = {"log_odds": "log-odds", "rate": "rate", "lift": "lift, points"}
LEGEND_LINES = 4


def draw_curve(table: pd.DataFrame, labels: Labels) -> Figure | None:
    """The curve from log-odds to rates, with the rate under each treatment (`log_odds.bridge`)."""
    if labels.ranked:
        return None
    at = {t: pick(table, t, "log_odds", "counts") for t in labels.factors[labels.treatment]}
    reach = min(FARTHEST, max([REACH, *(1.25 * abs(x) for x in at.values() if np.isfinite(x))]))
    below = 0.2 * len(at) if len(at) > LEGEND_LINES else 0
    with style.canvas("column", 3.3 + below) as figure:
        axes = figure.subplots()
        x = np.linspace(-reach, reach, 200)
        axes.plot(x, expit(x), color=NEUTRAL, linewidth=2)
        _mark_example(axes)
        for treatment, (colour, shade) in fills(labels).items():
            _mark_rate(axes, table, treatment, colour, shade, reach)
        axes.set(xlim=(-reach, reach), ylim=(0, 1.02), xlabel="log-odds")
        axes.set_ylabel("rate")
        style.percent_axis(axes.yaxis)
        _odds_axis(axes, reach)
        fitted = table["median"].notna().any()
        _name_rates(figure, axes, table, labels)
        caption = (
            f"From log-odds to rates. Rings: the counts under each {labels.treatment}"
            f"{'; dots: the pooled model' if fitted else ''}. Grey: odds of {EXAMPLE_ODDS:g} to 1."
        )
        return render(figure, caption, f"{caption} {spell_rates(table, labels)}")


def draw_priors(
    densities: pd.DataFrame, summaries: pd.DataFrame, scale: str, labels: Labels
) -> Figure:
    """Half-eyes of each prior on one scale: density, median and interval.

    Args:
        densities: `prior_scales.tabulate_densities`.
        summaries: `prior_scales.summarise_priors`.
        scale: `log_odds`, `rate` or `lift`.
        labels: the words of the analysis.
    """
    rows = summaries[summaries["scale"] == scale].reset_index(drop=True)
    curves = densities[densities["scale"] == scale]
    with style.canvas("column", FRAME + PRIOR_ROW * len(rows)) as figure:
        axes = figure.subplots()
        for place, (_, row) in enumerate(rows.iterrows()):
            _half_eye(axes, place, curves[curves["prior"] == row["prior"]], scale)
            axes.plot(row[["lower", "upper"]], [place, place], color=INK, linewidth=2)
            axes.plot(row["median"], place, "o", color=INK, markersize=5)
        style.row_axis(axes, [folded(name) for name in rows["prior"]])
        axes.set_ylim(len(rows) - 0.75, -HEIGHT - 0.12)
        axes.set_xlim(curves["value"].min(), curves["value"].max())
        _scale_axis(axes, scale)
        caption = _prior_caption(scale, labels)
        return render(figure, caption, f"{caption} {spell_priors(rows, scale, labels)}")


def _mark_example(axes: Axes) -> None:
    x, rate = np.log(EXAMPLE_ODDS), EXAMPLE_ODDS / (1 + EXAMPLE_ODDS)
    axes.plot([x, x], [0, rate], color=SOFT, linewidth=0.8, linestyle=(0, (1, 2)))
    axes.plot(x, rate, "o", color=NEUTRAL, markersize=6)
    text = f"{EXAMPLE_ODDS:g} to 1\nis {percent()(rate)}"
    axes.annotate(text, (x, rate), (8, -4), textcoords="offset points", va="top", color=SOFT)


def _mark_rate(
    axes: Axes, table: pd.DataFrame, treatment: str, colour: str, shade: float, reach: float
) -> None:
    seen = pick(table, treatment, "log_odds", "counts")
    if abs(seen) <= reach:
        y = expit(seen)
        axes.plot([seen, seen, -reach], [0, y, y], color=colour, alpha=shade, linewidth=1)
        axes.plot(seen, y, "o", color=PAPER, markeredgecolor=colour, ms=10, mew=1.6, clip_on=False)
    fit = pick(table, treatment, "log_odds", "median")
    if abs(fit) <= reach:
        axes.plot(fit, expit(fit), "o", color=colour, alpha=shade, ms=4.6, clip_on=False)


def _odds_axis(axes: Axes, reach: float) -> None:
    marks = ODDS if reach < np.log(max(ODDS)) + 1 else WIDE_ODDS
    odds = [ratio for n in marks for ratio in {n, 1 / n} if abs(np.log(ratio)) <= reach]
    top = axes.secondary_xaxis("top")
    names = [f"{r:g} to 1" if r >= 1 else f"1 to {1 / r:g}" for r in odds]
    top.set_ticks([float(np.log(ratio)) for ratio in odds], names)
    top.tick_params(length=3, labelcolor=SOFT)
    top.set_xlabel("odds")


def _name_rates(figure: Drawing, axes: Axes, table: pd.DataFrame, labels: Labels) -> None:
    """The legend, in the corner that the curve leaves free; below the picture where it is long."""
    marks, names = [], []
    for treatment, (colour, shade) in fills(labels).items():
        marks.append(Line2D([], [], color=colour, alpha=shade, marker="o", linestyle="none"))
        rate = rates_of(table)(pick(table, treatment, "rate", "counts"))
        log_odds = decimals(2)(pick(table, treatment, "log_odds", "counts"))
        names.append((folded(treatment, 18, 1), f"{log_odds} is {rate}"))
    numbers = [str(place) for place in range(len(marks))]
    few = len(names) <= LEGEND_LINES
    if few:
        legend = axes.legend(marks, numbers, loc="upper left", handletextpad=0.2)
    else:
        legend = figure.legend(marks, numbers, loc="outside lower left", handletextpad=0.2)
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(("\n" if few else ": ").join(name))


def _half_eye(axes: Axes, place: int, curve: pd.DataFrame, scale: str) -> None:
    x = curve["value"].to_numpy()
    top = place - HEIGHT * (curve["density"] / curve["density"].max()).to_numpy()
    axes.fill_between(x, place, top, color=RULE, linewidth=0)
    axes.plot(x, top, color=SOFT, linewidth=0.8)
    if scale != "lift":
        inside = abs(x if scale == "log_odds" else logit(x)) < PLAUSIBLE
        axes.fill_between(x, place, top, where=inside, color=SOFT, alpha=0.55, linewidth=0)


def _scale_axis(axes: Axes, scale: str) -> None:
    if scale == "log_odds":
        style.log_odds_axis(axes)
        return
    axes.set_xlabel(SCALES[scale])
    if scale == "rate":
        axes.set_xlim(0, 1)
        style.percent_axis(axes.xaxis)
    else:
        axes.set_xlim(-1, 1)
        style.points_axis(axes.xaxis)


def _prior_caption(scale: str, labels: Labels) -> str:
    bar = f"Bars: {labels.percent_interval} intervals; dots: medians."
    if scale == "lift":
        return f"The same priors on the scale of a lift. {bar}"
    within = f"Strong shade: within {PLAUSIBLE:g} log-odds of even odds."
    if scale == "rate":
        return f"The same priors on the scale of a rate. {within} {bar}"
    return f"Priors on the log-odds scale, densities scaled to one height. {within} {bar}"
