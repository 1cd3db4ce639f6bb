"""How often a rate is called to depend on its prior, where it is known how far the prior moves it.

A beta prior of a rate and binomial counts have a beta posterior, and so has the prior raised to any
power: what doubling it does to the mean is exact. `python -m partialpool.calibration.leanings`
prints the table of docs/calibration.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats
from scipy.special import logit

from partialpool.calibration.alarms import write_table
from partialpool.checks.sensitivity import measure_sensitivity
from partialpool.posterior.rates import Rate

CHAINS, DRAWS = 4, 1000


@dataclass(frozen=True)
class Case:
    """A prior beta(a, b), and contacts with a true rate."""

    a: float
    b: float
    contacts: int
    rate: float

    def posterior(self, successes: int, power: float = 1.0) -> tuple[float, float]:
        """The beta distribution of the rate with the prior raised to a power."""
        a, b = power * (self.a - 1) + 1, power * (self.b - 1) + 1
        return a + successes, b + self.contacts - successes

    def shift(self, successes: int) -> float:
        """By how many posterior standard deviations a doubled prior moves the mean."""
        one, two = (stats.beta(*self.posterior(successes, power)) for power in (1.0, 2.0))
        return float(abs(two.mean() - one.mean()) / one.std())


CASES = (
    Case(1, 1, 20, 0.1),
    Case(2, 2, 1000, 0.1),
    Case(2, 2, 100, 0.1),
    Case(2, 2, 20, 0.1),
    Case(5, 5, 1000, 0.5),
    Case(5, 5, 100, 0.5),
    Case(50, 50, 100, 0.5),
    Case(5, 5, 100, 0.1),
    Case(50, 50, 1000, 0.1),
    Case(50, 50, 100, 0.1),
    Case(50, 50, 20, 0.5),
)


def diagnose_rate(case: Case, successes: int, random: np.random.Generator) -> str:
    """What the check of sensitivity says of the rate, by exact draws."""
    p = random.beta(*case.posterior(successes), (CHAINS, DRAWS))
    prior = (case.a - 1) * np.log(p) + (case.b - 1) * np.log1p(-p)
    likelihood = successes * np.log(p) + (case.contacts - successes) * np.log1p(-p)
    draws = xr.DataArray(
        logit(p)[..., None],
        dims=("chain", "draw", "population_name"),
        coords={"population_name": ["Intercept"]},
    )
    rates = {("", "all"): Rate(np.log(p).ravel(), np.log1p(-p).ravel())}
    found = measure_sensitivity(xr.Dataset({"population": draws}), rates, prior, likelihood)
    return str(found.loc[found["kind"] == "rate", "diagnosis"].iloc[0])


def summarise_case(case: Case, replicates: int, random: np.random.Generator) -> dict[str, float]:
    """The median `shift` over data sets, and the shares called `conflict`, `weak` and neither."""
    counts = random.binomial(case.contacts, case.rate, replicates)
    said = [diagnose_rate(case, int(y), random) for y in counts]
    shares = {of: np.mean([found == of for found in said]) for of in ("conflict", "weak")}
    shift = float(np.median([case.shift(int(y)) for y in counts]))
    return {"shift": shift, **{name: float(share) for name, share in shares.items()}}


def main(replicates: int) -> None:
    """Print the table."""
    heads = ["prior", "contacts", "rate", "a doubled prior moves the mean by"]
    heads += ["called conflict", "called weak"]
    write_table(heads, (_row(number, replicates) for number in range(len(CASES))))


def _row(number: int, replicates: int) -> list[str]:
    case = CASES[number]
    found = summarise_case(case, replicates, np.random.default_rng(number))
    told = [f"beta({case.a:g}, {case.b:g})", f"{case.contacts:,}", f"{case.rate:g}"]
    told += [f"{found['shift']:.2f} sd", f"{found['conflict']:.0%}", f"{found['weak']:.0%}"]
    return told


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
