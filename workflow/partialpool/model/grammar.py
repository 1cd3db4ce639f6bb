"""What a side of a formula may be: operators on terms, and inside functions plain arithmetic.

A formula is somebody's text that a library evaluates, so it is read here first: nothing is called
but the functions of the grammar, and no more terms or columns are asked for than a model has use
for. Terms are counted before they are multiplied out.
"""

from __future__ import annotations

import ast
import io
import keyword
import math
import tokenize
from collections.abc import Collection, Mapping
from typing import NoReturn

from partialpool.errors import InputError

FUNCTIONS = (
    *("C", "Diff", "Helmert", "I", "Poly", "Sum", "Treatment", "bs", "cc", "center", "contr", "cr"),
    *("cs", "exp", "exp10", "exp2", "log", "log10", "log2", "poly", "scale", "standardize"),
)
"""What a formula may call: those of formulaic that give the same for any order of the rows."""
INDEX = "index"  # codes a factor by all levels, where formulaic leaves out what others determine
OTHERS = ("Q", "hashed", "lag", "np")
"""What formulaic has besides."""
CONTRASTS = ("diff", "helmert", "poly", "sum", "treatment")
"""What may follow `contr.`."""
SIZED = ("bs", "cc", "cr", "cs", "poly")
"""Functions whose second argument, or `df` or `degree`, is a number of columns."""
MOST_LETTERS = 2000
MOST_TERMS = 500
MOST_COLUMNS = 100
"""Of one function."""
LARGEST_POWER = 10
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_SPELT = {"^": "**", ":": "@"}
"""How Python spells R's operators: `@` binds as `*` does, which is near enough to count terms."""


def check_names(names: Mapping[str, Collection[str]]) -> None:
    """Check that nothing that formulas may name is a word of the grammar itself.

    Args:
        names: of factors and numbers, by the block that declares them.

    Raises:
        InputError: naming the block and the name.
    """
    for block, given in names.items():
        for name in given:
            if name in (*FUNCTIONS, *OTHERS) or keyword.iskeyword(name):
                kind = "a function" if name in (*FUNCTIONS, *OTHERS) else "a word of the language"
                raise InputError(
                    f"{block}.{name}: found the name of {kind} in formulas, expected another one "
                    f"such as {name}_, whose `column` may be what it is"
                )


def read_side(side: str) -> set[str]:
    """The names of columns in one side of a formula.

    Raises:
        InputError: what about the side is not of the grammar, or too much; to be read after
            "found 'the formula', which".
    """
    if len(side) > MOST_LETTERS:
        _refuse(f"has {len(side):,} letters, expected {MOST_LETTERS:,} at most")
    try:
        tree = ast.parse(_respell(side, _SPELT).strip(), mode="eval").body
        _count_terms(tree)
        nodes = list(ast.walk(tree))
    except InputError:
        raise
    except (SyntaxError, MemoryError, RecursionError, ValueError) as error:
        said = error.msg if isinstance(error, SyntaxError) else "it is too deeply nested"
        _refuse(f"cannot be read: {said}")
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    strange = sorted({f.id for f in functions if isinstance(f, ast.Name)} - {*FUNCTIONS, INDEX})
    if strange:
        _refuse(f"calls {', '.join(strange)}; expected functions among {', '.join(FUNCTIONS)}")
    return {n.id for n in nodes if isinstance(n, ast.Name) and n not in functions} - {"contr"}


def find_calls(side: str) -> list[ast.Call]:
    """The functions that a side calls, outermost first, as Python reads them."""
    tree = ast.parse(_respell(side, _SPELT).strip(), mode="eval")
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def python_powers(side: str) -> str:
    """R's `I(x^2)` as formulaic's `I(x**2)`; outside functions both mean the same to it.

    Raises:
        InputError: the text cannot be taken apart; to be read as that of `read_side`.
    """
    return _respell(side, {"^": "**"})


def _refuse(why: str) -> NoReturn:
    raise InputError(why)


def _respell(side: str, spelling: Mapping[str, str]) -> str:
    """The text with some operators spelt otherwise; quoted text stays as it is."""
    text = " ".join(side.split())
    if "@" in spelling.values():
        text = text.replace("%in%", ":")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        _refuse("cannot be read: a bracket or a quotation mark is not closed")
    for token in reversed(tokens):
        if token.type == tokenize.OP and token.string in spelling:
            start, end = token.start[1], token.end[1]
            text = text[:start] + spelling[token.string] + text[end:]
    return text


def _count_terms(node: ast.expr) -> int:
    """How many terms an expression has at most once it is multiplied out."""
    match node:
        case ast.Name():
            return 1
        case ast.Constant(value=value) if isinstance(value, int | float):
            return 1
        case ast.Call():
            _check_call(node)
            return 1
        case ast.Set(elts=[arithmetic]):  # {age + 1} is I(age + 1)
            _check_value(arithmetic)
            return 1
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return _count_terms(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _limited(_count_powers(_count_terms(left), right))
        case ast.BinOp(left=left, op=operator, right=right):
            return _limited(_count_joined(_count_terms(left), operator, _count_terms(right)))
    _refuse(f"has {_shown(node)} in it, expected terms joined by +, -, *, /, : and ^")


def _count_joined(left: int, operator: ast.operator, right: int) -> int:
    match operator:
        case ast.Add() | ast.Sub():
            return left + right
        case ast.Mult():
            return left + right + left * right
        case ast.MatMult():
            return left * right
        case ast.Div():
            return left + left * right
    _refuse("has an operator in it that is none of +, -, *, /, : and ^")


def _count_powers(terms: int, power: ast.expr) -> int:
    """All combinations of so many of some terms."""
    largest = power.value if isinstance(power, ast.Constant) else None
    if not isinstance(largest, int) or not 1 <= largest <= LARGEST_POWER:
        _refuse(f"has the power {_shown(power)}, expected a whole number up to {LARGEST_POWER}")
    return math.comb(terms + largest, largest)


def _limited(terms: int) -> int:
    if terms > MOST_TERMS:
        _refuse(f"multiplies out to more than {MOST_TERMS} terms, expected fewer")
    return terms


def _check_call(call: ast.Call) -> None:
    """Check one function and what it is given."""
    if not isinstance(call.func, ast.Name):
        _refuse(f"calls {_shown(call.func)}; expected functions among {', '.join(FUNCTIONS)}")
    if any(keyword.arg is None for keyword in call.keywords):
        _refuse(f"has {_shown(call)} in it, expected every argument to be written out")
    name, keywords = call.func.id, {keyword.arg: keyword.value for keyword in call.keywords}
    if name == INDEX and (keywords or [type(given) for given in call.args] != [ast.Name]):
        _refuse(f"has {_shown(call)} in it, expected the name of a factor alone")
    sizes = [*call.args[1:2], *(keywords[key] for key in ("df", "degree") if key in keywords)]
    for size in sizes if name in SIZED else []:
        columns = size.value if isinstance(size, ast.Constant) else None
        if not isinstance(columns, int) or not 1 <= columns <= MOST_COLUMNS:
            _refuse(
                f"has {_shown(call)} in it, expected a whole number of columns up to {MOST_COLUMNS}"
            )
    for given in [*call.args, *keywords.values()]:
        _check_value(given)


def _check_value(node: ast.expr) -> None:
    """Check what a function is given: arithmetic on columns and numbers, contrasts, lists."""
    for part in _parts(node):
        _check_value(part)


def _parts(node: ast.expr) -> list[ast.expr]:
    """What is to be checked inside something that a function is given."""
    match node:
        case ast.Name() | ast.Constant():
            return []
        case ast.Attribute(value=ast.Name(id="contr"), attr=attribute) if attribute in CONTRASTS:
            return []
        case ast.Call(func=ast.Attribute() as contrast, args=args, keywords=keywords):
            return [contrast, *args, *(keyword.value for keyword in keywords)]
        case ast.Call():
            _check_call(node)
            return []
        case ast.BinOp(op=operator, left=left, right=right):
            return _operands(operator, left, right, node)
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Compare(left=left, comparators=comparators):
            return [left, *comparators]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
    _refuse(f"has {_shown(node)} in it, expected arithmetic on columns and numbers")


def _operands(
    operator: ast.operator, left: ast.expr, right: ast.expr, whole: ast.expr
) -> list[ast.expr]:
    if isinstance(operator, ast.Pow):
        _check_exponent(right)
        return [left]
    texts = (isinstance(side, ast.Constant | ast.List) and _is_text(side) for side in (left, right))
    if isinstance(operator, _ARITHMETIC) and not any(texts):
        return [left, right]
    _refuse(f"has {_shown(whole)} in it, expected arithmetic on columns and numbers")


def _is_text(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and isinstance(node.value, int | float))


def _check_exponent(node: ast.expr) -> None:
    """Powers of powers take for ever: an exponent is a number, or one by another (`1/3`)."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _check_exponent(operand)
        case ast.BinOp(op=ast.Div(), left=ast.Constant(), right=ast.Constant()):
            return None
        case ast.Constant(value=value) if isinstance(value, int | float):
            if abs(value) <= LARGEST_POWER:
                return None
    _refuse(f"has the power {_shown(node)}, expected a number up to {LARGEST_POWER}")


def _shown(node: ast.AST) -> str:
    text = ast.unparse(node).replace("@", ":")
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
