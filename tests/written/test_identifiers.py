"""Names from data as identifiers of Stan."""

import re

import stanli
from hypothesis import given
from hypothesis import strategies as st

from partialpool.written.identifiers import RESERVED, Identifiers, shorten


@given(st.text(), st.sampled_from(["", "b_", "sd_"]))
def test_any_text_becomes_an_identifier(name, prefix):
    found = Identifiers().claim(prefix, name)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", found)
    assert not found.endswith("__")
    assert found not in RESERVED


@given(st.lists(st.text(max_size=4), max_size=8))
def test_no_identifier_is_given_out_twice(names):
    identifiers = Identifiers("N", "phi")
    found = [identifiers.claim("", name) for name in [*names, "N", "phi"]]
    assert len({*found, "N", "phi"}) == len(names) + 4


def test_names_stay_as_they_are_where_they_can():
    names = {"channel": "channel", "promo[Bundle]": "promo_Bundle", "région:store": "region_store"}
    assert [shorten(name) for name in names] == list(names.values())
    assert Identifiers().claim("", "3+") == "x_3"
    assert Identifiers().claim("", "日本") == "x"


def test_words_of_stan_and_of_cpp_are_taken_by_no_variable():
    identifiers = Identifiers()
    named = [identifiers.claim("", word) for word in sorted(RESERVED)]
    declared = "".join(f"  real {name};\n" for name in named)
    stated = "".join(f"  {name} ~ normal(0, 1);\n" for name in named)
    program = f"parameters {{\n{declared}}}\nmodel {{\n{stated}}}\n"
    assert stanli.Model(stan_code=program, data={}).n_unconstrained == len(RESERVED)
