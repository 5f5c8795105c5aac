"""Resistance laws of interfaces: formulas over `xmath`, finite and C1 down to p = 0.

Each law is a frozen dataclass with `resistance(state)` [m2 K/W or Ohm m2]; its numbers are SI.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack import xmath
from joulestack.materials.binding import bound
from joulestack.materials.forms import Table
from joulestack.materials.medium import Medium, Wrap
from joulestack.materials.smooth import held, softened
from joulestack.materials.state import State


@dataclass(frozen=True)
class Law:
    """Base of the laws.

    Attributes:
        name: in `contact.LAWS`.
    """

    name: str

    def bind(self, wrap: Wrap) -> Any:
        """Copy whose numbers (those of the media included) have gone through `wrap`."""
        return bound(self, wrap)

    def resistance(self, state: State) -> Any:
        """R [m2 K/W] for heat or [Ohm m2] for charge."""
        raise NotImplementedError

    def outside(self, state: State) -> list[str]:
        """Say where a numeric state leaves what the law is known for."""
        return []

    def _pressure_outside(
        self, p: Any, low: float | None, high: float | None, beyond: str = "levels off there"
    ) -> list[str]:
        if xmath.is_symbolic(p):
            return []
        messages = []
        for value, end, side in ((np.min(p), low, "below"), (np.max(p), high, "above")):
            if end is not None and (value < end if side == "below" else value > end):
                messages.append(
                    f"contact law {self.name}: {value / 1e6:.4g} MPa is {side} {end / 1e6:.4g} "
                    f"MPa, the end of its range; the law {beyond}"
                )
        return messages


@dataclass(frozen=True)
class Constant(Law):
    """The same at every state."""

    value: float

    def resistance(self, state: State) -> Any:
        """R."""
        return self.value


@dataclass(frozen=True)
class Tabulated(Law):
    """Monotone C1 interpolation over pressure, held constant outside the table."""

    table: Table
    ends: tuple[float, float]

    def resistance(self, state: State) -> Any:
        """R(p)."""
        return self.table(p=state.p)

    def outside(self, state: State) -> list[str]:
        """As the base class."""
        return self._pressure_outside(state.p, *self.ends)


@dataclass(frozen=True)
class Power(Law):
    """R = R_ref (p/p_ref)^-n + R_0.

    p is held smoothly within [low, high]: exact inside, level outside (`smooth.held`).
    """

    reference_resistance: float
    reference_pressure: float
    exponent: float
    series: float
    low: float
    high: float | None

    def resistance(self, state: State) -> Any:
        """R(p)."""
        p = held(state.p, self.low, self.high)
        ratio = (p / self.reference_pressure) ** -self.exponent
        return self.reference_resistance * ratio + self.series

    def outside(self, state: State) -> list[str]:
        """As the base class."""
        return self._pressure_outside(state.p, self.low, self.high)


@dataclass(frozen=True)
class CooperMikicYovanovich(Law):
    """Plastic contact of rough surfaces, with the gas in the gaps in parallel.

    h_c = a k_s (m/s)(p/H)^b, a = 1.25, b = 0.95, k_s = 2 k0 k1/(k0 + k1) (Yovanovich 1982);
    h_g = k_g/(Y + M), Y = 1.53 s (p/H)^-0.097 (Antonetti; Yovanovich & Antonetti 1988).
    The relative pressure p/H is softened at 1e-5, the low end of the gap formula: h_c goes to zero
    like p there and h_g stays finite.
    """

    media: tuple[Medium, Medium]
    hardness: float
    roughness: float
    slope: float
    gas_conductivity: float
    gas_jump: float
    coefficient: float = 1.25
    exponent: float = 0.95
    gap_coefficient: float = 1.53
    gap_exponent: float = -0.097
    lowest_relative_pressure: float = 1e-5

    def contact_conductance(self, state: State) -> Any:
        """h_c [W/(m2 K)] through the touching spots."""
        k_s = harmonic_mean(*(solid_conductivity(m, state) for m in self.media))
        r = state.p / self.hardness
        soft = softened(r, self.lowest_relative_pressure)
        spots = r * soft ** (self.exponent - 1)
        return self.coefficient * k_s * self.slope / self.roughness * spots

    def gap_conductance(self, state: State) -> Any:
        """h_g [W/(m2 K)] through the gas."""
        soft = softened(state.p / self.hardness, self.lowest_relative_pressure)
        gap = self.gap_coefficient * self.roughness * soft**self.gap_exponent
        return self.gas_conductivity / (gap + self.gas_jump)

    def resistance(self, state: State) -> Any:
        """1/(h_c + h_g) [m2 K/W]."""
        return 1 / (self.contact_conductance(state) + self.gap_conductance(state))

    def outside(self, state: State) -> list[str]:
        """As the base class."""
        return self._pressure_outside(state.p, None, 0.02 * self.hardness, "is extrapolated")


@dataclass(frozen=True)
class PairPower(Law):
    """C = coefficient x harmonic mean of both sides' conductivity x (p/H)^exponent; R = 1/C.

    Verification problem 3: C_T = 22810 k_h (p/H)^1.08, C_E = 64 sigma_h (p/H)^0.35.
    """

    media: tuple[Medium, Medium]
    transport: str
    coefficient: float
    hardness: float
    exponent: float
    low: float

    def resistance(self, state: State) -> Any:
        """R(p)."""
        means = [conductivity(m, self.transport, state) for m in self.media]
        p = held(state.p, self.low)
        ratio = (p / self.hardness) ** self.exponent
        return 1 / (self.coefficient * harmonic_mean(*means) * ratio)


def harmonic_mean(a: Any, b: Any) -> Any:
    """2 a b/(a + b): two half spaces in series."""
    return 2 * a * b / (a + b)


def solid_conductivity(medium: Medium, state: State) -> Any:
    """k of the grains [W/(m K)]: the spots of contact are smaller than grains and pores."""
    return getattr(medium, "solid_conductivity", medium.thermal_conductivity)(state)


def conductivity(medium: Medium, transport: str, state: State) -> Any:
    """The property that carries a transport [W/(m K) or S/m]."""
    if transport == "thermal":
        return medium.thermal_conductivity(state)
    if transport == "electronic":
        return medium.electronic_conductivity(state)
    return medium.ionic_conductivity(state)
