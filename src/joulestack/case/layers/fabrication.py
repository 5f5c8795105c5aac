"""[materials] and [[interfaces]]: how layers were made and how they touch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from joulestack.case.interfaces.contact_choice import ContactChoice
from joulestack.case.interfaces.voids import VoidChoice
from joulestack.case.layers.kinetics import KineticsTable, MetalKineticsTable
from joulestack.case.layers.melting import MeltingTable
from joulestack.case.layers.reactions import ReactionChoice
from joulestack.case.microstructures.schema import MicrostructureTables
from joulestack.case.quantities import (
    AreaMass,
    AreaResistance,
    Concentration,
    Diffusivity,
    Fraction,
    MouldingPressure,
    ParticleSize,
    Section,
    Share,
    SinteringTemperature,
    Voltage,
)
from joulestack.case.stack.cell import Name
from joulestack.case.unions import by_marker, has, is_table

Raw = str | float
"""A value whose unit follows from the name it is given to; read when materials are built."""

Transport = Literal["thermal", "electronic", "ionic", "charge_transfer"]
TRANSPORTS: tuple[Transport, ...] = ("thermal", "electronic", "ionic", "charge_transfer")


class Overrides(Section):
    """Values and laws that replace those of the library."""

    overrides: dict[str, Raw] = Field({}, description="property -> value instead of the library's")
    laws: dict[str, str] = Field({}, description="property -> law of effective transport")
    reactions: dict[Name, ReactionChoice] = Field(
        {},
        description="that heat it when it is too hot: name -> of the library, or a table, see "
        "docs/abuse.md",
    )


Structure = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[MicrostructureTables, Tag("<tables>")],
    Discriminator(lambda v: "<tables>" if is_table(v) else "<name>"),
]
"""A file, or the tables of a microstructure case."""


class Effective(Section):
    """Effective transport that is computed on a microstructure, at first use."""

    microstructure: Structure = Field(
        description="a microstructure case (.toml), its tables, or a computed table (.json)"
    )


class Fabricated(Overrides):
    """One material and what was done to it."""

    material: str = Field(description="library name, or a TOML file of your own")
    moulding_pressure: MouldingPressure | None = Field(
        None, description="highest pressure it was pressed at"
    )
    sintering_temperature: SinteringTemperature | None = Field(None, description="if sintered")
    particle_class: str | None = Field(None, description="powder class of the library entry")
    anneal_temperature: SinteringTemperature | None = Field(
        None, description="refused: no law is known"
    )
    relative_density: Share | None = Field(None, description="instead of pressing or sintering")
    grain_size: ParticleSize | None = Field(
        None, description="of a polycrystal: boundaries between its grains, to ions and to heat"
    )
    effective: Effective | None = Field(None, description="computed, instead of laws")
    pressings: int | None = Field(
        None, ge=1, description="how often it was pressed at its moulding pressure; once"
    )
    melting: MeltingTable | None = Field(
        None, description="latent heat; without: melting is told and takes up nothing"
    )


class MassFractions(Section):
    """Mass fractions of a composite electrode; they add up to 1."""

    active: Share = Field(description="active material")
    electrolyte: Share = Field(description="solid electrolyte")
    additive: Fraction = Field(0.0, description="carbon")


class VolumeFractions(Section):
    """Volume fractions of a composite electrode in its total volume; the rest is pores."""

    active: Share = Field(description="active material")
    electrolyte: Share = Field(description="solid electrolyte")
    additive: Fraction = Field(0.0, description="carbon")


class ActivePart(Section):
    """One material of a blend, or one size class of it."""

    material: str = Field(description="library name of the active material")
    share: Share = Field(description="of the mass of all active material; they add up to 1")
    particle_radius: ParticleSize | None = Field(None, description="of this part")
    maximum_concentration: Concentration | None = Field(None, description="of lithium")
    diffusivity: Diffusivity | None = Field(None, description="of lithium, a constant")
    window: tuple[Fraction, Fraction] | None = Field(
        None, description="x of the charged and of the discharged electrode"
    )
    kinetics: KineticsTable | None = Field(None, description="charge transfer of this part")
    coating: str | None = Field(None, description="of this part")


Active = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[tuple[ActivePart, ...], Tag("<blend>")],
    Discriminator(lambda v: "<blend>" if isinstance(v, (list, tuple)) else "<name>"),
]
"""One active material, or the parts of a blend."""


class PressedContact(Section):
    """How the contact of active material and electrolyte follows the stack pressure: an assumption.

    least + (1 - least) q/(q + half), with q = p^(1 - kept) p_max^kept, times contact_fraction.
    """

    half: MouldingPressure = Field(description="pressure that brings half of what pressure brings")
    least: Share = Field(description="part of contact_fraction that is left without pressure")
    kept: Fraction = Field(
        0.0, description="part (in the exponent) of the highest pressure's contact that stays"
    )


class CompositeElectrode(Overrides):
    """A composite electrode: active material, solid electrolyte, carbon, pores."""

    active: Active = Field(description="library name of the active material, or a blend")
    electrolyte: str = Field(description="key of [materials] or library name of the electrolyte")
    additive: str | None = Field(None, description="library name of the carbon")
    mass_fractions: MassFractions | None = Field(
        None, description="of active, electrolyte and additive"
    )
    volume_fractions: VolumeFractions | None = Field(
        None, description="of the total volume, instead of mass_fractions and porosity"
    )
    loading: AreaMass | None = Field(
        None,
        description="active material per area; with the layer's thickness: the porosity; without: "
        "the thickness",
    )
    porosity: Fraction | None = Field(None, description="pore volume fraction")
    moulding_pressure: MouldingPressure | None = Field(
        None,
        description="highest pressure it was pressed at; beside the porosity: what left that",
    )
    particle_radius: ParticleSize | None = Field(None, description="of the active material")
    charge_transfer_resistance: AreaResistance | None = Field(
        None, description="per surface of particles, not of the electrode's face"
    )
    open_circuit_voltage: Voltage | None = Field(
        None, description="constant U against Li/Li+, instead of particles with U(x)"
    )
    state_of_charge: Fraction | None = Field(None, description="at the start; 1 is charged")
    stoichiometry: Fraction | None = Field(
        None, description="x in Li_x at the start, instead of state_of_charge"
    )
    window: tuple[Fraction, Fraction] | None = Field(
        None, description="x of the charged and of the discharged electrode"
    )
    kinetics: KineticsTable | None = Field(None, description="charge transfer on particles")
    coating: str | None = Field(
        None, description='of the active material, such as "LiNbO3"; "none": bare'
    )
    maximum_concentration: Concentration | None = Field(
        None, description="of lithium in the active material"
    )
    diffusivity: Diffusivity | None = Field(
        None, description="of lithium in the active material, a constant"
    )
    electrolyte_particle_size: ParticleSize | None = Field(
        None, description="diameter of the electrolyte's particles: how much ions reach"
    )
    contact_fraction: Share | None = Field(
        None, description="share of the active surface that touches electrolyte"
    )
    contact_under_pressure: PressedContact | None = Field(
        None, description="contact_fraction, then that under a high pressure, follows the pressure"
    )
    effective: Effective | None = Field(None, description="computed, instead of laws")


def _recipe(value: object) -> str | None:
    if has(value, "active"):
        return "<composite>"
    return "<fabricated>" if has(value, "material") else None


Recipe = Annotated[
    Annotated[Fabricated, Tag("<fabricated>")] | Annotated[CompositeElectrode, Tag("<composite>")],
    by_marker(
        _recipe,
        "neither `material` (a fabricated material) nor `active` (a composite electrode) is given",
    ),
]


class Interface(Section):
    """How two touching layers meet."""

    between: tuple[Name, Name] = Field(description="the two layers that touch")
    thermal: ContactChoice | None = Field(None, description="for heat")
    electronic: ContactChoice | None = Field(None, description="between two electron conductors")
    ionic: ContactChoice | None = Field(None, description="between two ion conductors")
    charge_transfer: ContactChoice | None = Field(
        None,
        description="between a metal electrode and an ion conductor; with kinetics: in series",
    )
    kinetics: MetalKineticsTable | None = Field(
        None, description="of a metal electrode; without: charge_transfer is all"
    )
    voids: VoidChoice | None = Field(
        None,
        description="that stripping leaves under a metal electrode: default, none, or a table; "
        "without: default where the load strips it and the library has the numbers",
    )
