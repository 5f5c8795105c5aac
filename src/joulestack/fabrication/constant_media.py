"""Media and contacts of given properties: what scripts use where a case names a material.

    media = {
        "Li": GivenMedium("Li", k=85.0, rho_cp=1.9e6, sigma_s=1e7, electrode_potential=0.0),
        "SE": GivenMedium("SE", k=0.5, rho_cp=1.8e6, sigma_e=lambda s: 0.1 * exp(0.03 * s.T - 9)),
    }
    contacts = {("Li", "SE"): Contacts(charge_transfer=GivenResistance(1e-3))}

A property is a number, a UFL expression, or a function of the `State`, written over
`joulestack.xmath`. Floats, those inside a `Property` too, become constants of the solver: changing
them compiles nothing anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from joulestack import xmath
from joulestack.laws.binding import FIXED, Wrap, bound
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.laws.particles import Particles
from joulestack.laws.runaway.melting import Melting
from joulestack.laws.runaway.reactions import Reaction
from joulestack.laws.state import State
from joulestack.materials.ceilings import Ceilings


@dataclass(frozen=True, eq=False)
class GivenMedium:
    """A dense medium of given properties, a `Medium`.

    Attributes:
        name: of the stuff.
        k: thermal conductivity, through-plane [W/(m K)].
        rho_cp: volumetric heat capacity [J/(m3 K)].
        sigma_s, sigma_e: electronic and ionic conductivity [S/m]; None: it does not conduct.
        k_in_plane: [W/(m K)]; None: as through the plane.
        electrode_potential: of a metal electrode against Li/Li+ [V].
        charge_transfer, particles: of a composite electrode, one of the two.
        ceilings: where it melts, decomposes or leaves its window, as
            `user_property("melting_temperature", "K", 453.69, "lithium")`.
        reactions: that heat it when it is too hot.
        melting: latent heat that it takes up.
    """

    name: str
    k: Any
    rho_cp: Any
    sigma_s: Any = None
    sigma_e: Any = None
    k_in_plane: Any = None
    electrode_potential: float | None = field(default=None, metadata=FIXED)
    electrode_entropic_coefficient: float = field(default=0.0, metadata=FIXED)
    charge_transfer: VolumetricChargeTransfer | None = None
    particles: tuple[Particles, ...] | None = None
    ceilings: Ceilings = field(default=(), metadata=FIXED)
    reactions: tuple[Reaction, ...] = ()
    melting: Melting | None = None

    @property
    def isotropic(self) -> bool:
        """Whether heat flows alike through and in the plane."""
        return self.k_in_plane is None

    @property
    def surface(self) -> str:
        """What other layers meet: itself."""
        return self.name

    @property
    def conducts_electrons(self) -> bool:
        """Whether it has the electronic potential."""
        return self.sigma_s is not None

    @property
    def conducts_ions(self) -> bool:
        """Whether it has the ionic potential."""
        return self.sigma_e is not None

    def thermal_conductivity(self, state: State) -> Any:
        """Through-plane [W/(m K)]."""
        return _at(state, self.k)

    def thermal_conductivity_in_plane(self, state: State) -> Any:
        """In-plane [W/(m K)]."""
        return _at(state, self.k if self.k_in_plane is None else self.k_in_plane)

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p [J/(m3 K)]."""
        return _at(state, self.rho_cp)

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s [S/m]."""
        return _at(state, self.sigma_s)

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e [S/m]."""
        return _at(state, self.sigma_e)

    def relative_density(self, state: State) -> Any:
        """1: dense."""
        return 1.0

    def bind(self, wrap: Wrap) -> GivenMedium:
        """Copy whose numbers have gone through `wrap`."""
        return bound(self, wrap)


@dataclass(frozen=True, eq=False)
class GivenResistance:
    """A contact of given resistance, a `ContactLaw`.

    Attributes:
        R: [m2 K/W] for heat, [Ohm m2] for charge.
        name: of the contact.
    """

    R: Any
    name: str = "given"

    def resistance(self, state: State) -> Any:
        """R [m2 K/W] or [Ohm m2]."""
        return _at(state, self.R)

    def bind(self, wrap: Wrap) -> GivenResistance:
        """Copy whose number has gone through `wrap`."""
        return bound(self, wrap)


def _at(state: State, given: Any) -> Any:
    return given(state) if callable(given) and not xmath.is_symbolic(given) else given
