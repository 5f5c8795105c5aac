"""Arithmetic with units: what is worth what, and what is said of a mistake."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.case.expression import ExpressionError, read

SIZES = {"width": 0.02, "length": 0.01}


def value(text: str, x: float = 0.004, y: float = 0.007) -> float:
    return float(read(text, "Pa", ("x", "y"), SIZES)(x=x, y=y))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 MPa", 4e6),
        ("-2MPa + 6e3 kPa", 4e6),
        ("4 MPa + 0.2 MPa/mm * (x - width/2)", 4e6 + 2e8 * (0.004 - 0.01)),
        ("20 MPa / 10 mm * x", 8e6),  # a unit binds tighter than a slash
        ("1 MPa * x / 2 mm", 2e6),
        ("4 MPa mm^2 / (2 mm)^2", 1e6),
        ("2^3^1 * 1 MPa * -1", None),
        ("-(x/mm)^2 * 1 MPa", -16e6),
        ("1 MPa * 2^-(1)", 0.5e6),
        ("1 MPa * 50 %", 0.5e6),
        ("sqrt(x^2 + y^2) * 1 MPa/mm", 1e9 * math.hypot(0.004, 0.007)),
        ("5 MPa * (1 + 0.3*cos(pi*x/width))", 5e6 * (1 + 0.3 * math.cos(math.pi * 0.2))),
        ("max(1 MPa, 5 MPa - 1 MPa/mm * abs(x - y), 3 MPa)", 3e6),
        ("5 MPa * step(x - 5 mm) + 1 MPa*step(y - 7 mm)", 1e6),
        ("1 MPa * exp(-((x - 4 mm)/1 mm)**2) * tanh(log(exp(1)))", 1e6 * math.tanh(1)),
    ],
)
def test_values(text: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(ExpressionError, match="follows without an operator"):
            value(text)
        return
    assert value(text) == pytest.approx(expected, rel=1e-12)


def test_arrays_and_names() -> None:
    found = read("1 MPa/mm * x", "Pa", ("x", "y"), SIZES)
    assert found.names == {"x"}
    assert found(x=np.array([0.0, 0.002]), y=np.zeros(2)) == pytest.approx([0.0, 2e6])


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("", "", "is empty", "e.g."),
        ("4 + x", "x", "a length", "every number its unit"),
        ("4 MPa + 3", "3", "a plain number", "every number its unit"),
        ("4 MPa * x", "4 MPa * x", "not a pressure", "every number its unit"),
        ("4 mpa", "mpa", "is no unit", 'did you mean "MPa"?'),
        ("4 MPa * sinn(x/mm)", "sinn", "is not a function", 'did you mean "sin"?'),
        ("4 MPa * sin x", "sin", "is a function", "write sin(...)"),
        ("4 MPa * sin(x)", "x", "takes a plain number", "divide it"),
        ("4 MPa x", "x", "without an operator", "before it"),
        ("3 MPa * (x/10 mm", "(", "is not closed", "add )"),
        ("3 MPa)", ")", "closes no bracket", "remove it"),
        ("3 MPa +", "", "ends too early", "missing"),
        ("3 MPa + * 2", "*", "stands where a number", "before it"),
        ("max(3 MPa)", "max(3 MPa)", "takes two values", "max("),
        ("abs(3 MPa, 2 MPa)", "abs(3 MPa, 2 MPa)", "takes one value", "remove"),
        ("1 MPa * (x/mm)^(y)", "(y)", "is an exponent", "divide"),
        ("1 MPa * x^(x/mm)", "(x/mm)", "varies", "raise a plain number"),
        ("1e999 MPa", "1e999", "not a finite number", "smaller"),
        ("__import__('os')", "_", "has no meaning here", "numbers with units"),
        ("x.real * 1 MPa", ".", "has no meaning here", "numbers with units"),
        ("(" * 90 + "1 MPa" + ")" * 90, "(", "too deep", "simplify"),
    ],
)
def test_mistakes_are_pointed_at(text: str, place: str, message: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(text, "Pa", ("x", "y"), SIZES)
    told = str(caught.value)
    assert message in told
    assert remedy in told
    if text:
        quoted, arrow = told.split("\n")[1:3]
        mark = arrow.split(";")[0]
        start, length = len(mark) - len(mark.lstrip()), mark.count("^")
        assert quoted[8:] == text
        assert text[start - 8 : start - 8 + length].startswith(place)


@settings(deadline=None)  # pint is asked for its units, once
@given(st.text(alphabet="0123456789.eE+-*/^() xyMPam,%sinqrtabwdh", max_size=40))
def test_any_text_is_a_value_or_a_message(text: str) -> None:
    told = ""
    try:
        found = read(text, "Pa", ("x", "y"), SIZES)
    except ExpressionError as error:
        told = str(error)
    else:
        found(x=0.001, y=0.002)
    assert not told or "; " in told


@pytest.mark.parametrize("piece", [" + 1 MPa", " * 1", " MPa^0", " - 0 mm * 1 MPa/mm"])
def test_long_expressions_are_no_deep_ones(piece: str) -> None:
    """A thousand terms stand beside each other: no limit of recursion, no quadratic time."""
    text = "1 MPa" + piece * (9_900 // len(piece))
    expected = 1e6 * (1 + 9_900 // len(piece)) if "+" in piece else 1e6
    assert float(read(text, "Pa", ["x"], {})(x=0.0)) == pytest.approx(expected)
    with pytest.raises(ExpressionError, match="write it shorter"):
        read(text + piece * 1000, "Pa", ["x"], {})
