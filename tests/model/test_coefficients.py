"""Coefficients have names, and a table of what they are of, whatever a formula or level says."""

import pytest

from partialpool.errors import InputError
from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.design import learn_design

from ..factories.names import crossed

FACTORS = {"promo": ["none", "some", "lots"], "shop": ["a", "b"]}


def columns_of(formula, factors=FACTORS, numbers=("age",)):
    return learn_design(formula, crossed(factors, numbers)).columns


def rows_of(formula, **given):
    table = tabulate_coefficients(columns_of(formula, **given))
    return list(table.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        (
            "promo * shop",
            "promo[some] / promo[lots] / shop[b] / promo[some]:shop[b] / promo[lots]:shop[b]",
        ),
        ("shop:age", "shop[a]:age / shop[b]:age"),
        ("shop * scale(age)", "shop[b] / scale(age) / shop[b]:scale(age)"),
        ("{age + 1}:shop", "age + 1:shop[a] / age + 1:shop[b]"),
        (
            "poly(age, 2):shop",
            "poly(age, 2)[1]:shop[a] / poly(age, 2)[2]:shop[a] / "
            "poly(age, 2)[1]:shop[b] / poly(age, 2)[2]:shop[b]",
        ),
        ("C(promo, contr.sum)", "C(promo, contr.sum)[S.none] / C(promo, contr.sum)[S.some]"),
        (
            "shop + C(shop, contr.sum):age",
            "shop[b] / C(shop, contr.sum)[a]:age / C(shop, contr.sum)[b]:age",
        ),
    ],
)
def test_columns_are_named_by_their_factors_and_levels(formula, names):
    expected = names.split(" / ")
    assert [column.name for column in columns_of(formula)] == ["Intercept", *expected]


def test_without_an_intercept_a_factor_has_all_its_levels():
    names = [column.name for column in columns_of("0 + promo")]
    assert names == ["promo[none]", "promo[some]", "promo[lots]"]


def test_the_table_has_a_row_for_every_variable_of_every_factor():
    assert rows_of("shop * poly(age, 2)")[:5] == [
        ("shop[b]", "shop", "shop", "b"),
        ("poly(age, 2)[1]", "poly(age, 2)", "age", ""),
        ("poly(age, 2)[2]", "poly(age, 2)", "age", ""),
        ("shop[b]:poly(age, 2)[1]", "shop", "shop", "b"),
        ("shop[b]:poly(age, 2)[1]", "poly(age, 2)", "age", ""),
    ]
    two = rows_of("0 + {age * size}", numbers=("age", "size"))
    assert two == [("age * size", "age * size", name, "") for name in ("age", "size")]


def test_the_intercept_is_of_nothing():
    assert rows_of("1") == []


def test_levels_are_data_however_they_read():
    strange = ["none", "a, b]", "x[y", "shop[T.b", '""', " ", "a]:shop[b", "[T.a]"]
    rows = rows_of("0 + promo:shop", factors=FACTORS | {"promo": strange}, numbers=())
    levels = [row[3] for row in rows if row[1] == "promo"]
    assert set(levels) == set(strange)
    assert ("promo[shop[T.b]:shop[b]", "promo", "promo", "shop[T.b") in rows


def test_coefficients_that_would_have_one_name_are_refused():
    factors = {"promo": ["no", "yes", "yes]:shop[b"], "shop": ["a", "b"]}
    with pytest.raises(InputError, match=r"two coefficients would be called promo\[yes\]:shop\[b"):
        columns_of("promo * shop", factors, ())
    factors = {"promo": ["no", "p", "p]:shop[q"], "shop": ["a", "q]:shop[r", "r"]}
    with pytest.raises(InputError, match="two coefficients would be called"):
        columns_of("0 + promo:shop", factors, ())
