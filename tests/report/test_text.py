"""Names from data stand in sentences as themselves."""

from partialpool.report.text import code


def test_a_name_with_backticks_and_line_breaks_is_still_one_piece_of_code():
    assert code("a`b\nc") == "`` a`b c ``"
    assert code("promo[Yes]") == "`promo[Yes]`"
