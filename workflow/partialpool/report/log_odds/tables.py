"""Tables of the log-odds bridge, and of what priors say on every scale."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from partialpool.decision.log_odds import CONTRASTS, has_ratio, pick
from partialpool.model.prior_scales import EXTREME, LARGE_LIFT, PLAUSIBLE
from partialpool.report.counts import margin, odds_format
from partialpool.report.formats import Format, decimals, integer, percent, points
from partialpool.report.labels import Labels
from partialpool.report.log_odds.priors import round_numbers, share
from partialpool.report.log_odds.text import rates_of
from partialpool.report.table import Table
from partialpool.report.text import MOST_NAMED

BACK = "rate, back again"
SHOWS: dict[str, Format] = {
    "odds": odds_format,
    "log_odds": decimals(3),
    "odds_ratio": odds_format,
    "log_odds_ratio": decimals(3),
}


def tabulate_bridge(
    table: pd.DataFrame, margins: pd.DataFrame, coefficients: Collection[str], labels: Labels
) -> Table | None:
    """The steps from counts to coefficients and back.

    Args:
        table: `log_odds.bridge`.
        margins: `figures.tabulate_margins`, for the counts that the steps start from.
        coefficients: names of the pooled model's parameters, none without one.
        labels: the words of the analysis.
    """
    if labels.ranked:
        return None
    reference, others = labels.reference, labels.treatments[:MOST_NAMED]
    counts = {str(level): row for level, row in margin(margins, labels.treatment).iterrows()}
    coded = coefficients if "Intercept" in coefficients else ()
    lines = _to_log_odds(reference, counts[reference], "Intercept" if coded else "")
    for treatment in others:
        lines += _to_log_odds(treatment, counts[treatment], "")
        lines += _contrast(table, treatment, reference, labels, bool(coded))
    frame = pd.DataFrame([_line(table, reference, *line) for line in lines])
    frame = frame.set_index(["treatment", "step"]).rename_axis([labels.treatment, "step"])
    columns = [("", "how"), ("counts", "value"), *_fit_columns(labels), ("", "coefficient")]
    frame.columns = pd.MultiIndex.from_tuples(columns)
    used = [name for name in columns if (frame[name] != "").any()]
    return Table(
        frame[used],
        "The bridge from rates to the coefficients of the model, and back.",
        note=_note(table),
        formats={name: str for name in used if name[0]},
        colours=labels.palette.levels(labels.treatment),
    )


def tabulate_priors(summaries: pd.DataFrame, labels: Labels) -> Table:
    """What each prior says of log-odds, of a rate and of a lift."""
    rows = summaries.pivot(index="prior", columns="scale").loc[[*dict.fromkeys(summaries["prior"])]]
    interval = f"{labels.percent_interval} interval of a"
    large = f"beyond {decimals(0)(100 * LARGE_LIFT)} points"
    extreme = f"below {percent()(EXTREME)} or above {percent()(1 - EXTREME)}"
    named = {
        ("log-odds", f"within {PLAUSIBLE:g} of 0"): ("mass", "log_odds", share),
        (f"{interval} rate", "from"): ("lower", "rate", share),
        (f"{interval} rate", "to"): ("upper", "rate", share),
        ("rate", extreme): ("mass", "rate", share),
        (f"{interval} lift, points", "from"): ("lower", "lift", points()),
        (f"{interval} lift, points", "to"): ("upper", "lift", points()),
        ("lift", large): ("mass", "lift", share),
    }
    frame = pd.DataFrame({name: rows[key[:2]] for name, key in named.items()})
    meant = rows["distribution", "log_odds"].map(round_numbers)
    if (meant != meant.index).any():
        frame.insert(0, ("", "distribution"), meant)
    return Table(
        frame.rename_axis("prior"),
        "What each prior says, before the data, of log-odds, of a rate and of a lift.",
        note="The lift is that of an offer with the same prior on its log odds ratio as on the "
        "log-odds without it. Probabilities where no interval is named.",
        formats={name: key[2] for name, key in named.items()},
    )


def _to_log_odds(
    treatment: str, counts: pd.Series[float], coefficient: str
) -> list[tuple[str, str, str, str, str]]:
    """Lines of one treatment: its name, the quantity, the step, how it is done, the coefficient."""
    yes, no, all_ = (integer(counts[name]) for name in ("successes", "failures", "trials"))
    return [
        (treatment, "rate", "rate", f"{yes} of {all_}", ""),
        (treatment, "odds", "odds", f"{yes} to {no}", ""),
        (treatment, "log_odds", "log-odds", "logarithm of the odds", coefficient),
    ]


def _contrast(
    table: pd.DataFrame, treatment: str, reference: str, labels: Labels, coded: bool
) -> list[tuple[str, str, str, str, str]]:
    show, show_odds = decimals(3), odds_format
    odds = [show_odds(pick(table, name, "odds", "counts")) for name in (treatment, reference)]
    start = show(pick(table, reference, "log_odds", "counts"))
    step = show(pick(table, treatment, "log_odds_ratio", "counts"))
    slope = f"{labels.treatment}[{treatment}]" if coded else ""
    divided, back = f"{odds[0]} ÷ {odds[1]}", f"inverse logit of {start} + {step}"
    if not _comes_back(table, treatment, reference):
        back = "inverse logit of the two together"
    if not has_ratio(table, treatment, reference):
        divided = "one odds divided by the other"
    return [
        (treatment, "odds_ratio", f"odds ratio to {reference}", divided, ""),
        (treatment, "log_odds_ratio", "log odds ratio", "logarithm of the odds ratio", slope),
        (treatment, "rate", BACK, back, ""),
    ]


def _comes_back(table: pd.DataFrame, treatment: str, reference: str) -> bool:
    """Whether the counts' log-odds lead back to the rate: they do not from infinity."""
    start = pick(table, reference, "log_odds", "counts")
    return bool(np.isfinite(start + pick(table, treatment, "log_odds_ratio", "counts")))


def _line(
    table: pd.DataFrame,
    reference: str,
    treatment: str,
    quantity: str,
    step: str,
    how: str,
    coefficient: str,
) -> dict[str, str]:
    show = SHOWS[quantity] if quantity in SHOWS else rates_of(table)
    line = {"treatment": treatment, "step": step, "how": how}
    for source in ("counts", "median", "lower", "upper"):
        value = pick(table, treatment, quantity, source)
        line[source] = "" if source != "counts" and np.isnan(value) else show(value)
    ratio = quantity in CONTRASTS and not has_ratio(table, treatment, reference)
    if ratio or (step == BACK and not _comes_back(table, treatment, reference)):
        line["counts"] = "none"
    return line | {"coefficient": coefficient}


INFINITE = (
    " Where none or all succeeded, the logarithm of the odds is infinite, and the counts have "
    "neither a finite coefficient nor a way back from it."
)


def _fit_columns(labels: Labels) -> list[tuple[str, str]]:
    interval = labels.percent_interval
    return [
        ("pooled model", "median"),
        ("pooled model", f"{interval} from"),
        ("pooled model", "to"),
    ]


def _note(table: pd.DataFrame) -> str:
    finite = np.isfinite(table.loc[table["quantity"] == "log_odds", "counts"]).all()
    return _of_fit(table) + ("" if finite else INFINITE)


def _of_fit(table: pd.DataFrame) -> str:
    if table["median"].isna().all():
        return "No model of this analysis has the treatment alone, so only the counts are shown."
    return (
        "Medians and ends of intervals go through logarithms and back unharmed; means and standard "
        "deviations do not, so every draw is transformed before it is summarised."
    )
