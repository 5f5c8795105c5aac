"""[materials] and [[interfaces]]: how layers were made and how they touch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from joulestack.case.cell import Name
from joulestack.case.contact_choice import ContactChoice
from joulestack.case.quantities import (
    AreaMass,
    AreaResistance,
    Fraction,
    Length,
    MouldingPressure,
    Section,
    Share,
    Temperature,
    Voltage,
)
from joulestack.case.unions import by_marker, has

Raw = str | float
"""A value whose unit follows from the name it is given to; read when materials are built."""

Transport = Literal["thermal", "electronic", "ionic", "charge_transfer"]
TRANSPORTS: tuple[Transport, ...] = ("thermal", "electronic", "ionic", "charge_transfer")


class Overrides(Section):
    """Values and laws that replace those of the library."""

    overrides: dict[str, Raw] = Field({}, description="property -> value instead of the library's")
    laws: dict[str, str] = Field({}, description="property -> law of effective transport")


class Fabricated(Overrides):
    """One material and what was done to it."""

    material: str = Field(description="library name, or a TOML file of your own")
    moulding_pressure: MouldingPressure | None = Field(
        None, description="highest pressure it was pressed at"
    )
    sintering_temperature: Temperature | None = Field(None, description="if sintered")
    particle_class: str | None = Field(None, description="powder class of the library entry")
    anneal_temperature: Temperature | None = Field(None, description="if annealed after pressing")
    relative_density: Share | None = Field(None, description="instead of pressing or sintering")
    grain_size: Length | None = Field(None, description="of a sintered body: brick layer of grains")


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


class CompositeElectrode(Overrides):
    """A composite electrode: active material, solid electrolyte, carbon, pores."""

    active: str = Field(description="library name of the active material")
    electrolyte: str = Field(description="key of [materials] or library name of the electrolyte")
    additive: str | None = Field(None, description="library name of the carbon")
    mass_fractions: MassFractions | None = Field(
        None, description="of active, electrolyte and additive"
    )
    volume_fractions: VolumeFractions | None = Field(
        None, description="of the total volume, instead of mass_fractions and porosity"
    )
    loading: AreaMass | None = Field(
        None, description="active material per area; with the layer's thickness: the porosity"
    )
    porosity: Fraction | None = Field(None, description="pore volume fraction")
    moulding_pressure: MouldingPressure | None = Field(None, description="instead of porosity")
    particle_radius: Length | None = Field(None, description="of the active material")
    charge_transfer_resistance: AreaResistance | None = Field(
        None, description="on the active surface"
    )
    open_circuit_voltage: Voltage | None = Field(None, description="U against Li/Li+")
    stoichiometry: Fraction | None = Field(None, description="x in Li_x at the start")
    electrolyte_particle_size: Length | None = Field(
        None, description="diameter of the electrolyte's particles, for advice"
    )
    contact_fraction: Share = Field(1.0, description="share of active surface that touches SE")


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
        None, description="between a metal electrode and an ion conductor"
    )
