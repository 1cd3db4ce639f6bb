"""Ids are counted where the contacts are, in the same pass: how often each, under how many arms."""

import random
from collections import defaultdict

import pytest

from partialpool.cells.cells import make_cells
from partialpool.settings import Factor, Outcome, Source
from partialpool.source.counting import count_contacts, glimpse
from partialpool.source.duck import DuckDB
from partialpool.source.ids import book_ids

from ..factories.contacts import KINDS

FACTORS = {
    "promo": Factor(column="promo", recode={"BUNDLE": "Bundle", "bundle": "Bundle"}),
    "channel": Factor(column="channel", missing="level"),
}
BOUGHT = Outcome(column="bought", success="yes", failure="no")
COLUMNS = dict.fromkeys(["customer", "promo", "channel", "bought"], "VARCHAR")
ROWS = [
    ("a", "Bundle", "mail", "yes"),
    ("a", "bundle", "mail", "yes"),
    ("a", "none", None, "no"),
    ("b", "none", "mail", "no"),
    ("b", "none", "mail", "no"),
    ("c", "BUNDLE", "shop", "no"),
    ("A", "none", "shop", "yes"),
    (None, "none", "shop", "yes"),
    ("", "none", "shop", "yes"),
    ("NA", "Bundle", "shop", "no"),
    ("c", None, "shop", "no"),
    ("c", "none", "shop", None),
    ("c", "none", "out", "no"),
]
NOT_OUT = "channel <> 'out' OR channel IS NULL"
BOOKED = {"column": "customer", "distinct": 4, "most": 3, "repeated": 2, "crossing": 1}
BOOKED |= {"alike": 1, "unnamed": 3, "design_effect": (9 + 4 + 1 + 1 + 3) / 10}


def asking(source):
    settings = {"id": "customer", "null_values": ("NA",), "missing": "drop"}
    return source.model_copy(update=settings)


def booked(source, factors=None):
    asked = (factors or FACTORS, {}, BOUGHT)
    counted = count_contacts(source, *asked, "promo")
    _, ledger = make_cells(counted, *asked, source.missing)
    return book_ids(counted, source, ledger["contacts"])["ids"] | {"contacts": ledger["contacts"]}


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_counted_alike_in_every_kind_of_source(place, kind):
    source = asking(place(kind, COLUMNS, ROWS)).model_copy(update={"filter": NOT_OUT})
    assert booked(source) == BOOKED | {"contacts": 10}


def test_a_contact_that_is_left_out_is_not_counted_for_its_id(place):
    source = asking(place("csv", COLUMNS, ROWS)).model_copy(update={"filter": NOT_OUT})
    strict = FACTORS | {"channel": Factor(column="channel")}  # without a level for missing values
    found = booked(source, strict)
    assert (found["contacts"], found["most"], found["crossing"]) == (9, 2, 0)


def recount(rows):
    """The same by hand: contacts with a promo and an outcome, by customer."""
    used = [row for row in rows if row[1] not in (None, "", "NA") and row[3] in ("yes", "no")]
    called = {"bundle": "Bundle", "BUNDLE": "Bundle"}
    whose = defaultdict(list)
    for customer, *values in used:
        if customer not in (None, "", "NA"):
            whose[customer].append(tuple(values))
    sizes = [len(contacts) for contacts in whose.values()]
    unnamed = len(used) - sum(sizes)
    return {
        "column": "customer",
        "distinct": len(whose),
        "most": max(sizes, default=0),
        "repeated": sum(size > 1 for size in sizes),
        "crossing": sum(
            len({called.get(promo, promo) for promo, *_ in contacts}) > 1
            for contacts in whose.values()
        ),
        "alike": sum(len(contacts) - len(set(contacts)) for contacts in whose.values()),
        "unnamed": unnamed,
        "design_effect": pytest.approx((sum(size**2 for size in sizes) + unnamed) / len(used)),
        "contacts": len(used),
    }


@pytest.mark.parametrize("many", [0, 5, 60, 1000])
def test_what_is_told_of_ids_is_what_a_count_by_hand_finds(texts, many):
    generator = random.Random(many)
    ids = ["", None, "NA", " a", "a", "a ", "A", "é", "😀", *map(str, range(many))]
    values = (ids, ["Bundle", "bundle", "none", None], ["mail", "shop", ""], ["yes", "no", ""])
    rows = [("z", "none", "mail", "no"), ("z", "Bundle", "mail", "yes"), ("y", "BUNDLE", "", "no")]
    rows += [tuple(map(generator.choice, values)) for _ in range(150)]
    assert booked(asking(texts(list(COLUMNS), *rows))) == recount(rows)


def test_ids_change_no_count(place):
    source = place("csv", COLUMNS, ROWS)
    plain = source.model_copy(update={"null_values": ("NA",), "missing": "drop"})
    found = count_contacts(asking(source), FACTORS, {}, BOUGHT, "promo")
    expected = count_contacts(plain, FACTORS, {}, BOUGHT)
    assert found[list(expected)].equals(expected)


def test_ids_are_counted_in_the_one_pass_and_none_is_read(place, monkeypatch):
    asked, answers = [], []
    ask = DuckDB.ask

    def listen(*given):
        asked.append(str(given[1]))
        answers.append(ask(*given))
        return answers[-1]

    monkeypatch.setattr(DuckDB, "ask", listen)
    booked(asking(place("csv", COLUMNS, [("secret-id", *row[1:]) for row in ROWS])))
    *checks, last = asked
    assert all("WHERE 1 = 0" in check for check in checks)
    assert last.count("contacts\n") + last.count("FROM contacts") == 1
    assert "secret-id" not in str(answers)


def test_no_id_is_among_the_rows_that_are_shown(place):
    shown = glimpse(asking(place("csv", COLUMNS, ROWS)))
    assert list(shown) == ["promo", "channel", "bought"]


def test_a_missing_column_of_ids_is_named(place, refused):
    source = asking(place("csv", COLUMNS, ROWS)).model_copy(update={"id": "client"})
    said = refused(count_contacts, source, FACTORS, {}, BOUGHT, "promo")
    assert said.startswith("source.id: found no column 'client' in")


def test_without_a_column_of_ids_nothing_is_booked():
    assert book_ids(None, Source(path="contacts.csv"), 10) == {}
