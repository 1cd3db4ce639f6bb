"""The group level of a written program: standardised effects, their scales and correlations."""

from __future__ import annotations

import numpy as np

from partialpool.model.terms import name_effect
from partialpool.written.outline import Group, Outline
from partialpool.written.population import list_names
from partialpool.written.priors import Own, look_up, state_priors_of
from partialpool.written.program import Datum, Line, Parameter, Program, define


def add_group(program: Program, group: Group, terms: Outline) -> None:
    """Add a group-level term, its effects as multiples of their standard deviations.

    Args:
        program: that gets it.
        group: the term.
        terms: the model that it is of.
    """
    title = f"{group.title}_{group.coefficients[0]}" if group.is_shared else group.title
    claim, size = program.names.claim, len(group.coefficients)
    count = _count(program, group)
    which = _levels(program, group, count)
    sd = _add_sds(program, group, title, terms)
    effects = _name_effects(group)
    standard, deviation = claim("z_", title), claim("u_", title)
    said = "effects of levels, in standard deviations"
    if size == 1:
        program.parameters.append(Parameter(standard, f"vector[{count}]", effects, said))
        program.derived += define(f"vector[{count}]", deviation, f"{sd} * {standard}", "effects")
        program.priors.append(Line(f"{standard} ~ std_normal();"))
        program.summands.append(_single(program, group, f"{deviation}[{which}]"))
        return
    root, factor = claim("L_", title), claim("S_", title)
    program.parameters += [
        Parameter(root, f"cholesky_factor_corr[{size}]", (), "of their correlations"),
        Parameter(standard, f"matrix[{size}, {count}]", effects, said),
    ]
    program.derived += [
        *define(f"matrix[{size}, {size}]", factor, f"diag_pre_multiply({sd}, {root})"),
        *define(f"matrix[{count}, {size}]", deviation, f"({factor} * {standard})'", "effects"),
    ]
    shape = terms.priors.prior("correlation", group.correlation).shape
    program.priors += [
        Line(f"{root} ~ lkj_corr_cholesky({shape:.15g});"),
        Line(f"to_vector({standard}) ~ std_normal();"),
    ]
    predictors = _predictors(program, group, title, deviation)
    program.summands.append(f"rows_dot_product({predictors}, {deviation}[{which}])")


def _predictors(program: Program, group: Group, title: str, deviation: str) -> str:
    """The variable with what the effects of a term are multiplied by, cells x coefficients."""
    columns = np.column_stack([block.columns for block in group.blocks]).tolist()
    about = f"of {deviation}: {list_names(group.coefficients)}"
    declaration = f"matrix[N, {len(group.coefficients)}]"
    return program.share(title, declaration, columns, about, "Z_")


def _levels(program: Program, group: Group, count: str) -> str:
    """The variable with the level of each cell."""
    about = f"{group.title}: {', '.join(group.levels)}"
    declaration = f"array[N] int<lower=1, upper={count}>"
    return program.share(group.title, declaration, (group.level + 1).tolist(), about)


def _name_effects(group: Group) -> tuple[str, ...]:
    return tuple(
        name_effect(group.title, level, coefficient)
        for level in group.levels
        for coefficient in group.coefficients
    )


def _count(program: Program, group: Group) -> str:
    """The variable that says how many levels the grouping factor has."""
    said = f"levels of {group.title}"
    known = next((datum.name for datum in program.data if datum.comment == said), "")
    if not known:
        known = program.names.claim("J_", group.title)
        program.data.append(Datum(known, "int<lower=2>", len(group.levels), said))
    return known


def _single(program: Program, group: Group, chosen: str) -> str:
    """What the only coefficient of a term adds to the linear predictor."""
    block = group.blocks[0]
    if block.is_intercept:
        return chosen
    column = program.share(block.names[0], "vector[N]", block.columns[:, 0].tolist(), "")
    return f"{chosen} .* {column}"


def _add_sds(program: Program, group: Group, title: str, terms: Outline) -> str:
    """Add the standard deviations of a term, and give the variable that has them all."""
    owns = look_up(terms.priors, "sd", group.sds)
    claim, size = program.names.claim, len(owns)
    name = claim("sd_", title)
    if len({_kind(own) for own in owns}) == 1 and _kind(owns[0]) == "free" and size > 1:
        of = f"vector<lower=0>[{size}]"
        said = f"standard deviations of {list_names(group.coefficients)}"
        program.parameters.append(Parameter(name, of, group.sds, said))
        program.priors += state_priors_of(name, owns, is_vector=True)
        return name
    singles = [name] if size == 1 else [claim("sd_", f"{title}_{c}") for c in group.coefficients]
    for single, own, sd in zip(singles, owns, group.sds, strict=True):
        if own.prior.family == "constant":
            program.constants.append(Line(f"real {single} = {own.prior.location:.15g};", sd))
        else:
            program.parameters.append(Parameter(single, own.declaration, (sd,), sd))
            program.priors += state_priors_of(single, [own], is_vector=False)
    if size > 1:
        program.derived.append(Line(f"vector[{size}] {name};"))
        places = enumerate(singles, start=1)
        program.derived += [Line(f"{name}[{place}] = {single};") for place, single in places]
    return name


def _kind(own: Own) -> str:
    return own.prior.family if own.prior.family in ("uniform", "constant") else "free"
