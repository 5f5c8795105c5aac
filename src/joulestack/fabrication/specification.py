"""How a layer was made and how an interface is described: plain data, all SI.

The case models fill these in; `fabrication.fabricate` and `contact.build` turn them into media and
contact laws. A script may fill them in directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joulestack.fabrication.charge_transfer import KineticsRecipe
from joulestack.laws.pressed_contact import PressedContact


@dataclass(frozen=True)
class Computed:
    """Effective transport computed on a microstructure.

    Attributes:
        name: of the microstructure.
        provides: properties that it replaces: thermal_conductivity, ionic_conductivity,
            electronic_conductivity.
        reaches: whether it says how much active material takes part.
        table: as `microstructure.series` writes it; None: not computed yet, and the laws of the
            library stand in.
        roles: phase of the image -> phase of a composite electrode, its electrolyte included.
    """

    name: str
    provides: tuple[str, ...]
    reaches: bool = False
    table: Mapping[str, Any] | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fabrication:
    """One material and what was done to it.

    Attributes:
        material: name in the library (or of a user's own TOML file).
        moulding_pressure: highest pressure it was pressed at [Pa]; None for bulk solids.
        sintering_temperature: [K]; None if not sintered.
        particle_class: powder class of the library entry, e.g. "annealed", "ball-milled", "<50 um".
        anneal_temperature: [K]; None if not annealed after pressing.
        relative_density: given directly [-] instead of following from pressing or sintering.
        overrides: property name -> SI value that replaces the library's.
        laws: property name -> name of an effective-transport law that replaces the default.
        grain_size: of a sintered body [m]; None: as sintering makes it, or as measured.
        effective: f(phi) of a microstructure, or the file that holds it (`tabulated`).
        pressings: how often it was pressed at the moulding pressure; None: once.
        in_cell: whether it lies between other layers, or grains: the electrodes that pellets were
            measured with are no part of it then.
        stack_moulding: pressure that the whole stack was pressed at once it was there [Pa].
    """

    material: str
    moulding_pressure: float | None = None
    sintering_temperature: float | None = None
    particle_class: str | None = None
    anneal_temperature: float | None = None
    relative_density: float | None = None
    overrides: Mapping[str, float] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    grain_size: float | None = None
    effective: str | Computed | None = None
    pressings: int | None = None
    in_cell: bool = False
    stack_moulding: float | None = None


@dataclass(frozen=True)
class ActivePart:
    """One population of a blend: a material, or a size class of it.

    Attributes:
        material: library name.
        share: of the mass of all active material [-].
        particle_radius, maximum_concentration, diffusivity, window, kinetics, coating: as in
            `Composite`; None: the composite's, and then the library's.
    """

    material: str
    share: float = 1.0
    particle_radius: float | None = None
    maximum_concentration: float | None = None
    diffusivity: float | None = None
    window: tuple[float, float] | None = None
    kinetics: KineticsRecipe | None = None
    coating: str | None = None


@dataclass(frozen=True)
class Composite:
    """A composite electrode: active material, solid electrolyte, carbon, pores.

    Attributes:
        active: library name of the active material, or the parts of a blend.
        electrolyte: how the solid electrolyte in it was made.
        additive: library name of the carbon, or None.
        mass_fractions: of "active", "electrolyte", "additive"; add up to 1.
        porosity: pore volume fraction [-]; None: follows from moulding_pressure. With it: what that
            pressure left, and a higher one closes more.
        moulding_pressure: highest pressure that the electrode was pressed at by itself [Pa]; None:
            of its electrolyte.
        particle_radius: of the active material [m].
        charge_transfer_resistance: on the active surface [Ohm m2].
        open_circuit_voltage: constant U against Li/Li+ [V]; None: particles with U(x).
        stoichiometry: x in Li_x [-] of the starting state; None where the voltage is given.
        contact_fraction: share of the active surface that touches electrolyte [-]; None: all of it
            for charge transfer, as resistances count per surface of the particles, and for
            diffusion what was measured.
        overrides: property name -> SI value of the whole composite.
        laws: property name -> name of an effective-transport law.
        volume_fractions: of "active", "electrolyte", "additive" in the total; the rest is pores.
        loading: mass of active material per face area [kg/m2].
        thickness: of the electrode [m]; with `loading` it says the porosity.
        electrolyte_particle_size: diameter of the electrolyte's particles [m].
        state_of_charge: of the starting state, instead of `stoichiometry` [-].
        window: x of the charged and of the discharged electrode [-]; None: the library's.
        kinetics: charge transfer on particles.
        maximum_concentration: [mol/m3], instead of the library's.
        diffusivity: of lithium in the active material [m2/s], instead of the library's.
        effective: conductivities and reach of active material computed on a microstructure.
        utilisation: share of the active material that takes part [-].
        contact_under_pressure: how contact_fraction follows the stack pressure; None: not at all.
        coating: of the active material, "none" where it is bare: what its charge transfer in the
            library was measured with; None: as laboratories use it.
        areal_mass: of everything in the electrode per face area [kg/m2].

    Mass fractions may be empty where volume fractions are given.
    """

    active: str | tuple[ActivePart, ...]
    electrolyte: Fabrication
    mass_fractions: Mapping[str, float]
    additive: str | None = None
    porosity: float | None = None
    moulding_pressure: float | None = None
    particle_radius: float | None = None
    charge_transfer_resistance: float | None = None
    open_circuit_voltage: float | None = None
    stoichiometry: float | None = None
    contact_fraction: float | None = None
    overrides: Mapping[str, float] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    volume_fractions: Mapping[str, float] | None = None
    loading: float | None = None
    thickness: float | None = None
    electrolyte_particle_size: float | None = None
    state_of_charge: float | None = None
    window: tuple[float, float] | None = None
    kinetics: KineticsRecipe | None = None
    maximum_concentration: float | None = None
    diffusivity: float | None = None
    effective: str | Computed | None = None
    utilisation: float = 1.0
    contact_under_pressure: PressedContact | None = None
    coating: str | None = None
    areal_mass: float | None = None

    @property
    def parts(self) -> tuple[ActivePart, ...]:
        """Populations of active material, one where there is no blend."""
        return (ActivePart(self.active),) if isinstance(self.active, str) else self.active

    @property
    def has_particles(self) -> bool:
        """Lithium moves in particles, unless U is a constant or nothing says where it starts."""
        says = (self.stoichiometry, self.state_of_charge, self.kinetics)
        blend = not isinstance(self.active, str)
        return self.open_circuit_voltage is None and (blend or any(s is not None for s in says))


@dataclass(frozen=True)
class Contact:
    """One resistance law of an interface.

    Attributes:
        law: name in `contact.LAWS`.
        parameters: the law's parameters in SI, as `contact.LAWS[law].parameters` lists them.
    """

    law: str
    parameters: Mapping[str, float | tuple[float, ...]] = field(default_factory=dict)
