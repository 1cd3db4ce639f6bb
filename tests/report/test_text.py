"""Names from data stand in sentences as themselves, and nouns behind their article."""

import pytest

from partialpool.report.text import article, code


def test_a_name_with_backticks_and_line_breaks_is_still_one_piece_of_code():
    assert code("a`b\nc") == "`` a`b c ``"
    assert code("promo[Yes]") == "`promo[Yes]`"


@pytest.mark.parametrize(
    "noun",
    """a contact|a woman|an applicant|an order|a user|a unit|a university|a European|an Eskimo
    an hour|a house|an heiress|an honest answer|a one-time buyer|an SMS|a URL|an MRI scan|a PDF
    an uninsured driver|an unimportant call|a use|an usher|an umbrella|an X-ray|a U-turn|a T-shirt
    an 8-year-old|a 7-year-old|an 18-year-old|a shop-month|an e-mail|a ewe|an idea|a unique visitor
    a uniform|a union|an unnamed user|a utility|an utterance|an emu|a eulogy|an urn|a usual day
    a history|an onion|a once-only buyer|an élève""".replace("\n    ", "|").split("|"),
)
def test_an_article_goes_by_how_the_noun_sounds(noun):
    assert article(noun.partition(" ")[2]) == noun
