"""Charge transfer between electrons and ions: on surfaces of particles and metals, or per volume.

A law of a surface is written as the residual that current density and driving force must make
vanish. The driving force is s = F eta/(R T), eta what the potential U and the film's j R_film leave
of the drop phi_s - phi_e. A new law is a class here, entered in `KINETICS`; a parameter it alone
has is one more field of `fabrication.charge_transfer.KineticsRecipe` and of the case's `kinetics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from joulestack import xmath
from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form

CONCENTRATION_SOFTENING = 1e-3
"""Where x (1 - x) is this small the exchange current stops falling, so that it and its slope stay
finite at empty and full particles."""


def thermal_voltage(T: Any) -> Any:
    """R T/F [V]."""
    return GAS_CONSTANT * T / FARADAY


@dataclass(frozen=True)
class ExchangeCurrent:
    """i0(x, T) as a law of its own [A/m2].

    Attributes:
        form: of x, of T, or of both.
        floor: below which it stops falling, so that it stays finite where the law has a zero.
    """

    form: Form
    floor: Any

    @classmethod
    def of(cls, form: Form) -> ExchangeCurrent:
        """With the floor that belongs to its value at x = 1/2.

        Raises:
            ValueError: it is negative or not finite for some x, or zero at x = 1/2.
        """
        values = np.array([form(x=x, T=ROOM_TEMPERATURE) for x in np.linspace(0.0, 1.0, 101)])
        middle = float(values[50])
        if not np.all(np.isfinite(values)) or values.min() < -1e-9 * middle or middle <= 0:
            raise ValueError("an exchange current is above 0 for all x from 0 to 1")
        return cls(form, CONCENTRATION_SOFTENING * middle)

    def __call__(self, T: Any, x: Any) -> Any:
        """Value at temperature and stoichiometry."""
        value = self.form(x=x, T=T)
        return 0.5 * (value + xmath.sqrt(value * value + self.floor * self.floor))


@dataclass(frozen=True, kw_only=True)
class Kinetics:
    """Charge transfer on a surface: of active material, or of a metal, on a solid electrolyte.

    Attributes:
        exchange_current_density: i0 at 298.15 K, on particles at x = 1/2 [A/m2], or their
            `ExchangeCurrent`, a law of x and T.
        activation_energy: of i0 [J/mol].
        film_resistance: of a layer on the surface [Ohm m2].
        contact_area: share of a metal's face that is in contact [-]: the two above, per area of the
            whole face, count on it already, a double layer does not.
    """

    law: ClassVar[str]
    """Name in `KINETICS`."""

    exchange_current_density: Any
    activation_energy: Any
    film_resistance: Any = 0.0
    contact_area: Any = 1.0

    def exchange_current(self, T: Any, x: Any = None) -> Any:
        """i0 = i0_ref exp(Ea/R (1/T0 - 1/T)) 2 sqrt(x (1-x)) [A/m2]; i0_ref holds at x = 1/2.

        A metal has no x, and its i0 no such factor. A law of x takes the place of both.
        """
        heat = self.activation_energy / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / T)
        if isinstance(self.exchange_current_density, ExchangeCurrent):
            return self.exchange_current_density(T, x) * xmath.exp(heat)
        i0 = self.exchange_current_density * xmath.exp(heat)
        if x is None:
            return i0
        product = x * (1 - x)
        held = 0.5 * (product + xmath.sqrt(product * product + CONCENTRATION_SOFTENING**2))
        return i0 * 2 * xmath.sqrt(held)

    def mismatch(self, j: Any, i0: Any, force: Any) -> Any:
        """What vanishes when j [A/m2] belongs to the driving force s = F eta/(R T) [-].

        Every law has the slope of `Linear` at s = 0.
        """
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ButlerVolmer(Kinetics):
    """j = i0 [exp((1-a) s) - exp(-a s)].

    With the inverse of sinh an overestimated current costs Newton's method a step or two, where the
    exponential would overflow; and the film costs nothing.

    Attributes:
        transfer_coefficient: a, share of eta that helps the reduction [-].
    """

    law: ClassVar[str] = "butler-volmer"
    transfer_coefficient: Any = 0.5

    def mismatch(self, j: Any, i0: Any, force: Any) -> Any:
        """As the base class: exp((1-a) s) - exp(-a s) = 2 exp((1-2a) s/2) sinh(s/2)."""
        skew = 0.5 * (1 - 2 * self.transfer_coefficient) * force
        return 0.5 * force - xmath.asinh(0.5 * (j / i0) * xmath.exp(-skew))


@dataclass(frozen=True, kw_only=True)
class Linear(Kinetics):
    """j = i0 s: Butler-Volmer at small overpotentials."""

    law: ClassVar[str] = "linear"

    def mismatch(self, j: Any, i0: Any, force: Any) -> Any:
        """As the base class."""
        return 0.5 * (force - j / i0)


@dataclass(frozen=True, kw_only=True)
class MarcusHushChidsey(Kinetics):
    """Marcus-Hush-Chidsey in the closed form of Zeng et al. 2014 (J. Electroanal. Chem. 735, 77).

    Attributes:
        reorganisation_energy: [J/mol].
    """

    law: ClassVar[str] = "marcus"
    reorganisation_energy: Any

    def mismatch(self, j: Any, i0: Any, force: Any) -> Any:
        """As the base class."""
        return xmath.asinh(0.5 * self.relative_current(force)) - xmath.asinh(0.5 * (j / i0))

    def relative_current(self, force: Any) -> Any:
        """Current over exchange current, 2 tanh(s/2) erfc(a(s))/erfc(a(0))."""
        reorganisation = self.reorganisation_energy / (GAS_CONSTANT * ROOM_TEMPERATURE)
        root = xmath.sqrt(reorganisation)

        def tail(s: Any) -> Any:
            return 1 - xmath.erf((reorganisation - xmath.sqrt(1 + root + s * s)) / (2 * root))

        return 2 * xmath.tanh(0.5 * force) * tail(force) / tail(0.0)


KINETICS: Mapping[str, type[Kinetics]] = {
    law.law: law for law in (ButlerVolmer, Linear, MarcusHushChidsey)
}
"""Laws of a surface by the names that cases use."""


@dataclass(frozen=True)
class VolumetricChargeTransfer:
    """Linear charge transfer per volume of a composite electrode, at a constant U.

    Attributes:
        specific_area: active area per electrode volume a_s [1/m].
        resistance: charge-transfer resistance on that area [Ohm m2].
        open_circuit_voltage: U against Li/Li+ [V].
        entropic_coefficient: dU/dT [V/K].
    """

    specific_area: Any
    resistance: Any
    open_circuit_voltage: Any
    entropic_coefficient: Any = 0.0

    def current(self, eta: Any) -> Any:
        """a_s eta/R_ct: current from solid to electrolyte per volume [A/m3].

        Args:
            eta: phi_s - phi_e - U [V].
        """
        return self.specific_area * eta / self.resistance
