"""Particles of active material: what the solver needs to diffuse lithium into and out of them.

Plain data, frozen: `binding.bound` turns every number into what the solver wants, except where a
run starts and what a user calls charged, which are no parameters of an equation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from joulestack.constants import FARADAY
from joulestack.laws.binding import FIXED
from joulestack.laws.pressed_contact import PressedContact
from joulestack.laws.state import State
from joulestack.materials.property import Property

KINETICS_LAWS = ("butler-volmer", "linear", "marcus")
"""Laws of charge transfer on the surface of particles."""


@dataclass(frozen=True, kw_only=True)
class KineticsLaw:
    """Charge transfer between active material and solid electrolyte.

    Attributes:
        law: one of `KINETICS_LAWS`.
        exchange_current_density: i0 at x = 1/2 and 298.15 K [A/m2].
        activation_energy: of i0 [J/mol].
        transfer_coefficient: share of eta that helps the reduction [-].
        film_resistance: of a layer on the particles [Ohm m2].
        reorganisation_energy: [J/mol]; "marcus" only.
    """

    law: str = field(default="butler-volmer", metadata=FIXED)
    exchange_current_density: Any
    activation_energy: Any
    transfer_coefficient: Any = 0.5
    film_resistance: Any = 0.0
    reorganisation_energy: Any = 0.0


@dataclass(frozen=True)
class Particles:
    """One population of particles in an electrode: one material, one size.

    Attributes:
        name: library name of the active material.
        fraction: volume fraction of this population in the electrode [-].
        radius: [m].
        contact_fraction: share of the surface that touches electrolyte [-].
        maximum_concentration: c_max [mol/m3].
        open_circuit_voltage: U(x) against Li/Li+ [V] at 298.15 K; outside its range see
            `extension.voltage`.
        entropic_coefficient: dU/dT(x) [V/K]; None: no number, counted as zero.
        diffusivity: D(x, T) [m2/s].
        start: stoichiometry x at the start [-].
        window: x of the charged and of the discharged electrode [-].
        kinetics: charge transfer on the surface.
        pressed: how `contact_fraction`, then that under a high pressure, follows the pressure;
            None: not at all.
    """

    name: str
    fraction: Any
    radius: Any
    contact_fraction: Any
    maximum_concentration: Any
    open_circuit_voltage: Property
    entropic_coefficient: Property | None
    diffusivity: Property
    start: float = field(metadata=FIXED)
    window: tuple[float, float] = field(metadata=FIXED)
    kinetics: KineticsLaw
    pressed: PressedContact | None = None

    def touching(self, state: State) -> Any:
        """Share of the surface that touches electrolyte at an operating state [-]."""
        return self.contact_fraction * (1 if self.pressed is None else self.pressed(state))

    @property
    def theoretical_capacity_density(self) -> Any:
        """F c_max eps: charge of all sites per volume of electrode [C/m3]."""
        return FARADAY * self.maximum_concentration * self.fraction

    @property
    def usable_capacity_density(self) -> Any:
        """Charge between the ends of the window per volume of electrode [C/m3]."""
        return self.theoretical_capacity_density * abs(self.window[1] - self.window[0])

    @property
    def state_of_charge(self) -> float:
        """1 where x is that of the charged electrode, 0 where it is that of the discharged one."""
        charged, discharged = self.window
        return (self.start - discharged) / (charged - discharged)

    def laws(self) -> Iterator[Property]:
        """The laws it evaluates."""
        yield self.open_circuit_voltage
        if self.entropic_coefficient is not None:
            yield self.entropic_coefficient
        yield self.diffusivity
