"""Capacities of steps, computed and measured: for the summary, in a line each, read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from joulestack.constants import MILLIAMPERE_HOUR

MILLIAMPERE_HOUR_PER_GRAM = 1e3 * MILLIAMPERE_HOUR
"""[C/kg]"""


def table(
    measured: Mapping[int, float],
    steps: Sequence[Mapping[str, Any]],
    active_mass: float | None = None,
    source: str = "",
) -> dict[str, Any]:
    """As summary.json has it; {} if nothing was measured.

    Args:
        measured: step -> capacity without sign [C].
        steps: `protocol` of a summary; of a step that is repeated the first pass counts.
        active_mass: that mAh/g count [kg]; None: they are left out.
        source: where the measured ones were read.

    Returns:
        `source`, and `steps`: of each step that was reached `step`, `text`, `measured_mAh`,
        `computed_mAh`, `ratio` (computed over measured), and both per gram of active material.
    """
    first: dict[int, Mapping[str, Any]] = {}
    for outcome in steps:
        first.setdefault(outcome["step"], outcome)
    rows = []
    for number, charge in measured.items():
        if number not in first:
            continue
        computed = abs(first[number]["charge_mAh"])
        row = {
            "step": number,
            "text": first[number]["text"],
            "measured_mAh": charge / MILLIAMPERE_HOUR,
            "computed_mAh": computed,
            "ratio": computed * MILLIAMPERE_HOUR / charge,
        }
        if active_mass is not None:
            per_gram = active_mass * MILLIAMPERE_HOUR_PER_GRAM
            row["measured_mAh_per_g"] = charge / per_gram
            row["computed_mAh_per_g"] = computed * MILLIAMPERE_HOUR / per_gram
        rows.append(row)
    return {"source": source, "steps": rows} if rows else {}


def lines(table: Mapping[str, Any]) -> Iterator[str]:
    """A line for each step."""
    source = f" ({table['source']})" if table.get("source") else ""
    for row in table.get("steps", ()):
        unit = "mAh/g" if "measured_mAh_per_g" in row else "mAh"
        tail = "_mAh_per_g" if unit == "mAh/g" else "_mAh"
        measured, computed = row["measured" + tail], row["computed" + tail]
        yield (
            f"{row['text']}: {computed:.3g} {unit}, measured {measured:.3g}{source}: "
            f"{100 * (row['ratio'] - 1):+.0f} %"
        )
        source = ""
