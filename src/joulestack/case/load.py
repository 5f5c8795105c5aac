"""[load]: current or voltage at the terminals. Discharge is positive."""

from __future__ import annotations

from pydantic import Field

from joulestack.case.quantities import (
    CRate,
    Current,
    CurrentDensity,
    Section,
    Time,
    TimePoint,
    Voltage,
)

DRIVES = ("current", "current_density", "c_rate", "voltage")


class Drive(Section):
    """One of current, current density, C-rate or voltage."""

    current: Current | None = Field(None, description="of the whole cell")
    current_density: CurrentDensity | None = Field(None, description="per face area of the layers")
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


class LoadTable(Section):
    """Current in time, linear between the points; a repeated time is a jump."""

    csv: str | None = Field(None, description="CSV file with columns time [s], current [A]")
    time: tuple[TimePoint, ...] | None = Field(None, description="times")
    current: tuple[Current, ...] | None = Field(None, description="currents at these times")


class Load(Drive):
    """What drives the cell: one drive, a table in time, or steps."""

    table: LoadTable | None = Field(None, description="current in time")
    steps: tuple[LoadStep, ...] | None = Field(None, min_length=1, description="one after another")
    repeat: int = Field(1, ge=1, le=1000, description="how often the steps are gone through")

    @property
    def all_steps(self) -> tuple[LoadStep, ...]:
        """Every step in order, repeats included."""
        return (self.steps or ()) * self.repeat

    @property
    def choices(self) -> list[str]:
        """Names of the ways of driving that are given."""
        return [*self.drives, *(n for n in ("table", "steps") if getattr(self, n) is not None)]
