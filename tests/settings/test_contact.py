"""What a row is called: two words that sentences can hold, or one line that says why not."""

import pytest

from partialpool.errors import InputError
from partialpool.settings import Outcome
from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited


def outcome(**contact):
    config = edited(SMALL, {f"{SALES}.outcome.contact": contact})
    return read_settings(config).analyses["sales"].outcome


def refusal(**changes):
    config = edited(SMALL, {f"{SALES}.outcome.{key}": value for key, value in changes.items()})
    with pytest.raises(InputError) as error:
        read_settings(config)
    return str(error.value)


def test_rows_are_contacts_unless_the_configuration_says_otherwise():
    assert (Outcome(column="x").contact.one, Outcome(column="x").contact.many) == (
        "contact",
        "contacts",
    )


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("woman", "women"),
        ("shop-month", "shop-months"),
        ("visit to a page", "visits to a page"),
        ("élève", "élèves"),
        ("men’s club", "men's clubs"),
        ("女性", "女性"),
    ],
)
def test_any_words_may_be_what_a_row_is(one, many):
    found = outcome(one=one, many=f"  {many} ").contact
    assert (found.one, found.many) == (one, many)


@pytest.mark.parametrize(
    "word", ["", " ", "*a*", "<b>", "shop_month", "{contacts}", "a\\b", "[x](y)", "x" * 41, "a, b"]
)
def test_what_a_sentence_cannot_hold_is_refused_in_one_line(word):
    said = refusal(contact={"one": word, "many": "women"})
    assert said == (
        f"{SALES}.outcome.contact.one: found {word!r}, expected a word or a few: letters, digits, "
        "spaces and hyphens, up to 40"
    )


def test_both_words_are_needed_and_no_other():
    assert refusal(contact={"one": "woman"}) == (
        f"{SALES}.outcome.contact.many: missing, expected a value"
    )
    assert "found 'woman', expected a mapping" in refusal(contact="woman")
    assert refusal(contact={"one": "a", "many": "b", "all": "c"}) == (
        f"{SALES}.outcome.contact.all: unknown key, expected one of many, one"
    )


def test_a_word_that_the_report_has_another_meaning_for_is_refused():
    said = refusal(contact={"one": "cell", "many": "cells"})
    assert "found 'cell', which the report calls something else; take another" in said


def test_successes_are_not_called_as_all_rows_are():
    said = refusal(contact={"one": "user", "many": "users"}, noun="Users")
    assert said.startswith(f"{SALES}.outcome.noun: found 'Users', which all rows are called")
    assert f"{SALES}.outcome.noun: found 'contacts'" in refusal(noun="contacts")
