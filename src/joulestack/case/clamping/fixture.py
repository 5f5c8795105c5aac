"""[cell.fixture]: what holds the stack, and how it answers when the stack grows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from joulestack.case.quantities import Length, Quantity, Section, Share

Stiffness = Annotated[float, Quantity("N/m", above=0.0)]
Modulus = Annotated[float, Quantity("Pa", above=0.0)]
Expansion = Annotated[float, Quantity("1/K")]
VolumeChange = Annotated[float, Quantity("1", least=-0.5, most=10.0)]
MolarVolume = Annotated[float, Quantity("m^3/mol", above=0.0)]


class Spring(Section):
    """Springs of one kind, side by side."""

    stiffness: Stiffness = Field(description="of one spring")
    number: int = Field(1, ge=1, description="how many of them share the load")


class FixtureStop(Section):
    """Something stiff that the plates meet on their way apart."""

    travel: Length = Field(description="of the plates from assembly to where it is met")
    stiffness: Stiffness = Field(description="of the whole face")


class Frame(Section):
    """The frame of a fixture, as it warms up with the stack."""

    length: Length = Field(description="of the rods or walls that carry the force")
    thermal_expansion: Expansion = Field(description="linear, of their material")


class Fixture(Section):
    """What holds the stack; cell.stack_pressure is then the pressure at assembly."""

    kind: Literal["constant pressure", "spring", "fixed gap"] = Field(
        description="hydraulic or pneumatic; springs between plates; plates at a fixed distance"
    )
    springs: tuple[Spring, ...] = Field((), description="that share the load (spring)")
    frame_stiffness: Stiffness | None = Field(
        None, description="of the whole frame (fixed gap); rigid if not given"
    )
    stops: tuple[FixtureStop, ...] = Field((), description="met by the plates (spring)")
    frame: Frame | None = Field(None, description="thermal expansion of the frame")
    cells: int = Field(1, ge=1, description="identical cells stacked, of which one is simulated")
    youngs_modulus: dict[str, Modulus] = Field(
        {}, description="by layer; of its material in the library if not given"
    )
    thermal_expansion: dict[str, Expansion] = Field(
        {}, description="linear, by layer; of its material in the library if not given"
    )
    volume_change: dict[str, VolumeChange] = Field(
        {}, description="by active material, from full (x = 1) to charged; else of the library"
    )
    molar_volume: MolarVolume | None = Field(
        None, description="of lithium in the metal electrode; of the library if not given"
    )
    balance: Literal["mean", "points", "plate", "tilting plate"] = Field(
        "mean",
        description="over the face: mean pressure times the map of assembly; every point with its "
        "own springs; one rigid plate, guided or free to tilt",
    )
    breathing_share: Share = Field(
        1.0, description="of the particles' volume change that reaches the layer's thickness"
    )
