"""Where Newton's method is led astray at points, and how large a change of an unknown matters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SMALL_CURRENT = 1e-3
"""Current density on particles [A/m2] below which its error is not judged by its own size."""

THERMAL_VOLTAGE = 0.05
"""2RT/F at room temperature [V]."""

BEYOND = 0.003
"""How much further beyond empty or full one Newton step may take a surface [-]."""

LIMITED = 0.05
"""A step of a current density changed by less than this part needs no limit."""


def scale(
    state: Array, rates: Mask, exchange: Array | None, lithiation: float, voltage: float
) -> Array:
    """Size of each unknown's change that matters, in one row behind the other.

    Args:
        state: unknowns of each point (points, components).
        rates: which components have one.
        exchange: exchange current density of each point, if its law has one.
        lithiation: for what has a rate.
        voltage: for a current density, what it means for its overpotential [V]; but a change of
            1e-3 of the largest current density never matters more.
    """
    scales = np.full_like(state, lithiation)
    algebraic = ~rates
    largest = np.abs(state[:, algebraic]).max(initial=SMALL_CURRENT)
    scales[:, algebraic] = 1e-3 * largest
    if exchange is not None:
        # w = asinh(j / (2 i0)) is the overpotential in units of 2RT/F.
        same = np.hypot(2 * exchange, state[:, -1]) * (voltage / THERMAL_VOLTAGE)
        np.maximum(scales[:, -1], same, out=scales[:, -1])
    return scales.ravel()


def limit_filling(before: Array | None, after: Array, modes: int) -> bool:
    """Let the surface go little further beyond empty and full than it is; tells whether it did.

    U turns steep there, which no tangent taken inside knows. Arrays are (points, components), the
    first `modes` of which are those of x; `after` is changed in place.
    """
    filling = after[:, :modes].sum(axis=1)
    start = 0.5 if before is None else before[:, :modes].sum(axis=1)
    allowed = np.clip(filling, np.minimum(start, 0) - BEYOND, np.maximum(start, 1) + BEYOND)
    excess = filling - allowed
    if not excess.any():
        return False
    # Off the gradients, so that the amount of lithium stays; off the mean if there are none.
    after[:, min(1, modes - 1) : modes] -= (excess / max(modes - 1, 1))[:, None]
    return True


def limit_current(before: Array, after: Array, exchange: Array, active: Mask) -> bool:
    """Take a falling current from its driving force instead of from its tangent.

    In z = j/(2 i0) the law is asinh(z): a tangent taken at large z overshoots through zero by
    orders of magnitude when the current falls. The current density is the last component; `after`
    is changed in place.
    """
    size = 2 * np.where(active, exchange, 1.0)
    z0, z1 = before[:, -1] / size, after[:, -1] / size
    if (np.abs(z1 - z0) <= LIMITED * np.hypot(1, z0)).all():
        return False
    w0 = np.arcsinh(z0)
    w1 = w0 + (z1 - z0) / np.sqrt(1 + z0**2)
    crossing = w0 * w1 < 0
    falling = ~crossing & (np.abs(w1) < np.abs(w0))
    limited = np.where(crossing, w1, np.where(falling, np.sinh(np.where(falling, w1, 0.0)), z1))
    changed = np.abs(limited - z1) > LIMITED * (1 + np.abs(z0))
    after[changed, -1] = (limited * size)[changed]
    return bool(changed.any())
