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
from joulestack.case.settings.accuracy import told
from joulestack.case.stack.cell import Name
from joulestack.case.unions import OneOf
from joulestack.declarations import SELECTABLE
from joulestack.materials.ceilings import NAMES
from joulestack.mesh.coordinates import names as coordinate_systems
from joulestack.tolerances import POTENTIAL

Cells = Annotated[int, Field(ge=1, le=1000)]
Grading = Annotated[float, Quantity("1", least=1.0, most=100.0)]

if TYPE_CHECKING:
    FieldName = str
    CeilingName = str
    Refinement = float
    StepError = float
    TemperatureError = float
    RadialModes = int
else:
    Refinement = Annotated[float, Quantity("1", above=0.0, most=16.0)] | None
    RadialModes = Annotated[int, Field(ge=1, le=32)] | None
    StepError = Annotated[float, Quantity("1", above=0.0, most=0.1)] | None
    TemperatureError = TemperatureDifference | None
    FieldName = Literal[*(field.name for field in SELECTABLE)]
    CeilingName = Literal[*NAMES]

OPEN: Any = None
"""A number that `accuracy` gives where a case does not."""


class Mesh(Section):
    """How the cell is divided."""

    cells_per_layer: Cells = Field(10, description="cells through the thickness of a layer")
    layers: dict[str, Cells] = Field({}, description="layer or ring -> its own number of cells")
    grading: Grading = Field(
        3.0, description="size of a layer's middle cells over that of the cells at its interfaces"
    )
    in_plane: Length | None = Field(
        None,
        description="cell size along the face before it is graded (pellet, pouch); "
        "1/16 of radius, 1/26 of side",
    )
    refinement: Refinement = Field(
        OPEN,
        description="times as many cells in every direction as these numbers say; "
        + told("mesh", "refinement"),
    )
    degree: Literal[1, 2] = Field(1, description="polynomial degree of the fields")
    radial_modes: RadialModes = Field(
        OPEN,
        description="functions that describe the lithium in a particle; at least "
        + told("mesh", "radial_modes")
        + ", and as many as keep 0.1 mV after jumps",
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

    def cells(self, name: str) -> int:
        """Cells through a layer or ring."""
        return self.refined(self.layers.get(name, self.cells_per_layer))

    def refined(self, cells: float) -> int:
        """Cells where the numbers above say so many; two at least where these do."""
        return max(round(cells * self.refinement), min(round(cells), 2), 1)


class Stop(Section):
    """Ends the run early."""

    temperature_above: Temperature | None = Field(None, description="hottest point")
    voltage_below: Voltage | None = Field(None, description="terminal voltage")
    voltage_above: Voltage | None = Field(None, description="terminal voltage")
    ceilings: tuple[CeilingName, ...] | None = Field(
        None,
        min_length=1,
        description="the first of these that a material comes to; what is not named is told, and "
        "the run goes on",
    )


class TimeControl(Section):
    """Length of the run and its accuracy."""

    steady: bool = Field(False, description="solve for the steady state only")
    end: Time | None = Field(None, description="end at the latest; the load's own if not given")
    relative_tolerance: StepError = Field(
        OPEN, description="error of a time step; " + told("time", "relative_tolerance")
    )
    temperature_tolerance: TemperatureError = Field(
        OPEN, description="error of a time step; " + told("time", "temperature_tolerance")
    )
    potential_tolerance: VoltageStep = Field(
        POTENTIAL.default, description="convergence of potentials"
    )
    lithiation_tolerance: StepError = Field(
        OPEN,
        description="error of a time step in the lithiation x of particles, and relative to the "
        "contact area where voids open; " + told("time", "lithiation_tolerance"),
    )
    reactant_tolerance: StepError = Field(
        OPEN,
        description="error of a time step in what is left of the reactant of a reaction; "
        + told("time", "reactant_tolerance"),
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
