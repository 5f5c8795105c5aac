"""Arithmetic with units, as people write it in a case: "4 MPa + 0.2 MPa/mm * (x - width/2)".

Nothing is executed: the text becomes functions of arrays, and dimensions are checked while it is
read. A unit stands where a number could; right after a number it binds tighter than * and /, so
that x / 10 mm means what it says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import units
from joulestack.case.arithmetic import (
    FUNCTIONS,
    OF_NUMBERS,
    OF_SEVERAL,
    PLAIN,
    Node,
    applied,
    chained,
    joined,
    negative,
    product,
)
from joulestack.errors import parts
from joulestack.spelling import did_you_mean

Floats = npt.NDArray[np.float64]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-zµμΩ%][A-Za-z0-9_µμΩ]*)|(?P<mark>\*\*|[-+*/^(),·]))"
)
_LENGTH = units.unit_factor("m")[1]
_DEPTH = 60
LONGEST = 10_000
"""Characters of an expression."""


class ExpressionError(ValueError):
    """A text that is no expression: what is wrong, where, and what would be right."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")


@dataclass(frozen=True)
class Expression:
    """A quantity as a function of named ones.

    Attributes:
        text: as written.
        names: of the variables that it uses.
    """

    text: str
    names: frozenset[str]
    _value: Callable[[Mapping[str, Any]], Any]

    def __call__(self, **variables: Any) -> Floats:
        """Value in SI at values or arrays of the variables in SI."""
        with np.errstate(all="ignore"):
            return np.asarray(self._value(variables), dtype=np.float64)


def read(
    text: str, unit: str, variables: Collection[str], constants: Mapping[str, float]
) -> Expression:
    """Read an expression.

    Args:
        text: as written.
        unit: SI unit that it must have.
        variables: names of lengths that vary.
        constants: names of lengths that are known [m].

    Raises:
        ExpressionError: it cannot be read, or has another dimension; points at the place.
    """
    reader = _Reader(text, variables, constants)
    node = reader.whole()
    wanted = units.unit_factor(unit)[1]
    if node.dimension != wanted:
        what = f"is {units.kind(node.dimension)}, not {units.describe(unit)}"
        raise reader.error(node.start, node.end, what, "give every number its unit")
    return Expression(text, frozenset(reader.used), node.value)


class _Reader:
    def __init__(
        self, text: str, variables: Collection[str], constants: Mapping[str, float]
    ) -> None:
        self.text, self.variables, self.constants = text, variables, constants
        self.used: set[str] = set()
        self.tokens: list[tuple[str, str, int]] = []  # kind, text, start
        self.next = self.depth = 0
        if len(text) > LONGEST:
            what = f"has {len(text)} characters, more than {LONGEST}"
            raise ExpressionError(what, "write it shorter, or give a table (map)")
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                start = position + len(text[position:]) - len(text[position:].lstrip())
                remedy = f"numbers with units, + - * / ^ ( ), {self._listing()}"
                raise self.error(start, start + 1, "has no meaning here", remedy)
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind], match.start(kind)))
            position = match.end()

    def error(self, start: int, end: int, what: str, remedy: str) -> ExpressionError:
        """A mistake at a place in the text."""
        piece = self.text[start:end]
        arrow = f"\n        {self.text}\n        {' ' * start}{'^' * max(end - start, 1)}"
        return ExpressionError(f'"{piece}" {what}{arrow}' if piece else what + arrow, remedy)

    def whole(self) -> Node:
        if not self.tokens:
            raise ExpressionError("is empty", 'e.g. "4 MPa + 0.2 MPa/mm * x"')
        node = self._sum()
        if self.next < len(self.tokens):
            _, word, start = self.tokens[self.next]
            if word == ")":
                raise self.error(start, start + 1, "closes no bracket", "remove it")
            what = "follows without an operator"
            raise self.error(start, start + len(word), what, "write +, -, * or / before it")
        return node

    def _listing(self) -> str:
        known = [*self.variables, *self.constants, "pi", *FUNCTIONS]
        return ", ".join(known)

    def _take(self, *marks: str) -> str:
        """The next token if it is one of these marks."""
        if self.next < len(self.tokens):
            kind, word, _ = self.tokens[self.next]
            if kind == "mark" and word in marks:
                self.next += 1
                return word
        return ""

    def _sum(self) -> Node:
        parts = [self._product()]
        functions: list[Any] = []
        while mark := self._take("+", "-"):
            right = self._product()
            so_far = replace(parts[0], end=parts[-1].end)
            self._alike(so_far, right, "added to" if mark == "+" else "taken from")
            functions.append(np.add if mark == "+" else np.subtract)
            parts.append(right)
        return chained(functions, parts, parts[0].dimension)

    def _alike(self, left: Node, right: Node, verb: str) -> None:
        if left.dimension != right.dimension:
            a, b = units.kind(left.dimension), units.kind(right.dimension)
            piece = self.text[left.start : left.end]
            what = f'({b}) cannot be {verb} "{piece}" ({a})'
            raise self.error(right.start, right.end, what, "give every number its unit")

    def _product(self) -> Node:
        parts = [self._signed()]
        functions: list[Any] = []
        dimension = parts[0].dimension
        while mark := self._take("*", "·", "/"):
            parts.append(self._signed())
            dimension = product(dimension, 1.0, parts[-1].dimension, -1.0 if mark == "/" else 1.0)
            functions.append(np.divide if mark == "/" else np.multiply)
        return chained(functions, parts, dimension)

    def _signed(self) -> Node:
        start = self.tokens[self.next][2] if self.next < len(self.tokens) else len(self.text)
        mark = self._take("-", "+")
        if not mark:
            return self._with_units()
        self._deeper(start)
        node = self._signed()
        self.depth -= 1
        if mark == "+":
            return node
        return negative(node, start)

    def _with_units(self) -> Node:
        parts = [self._raised()]
        dimension = parts[0].dimension
        while parts[-1].number is not None and self._at_unit():
            parts.append(self._raised())
            dimension = product(dimension, 1.0, parts[-1].dimension)
        return chained([np.multiply] * (len(parts) - 1), parts, dimension)

    def _at_unit(self) -> bool:
        if self.next >= len(self.tokens):
            return False
        kind, word, _ = self.tokens[self.next]
        named = word in self.variables or word in self.constants or word in ("pi", *FUNCTIONS)
        return kind == "name" and not named

    def _raised(self) -> Node:
        base = self._atom()
        if not self._take("^", "**"):
            return base
        exponent = self._signed_atom()
        if exponent.dimension != PLAIN:
            what = "is an exponent and must be a plain number"
            raise self.error(exponent.start, exponent.end, what, "divide it by its unit")
        if base.dimension == PLAIN:
            return joined(np.power, base, exponent, PLAIN)
        if exponent.number is None:
            what = "varies, and what it raises has a unit"
            raise self.error(exponent.start, exponent.end, what, "raise a plain number: (x / 1 mm)")
        dimension = product(base.dimension, exponent.number)
        return joined(np.power, base, exponent, dimension)

    def _signed_atom(self) -> Node:
        start = self.tokens[self.next][2] if self.next < len(self.tokens) else len(self.text)
        if not self._take("-"):
            return self._atom()
        node = self._atom()
        return negative(node, start)

    def _atom(self) -> Node:
        if self.next >= len(self.tokens):
            end = len(self.text)
            raise self.error(end, end, "ends too early", "a number, a name or a bracket is missing")
        kind, word, start = self.tokens[self.next]
        self.next += 1
        end = start + len(word)
        if kind == "number":
            number = float(word)
            if not math.isfinite(number):
                raise self.error(start, end, "is not a finite number", "write a smaller one")
            return Node(PLAIN, lambda v: number, start, end, number)
        if word == "(":
            self._deeper(start)
            node = self._sum()
            return Node(node.dimension, node.value, start, self._closed(start), node.number)
        if kind == "mark":
            what = "stands where a number or a name should"
            raise self.error(start, end, what, "put one before it, or remove it")
        if word in FUNCTIONS:
            return self._function(word, start)
        return self._named(word, start, end)

    def _deeper(self, start: int) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            what = "is too deep inside brackets and signs"
            raise self.error(start, start + 1, what, "simplify the expression")

    def _closed(self, start: int) -> int:
        """Take the bracket that closes the one at `start`; where it ends."""
        if not self._take(")"):
            what = "is not closed"
            raise self.error(start, start + 1, what, "add ) or an operator before what follows")
        self.depth -= 1
        return self.tokens[self.next - 1][2] + 1

    def _named(self, word: str, start: int, end: int) -> Node:
        if word in self.variables:
            self.used.add(word)
            return Node(_LENGTH, lambda v: v[word], start, end)
        if word in self.constants or word == "pi":
            size = math.pi if word == "pi" else self.constants[word]
            dimension = PLAIN if word == "pi" else _LENGTH
            return Node(dimension, lambda v: size, start, end, size)
        if self._take("("):
            remedy = did_you_mean(word, FUNCTIONS) or f"one of: {', '.join(FUNCTIONS)}"
            raise self.error(start, end, "is not a function", remedy)
        try:
            factor, dimension = units.unit_factor(word)
        except ValueError as error:
            known = [*self.variables, *self.constants, "pi", *FUNCTIONS]
            hint = parts(error)[1] or did_you_mean(word, known)
            remedy = hint or f"write units as MPa, mm; or one of: {self._listing()}"
            what = "is no unit and no name that is known here"
            raise self.error(start, end, what, remedy) from None
        return Node(dimension, lambda v: factor, start, end, factor)

    def _function(self, word: str, start: int) -> Node:
        if not self._take("("):
            end = start + len(word)
            raise self.error(start, end, "is a function", f"write {word}(...)")
        opened = self.tokens[self.next - 1][2]
        self._deeper(opened)
        arguments = [self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        end = self._closed(opened)
        first = arguments[0]
        if word in OF_SEVERAL:
            if len(arguments) < 2:
                what = "takes two values or more"
                raise self.error(start, end, what, f"{word}(x, 5 mm)")
            for other in arguments[1:]:
                self._alike(first, other, "compared with")
            functions = [OF_SEVERAL[word]] * (len(arguments) - 1)
            whole = chained(functions, arguments, first.dimension)
            return Node(first.dimension, whole.value, start, end, whole.number)
        if len(arguments) > 1:
            raise self.error(start, end, "takes one value", "remove the others")
        if word in OF_NUMBERS and first.dimension != PLAIN:
            what = f"is {units.kind(first.dimension)}, and {word} takes a plain number"
            raise self.error(first.start, first.end, what, "divide it by its unit or by width")
        return applied(word, first, start, end)
