"""The Stan program of one model, as one would write it by hand.

Its density is that of `stan/multilevel.stan` with the model's data, up to a constant; what differs
is that it is for this model alone: every term has its variable, priors are in the text, and effects
are sampled as multiples of their standard deviations.
"""

from __future__ import annotations

import numpy as np

from partialpool.written.blocks import PRECISION
from partialpool.written.groups import add_group
from partialpool.written.outline import Outline
from partialpool.written.population import add_intercept, add_slopes
from partialpool.written.priors import FREE, look_up, state_priors_of
from partialpool.written.program import Datum, Line, Parameter, Program

RATES: dict[str, str] = {
    "logit": "inv_logit(eta)",
    "probit": "Phi(eta)",
    "cloglog": "inv_cloglog(eta)",
}


def compose_program(terms: Outline) -> Program:
    """The program of a model, with its data.

    Args:
        terms: the model.
    """
    program = Program()
    counts = {"trials": "contacts", "successes": "of them successes"}
    size = len(terms.cells)
    program.data.append(Datum("N", "int<lower=1>", size, "cells: contacts that are alike"))
    for name, said in counts.items():
        values = terms.cells[name].tolist()
        program.data.append(Datum(name, "array[N] int<lower=0>", values, said))
    places = np.cumsum([len(block.names) for block in terms.slopes])[:-1]
    means = [
        add_slopes(program, block, terms, at)
        for block, at in zip(terms.slopes, np.split(terms.at, places), strict=False)
    ]
    if terms.has_intercept:
        add_intercept(program, terms, [mean for mean in means if mean])
    for group in terms.groups:
        add_group(program, group, terms)
    _add_likelihood(program, terms)
    return program


def _add_likelihood(program: Program, terms: Outline) -> None:
    rate = RATES[terms.likelihood.link]
    if terms.likelihood.overdispersed:
        owns = look_up(terms.priors, "phi", [PRECISION])
        said = "precision: the larger, the nearer to a binomial"
        program.parameters.append(Parameter("phi", FREE, (PRECISION,), said))
        program.priors += state_priors_of("phi", owns, is_vector=False)
        program.likelihood += [
            Line(f"vector[N] rate = {rate};"),
            Line("successes ~ beta_binomial(trials, rate * phi, (1 - rate) * phi);"),
        ]
    elif terms.likelihood.link == "logit":
        program.likelihood.append(Line("successes ~ binomial_logit(trials, eta);"))
    else:
        program.likelihood.append(Line(f"successes ~ binomial(trials, {rate});"))
