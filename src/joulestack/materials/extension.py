"""What fitted functions of composition say outside their range: finite and C1 everywhere.

A fit of U(x) is worthless beyond its points (polynomials turn around, exponentials explode), but a
solver asks there: the surface of a particle overshoots, a cell runs empty. So U goes on along its
end tangents, and dU/dT and D level off. Where sites run out, at x = 0 and x = 1, U turns steep.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws.forms import Form
from joulestack.materials.property import Property

WALL = 5e5
"""Curvature of U beyond `INSET` from empty and full [V]: 0.5 V at x = 0 and x = 1, 2 V at 0.1 %
beyond. Numerical: it keeps x near the sites that exist, however flat U is there."""

INSET = 1e-3
"""How far inside 0 <= x <= 1 U begins to turn steep. Numerical: so a discharge ends when its
particles are full, and not a per cent later (tests/verification/peers/test_pybamm.py)."""

REACH = 0.02
"""Distance in x over which a law levels off outside its range. Numerical: it keeps the law C1."""


@dataclass(frozen=True)
class Extended(Form):
    """A voltage that is the law in [low, high] and the tangents at its ends outside.

    Attributes:
        form: the law; one without x is a plateau.
        low, high: ends of its range.
        slope_low, slope_high: its derivatives there [V].
        wall: U gains wall (x - inset)^2 below inset and loses as much above 1 - inset [V].
        inset: where that begins.
    """

    takes: ClassVar[tuple[str, ...]] = ("x",)
    form: Form
    low: float
    high: float
    slope_low: float
    slope_high: float
    wall: float
    inset: float

    @property
    def variables(self) -> tuple[str, ...]:
        """Those of the law, and x."""
        return tuple(dict.fromkeys((*self.form.variables, "x")))

    def __call__(self, *, x: Any, **others: Any) -> Any:
        """Evaluate."""
        below, above = _beyond(x, self.low, self.high)
        inside = self.form(x=xmath.clip(x, self.low, self.high), **others)
        empty, full = _beyond(x, self.inset, 1 - self.inset)
        steep = self.wall * (empty * empty - full * full)
        return inside - self.slope_low * below + self.slope_high * above + steep


@dataclass(frozen=True)
class Levelled(Form):
    """A law of x that is itself in [low, high]; outside its argument moves by less than `reach`.

    Attributes:
        form: the law.
        low, high: ends of its range.
        reach: how far outside the law is followed.
    """

    takes: ClassVar[tuple[str, ...]] = ("x",)
    form: Form
    low: float
    high: float
    reach: float

    @property
    def variables(self) -> tuple[str, ...]:
        """Those of the law."""
        return self.form.variables

    def __call__(self, *, x: Any, **others: Any) -> Any:
        """Evaluate."""
        below, above = _beyond(x, self.low, self.high)
        held = xmath.clip(x, self.low, self.high)
        held = held - below / (1 + below / self.reach) + above / (1 + above / self.reach)
        return self.form(x=held, **others)


def voltage(law: Property) -> Property:
    """U(x) for a solver: finite and C1, rising towards x = 0 and falling towards x = 1."""
    if "x" not in law.form.variables:
        return replace(law, form=Extended(law.form, 0.0, 1.0, 0.0, 0.0, WALL, INSET))
    low, high = law.ranges.get("x", (0.0, 1.0))
    slopes = (_slope(law.form, low, high), _slope(law.form, high, low))
    return replace(law, form=Extended(law.form, low, high, *slopes, WALL, INSET))


def levelled(law: Property) -> Property:
    """dU/dT(x) or D(x, T) for a solver. Tables already hold their end values."""
    if "x" not in law.form.variables or law.form.form_name.endswith("table"):
        return law
    low, high = law.ranges.get("x", (0.0, 1.0))
    return replace(law, form=Levelled(law.form, low, high, REACH))


def _beyond(x: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """How far x is below and above a range, each at least 0."""
    return xmath.maximum(low - x, 0), xmath.maximum(x - high, 0)


def _slope(form: Form, end: float, other: float) -> float:
    """One-sided derivative at an end of a range, of second order."""
    h = 1e-5 * (other - end)
    at = [float(form(x=end + i * h, T=ROOM_TEMPERATURE)) for i in range(3)]
    return (4 * at[1] - 3 * at[0] - at[2]) / (2 * h)
