"""A model's equations from its formula: the likelihood, the linear predictor, effects, priors."""

from __future__ import annotations

from dataclasses import dataclass

from partialpool.settings.priors import PriorClass
from partialpool.written.blocks import INTERCEPT, PRECISION, Block
from partialpool.written.distributions import HALVES, UNIT, WithPriors, state_priors
from partialpool.written.meanings import explain, has_columns
from partialpool.written.notation import (
    Bar,
    Equation,
    Letter,
    Meaning,
    Node,
    Number,
    Scripts,
    Sign,
    Word,
    at,
    call,
    listed,
    mentions,
    of_cell,
    row,
)
from partialpool.written.outline import Group, Outline
from partialpool.written.symbols import (
    name_block,
    name_elements,
    name_group,
    spell,
    write_block,
    write_group,
)

Y, COUNT, RATE = (of_cell(Letter(name)) for name in ("y", "n", "p"))
ALPHA, BETA, PHI = Letter("alpha"), Letter("beta"), Letter("phi")
LINKS: dict[str, Node] = {
    "logit": call(Word("logit"), RATE),
    "probit": call(Scripts(Letter("Phi"), sup=row("−", Number("1"))), RATE),
    "cloglog": call(Word("log"), row("−", Word("log"), "(", Number("1"), "−", RATE, ")")),
}
AT = {"cells": "the average cell", "contacts": "the average {contact}"}


@dataclass(frozen=True)
class Equations:
    """What a model is, and what its symbols mean."""

    equations: list[Equation]
    meanings: list[Meaning]


def write_equations(terms: Outline) -> Equations:
    """The equations of a model.

    Args:
        terms: the model.
    """
    titles = [_name_group(group) for group in terms.groups]
    summands: list[Node] = [ALPHA] * terms.has_intercept
    summands += [write_block(block) for block in terms.slopes]
    for group, title in zip(terms.groups, titles, strict=True):
        summands += write_group(group, title)
    link = LINKS[terms.likelihood.link]
    equations = [_likelihood(terms), Equation(link, "=", tuple(summands) or (Number("0"),))]
    for group, title in zip(terms.groups, titles, strict=True):
        equations += _effects(group, title)
    equations += _priors(terms, titles)
    meanings = explain(terms, titles)
    if terms.is_shifted:
        said = f"the same at {AT[terms.prior_at]}, every predictor at its mean"
        means = listed([Bar(ALPHA), Scripts(Bar(Letter("x")), Letter("k"))])
        place = 1 + [meaning.symbol for meaning in meanings].index(ALPHA)
        meanings.insert(place, Meaning(means, said, about_rows=True))
    for halved in HALVES:
        if any(mentions(equation, halved) for equation in equations):
            meanings.append(Meaning(halved, "the half of it that lies above 0"))
    if any(mentions(equation, UNIT) for equation in equations):
        said = "the standard deviation of the number in column k over {contacts}"
        meanings.append(Meaning(UNIT, said, about_rows=True))
    return Equations(equations, meanings)


def _name_group(group: Group) -> str:
    """What a group-level term is called: its factor, and the coefficient where it needs one."""
    return f"{group.title}, {spell(group.coefficients[0])}" if group.is_shared else group.title


def _likelihood(terms: Outline) -> Equation:
    if not terms.likelihood.overdispersed:
        return Equation(Y, "~", (call(Word("Binomial"), COUNT, RATE),))
    shapes = row(RATE, PHI), row("(", Number("1"), "−", RATE, ")", PHI)
    return Equation(Y, "~", (call(Word("BetaBinomial"), COUNT, *shapes),))


def _effects(group: Group, title: str) -> list[Equation]:
    """The distribution of the effects of one term."""
    level = Letter("j")
    sd, effects = name_group("sigma", title), name_group("u", title)
    if len(group.coefficients) == 1:
        return [Equation(at(effects, level), "~", (call(Word("Normal"), Number("0"), sd),))]
    factor, correlation = name_group("S", title), name_group("R", title)
    covariance = name_group("Sigma", title)
    normal = call(Word("MultiNormal"), Number("0"), covariance)
    return [
        Equation(at(effects, level), "~", (normal,)),
        Equation(covariance, "=", (row(factor, correlation, factor),)),
        Equation(factor, "=", (call(Word("diag"), sd),)),
    ]


def _priors(terms: Outline, titles: list[str]) -> list[Equation]:
    priors = terms.priors
    found: list[Equation] = []
    if terms.is_shifted:
        k = Letter("k")
        shift = row(Scripts(Sign("∑"), k), Scripts(BETA, k), Scripts(Bar(Letter("x")), k))
        found.append(Equation(Bar(ALPHA), "=", (ALPHA, shift)))
    if terms.has_intercept:
        symbol: Node = Bar(ALPHA) if terms.is_shifted else ALPHA
        found += _prior_of(symbol, terms, "intercept", INTERCEPT)
    slopes = [_slopes(block, terms) for block in terms.slopes]
    found += state_priors(slopes, BETA)
    sds = [
        WithPriors(
            name_group("sigma", title),
            tuple(Word(spell(name)) for name in group.coefficients),
            tuple(priors.prior("sd", name) for name in group.sds),
            "sd",
        )
        for group, title in zip(terms.groups, titles, strict=True)
    ]
    found += state_priors(sds, Letter("sigma"))
    for group, title in zip(terms.groups, titles, strict=True):
        if group.correlation:
            found += _prior_of(name_group("R", title), terms, "correlation", group.correlation)
    if terms.likelihood.overdispersed:
        found += _prior_of(PHI, terms, "phi", PRECISION)
    return found


def _prior_of(symbol: Node, terms: Outline, of: PriorClass, name: str) -> list[Equation]:
    return state_priors([WithPriors(symbol, (), (terms.priors.prior(of, name),), of)])


def _slopes(block: Block, terms: Outline) -> WithPriors:
    priors = terms.priors
    own = {*block.names} & {*priors.priors.coefficients}
    is_scaled = has_columns(block) and not own and {*block.names} <= {*priors.spreads}
    return WithPriors(
        name_block(block),
        name_elements(block),
        tuple(priors.prior("slope", name) for name in block.names),
        "slope",
        priors.prior("slope") if is_scaled else None,
    )
