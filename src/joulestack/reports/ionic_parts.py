"""What pressing, cracks, the stack and electrodes do to an ionic conductivity, part by part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from joulestack.fabrication.layers import AnyMedium
from joulestack.laws.state import State

ELECTRODES = "electrodes held by the stack"


def lines(medium: AnyMedium, state: State) -> list[tuple[str, str]]:
    """Part and value in words; empty where a medium has no law of its parts.

    Args:
        medium: fabricated.
        state: of floats.
    """
    find = getattr(medium, "ionic_parts", None)
    parts: Mapping[str, Any] = find(state) if find else {}
    if not parts:
        return []
    numbers = {name: float(value) for name, value in parts.items()}
    found = [("solid, dense", f"{10 * numbers['solid']:.4g} mS/cm")]
    found += [(f"x {name}", f"{value:.4g}") for name, value in numbers.items() if name != "solid"]
    if numbers[ELECTRODES] != 1:
        own = math.prod(value for name, value in numbers.items() if name != ELECTRODES)
        found.append(("= in a cell, without those electrodes", f"{10 * own:.4g} mS/cm"))
    return [*found, ("= sigma ionic", f"{10 * math.prod(numbers.values()):.4g} mS/cm")]
