"""Equality of UFL expressions in time that grows with their graph, where UFL has none of its own.

UFL 2024.2 compares two expressions as trees: a part that is used n times is compared n times, parts
of parts n^k times. The forms of a stack are graphs of 1e4 parts whose trees have 1e9. Later
versions remember the pairs that they have met (UFL's pull request 367), and are left alone.
"""

from __future__ import annotations

from typing import Any

import ufl.conditional
import ufl.exprequals
import ufl.exproperators
from ufl.conditional import MaxValue
from ufl.constantvalue import FloatValue
from ufl.core.expr import Expr


def equal(first: Any, second: Any) -> bool:
    """Whether two expressions are written the same way; each pair of their parts is met once.

    The answer is that of a comparison as trees. A pair met before need not be met again: it is
    equal, or it still waits and will make the whole unequal. Hashes only tell apart what differs.
    Equal expressions share their operands afterwards, as UFL has it.
    """
    if type(first) is not type(second) or hash(first) != hash(second):
        return False
    if first is second:
        return True
    waiting = [(first, second)]
    met: dict[tuple[int, int], tuple[Any, Any]] = {}
    while waiting:
        one, other = waiting.pop()
        if one._ufl_is_terminal_:
            if one == other:
                continue
            return False
        if one.ufl_operands is other.ufl_operands:
            continue
        if len(one.ufl_operands) != len(other.ufl_operands):
            return False
        for pair in zip(one.ufl_operands, other.ufl_operands, strict=True):
            a, b = pair
            if a._ufl_typecode_ != b._ufl_typecode_ or hash(a) != hash(b):
                return False
            key = (id(a), id(b))
            if a is not b and key not in met:
                met[key] = pair  # kept: while it lives, nothing else has its id
                waiting.append(pair)
    if not first._ufl_is_terminal_:
        first.ufl_operands = second.ufl_operands
    return True


def compares_trees() -> bool:
    """Whether UFL's own comparison meets a part as often as it is used."""
    met = 0

    class Leaf(FloatValue):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal met
            met += 1
            return True

        __hash__ = FloatValue.__hash__

    def graph() -> Any:
        expression: Any = Leaf(0.5)
        for _ in range(4):
            expression = MaxValue(expression, expression)
        return expression

    ufl.exprequals.expr_equals(graph(), graph())
    return met > 2


def install() -> None:
    """Put `equal` in the place of UFL's comparison, where that compares trees."""
    if compares_trees():
        Expr.__eq__ = equal
        for module in (ufl.exprequals, ufl.exproperators, ufl.conditional):
            module.expr_equals = equal
