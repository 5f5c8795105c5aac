"""[mesh], [time], [solver], [outputs] and [[probes]]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from joulestack.case.quantities import (
    Fraction,
    Length,
    Number,
    Position,
    Quantity,
    Section,
    Temperature,
    TemperatureDifference,
    Time,
    TimePoint,
    Voltage,
    VoltageStep,
)
from joulestack.case.stack.cell import Name
from joulestack.case.unions import OneOf
from joulestack.declarations import SELECTABLE
from joulestack.mesh.coordinates import names as coordinate_systems

Cells = Annotated[int, Field(ge=1, le=1000)]
RadialModes = Annotated[int, Field(ge=1, le=20)]
Grading = Annotated[float, Quantity("1", least=1.0, most=100.0)]
RelativeTolerance = Annotated[float, Quantity("1", above=0.0, most=0.1)]

if TYPE_CHECKING:
    FieldName = str
else:
    FieldName = Literal[*(field.name for field in SELECTABLE)]


class Mesh(Section):
    """How the cell is divided."""

    cells_per_layer: Cells = Field(8, description="cells through the thickness of a layer")
    layers: dict[str, Cells] = Field({}, description="layer or ring -> its own number of cells")
    grading: Grading = Field(
        3.0, description="size of a layer's middle cells over that of the cells at its interfaces"
    )
    in_plane: Length | None = Field(
        None, description="cell size along the face (pellet, pouch); 1/16 of radius, 1/24 of side"
    )
    degree: Literal[1, 2] = Field(1, description="polynomial degree of the fields")
    radial_modes: RadialModes = Field(
        6, description="functions that describe the lithium in a particle"
    )
    file: str | None = Field(None, description="mesh file (geometry = mesh)")
    scale: Number | None = Field(None, description="metres per unit of length in the file")
    regions: dict[str, str] = Field({}, description="name of a volume in the file -> layer")
    faces: dict[str, str] = Field({}, description="name of a surface in the file -> face")
    region_array: str | None = Field(
        None, description="cell data of the file with numbers of regions; a usual or the only one"
    )
    coordinates: Annotated[str, OneOf(coordinate_systems)] | None = Field(
        None, description="what the file's coordinates mean; cartesian if not given"
    )


class Stop(Section):
    """Ends the run early."""

    temperature_above: Temperature | None = Field(None, description="hottest point")
    voltage_below: Voltage | None = Field(None, description="terminal voltage")
    voltage_above: Voltage | None = Field(None, description="terminal voltage")


class TimeControl(Section):
    """Length of the run and its accuracy."""

    steady: bool = Field(False, description="solve for the steady state only")
    end: Time | None = Field(None, description="end at the latest; the load's own if not given")
    relative_tolerance: RelativeTolerance = Field(1e-4, description="error of a time step")
    temperature_tolerance: TemperatureDifference = Field(1e-4, description="error of a time step")
    potential_tolerance: VoltageStep = Field(1e-5, description="convergence of potentials")
    lithiation_tolerance: RelativeTolerance = Field(
        1e-4,
        description="error of a time step in the lithiation x of particles, and relative to the "
        "contact area where voids open",
    )
    first_step: Time | None = Field(None, description="first time step")
    max_step: Time | None = Field(None, description="largest time step")
    stop: Stop | None = Field(None, description="ends the run early")

    @property
    def tolerances(self) -> dict[str, Any]:
        """Every `<name>_tolerance`, by the name that unknowns declare (`tolerances.Tolerance`)."""
        end = "_tolerance"
        named = (key for key in type(self).model_fields if key.endswith(end))
        return {key.removesuffix(end): getattr(self, key) for key in named}


class Solver(Section):
    """Linear solver; the default suits."""

    linear: Literal["auto", "direct", "iterative"] = Field("auto", description="linear solver")
    petsc_options: dict[str, str | int | float | bool] = Field(
        {}, description="PETSc options for experts, see below"
    )


class Outputs(Section):
    """What is written, and when."""

    every: Time | None = Field(None, description="interval between written states")
    times: tuple[TimePoint, ...] | None = Field(
        None, description="times of written states, each with a row of its own"
    )
    fields: tuple[FieldName, ...] | None = Field(None, description="fields for ParaView; all")
    pictures: bool = Field(True, description="draw pictures at the end; they can be drawn later")


class Probe(Section):
    """A point whose temperature and potentials go into the time series."""

    name: Name = Field(description="name in the time series")
    layer: str | None = Field(None, description="layer it sits in")
    position: Fraction | None = Field(None, description="through the layer: 0 bottom, 1 top; 0.5")
    at: tuple[Position, ...] | None = Field(
        None, description="in the face: [r] for a pellet, [x, y] for a pouch; the middle"
    )
    point: tuple[Position, ...] | None = Field(
        None, description="coordinates instead of layer, position and at"
    )
