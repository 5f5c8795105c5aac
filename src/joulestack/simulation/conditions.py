"""What acts on the faces of a setup, as the clock and the steps of a protocol change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError, Problem
from joulestack.in_time import InTime, TimeFunction, as_function
from joulestack.physics.base import Physics
from joulestack.physics.heat import FluxCondition
from joulestack.simulation.setup import Drive, FaceCondition, Setup, Surroundings
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


def _rise(given: InTime, setup: Setup, around: Around, now: Callable[[], float]) -> float:
    replaced = around().ambient
    held = as_function(given)(now()) if replaced is None else replaced
    return held - setup.start_temperature


def prescribed(
    setup: Setup,
    domain: Domain,
    fields: Mapping[str, Field],
    around: Around,
    drive: Callable[[], Drive | None],
    now: Callable[[], float],
) -> list[Prescribed]:
    """Temperatures of faces as rises above the start [K], potentials of terminals [V].

    Args:
        setup, domain, fields: of the model.
        around: as in `fluxes`.
        drive: load now; its voltage is held where it has one.
        now: time [s].
    """
    found = []
    for face, entries in setup.faces.items():
        for condition in entries:
            if condition.temperature is None:
                continue
            fixed = condition.temperature
            for block in fields["T"].blocks:
                dofs = block.facet_dofs(domain.face_facets(face))
                rise = lambda f=fixed: _rise(f, setup, around, now)  # noqa: E731
                found.append(Prescribed(face, block, dofs, rise))
    if setup.drive is None:
        return found

    def held() -> float | None:
        given = drive()
        return None if given is None else given.at("voltage", now())

    for block in fields["phi_s"].blocks:
        dofs = block.facet_dofs(domain.face_facets(setup.drive.negative))
        found.append(Prescribed("negative terminal", block, dofs, lambda: 0.0))
        dofs = block.facet_dofs(domain.face_facets(setup.drive.positive))
        found.append(
            Prescribed(
                "positive terminal",
                block,
                dofs,
                lambda: held() or 0.0,
                lambda: held() is not None,
            )
        )
    return found


def held(
    setup: Setup,
    domain: Domain,
    fields: Mapping[str, Field],
    processes: Sequence[Physics],
    now: Callable[[], float],
) -> list[Prescribed]:
    """What processes hold on faces.

    Raises:
        CaseError: there is no such face or field.
    """
    found = []
    for held in (h for process in processes for h in process.held(setup, tuple(fields))):
        for known, name, what in (
            (fields, held.key, "field"),
            (domain.tagged.faces, held.face, "face"),
        ):
            if name not in known:
                where = f"the value held of {held.key!r} on {held.face!r}"
                there = ", ".join(map(repr, known))
                raise CaseError(Problem(where, f"there is no {what} {name!r}", f"take {there}"))
        for block in fields[held.key].blocks:
            dofs = block.facet_dofs(domain.face_facets(held.face))
            if held.component is not None:
                dofs = dofs[np.remainder(dofs, block.size) == held.component]
            value = lambda f=held.value: float(f(now()))  # noqa: E731
            found.append(Prescribed(held.face, block, dofs, value))
    return found
