"""What acts on the faces of a setup, as the clock and the steps of a protocol change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError, Problem
from joulestack.physics.base import Physics
from joulestack.physics.heat import FluxCondition
from joulestack.simulation.setup import Drive, FaceCondition, Setup, Surroundings, TimeFunction
from joulestack.solver.prescribed import Prescribed

Around = Callable[[], Surroundings]
"""What surrounds the cell now."""


def fluxes(
    setup: Setup,
    around: Around,
    clocked: Callable[[TimeFunction], Any],
    wrap: Callable[[float], Any],
) -> dict[str, list[FluxCondition]]:
    """Heat that leaves through faces, by face; those at a given temperature are left out.

    Args:
        setup: with the faces.
        around: what a step of a protocol puts in place of the setup's own.
        clocked: function of time -> constant that follows it.
        wrap: number -> constant.
    """
    found = {
        face: [_flux(face, c, around, clocked, wrap) for c in entries if c.temperature is None]
        for face, entries in setup.faces.items()
    }
    return {face: entries for face, entries in found.items() if entries}


def _flux(
    face: str,
    condition: FaceCondition,
    around: Around,
    clocked: Callable[[TimeFunction], Any],
    wrap: Callable[[float], Any],
) -> FluxCondition:
    coefficient, ambient, inflow = condition.coefficient, condition.ambient, condition.inflow
    return FluxCondition(
        coefficient=None
        if coefficient is None
        else clocked(lambda t: around().cooling.get(face, coefficient)),
        emissivity=None if condition.emissivity is None else wrap(condition.emissivity),
        ambient=None if ambient is None else clocked(lambda t: _ambient(ambient, around, t)),
        inflow=None
        if inflow is None
        else clocked(lambda t: around().heat_flux.get(face, inflow(t))),
    )


def _ambient(given: TimeFunction, around: Around, t: float) -> float:
    ambient = around().ambient
    return given(t) if ambient is None else ambient


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
                rise = lambda f=fixed: _ambient(f, around, now()) - setup.start_temperature  # noqa: E731
                found.append(Prescribed(face, block, dofs, rise))
    if setup.drive is None:
        return found

    def held() -> float | None:
        given = drive()
        return None if given is None else given.voltage(now())

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
