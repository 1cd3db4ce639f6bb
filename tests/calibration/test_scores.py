"""The study of scores knows the exact ones, and what is trusted is near them."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit

from partialpool.calibration import scores
from partialpool.calibration.scores import Case, draw_fit, main, score_case, simulate_cells, solve

SMALL = Case(5, 12, 0.6)


def test_a_cells_integral_is_the_one_that_quadrature_gives():
    cells = simulate_cells(Case(3, 300, 0.9), np.random.default_rng(1))
    exact, y = solve(cells), int(cells["successes"].iloc[0])
    for at in (100, 3000, 5000):
        b, s = exact.intercept[at], exact.sd[at]

        def density(z, b=b, s=s):
            return stats.binom.pmf(y, 300, expit(b + s * z)) * stats.norm.pdf(z)

        mode = (np.log(y / (300 - y)) - b) / s
        near = [float(np.clip(mode, -7.9, 7.9))]
        value, _ = integrate.quad(density, -8, 8, points=near, epsabs=0, limit=200)
        if value > 1e-30:
            assert exact.each[0, at] == pytest.approx(np.log(value), abs=1e-5)


def test_draws_have_the_exact_posteriors_mean():
    random = np.random.default_rng(2)
    cells = simulate_cells(SMALL, random)
    exact = solve(cells)
    shares = np.exp(exact.log_weights - exact.log_weights.max())
    mean = shares @ exact.intercept / shares.sum()
    drawn = draw_fit(cells, exact, random).draws["population"].values
    assert drawn.mean() == pytest.approx(mean, abs=4 * drawn.std() / np.sqrt(drawn.size))


def test_trusted_scores_are_near_and_those_that_have_seen_a_cell_are_too_good():
    table = score_case(Case(8, 60, 0.9), 3, np.random.default_rng(3))
    integrated = table[table["integrated"] & table["trusted"]]
    assert len(integrated) > 15
    assert integrated["errors"].abs().max() < 4.5
    assert table.loc[~table["integrated"], "away"].mean() > 0.1


def test_the_table_has_two_rows_for_every_case(capsys, monkeypatch):
    monkeypatch.setattr(scores, "CASES", (SMALL,))
    main(1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.count("|") for line in lines] == [11] * 4
    assert "integrated out" in lines[2]
