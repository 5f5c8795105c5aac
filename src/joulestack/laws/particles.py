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
from joulestack.laws.forms import StateLaw
from joulestack.laws.kinetics import Kinetics
from joulestack.laws.pressed_contact import PressedContact
from joulestack.laws.state import State


def specific_area(active_fraction: Any, radius: Any, contact_fraction: Any = 1) -> Any:
    """a_s = 3 eps f/R [1/m]: surface of spheres that touches electrolyte per electrode volume.

    Args:
        active_fraction: volume fraction of active material in the total.
        radius: of its particles [m].
        contact_fraction: share of the surface that touches electrolyte.
    """
    return 3 * active_fraction * contact_fraction / radius


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
        way: what D is divided by where lithium must find patches of contact [-].
    """

    name: str
    fraction: Any
    radius: Any
    contact_fraction: Any
    maximum_concentration: Any
    open_circuit_voltage: StateLaw
    entropic_coefficient: StateLaw | None
    diffusivity: StateLaw
    start: float = field(metadata=FIXED)
    window: tuple[float, float] = field(metadata=FIXED)
    kinetics: Kinetics
    pressed: PressedContact | None = None
    way: Any = 1.0

    def effective_diffusivity(self, state: State) -> Any:
        """D over the longer way to patches of contact [m2/s]."""
        return self.diffusivity(state) / self.way

    def touching(self, state: State) -> Any:
        """Share of the surface that touches electrolyte at an operating state [-]."""
        return self.contact_fraction * (1 if self.pressed is None else self.pressed(state))

    def specific_area(self, state: State) -> Any:
        """a_s at an operating state [1/m], as the function of this name."""
        return specific_area(self.fraction, self.radius, self.touching(state))

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

    def laws(self) -> Iterator[StateLaw]:
        """The laws it evaluates."""
        yield self.open_circuit_voltage
        if self.entropic_coefficient is not None:
            yield self.entropic_coefficient
        yield self.diffusivity
