"""Quantity types of the case models: floats in SI that are written with a unit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

from joulestack import units
from joulestack.errors import shown
from joulestack.plausible import implausible


class Section(BaseModel):
    """Base of every table of a case file: unknown keys are errors, values cannot change."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Keys that are looked for here, as in other programs -> how the same is said."""


@dataclass(frozen=True)
class Quantity:
    """Annotation of a float that is read from a plain SI number or from text with a unit.

    Attributes:
        unit: SI unit of the float; "1" for plain numbers.
        above: the value must be larger.
        least: the value must be at least this.
        most: the value must be at most this.
        difference: a temperature difference, not a temperature.
        hint: what to write when a bound is broken.
        plausible: smallest and largest magnitude that can be meant, where it is not that of the
            unit in `joulestack.plausible`.
    """

    unit: str
    above: float | None = None
    least: float | None = None
    most: float | None = None
    difference: bool = False
    hint: str = ""
    plausible: tuple[float, float] | None = None

    def read(self, value: object) -> float:
        """Parse and check one value; ValueError says what would be right."""
        number = units.parse(value, self.unit, difference=self.difference)
        written = value if isinstance(value, str) else f"{value} {self.unit}".removesuffix(" 1")
        broken = None
        if self.above is not None and not number > self.above:
            broken = f"above {self._bound(self.above)}"
        elif self.least is not None and not number >= self.least:
            broken = f"at least {self._bound(self.least)}"
        elif self.most is not None and not number <= self.most:
            broken = f"at most {self._bound(self.most)}"
        if broken:
            hint = f"; {self.hint}" if self.hint else ""
            raise ValueError(f"{shown(written)} is out of range: must be {broken}{hint}")
        if not self.difference and (why := implausible(number, value, self.unit, self.plausible)):
            raise ValueError(why)
        return number

    def _bound(self, value: float) -> str:
        return units.format_quantity(value, self.unit)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """How pydantic validates it."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A number in SI or text with a unit."""
        number: dict[str, Any] = {"type": "number"}
        for key, bound in (
            ("exclusiveMinimum", self.above),
            ("minimum", self.least),
            ("maximum", self.most),
        ):
            if bound is not None:
                number[key] = bound
        unit_text = r"\s*%?" if self.unit == "1" else r"(\s*[^\d\s.eE+-].*|\s+\S.*)"
        pattern = rf"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?{unit_text}$"
        return {
            "anyOf": [number, {"type": "string", "pattern": pattern}],
            "unit": self.unit,
            "examples": [units.example(self.unit)],
        }


_RATE = re.compile(
    r"(?P<sign>[-+]?)(?P<times>[\d.]+(?:[eE][-+]?\d+)?(?:/[\d.]+)?)?C(?:/(?P<part>.+))?",
    re.IGNORECASE,
)


def read_c_rate(value: object) -> float:
    """A C-rate [1/h]: 0.5, "2C", "C/3", "1/3 C" or "2C/3"; negative charges.

    Raises:
        ValueError: it is none.
    """
    match = _RATE.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
    if match is None:
        return units.parse(value, "1")
    times, _, below = (match["times"] or "1").partition("/")
    divisors = [units.parse(text, "1") for text in (below, match["part"]) if text]
    if 0 in divisors:
        raise ValueError(f'"{shown(value)}" divides by zero')
    rate = units.parse(times, "1") / math.prod(divisors)
    return -rate if match["sign"] == "-" else rate


_TEMPERATURE = Quantity("K", least=150.0, most=3000.0, hint='plain numbers are kelvin: "25 degC"')

ParticleSize = Annotated[float, Quantity("m", above=0.0, plausible=(1e-10, 5e-3))]
Thickness = Annotated[float, Quantity("m", above=0.0, plausible=(1e-10, 0.5))]
Length = Annotated[float, Quantity("m", above=0.0)]
Position = Annotated[float, Quantity("m")]
Area = Annotated[float, Quantity("m^2", above=0.0)]
LONGEST_TIME = 3.16e9
"""Longest time that can be meant [s]: a hundred years."""

Time = Annotated[float, Quantity("s", above=0.0, most=LONGEST_TIME)]
TimePoint = Annotated[float, Quantity("s", least=0.0, most=LONGEST_TIME)]
Temperature = Annotated[float, _TEMPERATURE]
TemperatureDifference = Annotated[float, Quantity("K", above=0.0, difference=True)]
Pressure = Annotated[float, Quantity("Pa", least=0.0, most=1e11)]
MouldingPressure = Annotated[float, Quantity("Pa", above=0.0)]
SinteringTemperature = Annotated[float, replace(_TEMPERATURE, plausible=(150.0, 3000.0))]
Current = Annotated[float, Quantity("A")]
CurrentDensity = Annotated[float, Quantity("A/m^2")]
CRate = Annotated[float, BeforeValidator(read_c_rate)]
Voltage = Annotated[float, Quantity("V")]
VoltageStep = Annotated[float, Quantity("V", above=0.0)]
Charge = Annotated[float, Quantity("C", above=0.0)]
HeatFlux = Annotated[float, Quantity("W/m^2")]
HeatSource = Annotated[float, Quantity("W/m^3")]
HeatTransfer = Annotated[float, Quantity("W/(m^2 K)", above=0.0)]
ThermalResistance = Annotated[float, Quantity("m^2 K/W", above=0.0)]
AreaResistance = Annotated[
    float, Quantity("ohm m^2", above=0.0, hint='use a small value such as "0.1 ohm cm^2"')
]
AreaMass = Annotated[float, Quantity("kg/m^2", above=0.0)]
Mass = Annotated[float, Quantity("kg", above=0.0, plausible=(1e-12, 1e3))]
SpecificCharge = Annotated[float, Quantity("C/kg", above=0.0)]
SpecificCurrent = Annotated[float, Quantity("A/kg")]
Fraction = Annotated[float, Quantity("1", least=0.0, most=1.0)]
Share = Annotated[float, Quantity("1", above=0.0, most=1.0)]
Concentration = Annotated[float, Quantity("mol/m^3", above=0.0)]
Diffusivity = Annotated[float, Quantity("m^2/s", above=0.0)]
MolarEnergy = Annotated[float, Quantity("J/mol", least=0.0)]
ExchangeCurrent = Annotated[float, Quantity("A/m^2", above=0.0)]
FilmResistance = Annotated[float, Quantity("ohm m^2", least=0.0)]
Number = Annotated[float, Quantity("1", above=0.0)]
