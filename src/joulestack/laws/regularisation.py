"""Small C1 building blocks that keep laws finite and differentiable where papers stop."""

from __future__ import annotations

from typing import Any

from joulestack import xmath

PRESSURE_SOFTENING = 1e3
"""Pressure [Pa] that keeps a memory smooth at p = 0."""


def held(p: Any, low: Any = None, high: Any = None) -> Any:
    """Leave p as it is in [low, high], level it off outside, C1 throughout.

    Below `low` a parabola falls to low/2 at p = 0 with zero slope; above `high` the curve
    high (2 - high/p) rises to at most 2 high. So a power law stays finite at p = 0.

    Args:
        p: a non-negative quantity.
        low: lower end, > 0, or None.
        high: upper end, or None.
    """
    result = p
    if low is not None:
        result = xmath.where((p, low), result, (p * p + low * low) / (2 * low))
    if high is not None:
        # `positive` keeps the branch that is not taken finite.
        positive = xmath.maximum(p, high)
        result = xmath.where((p, high), high * (2 - high / positive), result)
    return result


def softened(r: Any, floor: Any) -> Any:
    """sqrt(r^2 + floor^2): r where r >> floor, at least floor, smooth."""
    return xmath.sqrt(r * r + floor * floor)


def remembered(p: Any, highest: Any, kept: Any, softening: Any = PRESSURE_SOFTENING) -> Any:
    """p^(1 - kept) p_max^kept: the pressure that would make the present contact on first loading.

    On the way up it is p itself, at p = 0 it is zero.

    Args:
        p: pressure now [Pa].
        highest: seen so far; p where that is more [Pa].
        kept: share in the exponent that release leaves.
        softening: [Pa].
    """
    ratio = (xmath.maximum(highest, p) + softening) / (p + softening)
    return p * ratio**kept
