"""[load]: current or voltage at the terminals. Discharge is positive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, Tag, WithJsonSchema

from joulestack.case.load.measured import Measured
from joulestack.case.protocol.grammar import VERBS
from joulestack.case.quantities import (
    CRate,
    Current,
    CurrentDensity,
    HeatFlux,
    Pressure,
    Quantity,
    Section,
    SpecificCurrent,
    Temperature,
    Time,
    TimePoint,
    Voltage,
)
from joulestack.case.table_choice import SignedChoice
from joulestack.case.unions import by_marker, has, is_table

DRIVES = ("current", "current_density", "specific_current", "c_rate", "voltage")
_LISTS = ("table", "steps", "protocol")


class Drive(Section):
    """One of current, current density, C-rate or voltage."""

    current: Current | None = Field(None, description="of the whole cell")
    current_density: CurrentDensity | None = Field(None, description="per face area of the layers")
    specific_current: SpecificCurrent | None = Field(
        None, description="per mass of active material, of the positive electrode: 20 mA/g"
    )
    c_rate: CRate | None = Field(None, description='multiples of capacity per hour: 0.5, "C/2"')
    voltage: Voltage | None = Field(None, description="between the terminals")

    @property
    def drives(self) -> list[str]:
        """Names of the drives that are given."""
        return [name for name in DRIVES if getattr(self, name) is not None]


class LoadStep(Drive):
    """One step of a load: a drive or a rest, held for a duration."""

    rest: bool = Field(False, description="no current")
    duration: Time = Field(description="length of the step")


class LoadTable(SignedChoice):
    """Current in time, linear between the points; a repeated time is a jump."""

    csv: str | None = Field(None, description="file with columns time [s], current [A]")
    time: tuple[TimePoint, ...] | None = Field(None, description="times")
    current: tuple[Current, ...] | None = Field(None, description="currents at these times")


_ANY_CASE = "|".join(
    "".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in verb) for verb in (*VERBS, "cc-?cv")
)
Sentence = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*({_ANY_CASE})\s+\S",
            "examples": ["Discharge at C/3 for 2 hours or until 2.5 V", "Rest for 10 minutes"],
        }
    ),
]
CoolingCoefficient = Annotated[float, Quantity("W/(m^2 K)", least=0.0)]


Tags = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
]


class ProtocolStep(SignedChoice):
    """A sentence with what surrounds the cell while it lasts, and what to know of its file."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "duration": 'it stands in the sentence: "Discharge at 1C for 1 h"',
        "termination": 'it stands in the sentence: "Discharge at 1C until 2.5 V or until 45 degC"',
        "direction": 'the verb gives it; of a limit "<" or ">": "until <2.5 V"',
        "value": 'it stands in the sentence: "Discharge at 20 mA for 1 h"',
        "temperature": 'ambient = "25 degC" is the temperature around the cell',
        "period": "outputs.every says when states are written",
        "start_time": 'steps follow one another; a rest between them waits: "Rest for 2 h"',
        "skip_ok": "remove it: a step whose limit is reached before it begins is passed over",
        "description": "tags name a step",
        "tag": 'tags = ["formation"]',
    }

    step: Sentence = Field(description="the sentence; see docs/protocols.md")
    stack_pressure: Pressure | None = Field(None, description="held in this step")
    ambient: Temperature | None = Field(None, description="around all thermal faces in this step")
    cooling: dict[str, CoolingCoefficient] | None = Field(
        None, description="face -> heat transfer coefficient in this step"
    )
    heat_flux: dict[str, HeatFlux] | None = Field(
        None, description="face -> heat flux into the cell in this step"
    )
    tags: Tags = Field((), description="names of yours for the step, in its results")


class ProtocolGroup(Section):
    """Steps gone through several times; groups may stand in groups."""

    repeat: int = Field(ge=1, le=1000, description="how often")
    steps: tuple[ProtocolEntry, ...] = Field(min_length=1, description="sentences, steps, groups")


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return "<sentence>"
    if is_table(value):
        return "<group>" if has(value, "steps") or has(value, "repeat") else "<step>"
    return None


ProtocolEntry = Annotated[
    Annotated[Sentence, Tag("<sentence>")]
    | Annotated[ProtocolStep, Tag("<step>")]
    | Annotated[ProtocolGroup, Tag("<group>")],
    by_marker(
        _form,
        'write a sentence such as "Rest for 10 minutes", { step = "..." } or '
        "{ repeat = 3, steps = [...] }",
    ),
]

ProtocolGroup.model_rebuild()


class Load(Drive):
    """What drives the cell: a protocol, one drive, a table in time, or steps."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "power": 'protocol = ["Discharge at 200 mW for 1 h"]',
        "resistance": 'protocol = ["Discharge at 4 Ohm for 1 h"]',
        "termination": 'time.stop = { voltage_below = "2.5 V" } ends the run',
        "temperature": "thermal.faces say the temperature around the cell, a step its ambient",
        "period": "outputs.every says when states are written",
    }

    table: LoadTable | None = Field(None, description="current in time")
    steps: tuple[LoadStep, ...] | None = Field(None, min_length=1, description="one after another")
    protocol: tuple[ProtocolEntry, ...] | None = Field(
        None, min_length=1, description="sentences, one after another; see docs/protocols.md"
    )
    repeat: int = Field(
        1, ge=1, le=1000, description="how often steps or protocol are gone through"
    )

    measured: Measured | None = Field(
        None, description="what the same cell gave in a laboratory, held against the run"
    )

    @property
    def all_steps(self) -> tuple[LoadStep, ...]:
        """Every step in order, repeats included."""
        return (self.steps or ()) * self.repeat

    @property
    def bounded(self) -> bool:
        """Whether the load itself says when it ends."""
        return self.steps is not None or self.table is not None or self.protocol is not None

    @property
    def choices(self) -> list[str]:
        """Names of the ways of driving that are given."""
        return [*self.drives, *(n for n in _LISTS if getattr(self, n) is not None)]
