"""Schema of microstructure cases: powder or image in, effective properties out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from joulestack.case.quantities import (
    Fraction,
    Length,
    MouldingPressure,
    Number,
    Quantity,
    Section,
    Share,
)
from joulestack.case.unions import by_key, is_table

Raw = str | float
Axis = Literal["x", "y", "z"]
Stress = Annotated[float, Quantity("Pa", above=0.0)]
Poisson = Annotated[float, Quantity("1", least=0.0, most=0.49)]
Toughness = Annotated[float, Quantity("Pa m^0.5", above=0.0)]
Friction = Annotated[float, Quantity("1", least=0.0, most=2.0)]
Trim = Annotated[float, Quantity("m", least=0.0)]
StackPressure = Annotated[float, Quantity("Pa", above=0.0)]
PropertyName = Literal["thermal_conductivity", "ionic_conductivity", "electronic_conductivity"]
Staircase = Annotated[float, Quantity("1", least=1.0, most=3**0.5)]
Tolerance = Annotated[float, Quantity("1", above=0.0, most=0.1)]


class GammaSizes(Section):
    """Gamma distribution of diameters."""

    law: Literal["gamma"] = Field(description="form of the distribution")
    shape: Number = Field(description="a")
    scale: Length = Field(description="b")
    smallest: Length | None = Field(None, description="that stays on the lower sieve")
    largest: Length | None = Field(None, description="that passes the upper sieve")


class LognormalSizes(Section):
    """Lognormal distribution of diameters."""

    law: Literal["lognormal"] = Field(description="form of the distribution")
    median: Length = Field(description="by number")
    deviation: Number = Field(description="standard deviation of ln d")
    smallest: Length | None = Field(None, description="that stays on the lower sieve")
    largest: Length | None = Field(None, description="that passes the upper sieve")


class UniformSizes(Section):
    """All diameters between two equally likely."""

    law: Literal["uniform"] = Field(description="form of the distribution")
    smallest: Length = Field(description="diameter")
    largest: Length = Field(description="diameter")


class MeasuredSizes(Section):
    """A measured distribution."""

    law: Literal["measured"] = Field(description="form of the distribution")
    csv: str = Field(description="columns diameter [um] and count, or cumulative (by number)")


_LAWS = ("gamma", "lognormal", "uniform", "measured")
SizeLaw = Annotated[
    Annotated[GammaSizes, Tag("<gamma>")]
    | Annotated[LognormalSizes, Tag("<lognormal>")]
    | Annotated[UniformSizes, Tag("<uniform>")]
    | Annotated[MeasuredSizes, Tag("<measured>")],
    by_key("law", _LAWS),
]
Diameter = Annotated[
    Annotated[Length, Tag("<value>")] | Annotated[SizeLaw, Tag("<table>")],
    Discriminator(lambda v: "<table>" if is_table(v) else "<value>"),
]


class SpeciesTable(Section):
    """Powder of one material."""

    name: str = Field(description="phase of the image")
    share: Share = Field(1.0, description="of the volume of all solids; they add up to 1")
    diameter: Diameter = Field(description="one diameter, or a distribution by number")
    length: Length | None = Field(None, description="of rods, end to end")
    stiffness: Number = Field(1.0, description="modulus against other species")
    rigid: bool = Field(False, description="keeps its shape under overlap")
    material: str | None = Field(
        None, description="of the library, for its mechanics; by default that of this name"
    )
    youngs_modulus: Stress | None = Field(None, description="of the matter; else the library's")
    poisson_ratio: Poisson | None = Field(None, description="of the matter; else the library's")
    hardness: Stress | None = Field(
        None, description="of the matter, 2.8 times its yield stress; else the library's"
    )
    fracture_toughness: Toughness | None = Field(
        None, description="of the matter; else the library's"
    )


class PackingTable(Section):
    """What is filled into the die."""

    width: Length = Field(description="of the box along x and y; it repeats there")
    particles: int | None = Field(None, ge=2, description="how many in all")
    thickness: Length | None = Field(None, description="at the first density, instead of particles")
    filled: Share = Field(0.35, description="relative density of the loose heap")
    plates: bool = Field(True, description="false: the box repeats along z, too")
    cohesion: Fraction = Field(0.0, description="overlap at which contacts pull no more")
    friction: Friction = Field(0.0, description="coefficient between particles")
    seed: int = Field(0, ge=0, description="of the random numbers")
    species: tuple[SpeciesTable, ...] = Field(min_length=1, description="what is mixed")


class CompactionTable(Section):
    """How far it is pressed: densities, thicknesses, or pressures."""

    relative_density: tuple[Share, ...] | None = Field(None, description="one after another")
    thickness: tuple[Length, ...] | None = Field(None, description="of the pellet, falling")
    pressure: tuple[MouldingPressure, ...] | None = Field(
        None, description="beside relative_density, with a material, or with pressing"
    )
    pressing: Literal["contacts"] | None = Field(
        None, description="the densities follow from the pressures by the forces in contacts"
    )
    released: StackPressure | None = Field(
        None, description="pressure left when conductivities are measured; by default all of it"
    )
    material: str | None = Field(None, description="of the library: its density at the pressures")
    step: Share = Field(0.02, description="rise of the density between states of rest")
    overlap: Literal["grow", "keep"] = Field("grow", description="give overlap volume back, or not")


class RawTable(Section):
    """What a .raw file does not say."""

    shape: tuple[int, int, int] = Field(description="voxels along x, y, z")
    dtype: str = Field("uint8", description="type of a value")
    big_endian: bool = Field(False, description="byte order")
    offset: int = Field(0, ge=0, description="bytes before the first value")


class ImageTable(Section):
    """Voxels: of the packing, or from a file."""

    voxel_size: Length | None = Field(None, description="edge of a voxel")
    trim: Trim = Field(0.0, description="cut off at both ends along z, such as layers at plates")
    file: str | None = Field(None, description="TIFF, folder of slices, .npy, .raw, .vti")
    raw: RawTable | None = Field(None, description="header of a .raw file")
    axes: Literal["xyz", "zyx"] | None = Field(None, description="order in the file")
    field: str | None = Field(None, description="array of a .vti file")
    series: int | str | None = Field(
        None, description='of a TIFF with several: number from 1, name, or "all" to stack them'
    )


class SegmentationTable(Section):
    """Grey values to phases."""

    phases: tuple[str, ...] = Field(min_length=1, description="by rising grey value or label")
    thresholds: tuple[float, ...] | None = Field(None, description="between the phases")
    otsu: bool = Field(False, description="find the thresholds")
    despeckle: int = Field(0, ge=0, description="smallest component that stays [voxels]")


class FaceResistance(Section):
    """A resistance on the faces between two phases."""

    between: tuple[str, str] = Field(description="two phases")
    resistance: Raw = Field(description='"1e-6 m^2 K/W" or "10 ohm cm^2"')


class TransportTable(Section):
    """One steady conduction problem."""

    property: PropertyName = Field(description="what is computed")
    conductivity: dict[str, Raw] = Field(
        {}, description="phase -> value, the others insulate; in a cell: the library's"
    )
    axis: Axis = Field("z", description="of the flux")
    sides: Literal["no-flux", "periodic"] = Field("periodic", description="of the other faces")
    interface_resistance: tuple[FaceResistance, ...] = Field((), description="between phases")
    particle_resistance: Raw | None = Field(None, description="between particles of a phase")
    staircase: Staircase | None = Field(
        None, description="voxel faces over true area, for resistances; spheres: 1.5, flat: 1"
    )
    tolerance: Tolerance = Field(1e-3, description="of the flux through every slice")


class AnalysisTable(Section):
    """What is counted on images beyond fractions and areas."""

    active: str | None = Field(None, description="phase whose utilisation is asked for")
    ionic: tuple[str, ...] = Field((), description="phases that carry ions to it")
    electronic: tuple[str, ...] = Field((), description="phases that carry electrons")
    ends: Literal["both", "own"] = Field(
        "both", description="networks lead through, or to their own end (separator z = 0)"
    )
    two_point: bool = Field(False, description="correlation of every phase")
    chords: bool = Field(False, description="chord lengths of every phase")
    geodesic: bool = Field(False, description="shortest ways; slow above 200^3 voxels")


class MicrostructureTables(Section):
    """What a microstructure case says; a cell's case can hold the same."""

    title: str = Field("", description="one line on what the case shows")
    packing: PackingTable | None = Field(None, description="powder")
    compaction: CompactionTable | None = Field(None, description="pressing")
    image: ImageTable = Field(description="voxels")
    segmentation: SegmentationTable | None = Field(None, description="of an image from a file")
    transport: tuple[TransportTable, ...] = Field((), description="conduction problems")
    analysis: AnalysisTable = Field(default_factory=lambda: AnalysisTable(), description="counts")


class MicrostructureFile(MicrostructureTables):
    """A microstructure case in a file of its own."""

    joulestack: Literal[1] = Field(description="version of the case language")
