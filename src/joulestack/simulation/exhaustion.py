"""When a cell cannot carry its current: particles empty or full, no contact or voltage left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack.discretisation.fields import Block
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.solver.stepper import Stop

MARGIN = 1e-2
"""How far the surface may go beyond empty or full [-]: the exchange current vanishes there, so a
particle that is full takes next to nothing while others can."""

STRIPPED = 1e-9
"""Thickness of lithium [m] beyond the last by which a metal electrode counts as stripped bare: 0.2
uAh/cm2, so that one that starts bare may begin to be plated."""

LOWEST, HIGHEST = 0.0, 6.0
"""Terminal voltages [V] beyond which a cell with particles is taken to be at its ohmic limit."""


def exhaustion_stops(model: Model, observer: Observer) -> list[Stop]:
    """Stops that say which layer cannot go on and why."""
    found: list[Stop] = []
    comm = model.domain.comm
    for group in model.context.regions:
        if not group.particles:  # also of active material that no current reaches
            continue
        layers = ", ".join(dict.fromkeys(r.layer for r in group.regions))
        for block, particles in zip(group.particles, group.medium.particles or (), strict=True):
            for word, sign, limit in (("full", 1.0, 1 + MARGIN), ("empty", -1.0, MARGIN)):
                found.append(
                    Stop(
                        f"the cell cannot carry the current: the surface of the {particles.name} "
                        f"particles in {layers} is {word}",
                        _margin(block, sign, limit, comm),
                        1e-5,
                    )
                )
    if found:
        used = "the cell cannot carry the current: its voltage is used up (ohmic limit)"
        above = f"the voltage needed for this current is above {HIGHEST:g} V (ohmic limit)"
        found += _voltage(observer, used, lambda: observer.voltage() - LOWEST)
        found += _voltage(observer, above, lambda: HIGHEST - observer.voltage())
    elif observer.contacts:
        found += _voltage(observer, "", lambda: HIGHEST - abs(observer.voltage()))
    return found


def _voltage(observer: Observer, name: str, distance: Callable[[], float]) -> list[Stop]:
    """Stops at one voltage: voids are named where they have taken a contact.

    Args:
        observer: knows the voids.
        name: what is said without; "" if that is no reason to stop.
        distance: to the voltage.
    """
    found = [Stop(name, distance, 1e-4)] if name else []
    if not observer.contacts:
        return found
    voided = (
        "the cell cannot carry the current: voids have taken more than half of the contact of "
        f"{' or '.join(observer.contacts)}, and the voltage is used up"
    )

    def unless(hollow: bool) -> Callable[[], float]:
        return lambda: np.inf if observer.hollow() is hollow else distance()

    plain = [replace(stop, distance=unless(True)) for stop in found]
    return [*plain, Stop(voided, unless(False), 1e-4)]


def stripped_stop(model: Model) -> Stop | None:
    """Stop where no lithium is left on the metal electrode, somewhere on its face.

    None where it is not known how much there is.
    """
    clamp = model.pressure.clamp
    if clamp is None or not clamp.breathing.clamping.stock:
        return None
    (layer,) = clamp.breathing.clamping.stock
    where = "" if clamp.face is None else " somewhere on the face"
    return Stop(
        f"no lithium is left on {layer}{where}", lambda: clamp.left + STRIPPED, 0.1 * STRIPPED
    )


def _margin(block: Block, sign: float, limit: float, comm: Any) -> Callable[[], float]:
    modes = block.size - 1

    def distance() -> float:
        owned = block.value.x.array[: block.owned].reshape(block.nodes, block.size)
        surface = sign * owned[:, :modes].sum(axis=1)
        largest = float(surface.max(initial=-np.inf))
        return limit - float(comm.allreduce(largest, op=MPI.MAX))

    return distance
