"""Equality of UFL expressions: the answer of a comparison as trees, at the price of the graph."""

from __future__ import annotations

from typing import Any

import basix.ufl
import pytest
import ufl
from hypothesis import given
from hypothesis import strategies as st
from ufl.classes import FloatValue, IntValue, MaxValue
from ufl.core.expr import Expr

import joulestack._compat  # noqa: F401  (puts the comparison in place)
from joulestack._equality import compares_trees, equal

MESH = ufl.Mesh(basix.ufl.element("P", "triangle", 1, shape=(2,)))
SPACE = ufl.FunctionSpace(MESH, basix.ufl.element("P", "triangle", 1))
LEAVES = (
    *(ufl.Coefficient(SPACE, count=n) for n in range(3)),
    *(ufl.Constant(MESH, count=n) for n in range(2)),
    *(ufl.TestFunction(SPACE), ufl.TrialFunction(SPACE)),
)
NUMBERS = (IntValue(-1), IntValue(-2), FloatValue(-1.0), FloatValue(-2.0), FloatValue(0.5))
UNARY = (
    ufl.sin,
    ufl.exp,
    lambda a: ufl.inner(ufl.grad(a), ufl.grad(a)),
    lambda a: ufl.grad(a)[0] + a,
    lambda a: ufl.as_vector([a, 2 * a])[1],
)
BINARY = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a / (2 + b * b),
    ufl.max_value,
    lambda a, b: ufl.conditional(ufl.lt(a, b), a, b),
)
Recipe = tuple[tuple[int, int, int], ...]
"""A graph: how each part is made, of which earlier parts."""

recipes = st.lists(
    st.tuples(st.integers(0, len(UNARY) + len(BINARY) - 1), st.integers(0, 50), st.integers(0, 50)),
    min_size=1,
    max_size=7,
).map(tuple)


def build(recipe: Recipe) -> Any:
    """Anew: no part but the leaves is shared with another call."""
    parts = [*LEAVES, *(type(n)(n._value) * LEAVES[0] for n in NUMBERS)]
    for how, i, j in recipe:
        # Later parts are chosen more often: the graph becomes deep.
        a, b = (parts[-1 - (k % len(parts))] for k in (i, j))
        made = UNARY[how](a) if how < len(UNARY) else BINARY[how - len(UNARY)](a, b)
        parts.append(made + LEAVES[0])  # never a number alone, which UFL would compute with
    return parts[-1]


def as_trees(one: Any, other: Any) -> bool:
    """What equality means, without any shortcut."""
    if one._ufl_is_terminal_ or other._ufl_is_terminal_:
        return type(one) is type(other) and bool(one == other)
    return (
        one._ufl_typecode_ == other._ufl_typecode_
        and len(one.ufl_operands) == len(other.ufl_operands)
        and all(as_trees(a, b) for a, b in zip(one.ufl_operands, other.ufl_operands, strict=True))
    )


@given(recipes, recipes)
def test_the_answer_is_that_of_trees(first: Recipe, second: Recipe) -> None:
    one, same, other = build(first), build(first), build(second)
    assert as_trees(one, same)
    assert equal(one, same)
    assert one.ufl_operands is same.ufl_operands
    expected = as_trees(one, other)
    assert equal(one, other) is expected
    assert equal(other, one) is expected
    assert (one == other) is expected


@given(recipes, st.integers(0, len(NUMBERS) - 1), st.integers(0, len(NUMBERS) - 1))
def test_one_number_deep_inside_tells_them_apart(recipe: Recipe, m: int, n: int) -> None:
    def with_number(k: int) -> Any:
        inner = NUMBERS[k] * LEAVES[0]
        return build(recipe) + ufl.exp(ufl.sin(inner) * inner)

    one, other = with_number(m), with_number(n)
    assert equal(one, other) is (m == n)
    if m != n:
        assert one.ufl_operands is not other.ufl_operands


class Colliding(FloatValue):
    """A leaf whose hash is that of every other."""

    __slots__ = ()
    __eq__ = FloatValue.__eq__

    def __hash__(self) -> int:
        return 1


def test_equal_hashes_are_not_taken_for_equality() -> None:
    one, same, other = (ufl.exp(MaxValue(Colliding(n), LEAVES[0])) for n in (1.5, 1.5, 2.5))
    assert hash(one) == hash(other)
    assert not equal(one, other)
    assert one != other
    assert equal(one, same)


def test_terminals_and_conditions_are_compared_too() -> None:
    one, same, other = FloatValue(0.5), FloatValue(0.5), FloatValue(0.25)
    assert equal(one, same)
    assert not equal(one, other)
    assert not equal(one, IntValue(1))
    f, g = LEAVES[:2]
    assert bool(ufl.eq(ufl.sin(f), ufl.sin(f)))
    assert bool(ufl.ne(ufl.sin(f), ufl.sin(g)))


class Counted(FloatValue):
    """A leaf that counts how often it is compared."""

    __slots__ = ()
    met = 0

    def __eq__(self, other: object) -> bool:
        Counted.met += 1
        return isinstance(other, Counted) and self._value == other._value

    __hash__ = FloatValue.__hash__


def deep(depth: int, values: tuple[float, float]) -> Any:
    """A graph of 2 depth + 1 parts, whose tree has 2^depth leaves of each kind."""
    left, right = (Counted(v) for v in values)
    for _ in range(depth):
        left, right = MaxValue(left, right), MaxValue(right, left)
    return left


@pytest.mark.parametrize(
    ("compare", "depth"), [(equal, 5), (equal, 50), (equal, 500), (Expr.__eq__, 12)]
)
def test_a_part_is_compared_once_however_often_it_is_used(compare: Any, depth: int) -> None:
    Counted.met = 0
    assert compare(deep(depth, (0.5, 0.25)), deep(depth, (0.5, 0.25)))
    assert Counted.met <= 8
    assert not compare(deep(depth, (0.5, 0.25)), deep(depth, (0.25, 0.5)))
    assert not compare(deep(depth, (0.5, 0.25)), deep(depth, (0.5, 0.75)))


def test_visits_grow_with_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not leaves alone: every inner pair is looked at once."""
    visits = []

    class Watched(MaxValue):
        __slots__ = ()

        @property
        def ufl_operands(self) -> Any:
            visits.append(self)
            return Watched.inner.__get__(self)

        @ufl_operands.setter
        def ufl_operands(self, operands: Any) -> None:
            Watched.inner.__set__(self, operands)

        inner = MaxValue.__mro__[1].ufl_operands

    def graph(depth: int) -> Any:
        left, right = FloatValue(0.5), FloatValue(0.25)
        for _ in range(depth):
            left, right = Watched(left, right), Watched(right, left)
        return left

    counts = []
    for depth in (50, 100, 200):
        one, other = graph(depth), graph(depth)
        assert hash(one) == hash(other)
        visits.clear()
        assert equal(one, other)
        counts.append(len(visits))
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


def test_ufl_compares_graphs_now() -> None:
    assert not compares_trees()
