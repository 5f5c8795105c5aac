"""[impedance], [polarisation] and [thermal_wave]: what the virtual measurements are told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from joulestack.case.interfaces.contact_choice import ContactChoice
from joulestack.case.quantities import Quantity, Section, Share, Time, Voltage
from joulestack.case.stack.cell import Name

Frequency = Annotated[float, Quantity("Hz", above=0.0)]
AreaCapacitance = Annotated[float, Quantity("F/m^2", above=0.0)]
VolumeCapacitance = Annotated[float, Quantity("F/m^3", above=0.0)]
Permittivity = Annotated[float, Quantity("1", least=0.0)]

DOUBLE_LAYER = 0.1
"""[F/m2], 10 uF/cm2: order of magnitude of smooth electrodes. Unverified."""

CONTACT_RESISTANCE = 1e-6
"""[Ohm m2], 0.01 Ohm cm2: a good contact, far below any pellet. Assumption."""

PERMITTIVITY = 10.0
"""Of solid electrolytes. Unverified."""


class BlockingContact(Section):
    """A contact where electrons meet ions and neither passes: a resistance and a capacitor."""

    between: tuple[Name, Name] = Field(description="the two layers that touch")
    capacitance: AreaCapacitance | None = Field(None, description="instead of blocking_capacitance")
    resistance: ContactChoice | None = Field(
        None, description="in series: an area-specific resistance, or a table with a law"
    )


class Stores(Section):
    """Charge stored at contacts, which a run neglects."""

    blocking_capacitance: AreaCapacitance = Field(
        DOUBLE_LAYER, description="of contacts that pass no charge; default unverified"
    )
    blocking_resistance: Annotated[float, Quantity("ohm m^2", above=0.0)] = Field(
        CONTACT_RESISTANCE, description="in series with it; default an assumption"
    )
    contacts: tuple[BlockingContact, ...] = Field((), description="contacts that differ")
    layer: Name | None = Field(
        None, description="whose conductivity is told; all that conduct ions if not given"
    )


class Impedance(Stores):
    """Impedance spectroscopy between the terminals."""

    lowest_frequency: Frequency = Field(1e-3, description="where the spectrum ends")
    highest_frequency: Frequency = Field(1e6, description="where the spectrum starts")
    points_per_decade: Annotated[int, Field(ge=1, le=100)] = Field(10, description="evenly in log")
    state: Literal["rest", "load"] = Field(
        "rest", description="without current, or under the load as it starts"
    )
    isothermal: bool = Field(True, description="false: the temperature answers too")
    double_layer: AreaCapacitance = Field(
        DOUBLE_LAYER, description="beside every charge transfer, per active area; unverified"
    )
    permittivity: Permittivity = Field(
        PERMITTIVITY, description="relative, of electrolytes; default unverified"
    )
    permittivities: dict[str, Permittivity] = Field({}, description="layer -> its own")
    chemical_capacitance: dict[str, VolumeCapacitance] = Field(
        {}, description="layer that conducts both ions and electrons -> between the two"
    )
    constant_phase_exponent: Share = Field(
        1.0, description="n of C s^n, for contacts and double layers; C at 1 rad/s"
    )
    radial_modes: Annotated[int, Field(ge=1, le=32)] = Field(
        12,
        description="functions that describe the lithium in a particle; if not given, more where "
        "0.1 % of the impedance of their surface asks for them",
    )


class Polarisation(Stores):
    """A voltage held over the cell, from rest."""

    voltage: Voltage = Field(description="between the terminals")
    duration: Time = Field(description="until the contacts are charged")


class ThermalWave(Section):
    """Sinusoidal heating of one face, phase delay at the other."""

    frequencies: tuple[Frequency, ...] | None = Field(
        None, description="chosen by thickness and diffusivity if not given"
    )
    heated: str = Field("bottom", description="face")
    rear: str = Field("top", description="face")
