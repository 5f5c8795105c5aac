"""What the solver and the KPIs ask of the stuff that fills a layer.

A medium is a material in its fabricated state: its effective properties as functions of
temperature T [K] and stack pressure p [Pa]. Every method is written over `xmath`, so that it takes
floats, arrays or UFL expressions and answers in kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

Wrap = Callable[[float], Any]


@dataclass(frozen=True)
class ChargeTransfer:
    """Linear charge transfer between the two potentials of a composite electrode.

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


class Medium(Protocol):
    """Effective properties of one layer."""

    name: str
    conducts_electrons: bool
    """Carries the electronic potential phi_s."""
    conducts_ions: bool
    """Carries the ionic potential phi_e."""
    electrode_potential: float | None
    """Potential of a metal electrode against Li/Li+ [V] (0 for lithium); None if it blocks ions."""
    charge_transfer: ChargeTransfer | None
    """Composite electrodes only."""

    def thermal_conductivity(self, T: Any, p: Any) -> Any:
        """Through-plane thermal conductivity k [W/(m K)]."""

    def thermal_conductivity_in_plane(self, T: Any, p: Any) -> Any:
        """In-plane thermal conductivity [W/(m K)]; the through-plane one for isotropic media."""

    def volumetric_heat_capacity(self, T: Any, p: Any) -> Any:
        """rho c_p [J/(m3 K)]."""

    def electronic_conductivity(self, T: Any, p: Any) -> Any:
        """sigma_s [S/m]; only if conducts_electrons."""

    def ionic_conductivity(self, T: Any, p: Any) -> Any:
        """sigma_e [S/m]; only if conducts_ions."""

    def relative_density(self, p: Any) -> Any:
        """phi [-] under the highest of moulding pressure and p."""

    def bind(self, wrap: Wrap) -> Medium:
        """Copy whose numeric parameters have gone through `wrap` (the solver: fem.Constant)."""


class ContactLaw(Protocol):
    """Area-specific resistance of an interface as a function of mean T [K] and pressure p [Pa]."""

    name: str

    def resistance(self, T: Any, p: Any) -> Any:
        """R [m2 K/W] for heat or [Ohm m2] for charge."""

    def bind(self, wrap: Wrap) -> ContactLaw:
        """As Medium.bind."""
