"""Resistance laws of interfaces: formulas over `xmath`, finite and C1 down to p = 0.

Each law is a frozen dataclass with `resistance(state)` [m2 K/W or Ohm m2]; its numbers are SI.
Every law takes an uncertainty factor, and every law of pressure remembers the highest one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from joulestack import xmath
from joulestack.laws.binding import Wrap, bound
from joulestack.laws.forms import StateLaw, Table
from joulestack.laws.medium import Medium
from joulestack.laws.regularisation import PRESSURE_SOFTENING, held, remembered, softened
from joulestack.laws.state import State


@dataclass(frozen=True)
class Law:
    """Base of the laws.

    Attributes:
        name: in `contact.LAWS`.
        factor: on the resistance; to carry its uncertainty through a simulation. None: 1.
        kept: share (in the exponent) of the contact under the highest pressure that release
            leaves; None: the law has no memory.
        preload: highest pressure before the case begins [Pa]; None: no higher than in the case.
        softening: pressure [Pa] that keeps the memory smooth at p = 0.
    """

    name: str
    factor: float | None = field(default=None, kw_only=True)
    kept: float | None = field(default=None, kw_only=True)
    preload: float | None = field(default=None, kw_only=True)
    softening: float = field(default=PRESSURE_SOFTENING, kw_only=True)

    def bind(self, wrap: Wrap) -> Any:
        """Copy whose numbers (those of the media included) have gone through `wrap`."""
        return bound(self, wrap)

    def resistance(self, state: State) -> Any:
        """R [m2 K/W] for heat or [Ohm m2] for charge."""
        R = self.on_loading(state)
        return R if self.factor is None else R * self.factor

    def on_loading(self, state: State) -> Any:
        """R under `pressure`, without the uncertainty factor."""
        raise NotImplementedError

    def pressure(self, state: State) -> Any:
        """Pressure that would make this contact on first loading, p^(1 - kept) p_max^kept [Pa].

        Contacts made under the highest pressure seen are kept in part on release: on the way up
        it is p itself, at p = 0 it is zero.
        """
        if self.kept is None:
            return state.p
        highest = state.highest_pressure
        if self.preload is not None:
            highest = xmath.maximum(highest, self.preload)
        return remembered(state.p, highest, self.kept, self.softening)

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

    def on_loading(self, state: State) -> Any:
        """R."""
        return self.value


@dataclass(frozen=True)
class Tabulated(Law):
    """Monotone C1 interpolation over pressure, held constant outside the table."""

    table: Table
    ends: tuple[float, float]

    def on_loading(self, state: State) -> Any:
        """R(p)."""
        return self.table(p=self.pressure(state))

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

    def on_loading(self, state: State) -> Any:
        """R(p)."""
        p = held(self.pressure(state), self.low, self.high)
        ratio = (p / self.reference_pressure) ** -self.exponent
        return self.reference_resistance * ratio + self.series

    def outside(self, state: State) -> list[str]:
        """As the base class."""
        return self._pressure_outside(state.p, self.low, self.high)


@dataclass(frozen=True)
class RoughSurfaces(Law):
    """Spots of rough surfaces, with the gas in the gaps in parallel where heat flows.

    h_c = a c_s (m/s)(p/P)^b, c_s = 2 c0 c1/(c0 + c1) the conductivities of both sides, P the
    pressure at which the surfaces would meet everywhere; the spots carry charge as they carry heat.
    h_g = k_g/(Y + M), Y = 1.53 s (p/P)^-0.097 (Antonetti; Yovanovich & Antonetti 1988).
    p/P is softened at 1e-5, the low end of the gap formula: h_c goes to zero like p there and h_g
    stays finite.

    Attributes:
        media: both sides.
        transport: thermal, electronic or ionic.
        hardness: P, at room temperature [Pa].
        roughness: s, rms of both surfaces [m].
        slope: m, of both surfaces.
        gas_conductivity, gas_jump: k_g [W/(m K)], M [m]; for heat only.
        hardness_law: P against temperature; None: it is the same at every one.
    """

    media: tuple[Medium, Medium]
    transport: str
    hardness: float
    roughness: float
    slope: float
    gas_conductivity: float
    gas_jump: float
    coefficient: float
    exponent: float
    gap_coefficient: float = 1.53
    gap_exponent: float = -0.097
    lowest_relative_pressure: float = 1e-5
    hardness_law: StateLaw | None = None

    def full_contact(self, state: State) -> Any:
        """P at a state [Pa]."""
        return self.hardness if self.hardness_law is None else self.hardness_law(state)

    def relative_pressure(self, state: State) -> Any:
        """p/P [-]."""
        return self.pressure(state) / self.full_contact(state)

    def contact_conductance(self, state: State) -> Any:
        """h_c [W/(m2 K)] or [S/m2] through the touching spots."""
        mean = harmonic_mean(*(spot_conductivity(m, self.transport, state) for m in self.media))
        r = self.relative_pressure(state)
        soft = softened(r, self.lowest_relative_pressure)
        spots = r * soft ** (self.exponent - 1)
        return self.coefficient * mean * self.slope / self.roughness * spots

    def gap_conductance(self, state: State) -> Any:
        """h_g [W/(m2 K)] through the gas."""
        soft = softened(self.relative_pressure(state), self.lowest_relative_pressure)
        gap = self.gap_coefficient * self.roughness * soft**self.gap_exponent
        return self.gas_conductivity / (gap + self.gas_jump)

    def on_loading(self, state: State) -> Any:
        """1/(h_c + h_g)."""
        if self.transport == "thermal":
            return 1 / (self.contact_conductance(state) + self.gap_conductance(state))
        # No charge crosses a gap: at p = 0 the softened spots stand for the last ones.
        r = softened(self.relative_pressure(state), self.lowest_relative_pressure)
        mean = harmonic_mean(*(spot_conductivity(m, self.transport, state) for m in self.media))
        return self.roughness / (self.coefficient * mean * self.slope * r**self.exponent)

    def outside(self, state: State) -> list[str]:
        """As the base class."""
        full = self.full_contact(state)
        if xmath.is_symbolic(state.p, full):
            return []
        high = 0.02 * float(np.min(full))
        return self._pressure_outside(state.p, None, high, "is extrapolated")


@dataclass(frozen=True)
class PairPower(Law):
    """C = coefficient x harmonic mean of both sides' conductivity x (p/H)^exponent; R = 1/C.

    Cincotti et al. 2007 (AIChE J. 53, 703): C_T = 22810 k_h (p/H)^1.08,
    C_E = 64 sigma_h (p/H)^0.35.
    """

    media: tuple[Medium, Medium]
    transport: str
    coefficient: float
    hardness: float
    exponent: float
    low: float

    def on_loading(self, state: State) -> Any:
        """R(p)."""
        means = [conductivity(m, self.transport, state) for m in self.media]
        p = held(self.pressure(state), self.low)
        ratio = (p / self.hardness) ** self.exponent
        return 1 / (self.coefficient * harmonic_mean(*means) * ratio)


def harmonic_mean(a: Any, b: Any) -> Any:
    """2 a b/(a + b): two half spaces in series."""
    return 2 * a * b / (a + b)


def spot_conductivity(medium: Medium, transport: str, state: State) -> Any:
    """Conductivity on the scale of contact spots: of the grains for heat, else of the layer."""
    if transport == "thermal":
        return solid_conductivity(medium, state)
    return conductivity(medium, transport, state)


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
