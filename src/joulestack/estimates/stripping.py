"""Where a case strips and plates metal, and how strongly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from joulestack.case import Case
from joulestack.case.interfaces.contacts import is_metal_electrode
from joulestack.case.interfaces.stripping import stripped_by
from joulestack.laws.medium import Medium


def pairs(case: Case, media: dict[str, Medium]) -> Iterator[tuple[str, str, int]]:
    """Metal electrodes on electrolytes; +1 where a discharge strips, -1 where it plates."""
    for a, b in case.touching:
        for electrode, other in ((a, b), (b, a)):
            way = stripped_by(case.file, electrode, other)
            if way is None:
                continue
            if is_metal_electrode(media[electrode]) and media[other].conducts_ions:
                yield electrode, other, way


def extremes(case: Case, sign: int, density: float, ratio: float) -> tuple[float, float]:
    """Largest current densities of stripping and of plating [A/m2], both positive.

    Args:
        case: a valid case.
        sign: of the pair, as in `pairs`.
        density: current density at the start [A/m2], where the load prescribes a voltage, a
            power or a resistance.
        ratio: area of the pair over the face area, of the geometry's `area_ratio`.
    """
    values = [0.0]
    for step in case.protocol.steps:
        if step.mode in ("voltage", "power", "resistance"):
            values.append(density)
        elif step.mode == "current":
            values += [v / case.electrode_area for v in step.value.values]
    stripped = [sign * v / ratio for v in values if np.isfinite(v)]
    return max(stripped), max(-v for v in stripped)


def temperature_range(case: Case) -> tuple[float, float]:
    """Lowest and highest temperature that a case gives at its start and around its steps [K].

    What its own heat adds is told by the run.
    """
    steps = (s.ambient for s in case.protocol.steps if s.ambient is not None)
    found = (case.start_temperature, *steps)
    return min(found), max(found)


def written(density: float) -> str:
    """A current density [A/m2] for people."""
    return f"{0.1 * density:.3g} mA/cm^2"
