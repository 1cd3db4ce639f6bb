"""The study of sensitivity knows how far a prior moves a rate, and the check calls what does."""

import numpy as np
import pytest
from scipy import stats

from partialpool.calibration import leanings
from partialpool.calibration.leanings import Case, main, summarise_case


def test_a_prior_raised_to_a_power_gives_the_beta_posterior_that_quadrature_gives():
    case, p = Case(3, 5, 20, 0.2), np.linspace(1e-6, 1 - 1e-6, 200_001)
    density = stats.beta(3, 5).pdf(p) ** 2 * stats.binom.pmf(4, 20, p)
    density /= np.trapezoid(density, p)
    mean = np.trapezoid(p * density, p)
    doubled = stats.beta(*case.posterior(4, 2.0))
    assert doubled.mean() == pytest.approx(mean, abs=1e-6)
    once = stats.beta(*case.posterior(4))
    assert case.shift(4) == pytest.approx(abs(mean - once.mean()) / once.std(), abs=1e-4)


def test_a_prior_that_moves_the_rate_is_called_and_one_that_does_not_is_not():
    random = np.random.default_rng(5)
    moved = summarise_case(Case(50, 50, 100, 0.1), 6, random)
    assert moved["shift"] > 1
    assert moved["conflict"] == 1
    kept = summarise_case(Case(5, 5, 1000, 0.5), 6, random)
    assert kept["shift"] < 0.1
    assert kept["conflict"] == kept["weak"] == 0
    assert summarise_case(Case(1, 1, 20, 0.1), 3, random) == {"shift": 0, "conflict": 0, "weak": 0}


def test_the_table_has_a_row_for_every_case(capsys, monkeypatch):
    monkeypatch.setattr(leanings, "CASES", (Case(2, 2, 50, 0.1),))
    main(1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.count("|") for line in lines] == [7] * 3
    assert lines[2].startswith("| beta(2, 2) | 50 | 0.1 |")
