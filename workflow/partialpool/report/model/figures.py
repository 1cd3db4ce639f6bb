"""Pictures of one model's parameters: densities, and varying effects level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.frames import Row, rows_by
from partialpool.posterior.names import fixed_parameters, kinds_of
from partialpool.report.colours import INK, PAPER
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import CLEAR, cut, zero_line
from partialpool.report.labels import Labels
from partialpool.report.model.alternatives import describe_densities
from partialpool.report.selection import SHOWN, left_out

TITLES = {
    "population": "population-level coefficients",
    "sd": "standard deviations of varying effects",
    "correlation": "correlations of varying effects",
    "phi": "precision of the cells",
    "other": "parameters of the program’s own",
}
ROW, FRAME = 0.52, 0.8
"""Heights in inches: of one density with its name, and of what surrounds a panel."""
TALLEST = 0.6
"""Height of a density as a share of its row; its name stands in the rest."""
NEGLIGIBLE = 0.01
"""A density is drawn where it is at least this share of its peak."""
Curve = tuple[str, str, str]
"""A parameter, the name it is shown by, its colour."""


def draw_densities(
    densities: pd.DataFrame,
    parameters: pd.DataFrame,
    names: pd.DataFrame,
    labels: Labels,
    model: str,
) -> Figure:
    """Densities of all parameters but the varying effects, a panel for each kind.

    Args:
        densities: `draws.estimate_densities`.
        parameters: `draws.summarise_parameters`.
        names: of the model's parameters (`parameters.name_parameters`).
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    fixed = fixed_parameters(names, list(parameters["parameter"]))
    shown = [name for name in fixed if name in set(densities["parameter"])][:SHOWN]
    panels: dict[str, list[Curve]] = {}
    for name, kind in zip(shown, kinds_of(names, shown), strict=True):
        panels.setdefault(kind, []).append((name, name, labels.palette.model(model)))
    panels = {kind: panels[kind] for kind in TITLES if kind in panels}
    caption = (
        f"Posterior densities of the {model} model: median (line), "
        f"{labels.percent_interval} interval (dark) and 0 (dashed). Each is scaled to one height."
        + left_out(len(fixed), "parameters", "parameters.csv", len(shown))
    )
    units = {"correlation": "correlation", "phi": "phi", "other": "value"}
    titled = {
        (TITLES[kind], units.get(kind, labels.axis(model))): rows for kind, rows in panels.items()
    }
    return _draw(titled, densities, parameters, labels, caption, shared=False)


def draw_effects(
    densities: pd.DataFrame,
    parameters: pd.DataFrame,
    effects: pd.DataFrame,
    labels: Labels,
    model: str,
) -> Figure:
    """Ridges of the varying effects, a panel for each coefficient, all on one scale.

    Args:
        densities: `draws.estimate_densities`.
        parameters: `draws.summarise_parameters`.
        effects: `names.list_effects`; not empty.
        labels: the words of the analysis.
        model: its name, for the colour of levels that have none.
    """
    shown = effects[effects["parameter"].isin(set(densities["parameter"]))]
    panels: dict[tuple[str, str], list[Curve]] = {}
    for (coefficient, grouping), rows in shown.groupby(["coefficient", "grouping"], sort=False):
        panels[f"{coefficient} by {grouping}", labels.axis(model)] = [
            (name, level, _colour(labels, str(grouping), level, model))
            for name, level in zip(rows["parameter"], rows["level"], strict=True)
        ]
    caption = (
        f"Varying effects of the {model} model by level, on the {labels.scale(model)} scale: "
        f"median (line), {labels.percent_interval} interval (dark) and 0 (dashed). Each is scaled "
        "to one height."
        + left_out(len(effects), "effects nearer to 0", "parameters.csv", len(shown))
    )
    return _draw(panels, densities, parameters, labels, caption, shared=True)


def _colour(labels: Labels, grouping: str, level: str, model: str) -> str:
    known = labels.factors.get(grouping, ())
    return labels.palette.level(grouping, level) if level in known else labels.palette.model(model)


def _draw(
    panels: Mapping[tuple[str, str], Sequence[Curve]],
    densities: pd.DataFrame,
    parameters: pd.DataFrame,
    labels: Labels,
    caption: str,
    *,
    shared: bool,
) -> Figure:
    """Panels of densities, by their titles and what their axes are called."""
    sizes = [FRAME + ROW * len(rows) for rows in panels.values()]
    curves, summaries = (
        dict(list(densities.groupby("parameter"))),
        rows_by(parameters, "parameter"),
    )
    with style.canvas("column", sum(sizes)) as figure:
        grid = figure.subplots(len(panels), 1, squeeze=False, sharex=shared, height_ratios=sizes)
        for axes, ((title, unit), rows) in zip(grid[:, 0], panels.items(), strict=True):
            zero_line(axes)
            for place, (name, shown, colour) in enumerate(rows):
                _density(axes, place, curves[name], summaries[name], colour)
                at = (0, place - 0.99)
                over = axes.get_yaxis_transform()
                # over the lines, under the densities
                axes.text(*at, cut(shown, 52), transform=over, va="top", bbox=CLEAR, zorder=0.8)
            axes.set_ylim(len(rows) - 0.92, -1.05)
            axes.set_yticks([])
            axes.grid(axis="x", visible=True)
            axes.tick_params(labelbottom=True)
            axes.set_title(cut(title, 50))
            axes.set_xlabel(unit)
        names = [name for rows in panels.values() for name, _, _ in rows]
        return render(figure, caption, describe_densities(names, parameters, labels))


def _density(axes: Axes, place: int, curve: pd.DataFrame, summary: Row, colour: str) -> None:
    """A density standing on y = place, upwards being smaller y."""
    x, height = curve["value"].to_numpy()[::2], curve["density"].to_numpy()[::2]
    height = TALLEST * height / height.max()
    drawn = height > NEGLIGIBLE * TALLEST
    if not drawn.any():  # draws that are all one value have no density
        axes.plot(summary["median"], place, "|", color=colour, markersize=12)
        return
    inner = (x > summary["lower"]) & (x < summary["upper"])
    top = np.interp(summary["median"], x, height)
    for where, alpha in ((drawn, 0.24), (inner, 0.62)):
        axes.fill_between(
            x[where], place, place - height[where], color=colour, alpha=alpha, linewidth=0
        )
    axes.plot([x[drawn][0], x[drawn][-1]], [place, place], color=INK, linewidth=0.5, alpha=0.5)
    axes.plot([summary["median"]] * 2, [place, place - top], color=PAPER, linewidth=1.3)
