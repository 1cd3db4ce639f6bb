"""A formula is read before anything evaluates it: what is not of the grammar is one line."""

import time

import numpy as np
import pandas as pd
import pytest
from formulaic.transforms import TRANSFORMS

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.formula import parse_formula
from partialpool.model.grammar import FUNCTIONS, OTHERS, check_names

FACTORS = ["promo", "channel", "region"]
NUMBERS = ["age"]
HOSTILE = {
    "a tower of powers": "I(age**9**9**9)",
    "a tower in R's spelling": "I(age^9^9^9)",
    "a power of a power": "I((age**9)**9**9)",
    "a large power": "I(age**1000000)",
    "a power of terms": "(promo + channel + region)^30",
    "a power of very many": "(promo + channel + region)**999999999",
    "a fractional power of terms": "(promo + channel)**1.5",
    "very many terms": " * ".join(["(promo + channel + region)"] * 12),
    "very many interactions": ":".join(["(promo + channel + region)"] * 12),
    "very many columns of a spline": "bs(age, df=100000)",
    "very many columns by position": "poly(age, 100000)",
    "columns by arithmetic": "bs(age, df=99*99*99)",
    "no columns": "bs(age, df=0)",
    "fewer than no columns": "poly(age, -1)",
    "a class of a contrast": "C(promo, contr.__class__)",
    "an attribute of a contrast": "C(promo, contr.sum.__init__)",
    "contrasts that are not those of R": "C(promo, contr.mro)",
    "a custom contrast": "C(promo, contr.custom([[1]]))",
    "an import": "__import__('os').system('touch owned')",
    "a file": "I(open('owned', 'w'))",
    "an evaluation": "I(eval('1'))",
    "a lambda": "I((lambda: age)())",
    "a comprehension": "I([age for _ in range(9)])",
    "an attribute": "I(age.__class__)",
    "a method": "age.to_csv('owned')",
    "a subscript": "I(age[0])",
    "a slice": "I(age[0:1])",
    "an assignment": "I((age := 1))",
    "a format": "I(f'{age}')",
    "text many times": "I('a' * 10**9)",
    "a list many times": "I([1] * 10**9)",
    "a keyword argument that is a call": "bs(age, df=print('owned'))",
    "many arguments": "I(*age)",
    "named arguments from a name": "bs(age, **age)",
    "braces around what is no arithmetic": "{age.max()}",
    "a dictionary": "I({1: age})",
    "awaiting": "I(await age)",
    "deep brackets": "(" * 300 + "promo" + ")" * 300,
    "a long chain of signs": "promo " + "-" * 1500 + "1",
    "a very long formula": " + ".join(["promo"] * 5000),
    "an open quotation mark": "C(promo, contr.treatment(base='x",
    "a backslash": "promo \\ channel",
    "a null byte": "promo \x00",
    "a dunder": "__builtins__",
    "two lines of Python": "promo\nimport os",
    "a misspelt term that is taken away": "1 + promo - weeek",
    "a hidden misspelt one": "promo + channel - (channelz)",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_not_of_the_grammar_is_one_line_and_does_nothing(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    with pytest.raises(InputError) as told:
        parse_formula(HOSTILE[case], FACTORS, NUMBERS)
    assert str(told.value).startswith("found ")
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 600
    assert list(tmp_path.iterdir()) == []
    # any patience: the slowest of these would take longer than the age of the universe
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    "text",
    [
        "promo * channel * region",
        "(promo + channel + region)^2",
        "promo + channel:region + promo %in% channel",
        "promo / channel",
        "0 + promo",
        "promo - 1",
        "-1 + promo",
        "center(age) + scale(age) + I(age^2) + I(age**-1) + I(age**(1/3))",
        "I((age - 40) / 10) + I(age > 30) + log(age + 1)",
        "poly(age, 3) + bs(age, df=5) + bs(age, 5, knots=[30, 40])",
        "bs(age, knots=[2015.5, 2020], degree=2, lower_bound=2000, upper_bound=2030)",
        "cr(age, df=4, constraints='center')",
        "C(promo, contr.treatment(base='a:b^c')) + C(channel, contr.sum)",
        "C(promo, levels=['x', 'y']) + C(channel, contr.helmert())",
        "promo + (1 + center(age) | channel:region)",
        "{age + 1}:promo",
    ],
)
def test_what_is_of_the_grammar_is_read(text):
    parse_formula(text, FACTORS, NUMBERS)


def test_quoted_text_in_a_formula_is_left_as_it_is():
    read = parse_formula("C(promo, contr.treatment(base='a^b'))", FACTORS)
    assert "a^b" in read.population


@pytest.mark.parametrize("name", ["center", "scale", "log", "exp", "poly", "class", "in", "lag"])
def test_a_factor_named_like_a_word_of_formulas_is_refused_where_it_is_named(name):
    with pytest.raises(InputError, match=rf"factors\.{name}: found the name of .*another"):
        check_names({"factors": ["promo", name], "numbers": NUMBERS})


def test_other_names_may_be_what_they_like():
    check_names({"factors": ["offer", "call_center", "logs"], "numbers": ["age", "e", "pi"]})


def test_the_functions_are_those_of_the_library():
    assert {*FUNCTIONS, *OTHERS} == {*TRANSFORMS}


def test_every_function_that_a_message_offers_can_be_used():
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    arguments = {"bs": "age, df=4", "poly": "age, 2", "C": "promo"}
    arguments |= dict.fromkeys(("cc", "cr", "cs"), "age, df=4, constraints='center'")
    contrasts = ("Diff", "Helmert", "Poly", "Sum", "Treatment", "contr")
    for name in FUNCTIONS:
        given = f"{name}({arguments.get(name, 'age')})"
        given = "C(promo, contr.sum)" if name == "contr" else given
        given = f"C(promo, {name}())" if name in contrasts[:-1] else given
        assert learn_design(f"1 + {given}", cells).coefficients[0] == "Intercept"


@pytest.mark.parametrize(
    "text",
    ["center()", "center(age, age)", "I(1/0)", "log(promo)", "bs(promo, df=4)", "poly(age, 90)"],
)
def test_what_a_function_cannot_take_is_one_line(text):
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    with pytest.raises(InputError) as told:
        learn_design(f"1 + {text}", cells)
    assert "\n" not in str(told.value)


def test_levels_that_a_contrast_leaves_out_are_refused():
    cells = pd.DataFrame({"promo": list("xyzxyzxy")})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y", "z"]})
    with pytest.raises(InputError, match=r"a value that C\(\) has no level for"):
        learn_design("C(promo, levels=['x', 'y'])", cells)
