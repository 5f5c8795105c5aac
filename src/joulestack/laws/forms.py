"""Mathematical forms of property laws: constants, polynomials, tables and named functions.

A form is a frozen dataclass of numbers, called with the variables it names. Its fields say in
which unit material files give them: "value" stands for the unit of the property.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.state import State


@dataclass(frozen=True)
class Form:
    """Base of the laws of one property; called with the variables it takes, by name."""

    form_name: ClassVar[str] = ""
    """Name in `FORMS`."""

    takes: ClassVar[tuple[str, ...]] = ()
    """Names of the variables: T, p, highest_pressure, phi, x, sintering_temperature."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of this law."""
        return self.takes

    def __call__(self, *args: Any, **variables: Any) -> Any:
        """Value in the SI unit of the property."""
        raise NotImplementedError

    def doubt(self, ranges: Mapping[str, tuple[float, float]], **variables: Any) -> Any:
        """Relative standard deviation that leaving the range of the data adds; 0: not known.

        Args:
            ranges: variable -> (lowest, highest) of the data [SI].
            variables: as for the call, numbers.
        """
        return 0.0

    def shifted(self, kind: str, size: Any, z: Any) -> Form | None:
        """This law with a parameter z standard deviations off; None: the value itself is uncertain.

        Args:
            kind, size: of the uncertainty, as in `Uncertainty`.
            z: number or array.
        """
        return None


class StateLaw(Protocol):
    """A form asked by state, whoever vouches for its numbers: `materials.property.Property`."""

    @property
    def form(self) -> Form:
        """The law."""

    def __call__(self, state: State, **extra: Any) -> Any:
        """Value at a state [SI]."""


FORMS: dict[str, type[Form]] = {}
"""Forms by the name that material files use."""

F = TypeVar("F", bound=type[Form])


def form(name: str) -> Callable[[F], F]:
    """Register a form under a name."""

    def register(cls: F) -> F:
        cls.form_name = name
        FORMS[name] = cls
        return cls

    return register


def number(unit: str, default: Any = MISSING, doc: str = "") -> Any:
    """Numeric field of a form with its unit."""
    return field(default=default, metadata={"unit": unit, "doc": doc})


def filled() -> Any:
    """Field that a form computes from its numbers; material files do not give it."""
    return field(default=None, metadata={"filled": True})


@form("value")
@dataclass(frozen=True)
class Value(Form):
    """The same at every state."""

    takes: ClassVar[tuple[str, ...]] = ()
    value: float = number("value")

    def __call__(self, **_: Any) -> Any:
        """Return the value."""
        return self.value


@form("polynomial")
@dataclass(frozen=True)
class Polynomial(Form):
    """sum_i coefficients[i] v^i; v in SI (T in kelvin)."""

    variable: str
    coefficients: tuple[float, ...] = number("value")

    @property
    def variables(self) -> tuple[str, ...]:
        """The one variable."""
        return (self.variable,)

    def __call__(self, **v: Any) -> Any:
        """Evaluate."""
        return xmath.polynomial(v[self.variable], self.coefficients)


@form("linear in T")
@dataclass(frozen=True)
class LinearInTemperature(Form):
    """value [1 + slope (T - reference)]."""

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    slope: float = number("1/K")
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        return self.value * (1 + self.slope * (T - self.reference))


@form("power of T")
@dataclass(frozen=True)
class PowerOfTemperature(Form):
    """value (T / reference)^exponent."""

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    exponent: float = number("1")
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        return self.value * (T / self.reference) ** self.exponent


@form("arrhenius")
@dataclass(frozen=True)
class Arrhenius(Form):
    """value exp(-Ea/R (1/T - 1/reference))."""

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    activation_energy: float = number("J/mol")
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        return self.value * xmath.exp(
            self.activation_energy / GAS_CONSTANT * (1 / self.reference - 1 / T)
        )


@form("table")
@dataclass(frozen=True)
class Table(Form):
    """Monotone C1 interpolation of points, held constant outside them."""

    variable: str
    points: tuple[float, ...] = number("variable")
    values: tuple[float, ...] = number("value")
    slopes: tuple[float, ...] | None = filled()

    def __post_init__(self) -> None:
        """Compute the slopes once, where they are numbers."""
        if self.slopes is not None:
            return
        x, y = np.asarray(self.points, float), np.asarray(self.values, float)
        if len(x) != len(y) or len(x) < 2:
            raise ValueError("a table needs as many values as points, and at least two")
        if np.any(np.diff(x) <= 0):
            raise ValueError("the points of a table must increase")
        object.__setattr__(self, "slopes", pchip_slopes(x, y))

    @property
    def variables(self) -> tuple[str, ...]:
        """The one variable."""
        return (self.variable,)

    def __call__(self, **v: Any) -> Any:
        """Evaluate."""
        assert self.slopes is not None  # __post_init__ has filled it in
        return xmath.cubic_hermite(v[self.variable], self.points, self.values, self.slopes)


def pchip_slopes(x: np.ndarray, y: np.ndarray) -> tuple[float, ...]:
    """Slopes that keep a cubic Hermite interpolant monotone between its points.

    Fritsch & Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300 (weighted harmonic means); one-sided
    three-point slopes at the ends, limited to keep the sign.
    """
    h, d = np.diff(x), np.diff(y) / np.diff(x)
    if len(d) == 1:
        return (float(d[0]), float(d[0]))
    m = np.zeros(len(x))
    w0, w1 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = d[:-1] * d[1:] > 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        m[1:-1] = np.where(same, (w0 + w1) / (w0 / d[:-1] + w1 / d[1:]), 0.0)
    m[0] = _end_slope(h[0], h[1], d[0], d[1])
    m[-1] = _end_slope(h[-1], h[-2], d[-1], d[-2])
    return tuple(float(v) for v in m)


def _end_slope(h0: float, h1: float, d0: float, d1: float) -> float:
    slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if slope * d0 <= 0:
        return 0.0
    if d0 * d1 < 0 and abs(slope) > 3 * abs(d0):
        return 3 * d0
    return float(slope)
