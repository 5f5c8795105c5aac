"""Columns of a time series that tell of the unit cells of a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from joulestack.outputs.grid import Floats

CURRENT, TEMPERATURE = "current [A]", "temperature [K]"
"""Quantities of a unit cell; the temperature is the mean over its volume."""
SPREAD: dict[str, Callable[[Sequence[float]], float]] = {"min": min, "mean": fmean, "max": max}
"""What is said of all unit cells together."""


def of_cell(number: int, quantity: str) -> str:
    """Column of a unit cell, counted from 1 at the bottom."""
    return f"Unit cell {number} {quantity}"


def of_all(which: str, quantity: str) -> str:
    """Column of the least, the mean or the largest over the unit cells."""
    name, _, unit = quantity.partition(" [")
    return f"Unit cells {name} {which} [{unit}"


def columns(table: Mapping[str, Floats], quantity: str) -> list[Floats]:
    """What a time series has of each unit cell, from the bottom; nothing of a single one."""
    found: list[Floats] = []
    while (name := of_cell(len(found) + 1, quantity)) in table:
        found.append(table[name])
    return found
