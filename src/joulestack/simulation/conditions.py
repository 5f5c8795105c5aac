"""What acts on the faces of a setup, as the clock and the steps of a protocol change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from joulestack.declarations import TEMPERATURE
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError, Problem
from joulestack.in_time import InTime, TimeFunction, as_function
from joulestack.physics.base import Held, Physics
from joulestack.physics.heat import FluxCondition
from joulestack.physics.operation import Surroundings
from joulestack.simulation.clock import Clock
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.solver.prescribed import Prescribed

Around = Callable[[], Surroundings]
"""What surrounds the cell now."""


def fluxes(
    setup: Setup,
    around: Around,
    clocked: Callable[[TimeFunction], Any],
) -> dict[str, list[FluxCondition]]:
    """Heat that leaves through faces, by face; those at a given temperature are left out.

    Args:
        setup: with the faces.
        around: what a step of a protocol puts in place of the setup's own.
        clocked: function of time -> constant that follows it.
    """
    found = {
        face: [_flux(face, c, around, clocked) for c in entries if c.temperature is None]
        for face, entries in setup.faces.items()
    }
    return {face: entries for face, entries in found.items() if entries}


def _flux(
    face: str,
    condition: FaceCondition,
    around: Around,
    clocked: Callable[[TimeFunction], Any],
) -> FluxCondition:
    def follow(given: InTime | None, now: Callable[[], float | None] = lambda: None) -> Any:
        """Constant that is what a step of a protocol says, or else what the setup does."""
        if given is None:
            return None
        function = as_function(given)

        def value(t: float) -> float:
            replaced = now()
            return function(t) if replaced is None else replaced

        return clocked(value)

    return FluxCondition(
        coefficient=follow(condition.coefficient, lambda: around().cooling.get(face)),
        emissivity=follow(condition.emissivity),
        ambient=follow(condition.ambient, lambda: around().ambient),
        inflow=follow(condition.inflow, lambda: around().heat_flux.get(face)),
    )


def temperatures(setup: Setup, around: Around) -> Iterator[Held]:
    """Faces at a given temperature, as rises above the start [K].

    Args:
        setup, around: as in `fluxes`.
    """
    for face, entries in setup.faces.items():
        for condition in entries:
            if condition.temperature is not None:
                rise = partial(_rise, as_function(condition.temperature), setup, around)
                yield Held(face, TEMPERATURE.key, rise)


def _rise(given: TimeFunction, setup: Setup, around: Around, t: float) -> float:
    replaced = around().ambient
    return (given(t) if replaced is None else replaced) - setup.start_temperature


def _now(function: Callable[[float], Any], clock: Clock) -> Any:
    return function(clock.time)


def prescribed(
    setup: Setup,
    domain: Domain,
    fields: Mapping[str, Field],
    processes: Sequence[Physics],
    clock: Clock,
) -> list[Prescribed]:
    """What processes hold on faces, in their order; time steps land on the tables among it.

    Raises:
        CaseError: there is no such face or field, or a value is none in time.
    """
    found = []
    for held in (h for process in processes for h in process.held(setup, tuple(fields))):
        where = f"the value held of {held.key!r} on {held.face!r}"
        for known, name, what in (
            (fields, held.key, "field"),
            (domain.tagged.faces, held.face, "face"),
        ):
            if name not in known:
                there = ", ".join(map(repr, known))
                raise CaseError(Problem(where, f"there is no {what} {name!r}", f"take {there}"))
        value = as_function(held.value, where)
        clock.mind(held.value)
        for block in fields[held.key].blocks:
            dofs = block.facet_dofs(domain.face_facets(held.face))
            if held.component is not None:
                dofs = dofs[np.remainder(dofs, block.size) == held.component]
            found.append(
                Prescribed(
                    held.name or held.face,
                    block,
                    dofs,
                    partial(_now, value, clock),
                    partial(_now, held.active, clock),
                )
            )
    return found
