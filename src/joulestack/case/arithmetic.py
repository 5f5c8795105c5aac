"""Parts of an expression: what each is worth, and in which dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack.units import Dimension

PLAIN: Dimension = (0.0,) * 6
OF_NUMBERS: dict[str, Any] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "tanh": np.tanh, "exp": np.exp, "log": np.log,
}  # fmt: skip
"""Functions of plain numbers."""
OF_SEVERAL: dict[str, Any] = {"min": np.minimum, "max": np.maximum}
"""Functions of two values or more of one dimension."""
FUNCTIONS = (*OF_NUMBERS, *OF_SEVERAL, "abs", "sqrt", "step")


@dataclass(frozen=True)
class Node:
    """A part of an expression.

    Attributes:
        dimension: of its value.
        value: in SI, for values of the variables in SI.
        start, end: where it stands in the text.
        number: its value where no variable is in it.
    """

    dimension: Dimension
    value: Callable[[Mapping[str, Any]], Any]
    start: int
    end: int
    number: float | None = None


def joined(function: Any, a: Node, b: Node, dimension: Dimension) -> Node:
    """Two parts with what stands between them."""
    number = None
    if a.number is not None and b.number is not None:
        with np.errstate(all="ignore"):
            number = float(function(np.float64(a.number), np.float64(b.number)))
    return Node(dimension, lambda v: function(a.value(v), b.value(v)), a.start, b.end, number)


def chained(functions: Sequence[Any], parts: Sequence[Node], dimension: Dimension) -> Node:
    """Parts with what stands between each two of them, from the left; not one inside another."""
    if not functions:
        return parts[0]

    def value(v: Mapping[str, Any]) -> Any:
        found = parts[0].value(v)
        for function, part in zip(functions, parts[1:], strict=True):
            found = function(found, part.value(v))
        return found

    number = None
    if all(part.number is not None for part in parts):
        with np.errstate(all="ignore"):
            found = np.float64(parts[0].number)
            for function, part in zip(functions, parts[1:], strict=True):
                found = function(found, np.float64(part.number))
            number = float(found)
    return Node(dimension, value, parts[0].start, parts[-1].end, number)


def negative(node: Node, start: int) -> Node:
    """A part with a sign before it."""
    number = None if node.number is None else -node.number
    return Node(node.dimension, lambda v: -node.value(v), start, node.end, number)


def applied(word: str, node: Node, start: int, end: int) -> Node:
    """A function of one value; one of `OF_NUMBERS`, abs, sqrt or step."""
    function, dimension = OF_NUMBERS.get(word), PLAIN
    if word == "abs":
        function, dimension = np.abs, node.dimension
    elif word == "sqrt":
        function, dimension = np.sqrt, product(node.dimension, 0.5)
    elif word == "step":
        function = _step
    found: Any = function
    return Node(dimension, lambda v: found(node.value(v)), start, end)


def product(a: Dimension, m: float, b: Dimension = PLAIN, n: float = 1.0) -> Dimension:
    """Dimension of a^m b^n."""
    return tuple(p * m + q * n for p, q in zip(a, b, strict=True))


def _step(value: Any) -> Any:
    """1 from zero on, 0 below."""
    return np.where(np.asarray(value) >= 0, 1.0, 0.0)
