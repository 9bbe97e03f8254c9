"""Arithmetic over named quantities: ``(224-11)/4+1``, ``paper.fc6.inputs``, ``4*network.params``.

A name is ``layer.quantity`` of the claim's own network, or has a variant id in front; ``paper`` is
short for the id of the paper's network.  ``paper[227].fc6.inputs`` is that at another input.
Arithmetic is exact: a division gives a fraction.
"""

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from operator import add, mul, sub, truediv
from typing import Any

from alexnet_viz.analysis.claims.quantity import Value, ask

PAPER = "alexnet_2012_paper"

_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
}
_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def names(expression: str) -> tuple[str, ...]:
    """The names of the quantities in an expression.

    >>> names("100*conv3.params/paper.network.params"), names("(224-11)/4")
    (('conv3.params', 'paper.network.params'), ())
    """
    return tuple(_names(_parsed(expression)))


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [ast.unparse(node)]
    if isinstance(node, ast.BinOp):
        return _names(node.left) + _names(node.right)
    return []


def evaluate(expression: str, variant: str) -> Value:
    """The value of an expression in a variant; None where a quantity in it has none.

    >>> str(evaluate("(224-11)/4", PAPER)), evaluate("2*conv1.out_channels", PAPER)
    ('213/4', 192)

    Raises:
        ValueError: the expression has anything but numbers, names and ``+ - * /``.
        KeyError, Inapplicable: as ``ask``.
    """
    return _simple(_value(_parsed(expression), variant))


def _value(node: ast.expr, variant: str) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.Attribute():
            *of, subject, field = ast.unparse(node).split(".")
            asked = re.sub(r"^paper\b", PAPER, of[0]) if of else variant
            found = ask(asked, f"{subject}.{field}")
            return Fraction(found) if type(found) is int else found
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            first, second = _value(left, variant), _value(right, variant)
            return None if None in (first, second) else _OPERATORS[type(op)](first, second)
    raise ValueError(ast.unparse(node))


def _simple(value: Any) -> Value:
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return value  # type: ignore[no-any-return]


def fill(words: str, variant: str, show: Callable[[str, Value], str]) -> str:
    """The words with each ``{expression}`` replaced by its value, as ``show`` formats it.

    An expression may have a format of its own: ``{100*conv3.params/network.params:.2f}``.
    """

    def filled(match: re.Match[str]) -> str:
        expression, spec = match[1], match[2]
        value = evaluate(expression, variant)
        if spec and isinstance(value, int | float | Fraction):
            return format(float(value), spec)
        return show(expression, value)

    return _PLACEHOLDER.sub(filled, words)
