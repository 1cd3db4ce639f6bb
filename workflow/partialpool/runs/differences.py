"""How far a rate or lift moved between two runs, and how far chance alone would have moved it.

A posterior mean is a martingale: given the contacts of then, and under the model, the mean that
later contacts will lead to is expected where it was, with variance Var(then) - E[Var(now)], by
the law of total variance. It holds for any function of the parameters, pooled or not, and asks
for no independence, which two posteriors that share contacts do not have. For efficient
estimates it is the variance of a difference of Hausman (1978), and the standard score that it
gives is that of the new contacts alone against the old ones alone. Where runs share no contacts,
or nobody knows which, the variances add up: too wide where some are shared, never too narrow.

Over all places, a rate moves with the mix of the contacts too, which is no chance of a rate: what
the mix did at the rates of then is told apart.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from partialpool.cells.levels import COUNTS
from partialpool.cells.question import ALL
from partialpool.runs.quantities import KEY

Relation = Literal["same", "grown", "shrunk", "other"]
"""Of the contacts now to those of then: the same, more beside them, fewer of them, or others."""
ERRORS = 3.0
"""Monte Carlo standard errors within which two means are the same."""
SAME, CHANCE, BEYOND, MOVED = "same", "chance", "beyond", "moved"
"""Verdicts: within Monte Carlo error; with the data, as far as chance does; further; and, without
other data, further than Monte Carlo error."""


def relate(then: pd.DataFrame, now: pd.DataFrame) -> Relation:
    """What the contacts of two runs have to do with each other, as far as their cells tell.

    Args:
        then: the cells of the one.
        now: the cells of the other.
    """
    keys = [str(name) for name in then if name not in COUNTS]
    if keys != [str(name) for name in now if name not in COUNTS]:
        return "other"
    one, other = (_counts(cells, keys) for cells in (then, now))
    both = one.index.union(other.index)
    more = (other.reindex(both, fill_value=0) - one.reindex(both, fill_value=0)).to_numpy()
    if not more.any():
        return "same"
    if (more >= 0).all():
        return "grown"
    return "shrunk" if (more <= 0).all() else "other"


def _counts(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Successes and failures by what a cell is, levels as text."""
    named = cells.assign(**{key: cells[key].astype(str) for key in keys})
    failures = named["trials"] - named["successes"]
    return named.assign(failures=failures).groupby(keys)[["successes", "failures"]].sum()


def match(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The quantities that two tables have both, in the order of the later one.

    Args:
        then: `quantities.tabulate_quantities`.
        now: the same.
    """
    found = now.merge(then, on=list(KEY), how="inner", suffixes=("_now", "_then"), sort=False)
    return found.assign(
        difference=found["mean_now"] - found["mean_then"],
        mcse=np.hypot(found["mcse_now"], found["mcse_then"]),
    )


def judge(then: pd.DataFrame, now: pd.DataFrame, relation: Relation, needed: float) -> pd.DataFrame:
    """How far every quantity moved, and whether chance does that.

    Args:
        then: `quantities.tabulate_quantities`.
        now: the same.
        relation: of the contacts behind them.
        needed: the probability from which on a move is more than chance.

    Returns:
        `KEY`; `difference` and its Monte Carlo standard error `mcse`; `by_mix`, what of it the mix
        of the places did; `chance`, the standard deviation of what chance alone does, and `p`,
        the probability that the rest of the difference is in the direction of the truth (none of
        either where the contacts are the same); `verdict`.
    """
    both = match(then, now)
    error, by_mix = both["mcse"], _move_by_mix(both)
    rest = both["difference"] - by_mix
    chance = _chance(both, relation)
    spread = pd.Series(np.hypot(chance, error), both.index)
    score = (rest.abs() / spread.where(spread > 0)).fillna(0.0)
    p = pd.Series(ndtr(score.to_numpy()), both.index).where(chance.notna())
    moved = pd.Series(np.where(p >= needed, BEYOND, CHANCE), both.index).where(p.notna(), MOVED)
    verdict = moved.where(both["difference"].abs() > ERRORS * error, SAME)
    columns = both[[*KEY, "difference", "mcse"]]
    return columns.assign(by_mix=by_mix, chance=chance, p=p, verdict=verdict)


def _move_by_mix(both: pd.DataFrame) -> pd.Series[float]:
    """What the mix of the places did to a quantity over all, at what it was in each place then."""
    found = pd.Series(0.0, both.index)
    places = both[both["within"] != ALL]
    for _, rows in places.groupby(["treatment", "quantity"]):
        shares = [rows[name] / rows[name].sum() for name in ("contacts_now", "contacts_then")]
        shift = float(((shares[0] - shares[1]) * rows["mean_then"]).sum())
        same = (both[list(KEY[1:])] == rows[list(KEY[1:])].iloc[0]).all(axis=1)
        found[same & (both["within"] == ALL)] = shift
    return found


def _chance(both: pd.DataFrame, relation: Relation) -> pd.Series[float]:
    """The standard deviation of a difference of posterior means if nothing else changed."""
    then, now = both["sd_then"] ** 2, both["sd_now"] ** 2
    if relation == "same":
        return pd.Series(np.nan, both.index)
    if relation == "other":
        return pd.Series(np.sqrt(then + now), both.index)
    fewer, more = (then, now) if relation == "grown" else (now, then)
    counts = [both["contacts_then"], both["contacts_now"]]
    few, many = counts if relation == "grown" else counts[::-1]
    # a variance may fall by less than was expected, as where a rate moved towards a half: then
    # by as much as the share of new contacts says
    expected = fewer * (1 - few / many.clip(lower=1)).clip(lower=0)
    return pd.Series(np.sqrt(np.maximum(fewer - more, expected)), both.index)
