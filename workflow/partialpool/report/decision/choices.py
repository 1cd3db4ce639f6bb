"""Sentences on the choice between arms: which is best, how surely, and what it risks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partialpool.cells.question import ALL
from partialpool.decision.weighed import Weighed
from partialpool.report.counts import rate_format, rate_places
from partialpool.report.decision.money import amount
from partialpool.report.formats import chance, decimals
from partialpool.report.labels import Labels
from partialpool.report.lifts import interval
from partialpool.report.text import MOST_NAMED, capital, listed, plain, sentence, some, words
from partialpool.report.treatment import under

Advice = Mapping[str, Any]
"""What `arms.advise_arm` says of one place, and its name, `within`."""


def name_best(weighed: Weighed, labels: Labels) -> str:
    """Which arm is best, by place, in bold: what an answer on several arms begins with."""
    if not labels.places:
        return f"**{sentence(_of_all(weighed, labels))}**"
    rows = weighed.places
    settled = _group(rows, lambda row: row["advice"] != "open")
    unsettled = [row["within"] for row in rows if row["advice"] == "open"]
    many = len(rows) > MOST_NAMED
    if not settled:
        which, where = _which(weighed, labels), _places(unsettled, labels, many, "all")
        return f"**Which {which} is open {where}.**"
    parts = [
        f"{_best(arm, weighed, labels) if i == 0 else labels.treat(arm)} "
        f"{_places(places, labels, many, 'each')}"
        for i, (arm, places) in enumerate(settled.items())
    ]
    found = f"**{sentence(listed(parts))}**"
    if not unsettled:
        return found
    return f"{found} {sentence(f'it is open {_places(unsettled, labels, many, str())}')}"


def tell_choice(weighed: Weighed, labels: Labels) -> str:
    """How probably the leading arm is best, and what choosing it risks.

    Nothing where places have choices of their own, which a table tells.
    """
    row, arms = weighed.of(ALL), weighed.tables["arms"]
    if row["leader"] is None or labels.places:
        return ""
    rates = list(arms[arms["within"] == ALL]["mean"])
    start = (
        f"{capital(_best(row['leader'], weighed, labels))} with probability {chance(row['best'])}."
    )
    if not labels.chosen:
        return start
    others = [arm for arm in row["among"] if arm != row["leader"]]
    other = "".join(
        f", choosing {labels.treat(arm)} {_risk(weighed, arm, rates)}" for arm in others[:2]
    )
    risks = f"Choosing it now risks {_risk(weighed, row['leader'], rates)}{other}"
    return f"{start} {risks}, which is {_what_risk(weighed, labels)}."


def rate_chances(weighed: Weighed, labels: Labels) -> list[str]:
    """How probably the leading arm of each place is best; of many places the least probable."""
    led = [row for row in weighed.places if row["leader"] is not None]
    if len(weighed.places) <= MOST_NAMED:
        return [
            f"{labels.start(row['within'])} {_best(row['leader'], weighed, labels)} with "
            f"probability {chance(row['best'])}."
            for row in led
        ]
    settled = [row for row in led if row["advice"] != "open"]
    kind = f"levels of {words(str(labels.within))}"
    said = [f"It is settled in {len(settled)} of the {len(weighed.places)} {kind}."]
    if settled:
        least = min(settled, key=lambda row: float(row["best"]))
        said.append(
            f"Of those it is least sure {labels.where(least['within'])}: "
            f"{_best(least['leader'], weighed, labels)} with probability {chance(least['best'])}."
        )
    return said


def compare_leader(weighed: Weighed, labels: Labels) -> str:
    """The rate of the leading arm over all contacts, and how far it is from the others."""
    row, arms = weighed.of(ALL), weighed.tables["arms"]
    here = arms[arms["within"] == ALL].set_index("treatment")
    leader = str(row["leader"] or here["mean"].idxmax())
    pairs = [
        (other, found)
        for other in [labels.reference, *row["among"]]
        if other != leader and (found := weighed.lift(ALL, leader, other)) is not None
    ]
    rates = [*here["mean"]]
    show = rate_format(rates)
    what = here.loc[leader]
    of_all = f"Over all {labels.many}, " if labels.places else ""
    start = (
        f"{of_all}{under(labels, leader)}, {show(what['mean'])} {plain(labels.verb)} "
        f"({labels.percent_interval} interval {show(what['lower'])} to {show(what['upper'])})"
    )
    size = decimals(rate_places(rates))
    told = [
        f"{size(abs(100 * found['mean']))} points {'more' if found['mean'] >= 0 else 'less'} than "
        f"{under(labels, other)} ({interval(found, rates, labels)}; "
        f"{labels.vocabulary.more} with probability "
        f"{chance(labels.probability_better(found['above_null']))})"
        for other, found in dict(pairs).items()
    ]
    return f"{capital(start)}{': ' if told else ''}{listed(told[:MOST_NAMED])}."


def advise_places(weighed: Weighed, labels: Labels) -> list[str]:
    """One piece of advice for each place, as items of a list; of many places by what is advised."""
    rows = weighed.places or [weighed.of(ALL)]
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(_advice(row, labels), []).append(row["within"])
    if not labels.places:
        return [f"- **{sentence(advice)}**" for advice in groups]
    return [
        f"- **{capital(labels.list_places(places))}**: {advice}."
        for advice, places in groups.items()
    ]


def shortfall(loss: float, rates: Iterable[float]) -> str:
    """An expected loss of rates in points, `less than 0.1` where it rounds to none."""
    places = rate_places(rates) + 1
    least = 10.0**-places
    if loss <= 0:
        return "nothing"
    if 100 * loss < least:
        return f"less than {decimals(places)(least)} points"
    return f"{decimals(places)(100 * loss)} points"


def _risk(weighed: Weighed, arm: str, rates: Sequence[float]) -> str:
    """What choosing an arm risks over all contacts, in points or in money."""
    table = weighed.tables["money" if weighed.in_money else "arms"]
    row = table[(table["within"] == ALL) & (table["treatment"] == arm)].iloc[0]
    return (
        amount(row["loss"], weighed.facts["terms"])
        if weighed.in_money
        else shortfall(row["loss"], rates)
    )


def _what_risk(weighed: Weighed, labels: Labels) -> str:
    """What a risk is, in rates or in money."""
    return labels.vocabulary.risk_in_money if weighed.in_money else labels.vocabulary.risk


def _of_all(weighed: Weighed, labels: Labels) -> str:
    row = weighed.of(ALL)
    if row["leader"] is None:
        return f"{some([labels.treat(arm) for arm in row['among']])} cannot be told apart"
    leader, others = labels.treat(row["leader"]), [a for a in row["among"] if a != row["leader"]]
    if row["advice"] == "best":
        return _best(row["leader"], weighed, labels)
    if row["advice"] == "enough":
        return f"{leader} is good enough: no other is better by what matters"
    rest = some([labels.treat(arm) for arm in others])
    return (
        f"{_best(row['leader'], weighed, labels)} so far, but {rest} {_are(others)} not ruled out"
    )


def _best(arm: str, weighed: Weighed, labels: Labels) -> str:
    if weighed.in_money:
        return f"{labels.treat(arm)} {labels.vocabulary.pays}"
    return labels.vocabulary.best.format(arm=labels.treat(arm))


def _are(items: Sequence[str]) -> str:
    return "is" if len(items) == 1 else "are"


def _which(weighed: Weighed, labels: Labels) -> str:
    is_best = labels.vocabulary.pays if weighed.in_money else labels.vocabulary.is_best
    return f"{words(labels.treatment)} {is_best}"


def _group(rows: Sequence[Advice], wanted: Any) -> dict[str, list[str]]:
    """The places of each leading arm, the arm of most places first."""
    groups: dict[str, list[str]] = {}
    for row in filter(wanted, rows):
        groups.setdefault(row["leader"], []).append(row["within"])
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def _places(places: Sequence[str], labels: Labels, many: bool, of_all: str) -> str:
    total, kind = len(labels.places), f"levels of {words(str(labels.within))}"
    if not many:
        return labels.list_places(list(places))
    if len(places) == total and of_all:
        return f"in {of_all} of the {total} {kind}"
    return f"in {len(places)} of the {total} {kind}"


def _advice(row: Advice, labels: Labels) -> str:
    among = [labels.treat(arm) for arm in row["among"]]
    vocabulary = labels.vocabulary
    if row["advice"] == "open":
        return vocabulary.keep_comparing.format(arms=some(among))
    return vocabulary.choose.format(arm=labels.treat(row["leader"]))
