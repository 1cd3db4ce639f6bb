"""The log density of `stan/multilevel.stan` in NumPy, written out level by level."""

import numpy as np
from scipy import stats
from scipy.special import betaln, expit, log_expit, log_ndtr

UNIFORM, CONSTANT = 7, 8


def prior_density(data, of, values):
    """Sum of the log densities of priors, by SciPy; those of sds and phi are cut at 0."""
    total = 0.0
    for position, value in enumerate(values):
        family, location, scale, shape = data[f"{of}_prior"][position]
        if family in (0, UNIFORM, CONSTANT):
            continue
        distribution = {
            1: stats.norm(location, scale),
            2: stats.t(shape, location, scale),
            3: stats.expon(scale=scale),
            4: stats.gamma(shape, scale=scale),
            5: stats.invgamma(shape, scale=scale),
            6: stats.lognorm(shape, scale=scale),
        }[family]
        total += distribution.logpdf(value)
        if of in ("sd", "phi"):
            total -= np.log(distribution.sf(0))
    return total


def place_sds(data, free):
    """Standard deviations from their unconstrained scale, and the log of the Jacobian's size.

    First come those that may be anything above 0, then those between two bounds, as the share of
    the way between them, on which a uniform prior is uniform; constants have no place.
    """
    families, lower, width, _ = np.reshape(data["sd_prior"], (-1, 4)).T
    bounded, above = families == UNIFORM, ~np.isin(families, (UNIFORM, CONSTANT))
    logs, logits = np.split(free, [above.sum()])
    sd = lower.copy()
    sd[above] = np.exp(logs)
    sd[bounded] += width[bounded] * expit(logits)
    return sd, logs.sum() + (log_expit(logits) + log_expit(-logits)).sum()


def free_sds(data):
    """How many standard deviations are sampled."""
    return sum(row[0] != CONSTANT for row in data["sd_prior"])


def cholesky(partial, size):
    """Factor of a correlation matrix by its recursion of partial correlations."""
    factor = np.eye(size)
    partial = iter(partial)
    for row in range(1, size):
        left = 1.0
        for column in range(row):
            factor[row, column] = next(partial) * np.sqrt(left)
            left -= factor[row, column] ** 2
        factor[row, row] = np.sqrt(left)
    return factor


def log_density(data, point):
    """The program's log density on the unconstrained scale, written out level by level."""
    point = iter(np.asarray(point))

    def take(count):
        return np.array([next(point) for _ in range(count)])

    coefficients = take(data["has_intercept"] + data["K"])
    if data["A"]:
        coefficients = np.array(data["axes"]) @ coefficients
    intercept, slope = np.split(coefficients, [data["has_intercept"]])
    sd, sd_jacobian = place_sds(data, take(free_sds(data)))
    open_partial = take(sum(m * (m - 1) // 2 for m in data["coefs"]))
    sampled, log_phi = take(data["E"]), take(data["overdispersed"])
    share, phi = expit(open_partial), np.exp(log_phi)
    partial = 2 * share - 1
    total = sd_jacobian + np.log(2 * share * (1 - share)).sum() + log_phi.sum()  # Jacobians
    total += prior_density(data, "sd", sd) + prior_density(data, "phi", phi)
    population = np.concatenate([[intercept.sum() - np.dot(data["X_at"], slope)], slope])
    terms = split_by_term(data, partial, sampled, slope)
    taken_up = [np.zeros((term["count"], term["size"])) for term in terms]
    place_of = [(t, m) for t, term in enumerate(terms) for m in range(term["size"])]
    deviations = {}
    for number in (t - 1 for t in data["order"]):
        term = terms[number]
        factor = np.diag(sd[term["inner"]]) @ cholesky(term["below"], term["size"])
        population_coefficients = np.array(data["population_coefficient"])[term["inner"]]
        about = taken_up[number] + [
            population[p - 1] if p else 0.0 for p in population_coefficients
        ]
        deviation, precision, density = effects_of(term, factor, about)
        deviations[number] = deviation
        total += density + lkj_density(term["below"], data["lkj_shape"][number], term["size"])
        for m, into in enumerate(term["absorbed_by"]):
            if not into:
                continue
            other, column = place_of[into - 1]
            groups = range(1, max(term["group"]) + 1)
            rows = [term["group"] == group for group in groups]
            mean = [np.average(deviation[r, m], weights=precision[r, m]) for r in rows]
            taken_up[other][:, column] += mean if len(mean) > 1 else mean[0]
            population_coefficient = data["population_coefficient"][into - 1]
            if len(mean) == 1 and population_coefficient:
                population[population_coefficient - 1] -= mean[0]
    at = population[0] + np.dot(data["X_at"], population[1:])
    total += prior_density(data, "intercept", [at] * data["has_intercept"])
    total += prior_density(data, "slope", population[1:])
    eta = np.full(data["N"], population[0])
    eta += np.reshape(data["X"], (data["N"], -1)) @ population[1:]
    for number, deviation in deviations.items():
        own = deviation[np.array(data["level"][number]) - 1]
        eta += (np.array(data["Z"])[:, terms[number]["inner"]] * own).sum(axis=1)
    return total if data["prior_only"] else total + likelihood(data, eta, phi).sum()


def split_by_term(data, partial, sampled, slope):
    """What belongs to each term; of its effects, levels first."""
    terms = []
    pulls = np.reshape(data["slope_pull"], (data["E"], data["K"]))
    pulled = np.array(data["score"]) - pulls @ np.array(slope)
    coefficient, pair, level, effect, entry = 0, 0, 0, 0, 0
    for count, size in zip(data["levels"], data["coefs"], strict=True):
        pairs = size * (size - 1) // 2

        def block(values, before, columns, count=count):
            return np.array(values[before : before + count * columns]).reshape(columns, count).T

        inner = np.arange(coefficient, coefficient + size)
        terms.append(
            {
                **{"count": count, "size": size, "inner": inner},
                "below": partial[pair : pair + pairs],
                "group": np.array(data["group"][level : level + count]),
                "absorbed_by": np.array(data["absorbed_by"])[inner],
                "sampled": block(sampled, effect, size),
                "score": block(pulled, effect, size),
                "prior_weight": block(data["prior_weight"], effect, size),
                "information": block(data["information"], entry, pairs + size),
            }
        )
        coefficient, pair, level = coefficient + size, pair + pairs, level + count
        effect, entry = effect + count * size, entry + count * (pairs + size)
    return terms


def lkj_density(below, shape, size):
    """Of partial correlations, row by row: each is a stretched beta by its column."""
    total = 0.0
    for row in range(1, size):
        for column in range(row):
            a = shape + (size - 2 - column) / 2
            rho = below[row * (row - 1) // 2 + column]
            total += (a - 1) * np.log((1 - rho**2) / 4) - betaln(a, a) - np.log(2)
    return total


def effects_of(term, factor, about):
    """One term's effects, the precisions of the standardised ones, and the sampled ones' density.

    Coefficient by coefficient: each standardised effect has its conditional mean and precision
    given those before it, and, where it is swept, its group's mean drawn from the prior instead.
    """
    count, size = term["count"], term["size"]
    standard, unknown = np.zeros((count, size)), np.zeros((count, size))
    precisions, total = np.zeros((count, size)), 0.0
    informations = np.zeros((count, size, size))
    informations[:, *np.tril_indices(size)] = term["information"]
    informations += np.tril(informations, -1).transpose(0, 2, 1)
    for m in range(size):
        for level in range(count):
            information = informations[level]
            precision = np.diag(term["prior_weight"][level]) + factor.T @ information @ factor
            after = np.linalg.inv(precision)[: m + 1, : m + 1]  # the later ones integrated out
            precisions[level, m] = 1 / (after[m, m] - after[m, :m] @ _solve(after, m))
            centre = about[level] - unknown[level]
            score = factor.T @ (term["score"][level] - information @ centre)
            mean = np.linalg.solve(precision, score)
            given = mean[m] + _solve(after, m) @ (standard[level, :m] - mean[:m])
            standard[level, m] = given + term["sampled"][level, m] / np.sqrt(precisions[level, m])
            total -= np.log(precisions[level, m]) / 2
        if term["absorbed_by"][m]:
            for group in range(1, max(term["group"]) + 1):
                rows = term["group"] == group
                own = precisions[rows, m]
                free = np.sqrt(own) @ term["sampled"][rows, m] / np.sqrt(own.sum() * rows.sum())
                standard[rows, m] += free - np.average(standard[rows, m], weights=own)
                total += np.log(own.mean()) / 2
                swept = np.average(standard[rows, : m + 1], axis=0, weights=own)
                unknown[rows, m] = factor[m, : m + 1] @ swept
    return standard @ factor.T, precisions, total + stats.norm.logpdf(standard).sum()


def _solve(after, m):
    return np.linalg.solve(after[:m, :m], after[:m, m]) if m else np.zeros(0)


LOG_RATES = {
    1: lambda eta: (log_expit(eta), log_expit(-eta)),
    2: lambda eta: (log_ndtr(eta), log_ndtr(-eta)),
    3: lambda eta: (np.log(-np.expm1(-np.exp(eta))), -np.exp(eta)),
}


def likelihood(data, eta, phi):
    log_p, log_q = LOG_RATES[data["link"]](eta)
    y, n = np.array(data["successes"]), np.array(data["trials"])
    if data["overdispersed"]:
        return stats.betabinom.logpmf(y, n, np.exp(log_p) * phi, np.exp(log_q) * phi)
    return y * log_p + (n - y) * log_q - betaln(n - y + 1, y + 1) - np.log(n + 1)
