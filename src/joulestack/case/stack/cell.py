"""[cell]: geometry, layers, die, tabs, stack pressure, start temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SerializeAsAny, Tag, ValidatorFunctionWrapHandler, WrapValidator

from joulestack.case.clamping.fixture import Fixture
from joulestack.case.interfaces.contact_choice import ContactChoice
from joulestack.case.quantities import (
    Area,
    AreaMass,
    Charge,
    Fraction,
    Length,
    Mass,
    MouldingPressure,
    Position,
    Pressure,
    Section,
    SpecificCharge,
    Temperature,
    Thickness,
    TimePoint,
)
from joulestack.case.stack import geometries
from joulestack.case.table_choice import TableChoice
from joulestack.case.time_tables import HeatSourceInTime
from joulestack.case.unions import OneOf, flat_or_nested, get, is_table, value_or_table
from joulestack.constants import ROOM_TEMPERATURE

# Nothing escaped that ECMAScript knows no escape of: editors refuse the schema for it.
Name = Annotated[str, Field(pattern=r"""^[^\s.\[\]="'#][^.\[\]="'#\n]*$""", max_length=60)]
Edge = Literal["left", "right", "front", "back"]


PressureList = Annotated[
    Annotated[tuple[Pressure, ...], Tag("<list>")]
    | Annotated[tuple[tuple[Pressure, ...], ...], Tag("<lists>")],
    flat_or_nested(),
]


class PressureTable(TableChoice):
    """Stack pressure that varies: in time (time, pressure or csv) or over the face.

    A map over the face is given by x, y, pressure (pouch, mesh), by r, pressure (pellet), by a
    file with these columns (map), by an expression, or by an image.
    """

    time: tuple[TimePoint, ...] | None = Field(None, description="times of a table in time")
    csv: str | None = Field(None, description="file with columns time [s], pressure [Pa]")
    map: str | None = Field(None, description="file with columns x, y, pressure or r, pressure")
    x: tuple[Position, ...] | None = Field(None, description="positions along the width")
    y: tuple[Position, ...] | None = Field(None, description="positions along the length")
    r: tuple[Position, ...] | None = Field(None, description="radii (pellet)")
    pressure: PressureList | None = Field(
        None, description="pressures at the times or radii; for a map, one row for each x"
    )
    expression: str | None = Field(
        None, description='of x and y, or of r (pellet): "4 MPa + 0.2 MPa/mm * (x - width/2)"'
    )
    image: str | None = Field(
        None, description="PNG or TIFF with grey values, seen from above: x to the right, y up"
    )
    black: Pressure | None = Field(None, description="pressure where the image is black")
    white: Pressure | None = Field(None, description="pressure where the image is white")
    over: tuple[tuple[Position, Position], tuple[Position, Position]] | None = Field(
        None,
        description="where the image's edges lie in x and y; on the edges of the face if not given",
    )


StackPressure = Annotated[
    Annotated[Pressure, Tag("<value>")] | Annotated[PressureTable, Tag("<table>")],
    value_or_table(),
]


class Body(Section):
    """A layer or a ring."""

    name: Name = Field(description="name, used by interfaces, probes and results")
    material: str = Field(description="key of [materials] or name of a library material")
    thickness: Thickness | None = Field(
        None,
        description="through the stack (of a ring: radial); left out, the mass of a layer or the "
        "loading of a composite electrode says it; for a mesh only with a fixture",
    )


class Layer(Body):
    """One layer of the cell, or a part of the fixture in line with it (plunger, plate)."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "loading": "areal_mass is of everything in the layer; loading, of its active material "
        "alone, stands in [materials]",
        "porosity": "it stands in [materials]",
    }

    mass: Mass | None = Field(
        None,
        description="of everything in the layer: its thickness, or with the thickness its density",
    )
    areal_mass: AreaMass | None = Field(
        None, description="mass over the face area, instead of mass: 15.3 mg/cm^2"
    )
    heat_source: HeatSourceInTime | None = Field(None, description="prescribed heat source")
    plating: str | None = Field(
        None, description="metal plated on it, from nothing (anode-free); needs a fixture"
    )


class Ring(Body):
    """One ring of the die around the layers of a pellet."""

    contact: ContactChoice | None = Field(
        None, description="thermal contact to everything inside it that [[interfaces]] leaves out"
    )
    height: Length | None = Field(
        None, description="height, centred on the stack; that of the stack if not given"
    )


class Tab(Section):
    """A tab: the piece of collector that sticks out of one edge of a pouch cell."""

    edge: Edge = Field(description="edge of the face the tab is on")
    layer: str = Field(description="the collector layer that the tab belongs to")
    width: Length = Field(description="size along the edge")
    length: Length = Field(description="how far the tab sticks out")
    offset: Position | None = Field(
        None, description="from the corner with the lower coordinate; mid-edge if not given"
    )
    busbar: Length | None = Field(
        None, description="outward size of the block that joins the tabs of several unit cells"
    )


class Tabs(Section):
    """The two tabs of a pouch cell."""

    negative: Tab = Field(description="tab of the negative terminal")
    positive: Tab = Field(description="tab of the positive terminal")


class Terminals(Section):
    """The faces of an imported mesh that carry the current."""

    negative: str = Field(description="face of the negative terminal")
    positive: str = Field(description="face of the positive terminal")


GeometryName = Annotated[str, OneOf(geometries.names)]


class Cell(Section):
    """The cell and the parts of its fixture that are simulated."""

    geometry: GeometryName = Field(
        description="line: 1D; pellet: axisymmetric; pouch: 3D box; mesh: from a file"
    )
    layers: tuple[Layer, ...] = Field(
        min_length=1,
        max_length=500,
        description="from the negative terminal (bottom) to the positive one (top)",
    )
    diameter: Length | None = Field(
        None, description="diameter of the layers (pellet; line, instead of area)"
    )
    area: Area | None = Field(None, description="face area (line; mesh: for current densities)")
    width: Length | None = Field(None, description="size along x, left to right (pouch)")
    length: Length | None = Field(None, description="size along y, front to back (pouch)")
    unit_cells: int = Field(
        1, ge=1, le=200, description="mirrored, parallel-connected repeats of the stack (pouch)"
    )
    capacity: Charge | None = Field(
        None, description="nominal, for C-rates; the usable one of the electrodes if not given"
    )
    specific_capacity: SpecificCharge | None = Field(
        None,
        description="nominal, per mass of active material, instead of capacity: 1C = 200 mA/g is "
        "200 mA h/g",
    )
    state_of_charge: Fraction | None = Field(
        None, description="at the start, of every composite electrode that states none itself"
    )
    stack_pressure: StackPressure = Field(
        0.0, description="pressure held on the stack in use; must be given with a load"
    )
    moulding_pressure: MouldingPressure | None = Field(
        None,
        description="pressure that the whole stack was pressed at before it was used: every powder "
        "in it has seen it, beside what its own layer was pressed at",
    )
    fixture: Fixture | None = Field(
        None, description="what holds the stack; without: stack_pressure is held"
    )
    fixture_mass: Mass | None = Field(
        None,
        description="of what holds the cell and is no layer: plates, bolts, die; for Wh/kg alone",
    )
    start_temperature: Temperature = Field(
        ROOM_TEMPERATURE, description="temperature of everything at the start"
    )
    below: tuple[Layer, ...] = Field(
        (), description="layers under the stack, not repeated: film, plate (pouch)"
    )
    above: tuple[Layer, ...] = Field((), description="layers over the stack, not repeated (pouch)")
    die: tuple[Ring, ...] = Field((), description="rings around the layers, inside out (pellet)")
    tabs: Tabs | None = Field(None, description="tabs (pouch); without: terminals are the faces")
    terminals: Terminals | None = Field(None, description="faces that carry current (mesh)")


def _by_geometry(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """A geometry that brings keys of its own brings a model for them."""
    own = geometries.model_of(get(value, "geometry") if is_table(value) else None)
    return handler(value) if own is None else own.model_validate(value)


AnyCell = SerializeAsAny[Annotated[Cell, WrapValidator(_by_geometry)]]
"""[cell], with the keys of its geometry."""
