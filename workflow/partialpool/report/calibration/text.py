"""Sentences on calibration: what was tested, whether it passed, what a deviation would mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from partialpool.calibration.ranks import LOG_LIKELIHOOD
from partialpool.frames import Row, list_rows
from partialpool.report.formats import decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import capital, code, listed, plain, some

HEADING = "Are they as sure as they should be?"
CLEAR = 3.0
"""Standard errors from which a deviation is described as being of a kind."""
SPREAD_ERROR = np.sqrt(0.2)
"""Standard error of the relative spread of one even rank: sd of (u - 1/2) squared, over 2/12."""
LEAST_P = 1e-4
TROUBLES = {
    "failed": "could not be sampled at all",
    "divergent": "had divergent transitions",
    "depth_hits": "ran into the largest tree depth",
    "low_ebfmi": "had a low E-BFMI",
    "low_ess": "had fewer effective draws than the truth was ranked among",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def title(analysis: str) -> str:
    """What the page is called."""
    return f"Calibration: {analysis}"


def question(labels: Labels) -> str:
    """What the page answers."""
    return fill("calibration/question", lift=labels.vocabulary.lift, contacts=labels.many)


def conclude(verdicts: Mapping[str, Mapping[str, Any]]) -> str:
    """The one sentence on all models: which are calibrated."""
    if not verdicts:
        return "**No model of this analysis could be calibrated.**"
    failed = [name for name, verdict in verdicts.items() if not verdict["passed"]]
    if not failed:
        if len(verdicts) == 1:
            return f"**The {plain(next(iter(verdicts)))} model is as sure as it should be.**"
        all_of = "Both" if len(verdicts) == 2 else f"All {_count(len(verdicts))}"
        return f"**{all_of} models are as sure as they should be.**"
    rest = len(verdicts) - len(failed)
    others = f"; the other {_count(rest) + ' are' if rest > 1 else 'is'}" if rest else ""
    return (
        f"**The {_models(failed)} {'is' if len(failed) == 1 else 'are'} not calibrated: "
        f"{'its' if len(failed) == 1 else 'their'} intervals cannot be taken at their word"
        f"{others}.**"
    )


def lead(
    calibration: Mapping[str, Any], verdicts: Mapping[str, Any], needs: Mapping[str, Any]
) -> str:
    """How much was simulated, for the head of the page."""
    recovery = calibration["recovery"]
    sizes = len(recovery["contacts"] or recovery["multiples"]) * len(recovery["lifts"])
    counts = {
        "data sets": len(verdicts) * calibration["replicates"],
        "campaigns": len(needs) * sizes * recovery["replicates"],
    }
    said = [f"{integer(count)} {what}" for what, count in counts.items() if count]
    return f"Simulated and fitted: {listed(said)}." if said else "Nothing was simulated."


def state_test(verdicts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What was done to come to that, and how often it errs."""
    if not verdicts:
        return []
    verdict = next(iter(verdicts.values()))
    replicates, false_alarm = integer(verdict["replicates"]), _rate(verdict["false_alarm"])
    return [fill("calibration/test", replicates=replicates, false_alarm=false_alarm)]


def state_left_out(left_out: Mapping[str, str]) -> list[str]:
    """Which models were not tested, and why."""
    reasons = {
        "flat": "has a flat prior, from which no parameters can be drawn; with a proper prior on "
        "every coefficient it can be",
        "program": "has a Stan program of its own that cannot leave its likelihood out "
        "(`prior_only`), so that nothing can be drawn from its prior",
    }
    return [
        f"The {plain(name)} model was left out: it {reasons[reason]}."
        for name, reason in left_out.items()
    ]


def state_troubles(verdicts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """In how many fits the sampler had trouble, for each model that had any."""
    return [
        f"{said} Those fits are in the tests with the rest."
        for name, verdict in verdicts.items()
        if (said := _troubles(name, verdict))
    ]


def explain(calibration: Mapping[str, Any]) -> str:
    """How calibration is tested, and what a deviation would look like."""
    draws = {key: integer(calibration[key]) for key in ("draws", "warmup", "ranked")}
    all_draws = integer(calibration["chains"] * calibration["draws"])
    chains = str(calibration["chains"])
    return fill("calibration/method", **draws, all_draws=all_draws, chains=chains)


def judge_model(model: str, verdict: Mapping[str, Any], summary: pd.DataFrame) -> str:
    """Whether a model passed, and what is wrong where it did not."""
    tested = (
        f"{integer(verdict['tests'])} tests of {integer(verdict['quantities'])} quantities over "
        f"{integer(verdict['replicates'])} data sets"
    )
    evenness = summary[["histogram_p", "ecdf_p"]].min(axis=1)
    least = list_rows(summary.loc[[evenness.idxmin()]])[0]
    said = [_repairs(verdict), _troubles(model, verdict)]
    if verdict["passed"]:
        said.insert(
            0,
            f"**The {plain(model)} model is calibrated:** none of {tested} finds a deviation. The "
            f"least even ranks are those of {_name(least['parameter'])}, "
            f"{_probability(least['adjusted_p'])} once all tests are counted.",
        )
        return "\n\n".join(filter(None, said))
    flagged = {row["parameter"]: row for row in list_rows(summary) if row["flagged"]}
    worst = [f"- {capital(_name(n))}: {deviation(flagged[n])}." for n in verdict["flagged"][:6]]
    more = len(flagged) - len(worst)
    rest = [f"- {integer(more)} more, which are in summary.csv."] if more > 0 else []
    said.insert(
        0,
        f"**The {plain(model)} model is not calibrated:** of {tested}, those of "
        f"{integer(len(flagged))} find a deviation beyond chance.",
    )
    said.insert(1, "\n".join([*worst, *rest]))
    return "\n\n".join(filter(None, said))


def deviation(row: Row) -> str:
    """What is wrong with the ranks of a quantity (`ranks.summarise_ranks`), and how sure."""
    z = (row["spread"] - 1) / (SPREAD_ERROR / np.sqrt(row["replicates"]))
    kinds = []
    if abs(row["shift"]) > CLEAR:
        high = row["shift"] < 0
        kinds.append(
            f"the draws are too {'high' if high else 'low'}, the truth is mostly "
            f"{'below' if high else 'above'} them"
        )
    if abs(z) > CLEAR:
        kinds.append(f"the intervals are too {'narrow' if z > 0 else 'wide'}")
    what = listed(kinds) if kinds else "the ranks are uneven"
    return f"{what} ({_probability(row['adjusted_p'])} once all tests are counted)"


def describe_ranks(rows: Sequence[Row], what: str) -> str:
    """Alternative text of a picture of ranks: how even those of each quantity are."""
    said = [
        f"{row['parameter']}: {'uneven' if row['flagged'] else 'even'}, "
        f"{_probability(row['adjusted_p'])}"
        for row in rows
    ]
    return f"{what} of {len(rows)} quantities. {'; '.join(said)}."


def show_p(value: float) -> str:
    """A p-value in a table."""
    return "< 0.0001" if value < LEAST_P else decimals(4 if value < 0.1 else 2)(value)


def _repairs(verdict: Mapping[str, Any]) -> str:
    """How many fits were sampled again."""
    fits = verdict["repaired"]
    if not fits:
        return ""
    return (
        f"{capital(_count(fits))} of the {integer(verdict['replicates'])} fits "
        f"{'was' if fits == 1 else 'were'} sampled again, with another centring or smaller steps, "
        "since the sampler had missed a part."
    )


def _troubles(model: str, verdict: Mapping[str, Any]) -> str:
    if not verdict["troubled"]:
        return ""
    parts = [f"{integer(verdict[key])} {text}" for key, text in TROUBLES.items() if verdict[key]]
    return (
        f"In {integer(verdict['troubled'])} of the {integer(verdict['replicates'])} fits of the "
        f"{plain(model)} model the sampler had trouble in the end: {listed(parts)}."
    )


def _name(parameter: str) -> str:
    return "the log-likelihood" if parameter == LOG_LIKELIHOOD else code(parameter)


def _probability(value: float) -> str:
    return f"p {'below 0.0001' if value < LEAST_P else decimals(4 if value < 0.1 else 2)(value)}"


def _models(names: Sequence[str]) -> str:
    named = some([plain(name) for name in names])
    return f"{named} model{'s' if len(names) > 1 else ''}"


def _count(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else integer(number)


def _rate(rate: float) -> str:
    return percent(0 if rate >= 0.01 and round(100 * rate) == 100 * rate else 1)(rate)
