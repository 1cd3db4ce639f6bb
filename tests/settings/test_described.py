"""Settings as plain data: complete, and without what results do not depend on."""

from partialpool.settings.described import describe_labels, describe_request, read_request
from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited


def described(changes):
    return describe_request(read_settings(edited(SMALL, changes)).analyses["sales"])


def test_what_cells_are_made_of_comes_back_as_it_was():
    analysis = read_settings(SMALL).analyses["sales"]
    request = read_request(describe_request(analysis))
    assert (request.source, request.factors) == (analysis.source, analysis.factors)
    assert (request.numbers, request.outcome) == (analysis.numbers, analysis.outcome)


def test_words_make_no_other_cells():
    words = {f"{SALES}.outcome.verb": "bought it", f"{SALES}.factors.promo.phrases": {"some": "it"}}
    words |= {f"{SALES}.outcome.good": False}
    words[f"{SALES}.outcome.contact"] = {"one": "woman", "many": "women"}
    assert described(words) == described({})
    assert described({f"{SALES}.outcome.success": "y"}) != described({})


def test_labels_know_models_and_phrases():
    analysis = read_settings(
        edited(SMALL, {f"{SALES}.factors.promo.phrases": {"some": "the coupon"}})
    ).analyses["sales"]
    words = describe_labels(analysis)
    assert words["phrases"]["promo"] == {"some": "the coupon"}
    assert words["models"] == ["plain", "varying"]


def test_labels_know_what_rows_are():
    contact = {f"{SALES}.outcome.contact": {"one": "woman", "many": "women"}}
    words = describe_labels(read_settings(edited(SMALL, contact)).analyses["sales"])
    assert (words["contact"], words["contacts"]) == ("woman", "women")


def test_cells_depend_on_the_treatment_only_where_ids_are_counted_under_it():
    other = {f"{SALES}.treatment": "channel", f"{SALES}.within": "promo"}
    assert described(other) == described({})
    ids = {f"{SALES}.source.id": "customer"}
    assert described(ids | other) != described(ids)


def test_labels_of_ranked_levels_have_them_in_the_place_of_a_treatment():
    config = edited(SMALL, {f"{SALES}.treatment": ..., f"{SALES}.outcome.good": False})
    words = describe_labels(read_settings(config).analyses["sales"])
    assert (words["treatment"], words["within"]) == ("channel", None)
    assert (words["treatment_is"], words["good"]) == ("level", False)
