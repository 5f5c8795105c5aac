"""Checks of the load and of the thermal conditions."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.load import drives, thermal
from joulestack.case.load.load import DRIVES, LoadStep
from joulestack.case.messages import one_of
from joulestack.case.protocol.checks import sentences_read
from joulestack.case.quantities import Section
from joulestack.case.time_tables import IN_VAIN, varies
from joulestack.errors import Problem

_ONE = f"one of {', '.join(DRIVES)}, table, steps, protocol"


def load_complete(look: CheckContext) -> Iterator[Problem]:
    """Exactly one way of driving the cell, complete, with terminals to drive it at."""
    load, cell = look.case.load, look.case.cell
    if load is None:
        if cell.terminals is not None:
            why = "has no effect without a load"
            yield look.problem(("cell", "terminals"), why, "remove it or add [load]")
        return
    if "stack_pressure" not in cell.model_fields_set:
        yield look.problem(
            ("cell", "stack_pressure"),
            "is missing, and pressed cells hardly conduct without",
            'stack_pressure = "50 MPa"; "0 MPa" if you mean none',
        )
    if len(load.choices) != 1:
        found = " and ".join(load.choices) or "nothing"
        yield look.problem(("load",), f"is driven by {found}", f"give exactly {_ONE}")
        return
    if load.steps is None and load.protocol is None:
        why = "without steps or protocol"
        yield from look.without_effect(load, ("load",), ("repeat",), why)
    yield from sentences_read(look, load)
    for i, step in enumerate(load.steps or ()):
        yield from _step(look, i, step)
    if load.table is not None:
        try:
            drives.load_table(load.table, look.folder)
        except ValueError as error:
            yield look.split(("load", "table"), str(error))
    density = load.current_density is not None or any(
        s.current_density is not None for s in load.steps or ()
    )
    if density and look.geometry.face_area is None:
        yield look.problem(
            ("cell", "area"), "is missing", "a current density needs the area of the face"
        )
    if look.geometry.terminals is None:
        yield look.problem(
            ("cell", "terminals"),
            "is missing",
            'name the faces that carry the current: {negative = "...", positive = "..."}',
        )


def _step(look: CheckContext, i: int, step: LoadStep) -> Iterator[Problem]:
    found = [*step.drives, *(["rest"] if step.rest else [])]
    if len(found) != 1:
        yield look.problem(
            ("load", "steps", i),
            f"is driven by {' and '.join(found) or 'nothing'}",
            f"give exactly one of {', '.join(DRIVES)}, rest = true",
        )


def load_duration(look: CheckContext) -> Iterator[Problem]:
    """A load that ends lasts as long as the run; a steady run has a constant load."""
    load, time = look.case.load, look.case.time
    if load is None or not load.bounded:
        return
    if time.steady:
        (key,) = load.choices
        yield look.problem(
            ("load", key), "has no effect in a steady run", "give a constant current or voltage"
        )
        return
    if load.protocol is not None:
        return
    if load.table is not None:
        end = drives.load_table(load.table, look.folder)[0][-1]
    else:
        end = sum(step.duration for step in load.all_steps)
    if time.end is not None and time.end > end * (1 + 1e-9):
        yield look.problem(
            ("time", "end"),
            f"is {time.end:g} s, but the load ends at {end:g} s",
            "shorten the run, or add a rest step (in a table: a last point) to the load",
        )


def thermal_faces(look: CheckContext) -> Iterator[Problem]:
    """Faces exist, conditions go together, and a steady temperature is fixed by some face."""
    case = look.case
    known = look.geometry.face_names
    fixes = False
    for face, entry in case.thermal.faces.items():
        loc = ("thermal", "faces", face)
        if known and face not in known:
            yield look.problem(
                loc, f'a {case.cell.geometry} has no face "{face}"', one_of(face, known)
            )
        found = drives.entries(entry)
        alone = [
            c.kind
            for c in found
            if isinstance(c, (thermal.FixedTemperatureFace, thermal.AdiabaticFace))
        ]
        if alone and len(found) > 1:
            yield look.problem(
                loc, f"{alone[0]} excludes every other condition", "keep one or the other"
            )
        for i, condition in enumerate(found):
            place = (*loc, i) if isinstance(entry, tuple) else loc
            try:
                drives.condition_of(condition, look.folder)
            except ValueError as error:
                yield look.split(place, str(error))
            if case.time.steady and isinstance(condition, Section):
                for key in type(condition).model_fields:
                    if varies(getattr(condition, key)):
                        yield look.problem((*place, key), IN_VAIN, "give a value")
            fixes |= not isinstance(condition, (thermal.AdiabaticFace, thermal.HeatFluxFace))
    if case.time.steady and not fixes:
        yield look.problem(
            ("thermal", "faces"),
            "no face fixes the temperature, so there is no steady state",
            "add a fixed temperature, convection, radiation or cooling plate",
        )
