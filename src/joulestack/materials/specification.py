"""How a layer was made and how an interface is described: plain data, all SI.

The case models fill these in; `fabrication.fabricate` and `contact.build` turn them into media and
contact laws. A script may fill them in directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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


@dataclass(frozen=True)
class Composite:
    """A composite electrode: active material, solid electrolyte, carbon, pores.

    Attributes:
        active: library name of the active material.
        electrolyte: how the solid electrolyte in it was made.
        additive: library name of the carbon, or None.
        mass_fractions: of "active", "electrolyte", "additive"; add up to 1.
        porosity: pore volume fraction [-]; None: follows from moulding_pressure.
        moulding_pressure: [Pa], used if porosity is None.
        particle_radius: of the active material [m].
        charge_transfer_resistance: on the active surface [Ohm m2].
        open_circuit_voltage: U against Li/Li+ [V]; None: library U at `stoichiometry`.
        stoichiometry: x in Li_x [-] of the starting state; None where the voltage is given.
        contact_fraction: share of the active surface that touches electrolyte [-].
        overrides: property name -> SI value of the whole composite.
        laws: property name -> name of an effective-transport law.
        volume_fractions: of "active", "electrolyte", "additive" in the total; the rest is pores.
        loading: mass of active material per face area [kg/m2].
        thickness: of the electrode [m]; with `loading` it says the porosity.
        electrolyte_particle_size: diameter of the electrolyte's particles [m]; for advice only.

    Mass fractions may be empty where volume fractions are given.
    """

    active: str
    electrolyte: Fabrication
    mass_fractions: Mapping[str, float]
    additive: str | None = None
    porosity: float | None = None
    moulding_pressure: float | None = None
    particle_radius: float | None = None
    charge_transfer_resistance: float | None = None
    open_circuit_voltage: float | None = None
    stoichiometry: float | None = None
    contact_fraction: float = 1.0
    overrides: Mapping[str, float] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    volume_fractions: Mapping[str, float] | None = None
    loading: float | None = None
    thickness: float | None = None
    electrolyte_particle_size: float | None = None


@dataclass(frozen=True)
class Contact:
    """One resistance law of an interface.

    Attributes:
        law: name in `contact.LAWS`.
        parameters: the law's parameters in SI, as `contact.LAWS[law].parameters` lists them.
    """

    law: str
    parameters: Mapping[str, float | tuple[float, ...]] = field(default_factory=dict)
