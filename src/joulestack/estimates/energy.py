"""Energy of a cell over its mass and volume: what it holds, and what a run has discharged."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joulestack.case import Case
from joulestack.case.layers.roles import signs
from joulestack.case.stack.stack import layers as stack_layers
from joulestack.estimates.evaluate import mass
from joulestack.estimates.figures import NAN, Figures
from joulestack.laws.state import State

WATT_HOUR = 3600.0
"""One in J."""


@dataclass(frozen=True)
class Body:
    """A part of the cell that energy is counted over.

    Attributes:
        mass: [kg]; nan if a density is not known.
        volume: [m3]; nan if it is not known.
    """

    mass: float
    volume: float

    def specific(self, energy: float) -> dict[str, float]:
        """Mass [g], volume [cm3], and an energy [J] over them [Wh/kg, Wh/L]."""
        held = energy / WATT_HOUR
        return {
            "mass_g": self.mass * 1e3,
            "volume_cm3": self.volume * 1e6,
            "Wh_per_kg": held / self.mass if self.mass > 0 else NAN,
            "Wh_per_L": held / (self.volume * 1e3) if self.volume > 0 else NAN,
        }


def bodies(case: Case) -> dict[str, Body]:
    """What energy is counted over, from the least to the most.

    "electrodes": from the negative to the positive electrode, without collectors. "layers": every
    layer of the case but no die: collectors, and plungers and plates that stand among the layers.
    "fixture": these and `cell.fixture_mass`, where that is given; its volume is not known.
    """
    media = case.media()
    state = State(T=case.start_temperature, p=case.stack_pressure.value(0.0))
    inside = list(signs(case.file, media))
    names = [la.name for la in case.cell.layers]
    held: dict[str, Body] = {}
    for layer in stack_layers(case.cell):
        thick = case.geometry.equivalent_thickness(layer.name, layer.thickness or NAN)
        volume = thick * case.area * (case.cell.unit_cells if layer.name in names else 1)
        density = mass(media[layer.name], 1.0, state)
        held[layer.name] = Body(density * volume, volume)
    found = {}
    if len(inside) > 1:
        between = names[names.index(inside[0]) : names.index(inside[-1]) + 1]
        found["electrodes"] = _together(held[name] for name in between)
    found["layers"] = _together(held.values())
    if case.cell.fixture_mass is not None:
        found["fixture"] = Body(found["layers"].mass + case.cell.fixture_mass, NAN)
    return found


def _together(parts: Iterable[Body]) -> Body:
    known = list(parts)
    return Body(sum(p.mass for p in known), sum(p.volume for p in known))


def theoretical(figures: Figures) -> float:
    """Energy between the ends of the windows without any loss, at 25 degC [J]; nan if not known."""
    usable = [e.usable for e in figures.electrodes]
    voltage = figures.mean_voltage
    if math.isnan(voltage):
        voltage = figures.open_circuit_voltage
    return min(usable, default=NAN) * voltage


def of_run(case: Case, steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Largest energy that one discharge of a run gave, over mass and volume; {} if there is none.

    Args:
        case: that was run.
        steps: `protocol` of its summary.
    """
    given = max((s.get("energy_Wh") or 0.0 for s in steps), default=0.0)
    if given <= 0:
        return {}
    over = {name: body.specific(given * WATT_HOUR) for name, body in bodies(case).items()}
    return {"largest_discharge_Wh": given, "over": over}


def said(over: Mapping[str, Mapping[str, float]]) -> str:
    """Specific energies in a line; "" where none is known."""
    words = {
        "electrodes": "from electrode to electrode",
        "layers": "of all layers",
        "fixture": "with the fixture",
    }
    parts = []
    for name, row in over.items():
        shown = [f"{row[key]:.3g} {unit}" for key, unit in
                 (("Wh_per_kg", "Wh/kg"), ("Wh_per_L", "Wh/L")) if row[key] > 0]  # fmt: skip
        if shown:
            parts.append(f"{' and '.join(shown)} {words[name]}")
    return "; ".join(parts)
