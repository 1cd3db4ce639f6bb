"""The Stan functions against SciPy."""

import itertools
import re
import resource
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import stanli
from scipy import integrate, stats
from scipy.special import betaln, expit, log_expit, log_ndtr, ndtr

FUNCTIONS = sorted((Path(__file__).parents[2] / "stan" / "functions").glob("*.stanfunctions"))
CODE = "functions {\n" + "\n".join(path.read_text(encoding="utf-8") for path in FUNCTIONS) + "}\n"
FLAT, NORMAL, STUDENT, EXPONENTIAL, GAMMA, INV_GAMMA, LOGNORMAL, UNIFORM, CONSTANT = range(9)


@cache
def stan(name):
    return stanli.Function(name, stan_code=CODE)


def partials(seed, size):
    return np.random.default_rng(seed).uniform(-0.95, 0.95, size * (size - 1) // 2)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_partial_correlations_make_a_cholesky_factor_of_a_correlation_matrix(size):
    factor = stan("partial_to_cholesky")(partial=partials(size, size), size=size)
    assert factor.shape == (size, size)
    np.testing.assert_array_equal(factor, np.tril(factor))
    assert (np.diag(factor) > 0).all()
    np.testing.assert_allclose(np.diag(factor @ factor.T), 1)


def test_every_correlation_matrix_is_reached_by_its_partial_correlations():
    matrix = np.array([[1, 0.3, -0.5], [0.3, 1, 0.4], [-0.5, 0.4, 1]])
    third = (0.4 - 0.3 * -0.5) / np.sqrt((1 - 0.3**2) * (1 - 0.5**2))  # of 2 and 3 given 1
    factor = stan("partial_to_cholesky")(partial=[0.3, -0.5, third], size=3)
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_correlations_stand_below_the_diagonal_row_by_row(size):
    partial = partials(9, size)
    factor = stan("partial_to_cholesky")(partial=partial, size=size)
    below = stan("partial_to_correlation")(partial=partial, size=size)
    np.testing.assert_allclose(below, (factor @ factor.T)[np.tril_indices(size, -1)])


def lkj(shape, size):
    def density(*partial):
        return np.exp(stan("partial_lkj_lpdf")(partial=list(partial), size=size, shape=shape))

    return density


@pytest.mark.parametrize("shape", [0.5, 1, 2, 7.5])
def test_lkj_of_two_is_a_stretched_beta(shape):
    for value in (-0.9, -0.2, 0.0, 0.6):
        expected = stats.beta(shape, shape).pdf((value + 1) / 2) / 2
        assert lkj(shape, 2)(value) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [1, 2.5, 4])
def test_lkj_of_three_integrates_to_one_and_gives_every_correlation_its_beta_margin(shape):
    """By Gauss quadrature on the cube of partial correlations."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    density = lkj(shape, 3)
    total, moments = 0.0, np.zeros((2, 3))
    for at in itertools.product(range(24), repeat=3):
        partial = nodes[list(at)]
        mass = weights[list(at)].prod() * density(*partial)
        below = stan("partial_to_correlation")(partial=partial, size=3)
        total += mass
        moments += mass * np.array([below**2, below**4])
    a = shape + 0.5
    assert total == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(moments[0], 1 / (2 * a + 1), rtol=2e-3)
    np.testing.assert_allclose(moments[1], 3 / ((2 * a + 1) * (2 * a + 3)), rtol=2e-3)


@pytest.mark.parametrize("shape", [1, 3])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_lkj_is_the_power_of_the_determinant(size, shape):
    """det(R)^(shape - 1) over its constant, times the Jacobian of R in its partial correlations."""
    point = partials(size, size) / 2

    def correlations(partial):
        return stan("partial_to_correlation")(partial=partial, size=size)

    step = 1e-5 * np.eye(len(point))
    jacobian = [(correlations(point + s) - correlations(point - s)) / 2e-5 for s in step]
    lower = np.zeros((size, size))
    lower[np.tril_indices(size, -1)] = correlations(point)
    matrix = np.eye(size) + lower + lower.T
    constant = sum(  # Lewandowski, Kurowicka and Joe 2009, theorem 5
        (size - k)
        * ((2 * shape - 2 + size - k) * np.log(2) + betaln(*[shape + (size - k - 1) / 2] * 2))
        for k in range(1, size)
    )
    expected = (
        (shape - 1) * np.linalg.slogdet(matrix)[1]
        - constant
        + np.linalg.slogdet(np.array(jacobian))[1]
    )
    found = stan("partial_lkj_lpdf")(partial=point, size=size, shape=float(shape))
    assert found == pytest.approx(expected, abs=1e-6)


def prior(name, value, family, location=0.0, scale=1.0, df=1.0):
    rows = np.tile(np.array([family, location, scale, df], float), (len(value), 1))
    return stan(name)(value=value, prior=rows)


VALUES = [-2.5, 0.0, 0.3, 4.0]


def test_priors_are_scipys():
    normal, student = stats.norm(0.5, 2), stats.t(3, 0.5, 2)
    assert prior("prior_lpdf", VALUES, NORMAL, 0.5, 2) == pytest.approx(normal.logpdf(VALUES).sum())
    assert prior("prior_lpdf", VALUES, STUDENT, 0.5, 2, 3) == pytest.approx(
        student.logpdf(VALUES).sum()
    )
    assert prior("prior_lpdf", VALUES, FLAT) == 0


def test_each_value_has_the_prior_of_its_own_family():
    found = stan("prior_lpdf")(
        value=[1.0, 2.0, 3.0],
        prior=np.array([[NORMAL, 0, 2, 1], [FLAT, 9, 9, 1], [STUDENT, 1, 0.5, 4]], float),
    )
    expected = stats.norm(0, 2).logpdf(1) + stats.t(4, 1, 0.5).logpdf(3)
    assert found == pytest.approx(expected)


def test_half_priors_are_scipys():
    values = [0.01, 0.7, 3.0]
    half_normal, exponential = stats.halfnorm(scale=2), stats.expon(scale=2)
    found = prior("positive_prior_lpdf", values, NORMAL, 0, 2)
    assert found == pytest.approx(half_normal.logpdf(values).sum())
    found = prior("positive_prior_lpdf", values, EXPONENTIAL, 0, 2)
    assert found == pytest.approx(exponential.logpdf(values).sum())


@pytest.mark.parametrize(
    ("family", "distribution"),
    [
        (GAMMA, stats.gamma(2.5, scale=0.8)),
        (INV_GAMMA, stats.invgamma(2.5, scale=0.8)),
        (LOGNORMAL, stats.lognorm(2.5, scale=0.8)),
    ],
)
def test_priors_of_positive_values_are_scipys(family, distribution):
    values = [0.01, 0.7, 3.0]
    found = prior("positive_prior_lpdf", values, family, 0, 0.8, 2.5)
    assert found == pytest.approx(distribution.logpdf(values).sum())


def test_values_stand_where_their_priors_do():
    families = [GAMMA, CONSTANT, UNIFORM, NORMAL, UNIFORM]
    table = np.array([[family, 0.5, 2, 1] for family in families], float)
    above, bounded = (stan("places_of")(prior=table, bounded=of) for of in (0, 1))
    np.testing.assert_array_equal(above, [1, 4])
    np.testing.assert_array_equal(bounded, [3, 5])
    found = stan("placed_values")(
        above=[7.0, 8.0], above_at=above, share=[0.25, 1.0], share_at=bounded, prior=table
    )
    np.testing.assert_allclose(found, [7, 0.5, 1, 8, 2.5])


@pytest.mark.parametrize(
    ("family", "location"), [(NORMAL, 0), (NORMAL, 1.5), (STUDENT, 0), (STUDENT, -1)]
)
def test_a_prior_that_is_cut_at_zero_integrates_to_one(family, location):
    def density(value):
        return np.exp(prior("positive_prior_lpdf", [value], family, location, 0.8, 3))

    assert integrate.quad(density, 0, np.inf)[0] == pytest.approx(1, abs=1e-6)


def test_offsets_are_what_stands_before_each_block_and_in_all():
    found = stan("offsets")(rows=[3, 2, 4], columns=[2, 1, 1])
    np.testing.assert_array_equal(found, [0, 6, 8, 12])
    np.testing.assert_array_equal(
        stan("offsets")(rows=np.array([], int), columns=np.array([], int)), [0]
    )


def test_values_are_repeated_as_their_counts_say():
    found = stan("repeat_each")(value=[7, 5, 9], count=[2, 0, 1])
    np.testing.assert_array_equal(found, [7, 7, 9])


def test_triangles_are_counted_with_or_without_their_diagonals():
    np.testing.assert_array_equal(stan("triangles")(sizes=[1, 2, 4], diagonal=0), [0, 1, 6])
    np.testing.assert_array_equal(stan("triangles")(sizes=[1, 2, 4], diagonal=1), [1, 3, 10])


def test_what_is_not_zero_is_found():
    np.testing.assert_array_equal(stan("which")(value=[0, 3, 0, 1]), [2, 4])
    assert stan("which")(value=[0, 0]).shape == (0,)


def test_means_are_taken_up_group_by_group_or_all_in_one():
    np.testing.assert_array_equal(stan("take_up")(values=[1.0, 2], mean=[3.0, 4]), [4, 6])
    np.testing.assert_array_equal(stan("take_up")(values=[1.0, 2], mean=[3.0]), [4, 5])


def test_the_one_mean_of_all_levels_leaves_the_population_that_has_its_coefficient():
    def left(population_coefficient, mean):
        return stan("without_mean")(
            population=[1.0, 2], population_coefficient=population_coefficient, mean=mean
        ).tolist()

    assert left(2, [0.5]) == [1, 1.5]
    assert left(0, [0.5]) == left(2, [0.5, 0.5]) == [1, 2]


def test_a_part_is_a_stretch_and_may_be_empty():
    np.testing.assert_array_equal(stan("part")(all=[1.0, 2, 3, 4], before=1, size=2), [2, 3])
    for before in range(4):
        assert stan("part")(all=[1.0, 2, 3], before=before, size=0).shape == (0,)
    assert stan("part")(all=[], before=0, size=0).shape == (0,)


def test_a_part_as_a_matrix_is_filled_column_by_column():
    found = stan("part_as_matrix")(all=np.arange(8.0), before=1, rows=3, columns=2)
    np.testing.assert_array_equal(found, [[1, 4], [2, 5], [3, 6]])


def test_effects_vary_about_their_partner_or_about_zero():
    found = stan("population_values")(population=[0.5, -2.0], population_coefficient=[2, 0, 1])
    np.testing.assert_array_equal(found, [-2, 0, 0.5])


def test_groups_sum_their_values_and_take_their_means_by_weight():
    values, group = np.array([1.0, 2.0, 4.0, 8.0]), [2, 1, 2, 2]
    np.testing.assert_allclose(stan("group_sums")(values=values, group=group), [2, 13])
    found = stan("group_means")(values=values, weight=[1.0, 5.0, 2.0, 1.0], group=group)
    np.testing.assert_allclose(found, [2, (1 + 2 * 4 + 8) / 4])


def test_the_members_of_groups_stand_group_after_group():
    group = [2, 1, 2, 3]
    np.testing.assert_array_equal(stan("group_starts")(group=group), [1, 2, 4, 5])
    np.testing.assert_array_equal(stan("group_members")(group=group), [2, 1, 3, 4])


def test_no_function_of_effects_reads_a_vector_in_a_loop_one_value_after_the_other():
    """stanli's time for it is quadratic in the levels: `v[i]` is a node as long as the vector."""
    path = next(path for path in FUNCTIONS if path.stem == "effect")
    for function in re.split(r"\n}\n", path.read_text(encoding="utf-8")):
        loops = set(re.findall(r"for \((\w+) in", function))
        vectors = set(re.findall(r"\bvector(?:\[.*?\])? (\w+)", function))
        read = set(re.findall(r"\b(\w+)\[(\w+)(?:\[\w+\])?\](?! [+-]?=)", function))
        assert {name for name, at in read if name in vectors and at in loops} <= {"value"}


FACTOR = np.array([[1.5, 0.0], [0.4, 0.6]])
ABOUT = np.array([0.3, -0.7])
NOTHING, IDENTITY = np.zeros(3), np.array([1.0, 0.0, 1.0])


def standardise(sampled, information, score, prior_weight, factor=FACTOR, swept=(0, 0), group=None):
    """Standardised effects, and the density of the sampled ones.

    The information, the score and the weight are those of every level, or a row for each.
    """
    levels, size = sampled.shape
    told = np.broadcast_to(information, (levels, size * (size + 1) // 2))
    weight = np.broadcast_to(prior_weight, sampled.shape)
    by = {"swept": list(swept), "group": [1] * levels if group is None else group}
    root = stan("posterior_root")(information=told, factor=factor, prior_weight=weight)
    standard = stan("standardised_effects")(
        **by,
        sampled=sampled,
        information=told,
        score=np.broadcast_to(score, sampled.shape),
        about=np.tile(ABOUT[:size], (levels, 1)),
        root=root,
        factor=factor,
    )
    return standard, stan("sampled_effects_lpdf")(**by, standard=standard, root=root)


def test_a_lower_triangle_holds_a_symmetric_matrix_row_by_row():
    triangle = [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)]
    assert [stan("place")(row=i, column=j) for i, j in triangle] == [1, 2, 3, 4, 5, 6]
    assert stan("place")(row=2, column=3) == 5


def test_the_root_is_that_of_the_posterior_precision_of_standardised_effects():
    random = np.random.default_rng(4)
    factor = np.tril(random.uniform(0.3, 1.5, (3, 3)))
    half = random.standard_normal((5, 3, 3))
    information, weight = half @ half.transpose(0, 2, 1), random.uniform(size=(5, 3))
    packed = stan("posterior_root")(
        information=information[:, *np.tril_indices(3)], prior_weight=weight, factor=factor
    )
    root = np.zeros((5, 3, 3))
    root[:, *np.tril_indices(3)] = packed
    precision = weight[:, :, None] * np.eye(3) + factor.T @ information @ factor
    np.testing.assert_allclose(root.transpose(0, 2, 1) @ root, precision, atol=1e-12)


def test_effects_of_which_nothing_is_told_are_sampled_standardised():
    sampled = np.random.default_rng(1).standard_normal((4, 2))
    standard, density = standardise(sampled, NOTHING, [0, 0], 1.0)
    np.testing.assert_allclose(standard, sampled)
    assert density == pytest.approx(stats.norm.logpdf(sampled).sum())


def test_effects_without_the_weight_of_a_prior_are_sampled_as_the_coefficients_of_their_level():
    sampled = np.random.default_rng(2).standard_normal((4, 2))
    standard, density = standardise(sampled, IDENTITY, [0, 0], 0.0)
    np.testing.assert_allclose(standard @ FACTOR.T + ABOUT, sampled)
    expected = stats.multivariate_normal(ABOUT, FACTOR @ FACTOR.T).logpdf(sampled).sum()
    assert density == pytest.approx(expected)


def test_effects_with_a_gaussian_likelihood_are_standard_normal_a_posteriori():
    """Prior, likelihood and Jacobian are the standard normal's density, but for a constant."""
    information, score = np.array([3.0, -1.2, 2.0]), np.array([0.8, -2.5])
    sampled = np.random.default_rng(3).standard_normal((6, 2))
    constants = []
    for row in sampled[:, None]:
        standard, prior = standardise(row, information, score, 1.0)
        c = (standard @ FACTOR.T + ABOUT)[0]
        likelihood = score @ c - c @ information[[[0, 1], [1, 2]]] @ c / 2
        constants.append(prior + likelihood - stats.norm.logpdf(row).sum())
    np.testing.assert_allclose(constants, constants[0])


GROUP = [1, 2, 2, 1, 2, 1, 1, 2]


def test_means_that_something_else_takes_up_are_left_to_the_prior():
    """A likelihood that does not know them: sampled effects are standard normal again."""
    information, score, factor = (
        np.array([3.0, -1.2, 2.0]),
        np.array([0.8, -2.5]),
        np.diag([1.5, 0.6]),
    )
    random, constants = np.random.default_rng(5), []
    same = np.array(GROUP)[:, None] == GROUP
    for sampled in random.standard_normal((6, 8, 2)):
        standard, prior = standardise(
            sampled, information, score, 1.0, factor=factor, swept=(1, 0), group=GROUP
        )
        c = standard @ factor.T + ABOUT
        mean = same @ (c[:, 0] - ABOUT[0]) / same.sum(axis=1)
        known = c - np.column_stack([mean, np.zeros(8)])
        matrix = information[[[0, 1], [1, 2]]]
        likelihood = (known @ score - np.einsum("li,ij,lj->l", known, matrix, known) / 2).sum()
        constants.append(prior + likelihood - stats.norm.logpdf(sampled).sum())
    np.testing.assert_allclose(constants, constants[0])


@pytest.mark.parametrize("swept", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_the_density_of_sampled_effects_has_the_jacobian_of_what_they_stand_for(swept):
    random = np.random.default_rng(6)
    half = random.standard_normal((8, 2, 2))
    given = {
        "information": (half @ half.transpose(0, 2, 1))[:, *np.tril_indices(2)],
        "score": random.standard_normal((8, 2)),
        "prior_weight": random.uniform(0.2, 1, (8, 2)),
        "swept": swept,
        "group": GROUP,
    }
    sampled, step = random.standard_normal((8, 2)), 1e-5
    standard, density = standardise(sampled, **given)
    columns = [
        (standardise(sampled + h, **given)[0] - standardise(sampled - h, **given)[0]).ravel()
        for h in step * np.eye(16).reshape(16, 8, 2)
    ]
    jacobian = np.linalg.slogdet(np.array(columns) / (2 * step))[1]
    assert density == pytest.approx(stats.norm.logpdf(standard).sum() + jacobian, abs=1e-6)


LINKS = {1: expit, 2: ndtr, 3: lambda eta: -np.expm1(-np.exp(eta))}
NEAR = np.array([-5.0, -1.0, 0.0, 0.4, 1.3])


@pytest.mark.parametrize("link", LINKS)
def test_log_rates_are_those_of_the_link(link):
    logs = stan("log_rates")(eta=NEAR, link=link)
    np.testing.assert_allclose(np.exp(logs[:, 0]), LINKS[link](NEAR), rtol=1e-13)
    np.testing.assert_allclose(np.exp(logs).sum(axis=1), 1, rtol=1e-13)


def test_log_rates_are_exact_however_far_out():
    far = np.array([-1e4, -700.0, -40.0, 40.0, 600.0])
    logit, probit, cloglog = (stan("log_rates")(eta=far, link=link) for link in (1, 2, 3))
    np.testing.assert_allclose(logit, np.stack([log_expit(far), log_expit(-far)], axis=1))
    np.testing.assert_allclose(probit[:, 0], log_ndtr(far), rtol=1e-12)
    np.testing.assert_allclose(probit[:, 1], log_ndtr(-far), rtol=1e-12)
    np.testing.assert_allclose(cloglog[:3, 0], far[:3])  # the rate is all but its hazard exp(eta)
    np.testing.assert_allclose(cloglog[:, 1], -np.exp(far), atol=1e-300)


def test_the_complementary_log_log_is_exact_on_its_way_down():
    """log(1 - exp(-h)) is log h - h / 2 + h^2 / 24 - ...; its hazard h ends at exp(-700)."""
    eta = np.array([-699.9, -100.0, -40.0, -30.0, -20.0])
    found = stan("log_rates")(eta=eta, link=3)[:, 0]
    np.testing.assert_allclose(found, eta - np.exp(eta) / 2, rtol=1e-15)


COUNTS = {"successes": [0, 3, 10, 0, 1], "trials": [10, 10, 10, 0, 1]}


def sequence(link, phi, eta=NEAR):
    logs = stan("log_rates")(eta=eta, link=link)
    return stan("sequence_lpmf")(**COUNTS, log_rate=logs, phi=phi)


def orders():
    y, n = (np.array(COUNTS[key]) for key in ("successes", "trials"))
    return -(betaln(n - y + 1, y + 1) + np.log(n + 1)).sum()


@pytest.mark.parametrize("link", LINKS)
def test_cells_are_binomial_but_for_the_order_of_their_outcomes(link):
    expected = stats.binom.logpmf(COUNTS["successes"], COUNTS["trials"], LINKS[link](NEAR)).sum()
    assert stan("log_orders")(**COUNTS) == pytest.approx(orders())
    assert sequence(link, []) + orders() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("phi", [0.05, 1.0, 40.0, 1e6])
def test_cells_with_a_precision_are_beta_binomial(link, phi):
    rate = LINKS[link](NEAR)
    given = (COUNTS["successes"], COUNTS["trials"], rate * phi, (1 - rate) * phi)
    expected = stats.betabinom.logpmf(*given).sum()
    assert sequence(link, [phi]) + orders() == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("phi", [1e12, 1e15, 1e18, 1e100, 1e300])
def test_cells_with_an_endless_precision_are_binomial(phi):
    """To the rounding of their own size, not of log gammas of phi."""
    assert sequence(1, [phi]) == pytest.approx(sequence(1, []), rel=1e-9)


def test_many_contacts_in_a_cell_keep_their_precision_apart_from_binomial():
    """Where phi is of the size of the trials, against the product itself."""
    a, b, y, n = 3e6, 5e6, 40_000, 100_000
    rises = [np.log(of + np.arange(count)).sum() for of, count in ((a, y), (b, n - y), (a + b, n))]
    logs = np.log([[a / (a + b), b / (a + b)]])
    found = stan("sequence_lpmf")(successes=[y], trials=[n], log_rate=logs, phi=[a + b])
    assert found == pytest.approx(rises[0] + rises[1] - rises[2], rel=1e-10)


@pytest.mark.parametrize("link", LINKS)
def test_a_beta_binomial_is_finite_where_its_rates_are_all_but_0(link):
    """There the first success costs log(rate), every other one no more than a second does."""
    nearer, further = (sequence(link, [2.0], np.full(5, eta)) for eta in (-600.0, -601.0))
    logs = stan("log_rates")(eta=[-600.0, -601.0], link=link)[:, 0]
    cells_with_a_success = 3
    assert nearer - further == pytest.approx(cells_with_a_success * (logs[0] - logs[1]), rel=1e-9)


def test_expressions_may_be_passed_without_a_cost_that_grows_with_their_square():
    """An expression that stanli worked out for every element took gigabytes for so many cells."""
    size = 4000
    body = """
    data { int N; array[N] int y; array[N] int n; }
    parameters { vector[N] eta; vector<lower=0>[1] phi; }
    model {
      target += log_rising(eta + phi[1], to_vector(n) - to_vector(y));
      target += sum(log_rates(2 * eta + phi[1], 3)[ : , 2]);
    }
    """
    data = {"N": size, "y": [2] * size, "n": [5] * size}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = stanli.Model(stan_code=CODE + body, data=data)
    assert np.isfinite(model.log_prob_grad(np.zeros(size + 1))[0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 200_000
