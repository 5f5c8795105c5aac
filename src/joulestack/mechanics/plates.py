"""How the pressure of a fixture spreads over the face, point by point or under a rigid plate.

points          every point of the face has its own share of the springs: p_c = law(dh_c, p0_c)
plate           one guided plate: what grows more presses more, p_c - p0_c = (dh_c - mean)/C + dp
tilting plate   the same, free to tilt until no moment is left: the linear part of dh goes too

C is the compliance of the layers; dp what the fixture answers to the mean growth. Layers do not
hold each other up sideways (Winkler). Where a point lets go of the plate, the others take over its
force: the plate moves until the mean is that of the fixture.

Tightened anew, points take the map of assembly at its new mean; a plate moves as a whole, so what
has grown more still presses more, and only the mean is new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.mechanics.fixtures import TOUCH, Fixture, pressing

Floats = npt.NDArray[np.float64]

BALANCES = ("mean", "points", "plate", "tilting plate")
_ITERATIONS = 60


@dataclass(frozen=True)
class Tightening:
    """The last time that the fixture was set.

    Attributes:
        pressure: mean that it was set to [Pa].
        expansion: free growth at each point until then [m].
    """

    pressure: float
    expansion: Floats


def spread(
    balance: str,
    fixture: Fixture,
    expansion: Floats,
    assembly: Floats,
    areas: Floats,
    at: Floats,
    last: Tightening | None = None,
) -> Floats:
    """Pressure at points of the face [Pa].

    Args:
        balance: of `BALANCES`, not "mean".
        fixture: its law.
        expansion: free growth at each point [m].
        assembly: pressure at each point when assembled [Pa].
        areas: of the face that belong to the points [m2].
        at: where they are (n, 1 or 2) [m].
        last: that the fixture was tightened; None: at assembly.
    """
    weights = areas / areas.sum()
    pressed = float(weights @ assembly)
    if last is None:
        last = Tightening(pressed, np.zeros_like(expansion))
    since = expansion - last.expansion
    if balance == "points":
        own = assembly * (last.pressure / pressed)
        return np.asarray(fixture.pressure(since, own), dtype=np.float64)
    grown = float(weights @ expansion)
    mean = float(fixture.elastic(float(weights @ since), last.pressure))
    level: Floats = np.full_like(expansion, grown)
    if balance == "tilting plate":
        level = _plane(expansion, weights, at)
    relative = assembly - pressed + (expansion - level) / fixture.compliance
    return _carried(relative + mean, weights, float(pressing(mean)))


def _plane(values: Floats, weights: Floats, at: Floats) -> Floats:
    """The plane of least squares through values: takes force and moments away."""
    basis = np.column_stack([np.ones(len(values)), at - weights @ at])
    root = np.sqrt(weights)[:, None]
    coefficients, *_ = np.linalg.lstsq(root * basis, root[:, 0] * values, rcond=None)
    plane: Floats = basis @ coefficients
    return plane


def _carried(elastic: Floats, weights: Floats, wanted: float) -> Floats:
    """Move the plate until what presses adds up to the force of the fixture."""
    # From far too much the mean falls along a convex curve: Newton does not overshoot.
    shift = max(wanted - float(weights @ elastic), wanted - float(elastic.min()))
    for _ in range(_ITERATIONS):
        moved = elastic + shift
        slope = 0.5 * (1 + moved / np.sqrt(moved * moved + TOUCH**2))
        step = (float(weights @ pressing(moved)) - wanted) / float(weights @ slope)
        shift -= step
        if abs(step) < 1e-9 * max(wanted, TOUCH):
            break
    return np.asarray(pressing(elastic + shift), dtype=np.float64)
