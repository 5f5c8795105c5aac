"""What each step of a protocol came to: recorded in a run, in its summary, read back, printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joulestack import _html
from joulestack._needs import needed

_KEYS = {
    "step": "step",
    "cycle": "cycle",
    "text": "text",
    "start": "start_s",
    "end": "end_s",
    "ended_by": "ended_by",
    "charge": "charge_mAh",
    "energy": "energy_Wh",
    "voltage": "voltage_V",
    "late": "late_s",
    "tags": "tags",
}
"""Attribute -> key in summary.json."""


_HEAD = ("step", "cycle", "", "start s", "end s", "mAh", "Wh", "end V", "ended by")


@dataclass(frozen=True)
class StepOutcome:
    """What a step of the protocol came to.

    Attributes:
        step, cycle: numbers from 1; every pass of a repeated list is a cycle.
        text: the sentence.
        start, end: [s].
        ended_by: the limit that was met, "duration", or what stopped the run.
        charge: given by the cell [mAh]; discharge positive.
        energy: given by the cell [Wh].
        voltage: at the end [V]; nan where it was not measured.
        late: how much later it ends in truth, for what the time steps erred by [s].
        tags: the user's names for the step.
    """

    step: int
    cycle: int
    text: str
    start: float
    end: float
    ended_by: str
    charge: float
    energy: float
    voltage: float
    late: float = 0.0
    tags: tuple[str, ...] = ()

    def table(self) -> dict[str, Any]:
        """As summary.json has it."""
        return {key: getattr(self, name) for name, key in _KEYS.items()}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> StepOutcome:
        """Read an entry of summary.json back; it has null for nan."""
        values = {name: table[key] for name, key in _KEYS.items() if key in table}
        voltage, tags = values["voltage"], tuple(values.get("tags", ()))
        return cls(**values | {"voltage": math.nan if voltage is None else voltage, "tags": tags})


class StepOutcomes(tuple[StepOutcome, ...]):
    """Steps in order; printed as a table."""

    def to_dataframe(self) -> Any:
        """As a pandas DataFrame, a row for each step, with the keys of summary.json.

        Raises:
            EnvironmentMissing: pandas is not installed.
        """
        with needed():
            import pandas

        return pandas.DataFrame([s.table() for s in self], columns=list(_KEYS.values()))

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                str(s.step), str(s.cycle), s.text, f"{s.start:.6g}", f"{s.end:.6g}",
                f"{s.charge:.4f}", f"{s.energy:.5f}", f"{s.voltage:.4f}", s.ended_by,
            )
            for s in self
        ]  # fmt: skip

    def _repr_html_(self) -> str:
        return _html.table(_HEAD, self._rows())

    def __str__(self) -> str:
        """One line for each step."""
        rows = self._rows()
        width = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
        lines = []
        for row in (_HEAD, *rows):
            cells = [
                text.ljust(w) if i in (2, 8) else text.rjust(w)
                for i, (text, w) in enumerate(zip(row, width, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)
