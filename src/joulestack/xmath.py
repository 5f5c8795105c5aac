"""Mathematics for property laws: one definition, evaluated by NumPy or written down as UFL.

A law is written once with these functions. Given floats or arrays it computes; given a UFL
expression it returns UFL, which is what the solver differentiates and compiles. UFL is imported
only when a UFL object is passed, so this module needs no DOLFINx.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

NUMBERS = (float, int)


def is_symbolic(*values: Any) -> bool:
    """Tell whether any value is a UFL expression."""
    expr = sys.modules.get("ufl.core.expr")
    if expr is None:
        return False
    # A loop: any() with a generator takes three times that, and every law asks at every record.
    for value in values:  # noqa: SIM110
        if isinstance(value, expr.Expr):
            return True
    return False


def _call(name: str, x: Any) -> Any:
    if is_symbolic(x):
        import ufl

        return getattr(ufl, {"log": "ln"}.get(name, name))(x)
    return getattr(np, name)(x)


def exp(x: Any) -> Any:
    """Exponential."""
    return _call("exp", x)


def log(x: Any) -> Any:
    """Natural logarithm."""
    return _call("log", x)


def sqrt(x: Any) -> Any:
    """Square root."""
    return _call("sqrt", x)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent."""
    return _call("tanh", x)


def atan(x: Any) -> Any:
    """Inverse tangent."""
    if is_symbolic(x):
        import ufl

        return ufl.atan(x)
    return np.arctan(x)


def erf(x: Any) -> Any:
    """Error function."""
    if is_symbolic(x):
        import ufl

        return ufl.erf(x)
    from scipy.special import erf as numeric

    return numeric(x)


def asinh(x: Any) -> Any:
    """Inverse hyperbolic sine; for UFL from logarithms, without cancellation on either side."""
    if is_symbolic(x):
        import ufl

        root = ufl.sqrt(x * x + 1)
        return ufl.conditional(ufl.ge(x, 0), ufl.ln(root + x), -ufl.ln(root - x))
    return np.arcsinh(x)


def where(condition_ge: tuple[Any, Any], yes: Any, no: Any) -> Any:
    """`yes` where condition_ge[0] >= condition_ge[1], otherwise `no`."""
    a, b = condition_ge
    if (
        isinstance(a, NUMBERS) and isinstance(b, NUMBERS)
        and isinstance(yes, NUMBERS) and isinstance(no, NUMBERS)
    ):  # fmt: skip
        return yes if a >= b else no
    if is_symbolic(a, b, yes, no):
        import ufl

        return ufl.conditional(ufl.ge(a, b), yes, no)
    return np.where(np.asarray(a) >= np.asarray(b), yes, no)


def maximum(a: Any, b: Any) -> Any:
    """Larger of two values."""
    if isinstance(a, np.ndarray) and isinstance(b, NUMBERS):
        return np.maximum(a, b)
    return where((a, b), a, b)


def minimum(a: Any, b: Any) -> Any:
    """Smaller of two values."""
    if isinstance(a, np.ndarray) and isinstance(b, NUMBERS):
        return np.minimum(a, b)
    return where((a, b), b, a)


def clip(x: Any, low: Any, high: Any) -> Any:
    """Hold x between low and high."""
    return minimum(maximum(x, low), high)


def polynomial(x: Any, coefficients: Sequence[Any]) -> Any:
    """sum_i coefficients[i] x**i by Horner's rule."""
    result: Any = 0.0
    for c in reversed(coefficients):
        result = result * x + c
    return result


def cubic_hermite(
    x: Any, knots: Sequence[float], values: Sequence[Any], slopes: Sequence[Any]
) -> Any:
    """Piecewise cubic Hermite interpolation, C1, held constant outside the knots.

    Args:
        x: where to evaluate.
        knots: increasing abscissae.
        values: ordinates at the knots.
        slopes: derivatives at the knots.
    """
    if not is_symbolic(x, *knots, *values, *slopes):
        x = np.asarray(x, dtype=float)
    # The interval is found first and its cubic evaluated once: what is compiled, and what it takes
    # to differentiate, hardly grows with the number of knots.
    z = clip(x, knots[0], knots[-1])
    last = len(knots) - 1

    def here(of: Sequence[Any], side: int) -> Any:
        """Of the interval that z lies in the lower (0) or the upper (1) end's."""
        found: Any = of[side]
        for i in range(1, last):
            found = where((z, knots[i]), of[i + side], found)
        return found

    below, above = here(knots, 0), here(values, 0)
    h = here(knots, 1) - below
    s = (z - below) / h
    rise = here(values, 1) - above
    start, end = h * here(slopes, 0) - rise, rise - h * here(slopes, 1)
    return above + s * (rise + (1 - s) * (start * (1 - s) + end * s))
