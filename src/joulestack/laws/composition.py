"""Forms of fitted functions of composition: U(x), dU/dT(x), D(x, T), values over decades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form, Table, filled, form, number


@form("logarithmic table")
@dataclass(frozen=True)
class LogarithmicTable(Form):
    """Values over decades: monotone C1 interpolation of log10, held constant outside the points.

    Attributes:
        activation_energies: of each point [J/mol]; none: no temperature dependence.
        reference: temperature of the points [K].
        slopes: tables of log10 and of the energies, filled in.
    """

    variable: str
    points: tuple[float, ...] = number("variable")
    values: tuple[float, ...] = number("value")
    activation_energies: tuple[float, ...] = number("J/mol", ())
    reference: float = number("K", ROOM_TEMPERATURE)
    slopes: tuple[Table, ...] | None = filled()

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
        return value * xmath.exp(energy / GAS_CONSTANT * (1 / self.reference - 1 / v["T"]))


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
    """value 10^(sum a exp(-(x - c)^2/w)) exp(-Ea/R (1/T - 1/T0)): fits of D(x, T)."""

    takes: ClassVar[tuple[str, ...]] = ("x", "T")
    value: float = number("value")
    amplitudes: tuple[float, ...] = number("1")
    centres: tuple[float, ...] = number("1")
    widths: tuple[float, ...] = number("1")
    activation_energy: float = number("J/mol", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, x: Any, T: Any, **_: Any) -> Any:
        """Evaluate."""
        power: Any = 0
        for a, c, w in zip(self.amplitudes, self.centres, self.widths, strict=True):
            power = power + a * xmath.exp(-((x - c) ** 2) / w)
        heat = xmath.exp(self.activation_energy / GAS_CONSTANT * (1 / self.reference - 1 / T))
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
