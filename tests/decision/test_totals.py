"""Totals come from the joint draws: held to closed forms and to rows added up by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import betabinom, binom

from partialpool.columns import TEXT
from partialpool.decision import totals
from partialpool.decision.prediction import NewData, own_columns, predict_rates
from partialpool.decision.totals import TOTALLED, total_rows
from partialpool.errors import InputError
from partialpool.frames import read_frame, write_frame
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.posterior import predictor
from partialpool.posterior.fit import Fit
from partialpool.posterior.predictor import linear_predictor

from ..factories.draws import cells, given, in_chunks, labelled, posterior_of

BY = ("one", "passed")
DRAWS = 40_000


def totalled(fit, rows, placed=None, total_by=(), trials=None, interval=0.8, others=()):
    placed = rows if placed is None else placed
    new = NewData(rows, placed, [""] * len(rows), list(others))
    return total_rows(fit, new, BY, total_by, trials, interval, seed=3)


def stated(rates, likelihood=LOGISTIC, phi=None, size=2):
    """A fit with rates that are given: of each row of new data, by its column `row`."""
    eta = logit(np.asarray(rates, dtype=float))

    def predict(rows):
        return in_chunks(eta[:, rows["row"].astype(int)], size)

    return given(cells(), predict, likelihood, phi)


def rows_of(count, **columns):
    return pd.DataFrame({"row": [str(i) for i in range(count)], **columns})


def test_rows_that_move_against_each_other_have_a_total_without_uncertainty():
    rate = np.random.default_rng(1).uniform(0.2, 0.8, DRAWS)
    table = totalled(
        stated(np.column_stack([rate, 1 - rate])), rows_of(2, n=["50", "50"]), trials="n"
    )
    assert table.loc[0, ["mean", "lower", "upper"]].tolist() == pytest.approx([50, 50, 50])
    assert table.loc[0, "sd"] == pytest.approx(0, abs=1e-9)


def test_expected_totals_are_rates_times_contacts_summed_draw_by_draw():
    generator = np.random.default_rng(2)
    rates = generator.uniform(0.1, 0.9, (999, 5))
    contacts = np.array([3, 0, 20, 7, 1])
    regions = ["north", "south", "north", None, "south"]
    rows = rows_of(5, region=regions, n=contacts.astype(str))
    table = totalled(stated(rates), rows, total_by=["region"], trials="n")
    assert table["region"].tolist() == ["north", "south", "", ""]
    assert table["grouping"].tolist() == ["region", "region", "region", ""]
    assert table["rows"].tolist() == [2, 2, 1, 5]
    assert table["contacts"].tolist() == [23, 1, 7, 31]
    sums = rates * contacts
    by_hand = [sums[:, [0, 2]], sums[:, [1, 4]], sums[:, [3]], sums]
    for i, of in enumerate(by_hand):
        drawn = of.sum(axis=1)
        expected = [drawn.mean(), np.median(drawn), *np.quantile(drawn, [0.1, 0.9])]
        found = table.loc[i, ["mean", "median", "lower", "upper"]].tolist()
        assert found == pytest.approx(expected)


def test_the_interval_of_a_total_is_not_the_sum_of_the_intervals_ends():
    rates = np.random.default_rng(4).beta(20, 80, (DRAWS, 25))
    rows = rows_of(25)
    alone = predict_rates(stated(rates), rows, rows, 0.8, seed=3)
    total = totalled(stated(rates), rows).iloc[-1]
    width = (alone["upper"] - alone["lower"]).sum()
    # 25 rows that know nothing of each other: a fifth of it
    assert total["upper"] - total["lower"] == pytest.approx(width / 5, rel=0.03)
    assert total["mean"] == pytest.approx(alone["mean"].sum())


def test_what_will_be_seen_of_a_known_rate_is_binomial():
    fit = stated(np.full((DRAWS, 1), 0.3))
    table = totalled(fit, rows_of(1, n=["1000"]), trials="n")
    assert table.loc[0, ["lower", "upper"]].tolist() == pytest.approx([300, 300])
    ends = binom(1000, 0.3).ppf([0.1, 0.9])
    assert table.loc[0, ["count_lower", "count_upper"]].to_numpy() == pytest.approx(ends, abs=1)


def test_what_will_be_seen_of_an_uncertain_rate_is_the_binomial_mixed_over_it():
    rate = np.random.default_rng(5).beta(8, 32, (DRAWS, 1))
    table = totalled(stated(rate), rows_of(1, n=["200"]), trials="n")
    ends = betabinom(200, 8, 32).ppf([0.1, 0.9])
    assert table.loc[0, ["count_lower", "count_upper"]].to_numpy() == pytest.approx(ends, abs=1)
    inner = 200 * np.quantile(rate, [0.1, 0.9])
    assert table.loc[0, ["lower", "upper"]].to_numpy() == pytest.approx(inner)


def test_the_ends_of_what_will_be_seen_are_whole_numbers():
    rate = np.random.default_rng(6).beta(8, 32, (997, 2))
    table = totalled(stated(rate), rows_of(2), total_by=["row"], interval=0.89)
    ends = table[["count_lower", "count_upper"]].to_numpy()
    assert (ends == ends.round()).all()


def seen_variance(fit, rows, **asked):
    """The variance of what is seen over all rows, from a wide interval of a sum near normal."""
    row = totalled(fit, rows, trials="n", interval=0.6827, **asked).iloc[-1]
    return ((row["count_upper"] - row["count_lower"]) / 2) ** 2


def test_contacts_of_a_beta_binomials_cell_share_its_rate_and_those_of_two_cells_do_not():
    phi = np.full(DRAWS, 50.0)
    one, two = (np.full((DRAWS, k), 0.4) for k in (1, 2))
    scattered = Likelihood("beta_binomial", "logit")
    shape = (0.4 * 50, 0.6 * 50)
    split = pd.DataFrame({"row": ["0", "0"], "day": ["mon", "tue"], "n": ["300", "300"]})
    whole = betabinom(600, *shape).var()
    placed = split[["row"]]
    for total_by in ([], ["day"]):
        fit = stated(one, scattered, phi)
        found = seen_variance(fit, split, placed=placed, total_by=total_by)
        assert found == pytest.approx(whole, rel=0.05)
    apart = rows_of(2, n=["300", "300"])
    halves = 2 * betabinom(300, *shape).var()
    found = seen_variance(stated(two, scattered, phi), apart)
    assert found == pytest.approx(halves, rel=0.05)
    assert halves < 0.6 * whole


def test_a_factor_that_the_formula_has_no_use_for_still_tells_cells_apart():
    phi = np.full(DRAWS, 50.0)
    fit = stated(np.full((DRAWS, 1), 0.4), Likelihood("beta_binomial", "logit"), phi)
    rows = pd.DataFrame({"row": ["0", "0"], "shop": ["a", "b"], "n": ["300", "300"]})
    found = seen_variance(fit, rows, placed=rows[["row"]], others=["shop"])
    assert found == pytest.approx(2 * betabinom(300, 20, 30).var(), rel=0.05)


@pytest.fixture
def fitted():
    """A fit with draws of its parameters, and new rows: two of one new shop, one of another."""
    design, _, tree = labelled("promo + (1 | shop)")
    known = {"promo": ["none", "some"], "shop": ["a", "b", "c", "new", "other"]}
    values = [("some", "new"), ("none", "new"), ("some", "other"), ("some", "a"), ("some", "new")]
    rows = pd.DataFrame(values, columns=["promo", "shop"])
    placed = pd.DataFrame(
        {name: pd.Categorical(rows[name], levels, ordered=True) for name, levels in known.items()}
    )
    return Fit(cells(), design, LOGISTIC, posterior_of(tree)), rows, placed


@pytest.mark.parametrize("at_once", [10**6, 10])
def test_rows_of_a_new_level_share_its_effects_however_rows_are_taken(fitted, monkeypatch, at_once):
    fit, rows, placed = fitted
    monkeypatch.setattr(predictor, "AT_ONCE", at_once)
    monkeypatch.setattr(totals, "AT_ONCE", at_once)
    rates = expit(linear_predictor(fit.draws, fit.design, placed, seed=3))
    table = totalled(fit, rows, placed, total_by=["shop"]).set_index("shop")
    for shop, of in (("new", [0, 1, 4]), ("other", [2]), ("a", [3]), ("", range(5))):
        drawn = rates[:, list(of)].sum(axis=1)
        assert table.loc[shop, "sd"] == pytest.approx(drawn.std(ddof=1))
        ends = np.quantile(drawn, [0.1, 0.9])
        assert table.loc[shop, ["lower", "upper"]].tolist() == pytest.approx(ends.tolist())
    assert not np.allclose(rates[:, 0], rates[:, 2])


def test_totals_are_as_the_rates_of_the_rows(fitted):
    fit, rows, placed = fitted
    table = predict_rates(fit, rows, placed, 0.8, seed=3)
    assert totalled(fit, rows, placed).loc[0, "mean"] == pytest.approx(table["mean"].sum())


def test_without_groups_there_is_one_row_over_all():
    table = totalled(stated(np.full((50, 3), 0.5)), rows_of(3))
    assert table[["grouping", "rows", "contacts", "mean"]].to_numpy().tolist() == [["", 3, 3, 1.5]]


def test_a_model_without_a_variable_has_one_cell():
    fit = given(cells(), lambda rows: in_chunks(np.zeros((200, len(rows))), 3))
    rows = pd.DataFrame({"note": ["x", "y", "x"]})
    table = totalled(fit, rows, rows[[]], total_by=["note"])
    assert table["mean"].tolist() == [1.0, 0.5, 1.5]


def test_the_table_is_written_and_read_as_it_is(tmp_path):
    rows = rows_of(2, mean_age=["007", "NA"])
    table = totalled(stated(np.full((50, 2), 0.5)), rows, total_by=["mean_age"])
    write_frame(table, tmp_path / "t.csv", own_columns(table))
    back = read_frame(tmp_path / "t.csv", {"mean_age": TEXT})
    assert back["mean_age"].tolist() == ["007", "NA", ""]
    assert set(TOTALLED) < set(back)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"total_by": ["region"]}, "total_by: found no column 'region', expected one of row, n"),
        ({"total_by": ["rows"]}, "total_by: found 'rows', which is a column of totals; rename it"),
        ({"trials": "m"}, "trials: found no column 'm', expected one of row, n, rows"),
        ({"trials": "n"}, "row 2: column 'n' holds '2.5', expected a whole number from 0 to"),
        ({"trials": "rows"}, "row 1: column 'rows' holds '-1', expected a whole number from 0"),
        ({"trials": "word"}, "row 1: column 'word' holds 'x', expected a number"),
    ],
)
def test_what_cannot_be_totalled_is_one_line(asked, said):
    rows = rows_of(2, n=["1", "2.5"], rows=["-1", "3"], word=["x", "1"])
    with pytest.raises(InputError) as error:
        totalled(stated(np.full((50, 2), 0.5)), rows, **asked)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_more_groups_than_memory_is_meant_for_are_refused(monkeypatch):
    monkeypatch.setattr(totals, "MOST_GROUPS", 2)
    with pytest.raises(InputError, match="found 3 groups, expected at most 2; total by fewer"):
        totalled(stated(np.full((50, 3), 0.5)), rows_of(3), total_by=["row"])
