"""Which layer is which electrode, and what a discharge does to its particles."""

from __future__ import annotations

from collections.abc import Mapping

from joulestack.case.interfaces.contacts import is_metal_electrode
from joulestack.case.layers.recipes import capacities
from joulestack.case.root import CaseFile
from joulestack.laws.medium import Medium
from joulestack.laws.particles import Particles


def signs(case: CaseFile, media: Mapping[str, Medium]) -> dict[str, float]:
    """Electrode -> +1 where a discharge takes current from solid to electrolyte, -1 elsewhere."""
    names = [
        la.name
        for la in case.cell.layers
        if media[la.name].charge_transfer is not None or is_metal_electrode(media[la.name])
    ]
    return {name: -1.0 if name == names[-1] and len(names) > 1 else 1.0 for name in names}


def drained(particles: Particles, sign: float) -> bool:
    """Whether a discharge of the cell takes particles to their discharged end.

    It brings lithium into the positive electrode (sign -1) and out of the negative one. Graphite on
    the positive side of a cell with lithium metal is charged by that.
    """
    charged, discharged = particles.window
    return (discharged - charged) * sign < 0


def falling(case: CaseFile, media: Mapping[str, Medium]) -> float | None:
    """1 where a discharge lowers the state of charge of the electrode that holds least, else -1.

    None where no particles tell a state of charge.
    """
    held = capacities(case, media)
    known = [name for name in held if media[name].particles]
    if not known:
        return None
    least = min(known, key=lambda name: held[name])
    particles = (media[least].particles or ())[0]
    return 1.0 if drained(particles, signs(case, media)[least]) else -1.0


def counter_potential(case: CaseFile, media: Mapping[str, Medium]) -> float | None:
    """Potential of the negative electrode against Li/Li+ at 25 degC [V], if it is a metal's.

    None of a composite, whose potential moves with its lithium.
    """
    for layer in case.cell.layers:
        medium = media[layer.name]
        if medium.charge_transfer is not None:
            return None
        if is_metal_electrode(medium):
            return medium.electrode_potential
    return None
