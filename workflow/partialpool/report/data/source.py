"""Sentences about the source: what a row is, which rows are used, and how levels were made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.cells.cells import WITHOUT
from partialpool.report.data.ids import describe_ids
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.period import spell_period
from partialpool.report.text import article, capital, code, listed, plain, sentence, some, words
from partialpool.settings.data import MISSING_LEVEL, write_number

MOST_VALUES = 8
"""Values that a sentence names before it says how many more there are."""


def describe_source(ledger: Mapping[str, Any], credit: str, labels: Labels) -> str:
    """Whose data these are, what a row is, and what counts as a success.

    Args:
        ledger: `cells.make_cells`, with the source and what was asked of it.
        credit: whose data it is.
        labels: the words of the analysis.
    """
    request = ledger["request"]
    counted = request["outcome"]["column"] is None
    read = _read_counted(ledger, labels) if counted else _read_contacts(ledger, labels)
    as_of = request["source"]["as_of"]
    asked = f" The source was asked as of {plain(as_of)}." if as_of else ""
    read += _tell_period(ledger, labels)
    return f"{read}{asked}{f' The data: {sentence(plain(credit))}' if credit else ''}"


def _tell_period(ledger: Mapping[str, Any], labels: Labels) -> str:
    """From when to when the contacts are, by which column, and how many rows do not say."""
    if "period" not in ledger:
        return ""
    period, column = spell_period(ledger), plain(ledger["period"]["column"])
    undated = ledger["period"]["undated"]
    lacking = f"{integer(undated)} {'row has' if undated == 1 else 'rows have'} no date"
    if not period:
        return f" No row that is used has a date in {column}."
    rest = f"; {lacking}" if undated else ""
    return f" By {column}, the {labels.many} that are used are of {period}{rest}."


def describe_ledger(ledger: Mapping[str, Any], labels: Labels) -> str:
    """How many of the rows are used, why the others are not, and whose contacts they are."""
    return " ".join(filter(None, [_describe_rows(ledger, labels), describe_ids(ledger, labels)]))


def name_reason(reason: str, labels: Labels) -> str:
    """Why rows were left out, as the ledger has it, with what rows are called."""
    return f"without {article(labels.contact)}" if reason == WITHOUT else reason


def _describe_rows(ledger: Mapping[str, Any], labels: Labels) -> str:
    if not ledger["dropped"]:
        return f"All {integer(ledger['rows_used'])} rows are used; none was dropped."
    reasons = [
        f"{integer(d['rows'])} {plain(name_reason(d['reason'], labels))}" for d in ledger["dropped"]
    ]
    dropped = ledger["rows_read"] - ledger["rows_used"]
    return (
        f"Of {integer(ledger['rows_read'])} rows, {integer(ledger['rows_used'])} are used and "
        f"**{integer(dropped)} were dropped** ({percent(1)(dropped / ledger['rows_read'])}): "
        f"{listed(reasons)}."
    )


def describe_rules(request: Mapping[str, Any]) -> str:
    """Which rows are used, and what becomes of those without a value; nothing by default."""
    source, said = request["source"], []
    if source["filter"]:
        said.append(f"The filter keeps the rows for which {code(source['filter'])} holds.")
    if source["null_values"]:
        texts = listed([code(text) for text in source["null_values"]], "or")
        said.append(f"A field that is empty or holds {texts} has no value.")
    policies = _policies(request)
    if columns := [column for column, policy in policies.items() if policy == "drop"]:
        said.append(f"A row without a value in {some(columns, MOST_VALUES, 'or')} is left out.")
    if columns := [column for column, policy in policies.items() if policy == "level"]:
        said.append(
            f"A row without a value in {some(columns, MOST_VALUES, 'or')} has the level "
            f"{plain(MISSING_LEVEL)} there."
        )
    return " ".join(said)


def describe_levels(ledger: Mapping[str, Any], labels: Labels) -> str:
    """Where the levels of the factors and their order come from."""
    factors, found = ledger["request"]["factors"], ledger["found"]
    declared = [words(name) for name in labels.factors if name not in found]
    said = []
    if declared:
        said.append(f"The configuration sets the order of the levels of {listed(declared)}.")
    if found:
        first = [f"{plain(labels.factors[name][0])} for {words(name)}" for name in found]
        said.append(
            f"The levels of {listed([words(name) for name in found])} are those found in the data, "
            f"sorted, and the first is the reference: {listed(first)}."
        )
    for name, factor in factors.items():
        said += [*_bins(name, factor), *_recodes(name, factor)]
    return " ".join(said)


def _read_contacts(ledger: Mapping[str, Any], labels: Labels) -> str:
    outcome = ledger["request"]["outcome"]
    column = plain(outcome["column"])
    if outcome["success"] is None:
        when = f"its {column} is 1 or true; 0 or false is a failure"
    elif outcome["failure"] is None:
        when = f"its {column} is {plain(outcome['success'])}; the other value is a failure"
    else:
        when = (
            f"its {column} is {plain(outcome['success'])}; the other value is "
            f"{plain(outcome['failure'])}"
        )
    return (
        f"**{integer(ledger['rows_read'])} {labels.many}** were read from "
        f"{plain(ledger['source'])}, one row each. {capital(labels.a_one)} counts as a "
        f"success, one that {plain(labels.verb)}, when {when}."
    )


def _read_counted(ledger: Mapping[str, Any], labels: Labels) -> str:
    outcome = ledger["request"]["outcome"]
    rows, contacts = integer(ledger["rows_read"]), integer(ledger["contacts"])
    place = plain(ledger["source"])
    read = f"**{rows} rows that count {contacts} {labels.many}** were read from {place}."
    if ledger["rows_read"] != ledger["rows_used"]:
        read = (
            f"**{rows} rows** were read from {place}; the {integer(ledger['rows_used'])} that are "
            f"used count **{contacts} {labels.many}**."
        )
    rest = f"{plain(str(outcome['trials']))} counts all {labels.many}"
    if outcome["failures"]:
        rest = f"{plain(outcome['failures'])} counts the others"
    return (
        f"{read} In each row, {plain(outcome['successes'])} counts the {labels.many} that "
        f"{plain(labels.verb)}, and {rest}."
    )


def _policies(request: Mapping[str, Any]) -> dict[str, str]:
    """What becomes of a row without a value, by column."""
    source, outcome = request["source"]["missing"], request["outcome"]
    keys = ("column", "successes", "trials", "failures")
    policies = {
        plain(variable["column"]): variable["missing"] or source
        for kind in ("factors", "numbers")
        for variable in request[kind].values()
    }
    return policies | {plain(outcome[key]): source for key in keys if outcome[key]}


def _bins(name: str, factor: Mapping[str, Any]) -> list[str]:
    if not factor["bins"]:
        return []
    edges = listed([write_number(edge) for edge in factor["bins"]])
    return [
        f"The numbers in {plain(factor['column'])} were cut at {edges} into the levels of "
        f"{words(name)}; a number at a cut is in the level above it."
    ]


def _recodes(name: str, factor: Mapping[str, Any]) -> list[str]:
    called: dict[str, list[str]] = {}
    for value, level in factor["recode"].items():
        called.setdefault(level, []).append(code(value))
    return [
        f"In {words(name)}, {some(values, MOST_VALUES)} {'is' if len(values) == 1 else 'are'} "
        f"called {plain(level)}."
        for level, values in called.items()
    ]
