"""What the solver and the KPIs ask of the stuff that fills a layer.

A medium is a material in its fabricated state: its effective properties as functions of
the operating state (T [K], stack pressure p [Pa] and its history). Every method is written over
`xmath`, so that a state of floats, arrays or UFL expressions is answered in kind.
"""

from __future__ import annotations

from typing import Any, Protocol

from joulestack.laws.binding import Wrap
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.laws.particles import Particles
from joulestack.laws.runaway.melting import Melting
from joulestack.laws.runaway.reactions import Reaction
from joulestack.laws.state import State


class Medium(Protocol):
    """Effective properties of one layer."""

    name: str
    conducts_electrons: bool
    """Carries the electronic potential phi_s."""
    conducts_ions: bool
    """Carries the ionic potential phi_e."""
    electrode_potential: float | None
    """Potential of a metal electrode against Li/Li+ [V] (0 for lithium); None if it blocks ions."""
    electrode_entropic_coefficient: float
    """Its slope with temperature [V/K]: heat; the potential itself stays."""
    surface: str
    """Material that other layers meet: its own, or the metal plated on it."""
    charge_transfer: VolumetricChargeTransfer | None
    """Composite electrodes only; where there are particles, their linearised start."""
    particles: tuple[Particles, ...] | None
    """Composite electrodes in which lithium moves; None elsewhere."""
    reactions: tuple[Reaction, ...]
    """Of its materials, that heat it when it is too hot; empty: none is looked at."""
    melting: Melting | None
    """Latent heat that it takes up; None: none is looked at."""
    isotropic: bool
    """Conducts heat alike through and in the plane."""

    def thermal_conductivity(self, state: State) -> Any:
        """Through-plane thermal conductivity k [W/(m K)]."""

    def thermal_conductivity_in_plane(self, state: State) -> Any:
        """In-plane thermal conductivity [W/(m K)]; the through-plane one for isotropic media."""

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p [J/(m3 K)]."""

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s [S/m]; only if conducts_electrons."""

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e [S/m]; only if conducts_ions."""

    def relative_density(self, state: State) -> Any:
        """phi [-] under the highest of moulding pressure and state.highest_pressure."""

    def bind(self, wrap: Wrap) -> Medium:
        """Copy whose numeric parameters have gone through `wrap` (the solver: fem.Constant)."""


class ContactLaw(Protocol):
    """Area-specific resistance of an interface; the state's T is the mean of both sides."""

    name: str

    def resistance(self, state: State) -> Any:
        """R [m2 K/W] for heat or [Ohm m2] for charge."""

    def bind(self, wrap: Wrap) -> ContactLaw:
        """As Medium.bind."""
