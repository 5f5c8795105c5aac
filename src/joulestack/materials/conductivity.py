"""Ionic conductivity of a pressed solid electrolyte against density, pressure and temperature.

sigma = S0 f(phi)/f(phi_ref) x contact x exp(-p dV/(R T)) x (T0/T) exp(-Ea/k_B (1/T - 1/T0)) x grain
boundaries: records 287-290 of the project's data, design document section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.materials.forms import BOLTZMANN, Form, form, number


def contact_factor(p: Any, contact_pressure: Any, floor: Any) -> Any:
    """Share of the grain contacts that conduct, 1/(1 + p_c/p), continued smoothly to p = 0.

    (p + floor)/(p + floor + p_c): with a floor of 1 Pa this is the law to 1e-8 at any pressure a
    cell is held at, and positive at p = 0, where the law itself ends at zero.

    Args:
        p: stack pressure now [Pa].
        contact_pressure: p_c, at which half of the conductivity is lost [Pa]; 0: none is lost.
        floor: [Pa].
    """
    return (p + floor) / (p + floor + contact_pressure)


def activation_volume_factor(p: Any, T: Any, dV: Any) -> Any:
    """exp(-p dV/(R T)): the squeezed lattice conducts less.

    -5.5 % per 100 MPa for 1.4 cm3/mol at room temperature (Schneider 2023, section 2.3).

    Args:
        p: stack pressure now [Pa].
        T: [K].
        dV: activation volume [m3/mol].
    """
    return xmath.exp(-p * dV / (GAS_CONSTANT * T))


def nernst_einstein_factor(T: Any, Ea: Any, T0: Any) -> Any:
    """(T0/T) exp(-Ea/k_B (1/T - 1/T0)): Arrhenius law of sigma T.

    Args:
        T: [K].
        Ea: activation energy of sigma T [J per ion].
        T0: reference temperature [K].
    """
    return T0 / T * xmath.exp(-Ea / BOLTZMANN * (1 / T - 1 / T0))


def grain_boundary_factor(sigma: Any, R_gb: Any, d: Any) -> Any:
    """1/(1 + sigma R_gb/d): a brick layer of grains (Milan 2023, Table 1; record 102).

    Args:
        sigma: conductivity of the grains [S/m].
        R_gb: resistance of one boundary [Ohm m2].
        d: grain size [m].
    """
    return 1 / (1 + sigma * R_gb / d)


@form("pressed ionic")
@dataclass(frozen=True)
class PressedIonic(Form):
    """Conductivity at the reference density: everything but the scaling with phi.

    Attributes:
        value: S0, at the reference density, full contact, p = 0 and T0, grain boundaries
            included unless `boundary_resistance` is given [S/m].
        reference_density: phi_ref at which S0 was measured.
        contact_pressure: p_c [Pa].
        activation_volume: dV [m3/mol].
        activation_energy: Ea of sigma T [J].
        boundary_resistance: R_gb [Ohm m2].
        grain_size: d [m].
        reference: T0 [K].
        floor: of the contact factor [Pa].
    """

    takes: ClassVar[tuple[str, ...]] = ("T", "p")
    value: float = number("value")
    reference_density: float = number("1")
    activation_energy: float = number("J")
    contact_pressure: float = number("Pa", 0.0)
    activation_volume: float = number("m^3/mol", 0.0)
    boundary_resistance: float = number("ohm m^2", 0.0)
    grain_size: float = number("m", 1e-6)
    reference: float = number("K", ROOM_TEMPERATURE)
    floor: float = number("Pa", 1.0)

    def __call__(self, *, T: Any, p: Any, **_: Any) -> Any:
        """Evaluate."""
        grains = (
            self.value
            * nernst_einstein_factor(T, self.activation_energy, self.reference)
            * activation_volume_factor(p, T, self.activation_volume)
        )
        return (
            grains
            * contact_factor(p, self.contact_pressure, self.floor)
            * grain_boundary_factor(grains, self.boundary_resistance, self.grain_size)
        )
