"""The population level of a written program: the intercept, and a variable for each term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from partialpool.written.blocks import INTERCEPT, Block
from partialpool.written.outline import Outline
from partialpool.written.priors import look_up, state_priors_of
from partialpool.written.program import Datum, Line, Parameter, Program, add_up

AT = {"cells": "the average cell", "contacts": "the average contact"}
"""Where the intercept's prior holds, if not at the reference."""


def add_intercept(program: Program, terms: Outline, means: Sequence[str]) -> None:
    """Add the intercept, sampled where its prior holds.

    Args:
        program: that gets it.
        terms: the model.
        means: what each term adds there, as `add_slopes` gives it; none at the reference.
    """
    owns = look_up(terms.priors, "intercept", [INTERCEPT])
    name = "at_mean" if means else "intercept"
    about = f"value at {AT[terms.prior_at]}, where the intercept's prior holds" if means else ""
    program.parameters.insert(0, Parameter(name, "real", (INTERCEPT,), about))
    program.priors[:0] = state_priors_of(name, owns, is_vector=False)
    if means:
        whole = add_up("real intercept = at_mean", means, "intercept", "-")
        lines = [Line(whole[0], "with every predictor at 0"), *map(Line, whole[1:])]
        program.derived[:0] = lines


def add_slopes(program: Program, block: Block, terms: Outline, at: np.ndarray) -> str:
    """Add the coefficients of one term.

    Args:
        program: that gets them.
        block: the term.
        terms: the model that it is of.
        at: where the intercept's prior holds, of each coefficient.

    Returns:
        What the term adds to the linear predictor there, in Stan; nothing where that is 0.
    """
    size, title = len(block.names), block.label
    single = size == 1
    name = program.names.claim("b_", block.names[0] if single else title)
    kind = "real" if single else f"vector[{size}]"
    program.parameters.append(Parameter(name, kind, block.names, list_names(block.names)))
    program.priors += state_priors_of(name, look_up(terms.priors, "slope", block.names), not single)
    program.summands.append(_summand(program, block, name))
    if not at.any():
        return ""
    value = float(at[0]) if single else at.tolist()
    mean = program.names.claim("mean_", block.names[0] if single else title)
    about = f"mean of {'the predictor' if single else 'the predictors'} of {name}"
    program.data.append(Datum(mean, kind, value, about))
    return f"{mean} * {name}" if single else f"dot_product({mean}, {name})"


def list_names(names: Sequence[str]) -> str:
    """Names of the results, in a comment."""
    return ", ".join(names)


def _summand(program: Program, block: Block, name: str) -> str:
    """What a term adds to the linear predictor of every cell."""
    if len(block.names) == 1:
        about = f"1 where {block.title} is {block.levels[0][0]}" if _is_switch(block) else ""
        column = block.columns[:, 0].tolist()
        predictor = program.share(block.names[0], "vector[N]", column, about)
        return f"{name} * {predictor}"
    index = block.index
    if index is None:
        size = len(block.names)
        about = f"predictors of {name}"
        columns = program.share(
            f"X_{block.label}", f"matrix[N, {size}]", block.columns.tolist(), about
        )
        return f"{columns} * {name}"
    summand = _chosen(program, block, index, name)
    if block.numbers:
        title = ":".join(part.name for part in block.numbers)
        by = program.share(title, "vector[N]", block.number.tolist(), "")
        summand += f" .* {by}"
    return summand


def _chosen(program: Program, block: Block, index: np.ndarray, name: str) -> str:
    """The coefficient of each cell; 0 for the reference, which is put before the others."""
    has_reference = bool((index == 0).any())
    size = len(block.names) + has_reference
    title = ":".join(block.factors)
    labels = [":".join(levels) for levels in block.levels]
    about = f"{title}: {', '.join(['1 the reference', *labels] if has_reference else labels)}"
    which = program.share(
        title, f"array[N] int<lower=1, upper={size}>", (index + has_reference).tolist(), about
    )
    return f"append_row(0, {name})[{which}]" if has_reference else f"{name}[{which}]"


def _is_switch(block: Block) -> bool:
    return len(block.factors) == 1 and not block.numbers
