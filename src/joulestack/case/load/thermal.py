"""[thermal]: what happens to heat on the named outer faces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from joulestack.case.quantities import Section, Share, ThermalResistance
from joulestack.case.time_tables import (
    AmbientInTime,
    CoefficientInTime,
    FluxInTime,
    TemperatureInTime,
)
from joulestack.case.unions import by_key, one_or_many


class FixedTemperatureFace(Section):
    """The face is held at a temperature."""

    kind: Literal["fixed temperature"] = Field(description="the kind of condition")
    temperature: TemperatureInTime = Field(description="of the face")


class ConvectionFace(Section):
    """Heat leaves to a fluid: q = h (T - T_ambient)."""

    kind: Literal["convection"] = Field(description="the kind of condition")
    coefficient: CoefficientInTime = Field(description="heat transfer coefficient h")
    ambient: AmbientInTime = Field(description="temperature of the fluid")


class RadiationFace(Section):
    """Heat leaves to surroundings: q = eps sigma (T^4 - T_ambient^4)."""

    kind: Literal["radiation"] = Field(description="the kind of condition")
    emissivity: Share = Field(description="of the face")
    ambient: AmbientInTime = Field(description="temperature of the surroundings")


class HeatFluxFace(Section):
    """A prescribed heat flux, positive into the cell."""

    kind: Literal["heat flux"] = Field(description="the kind of condition")
    flux: FluxInTime = Field(description="into the cell")


class AdiabaticFace(Section):
    """No heat passes; what a face without an entry does."""

    kind: Literal["adiabatic"] = Field(description="the kind of condition")


class CoolingPlateFace(Section):
    """A plate at a fixed temperature behind a contact: q = h (T - T_plate)."""

    kind: Literal["cooling plate"] = Field(description="the kind of condition")
    temperature: TemperatureInTime = Field(description="of the plate")
    coefficient: CoefficientInTime | None = Field(None, description="of the contact to the plate")
    contact_resistance: ThermalResistance | None = Field(
        None, description="of the contact to the plate, instead of the coefficient"
    )


KINDS = (
    "fixed temperature",
    "convection",
    "radiation",
    "heat flux",
    "adiabatic",
    "cooling plate",
)

FaceCondition = Annotated[
    Annotated[FixedTemperatureFace, Tag("<fixed temperature>")]
    | Annotated[ConvectionFace, Tag("<convection>")]
    | Annotated[RadiationFace, Tag("<radiation>")]
    | Annotated[HeatFluxFace, Tag("<heat flux>")]
    | Annotated[AdiabaticFace, Tag("<adiabatic>")]
    | Annotated[CoolingPlateFace, Tag("<cooling plate>")],
    by_key("kind", KINDS),
]

FaceEntry = Annotated[
    Annotated[FaceCondition, Tag("<one>")]
    | Annotated[Annotated[tuple[FaceCondition, ...], Field(min_length=1)], Tag("<many>")],
    one_or_many(),
]


class Thermal(Section):
    """Thermal conditions on the outer faces; a face without one is adiabatic."""

    faces: dict[str, FaceEntry] = Field(
        description="face -> condition, or a list of conditions that add up"
    )
