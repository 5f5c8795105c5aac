"""Mathematical forms of property laws: constants, polynomials, tables and named functions.

A form is a frozen dataclass of numbers, called with the variables it names. Its fields say in
which unit material files give them: "value" stands for the unit of the property.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np

from joulestack import xmath
from joulestack.constants import BOLTZMANN_EV, ROOM_TEMPERATURE

ELEMENTARY_CHARGE = 1.602176634e-19
"""[C]; the number of joules in one electronvolt."""

BOLTZMANN = BOLTZMANN_EV * ELEMENTARY_CHARGE
"""Boltzmann constant [J/K]."""


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
    """value exp(-Ea/k_B (1/T - 1/reference))."""

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    activation_energy: float = number("J")
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        return self.value * xmath.exp(
            self.activation_energy / BOLTZMANN * (1 / self.reference - 1 / T)
        )


@form("table")
@dataclass(frozen=True)
class Table(Form):
    """Monotone C1 interpolation of points, held constant outside them."""

    variable: str
    points: tuple[float, ...] = number("variable")
    values: tuple[float, ...] = number("value")
    slopes: tuple[float, ...] | None = None

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


@form("logarithmic table")
@dataclass(frozen=True)
class LogarithmicTable(Form):
    """Values over decades: monotone C1 interpolation of log10, held constant outside the points.

    Attributes:
        activation_energies: of each point [J]; none: no temperature dependence.
        reference: temperature of the points [K].
        slopes: tables of log10 and of the energies, filled in.
    """

    variable: str
    points: tuple[float, ...] = number("variable")
    values: tuple[float, ...] = number("value")
    activation_energies: tuple[float, ...] = number("J", ())
    reference: float = number("K", ROOM_TEMPERATURE)
    slopes: tuple[Table, ...] | None = None

    def __post_init__(self) -> None:
        """Make the tables that are interpolated, once, while the values are numbers."""
        if self.slopes is not None:
            return
        if min(self.values) <= 0:
            raise ValueError("a logarithmic table needs positive values")
        logs = tuple(float(v) for v in np.log10(self.values))
        tables = [Table(self.variable, self.points, logs)]
        if self.activation_energies:
            tables.append(Table(self.variable, self.points, self.activation_energies))
        object.__setattr__(self, "slopes", tuple(tables))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variable of the table, and T where there are activation energies."""
        return (self.variable, "T") if self.activation_energies else (self.variable,)

    def __call__(self, **v: Any) -> Any:
        """Evaluate."""
        assert self.slopes is not None  # __post_init__ has filled it in
        value = 10 ** self.slopes[0](**v)
        if len(self.slopes) == 1:
            return value
        energy = self.slopes[1](**v)
        return value * xmath.exp(energy / BOLTZMANN * (1 / self.reference - 1 / v["T"]))


@form("sum")
@dataclass(frozen=True)
class Sum(Form):
    """Polynomial, exponentials, hyperbolic tangents and Gaussians of x: fits of U(x), dU/dT(x).

    sum c_i x^i + sum a exp(b x + c) + sum a tanh(b (x - c)) + sum a exp(-(x - c)^2/w), each term
    left out where its lists are.
    """

    takes: ClassVar[tuple[str, ...]] = ("x",)
    coefficients: tuple[float, ...] = number("value", ())
    exp_amplitudes: tuple[float, ...] = number("value", ())
    exp_rates: tuple[float, ...] = number("1", ())
    exp_offsets: tuple[float, ...] = number("1", ())
    tanh_amplitudes: tuple[float, ...] = number("value", ())
    tanh_rates: tuple[float, ...] = number("1", ())
    tanh_centres: tuple[float, ...] = number("1", ())
    gauss_amplitudes: tuple[float, ...] = number("value", ())
    gauss_centres: tuple[float, ...] = number("1", ())
    gauss_widths: tuple[float, ...] = number("1", ())

    def __post_init__(self) -> None:
        """Refuse lists of different lengths."""
        for kind in ("exp", "tanh", "gauss"):
            names = [n for n in self.__dataclass_fields__ if n.startswith(f"{kind}_")]
            if len({len(getattr(self, n)) for n in names}) > 1:
                raise ValueError(f"{', '.join(names)} are not of one length")

    def __call__(self, *, x: Any, **_: Any) -> Any:
        """Evaluate."""
        result = xmath.polynomial(x, self.coefficients)
        for a, b, c in zip(self.exp_amplitudes, self.exp_rates, self.exp_offsets, strict=True):
            result = result + a * xmath.exp(b * x + c)
        for a, b, c in zip(self.tanh_amplitudes, self.tanh_rates, self.tanh_centres, strict=True):
            result = result + a * xmath.tanh(b * (x - c))
        for a, c, w in zip(
            self.gauss_amplitudes, self.gauss_centres, self.gauss_widths, strict=True
        ):
            result = result + a * xmath.exp(-((x - c) ** 2) / w)
        return result


@form("decades")
@dataclass(frozen=True)
class Decades(Form):
    """value 10^(sum a exp(-(x - c)^2/w)) exp(-Ea/k_B (1/T - 1/T0)): fits of D(x, T)."""

    takes: ClassVar[tuple[str, ...]] = ("x", "T")
    value: float = number("value")
    amplitudes: tuple[float, ...] = number("1")
    centres: tuple[float, ...] = number("1")
    widths: tuple[float, ...] = number("1")
    activation_energy: float = number("J", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, x: Any, T: Any, **_: Any) -> Any:
        """Evaluate."""
        power: Any = 0
        for a, c, w in zip(self.amplitudes, self.centres, self.widths, strict=True):
            power = power + a * xmath.exp(-((x - c) ** 2) / w)
        heat = xmath.exp(self.activation_energy / BOLTZMANN * (1 / self.reference - 1 / T))
        return self.value * 10**power * heat


@form("logarithm")
@dataclass(frozen=True)
class Logarithm(Form):
    """value + slope ln(v/reference), v held at `lowest` below it."""

    variable: str
    value: float = number("value")
    slope: float = number("value")
    reference: float = number("variable")
    lowest: float = number("variable")

    @property
    def variables(self) -> tuple[str, ...]:
        """The one variable."""
        return (self.variable,)

    def __call__(self, **v: Any) -> Any:
        """Evaluate."""
        held = xmath.maximum(v[self.variable], self.lowest)
        return self.value + self.slope * xmath.log(held / self.reference)


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
