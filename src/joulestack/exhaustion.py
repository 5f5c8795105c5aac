"""When a cell cannot carry its current: particles empty or full, or no voltage left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack.fields import Block
from joulestack.model import Model
from joulestack.observe import Observer
from joulestack.solver.timestep import Stop

MARGIN = 1e-2
"""How far the surface may go beyond empty or full [-]: the exchange current vanishes there, so a
particle that is full takes next to nothing while others can."""

LOWEST, HIGHEST = 0.0, 6.0
"""Terminal voltages [V] beyond which a cell with particles is taken to be at its ohmic limit."""


def exhaustion_stops(model: Model, observer: Observer) -> list[Stop]:
    """Stops that say which layer cannot go on and why."""
    found: list[Stop] = []
    comm = model.domain.comm
    for group in model.context.regions:
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
        found.append(
            Stop(
                "the cell cannot carry the current: its voltage is used up (ohmic limit)",
                lambda: observer.voltage() - LOWEST,
                1e-4,
            )
        )
        found.append(
            Stop(
                f"the voltage needed for this current is above {HIGHEST:g} V (ohmic limit)",
                lambda: HIGHEST - observer.voltage(),
                1e-4,
            )
        )
    return found


def _margin(block: Block, sign: float, limit: float, comm: Any) -> Callable[[], float]:
    modes = block.size - 1

    def distance() -> float:
        owned = block.value.x.array[: block.owned].reshape(block.nodes, block.size)
        surface = sign * owned[:, :modes].sum(axis=1)
        largest = float(surface.max(initial=-np.inf))
        return limit - float(comm.allreduce(largest, op=MPI.MAX))

    return distance
