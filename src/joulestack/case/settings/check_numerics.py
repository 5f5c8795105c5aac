"""Checks of mesh, time, outputs and probes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from joulestack.case import petsc
from joulestack.case.check_context import CheckContext
from joulestack.case.messages import one_of
from joulestack.case.settings.numerics import Probe, Stop
from joulestack.case.stack import stack
from joulestack.case.stack.check_cell import known_layers
from joulestack.case.stack.geometries import mesh_keys_of_others, stated
from joulestack.case.time_tables import IN_VAIN
from joulestack.declarations import SELECTABLE
from joulestack.errors import Problem, shown
from joulestack.mesh.geometry import Span


def mesh_keys(look: CheckContext) -> Iterator[Problem]:
    """Keys that belong to the geometry; names of layers that exist."""
    cell, mesh = look.case.cell, look.case.mesh
    own = stated(cell.geometry)
    why = f'for geometry = "{cell.geometry}"'
    yield from look.without_effect(mesh, ("mesh",), mesh_keys_of_others(own), why)
    yield from own.check_mesh(look)
    names = known_layers(look)
    for name in mesh.layers if "layers" in own.mesh_keys else ():
        if name not in names:
            yield look.problem(
                ("mesh", "layers", name), f'there is no layer "{name}"', one_of(name, names)
            )


NO_END = ("is missing", 'end = "30 min", or steady = true')
"""What is wrong with a run without an end, and what would be right."""


def time_keys(look: CheckContext) -> Iterator[Problem]:
    """A steady run has no times; a transient one has an end, if the case is to be run at all."""
    time = look.case.time
    if time.steady:
        yield from _steady(look)
        return
    if not look.case.ends and not look.case.measured:
        yield look.problem(("time", "end"), *NO_END)
    for name in ("first_step", "max_step"):
        step = getattr(time, name)
        if step is not None and time.end is not None and step > time.end:
            yield look.problem(("time", name), "is longer than the run", "shorten it")
    if time.first_step and time.max_step and time.first_step > time.max_step:
        yield look.problem(("time", "first_step"), "is longer than max_step", "shorten it")
    if time.stop is not None:
        yield from _stop(look, time.stop)


def _steady(look: CheckContext) -> Iterator[Problem]:
    """Nothing of a steady run is given in time."""
    keys = ("end", "first_step", "max_step", "stop", "relative_tolerance")
    yield from look.without_effect(look.case.time, ("time",), keys, "in a steady run")
    table = look.case.cell.stack_pressure
    if not isinstance(table, float) and (table.time or table.csv):
        yield look.problem(
            ("cell", "stack_pressure"),
            IN_VAIN,
            "give a value or a map",
        )


def _stop(look: CheckContext, stop: Stop) -> Iterator[Problem]:
    """Limits that end a run are there, can be met, and are not met at its start."""
    loc = ("time", "stop")
    start = look.case.cell.start_temperature
    if not stop.model_dump(exclude_none=True):
        yield look.problem(loc, "is empty", "give temperature_above, voltage_below or remove it")
    if look.case.load is None:
        voltages = ("voltage_below", "voltage_above")
        yield from look.without_effect(stop, loc, voltages, "without a load")
    if stop.temperature_above is not None and stop.temperature_above <= start:
        yield look.problem(
            (*loc, "temperature_above"),
            "is reached at the start",
            f"give more than the start temperature, {start - 273.15:g} degC",
        )
    low, high = stop.voltage_below, stop.voltage_above
    if low is not None and high is not None and low >= high:
        yield look.problem(loc, "voltage_below is not below voltage_above", "swap them")


def solver_options(look: CheckContext) -> Iterator[Problem]:
    """PETSc options are among those that a case may set, with values that it may give."""
    for name, what, remedy in petsc.problems(look.case.solver.petsc_options):
        yield look.problem(("solver", "petsc_options", shown(name)), what, remedy)


def output_times(look: CheckContext) -> Iterator[Problem]:
    """Output times lie within the run."""
    outputs, time, load = look.case.outputs, look.case.time, look.case.load
    if time.steady:
        keys = ("every", "times")
        yield from look.without_effect(outputs, ("outputs",), keys, "in a steady run")
        return
    if outputs.every is not None and outputs.times is not None:
        yield look.problem(("outputs",), "every and times exclude each other", "keep one")
        return
    steps = sum(s.duration for s in load.all_steps) if load and load.steps else None
    end = time.end or steps
    if end is None:
        return
    if outputs.every is not None and outputs.every > end:
        yield look.problem(("outputs", "every"), "is longer than the run", "shorten it")
    for i, t in enumerate(outputs.times or ()):
        if t > end:
            yield look.problem(
                ("outputs", "times", i), f"{t:g} s is after the end of the run", "remove it"
            )


def output_fields(look: CheckContext) -> Iterator[Problem]:
    """Fields of the electrical problem need a load."""
    electrical = {field.name for field in SELECTABLE if field.electrical}
    for i, name in enumerate(look.case.outputs.fields or ()):
        if look.case.load is None and name in electrical:
            yield look.problem(
                ("outputs", "fields", i), f'there is no "{name}" without a load', "remove it"
            )


def probes_inside(look: CheckContext) -> Iterator[Problem]:
    """Probes have names of their own and sit inside the cell."""
    names = Counter(p.name for p in look.case.probes)
    for i, probe in enumerate(look.case.probes):
        loc = ("probes", i)
        if names[probe.name] > 1:
            yield look.problem(loc, f'"{probe.name}" is used twice', "give each its own name")
        if (probe.layer is None) == (probe.point is None):
            yield look.problem(loc, "needs either layer or point", "give one of them")
        elif probe.point is not None:
            yield from look.without_effect(probe, loc, ("position", "at"), "beside point")
            yield from _point(look, loc, probe.point)
        else:
            yield from _in_layer(look, loc, probe)


def _point(look: CheckContext, loc: tuple[str, int], point: tuple[float, ...]) -> Iterator[Problem]:
    geometry, name = look.geometry, look.case.cell.geometry
    sizes = geometry.dimensions
    if len(point) not in sizes:
        yield look.problem(
            (*loc, "point"),
            f"has {len(point)} coordinates",
            f"a {name} has {' or '.join(map(str, sizes))}",
        )
        return
    yield from _within(look, (*loc, "point"), point, geometry.bounds, "cell")


def _within(
    look: CheckContext,
    loc: tuple[str | int, ...],
    place: tuple[float, ...],
    spans: tuple[Span, ...] | None,
    what: str,
) -> Iterator[Problem]:
    """A place lies between the ends of each coordinate, where these are known."""
    for value, (low, high) in zip(place, spans or (), strict=False):
        if not low - 1e-12 <= value <= high * (1 + 1e-9):
            yield look.problem(
                loc,
                f"{value * 1e3:g} mm is outside the {what}",
                f"stay within {low * 1e3:g} and {high * 1e3:g} mm",
            )


def _in_layer(look: CheckContext, loc: tuple[str, int], probe: Probe) -> Iterator[Problem]:
    cell = look.case.cell
    names = [layer.name for layer in stack.layers(cell)]
    if probe.layer not in names:
        rings = [ring.name for ring in cell.die]
        wrong = str(probe.layer)
        remedy = "probe a ring by point" if wrong in rings else one_of(wrong, names)
        yield look.problem((*loc, "layer"), f'there is no layer "{probe.layer}"', remedy)
        return
    if not look.geometry.layered:
        yield look.problem(
            (*loc, "layer"), "an imported mesh has no coordinate through the layer", "use point"
        )
        return
    if probe.at is None:
        return
    face = look.geometry.face
    if len(probe.at) != len(face.names):
        form = f"[{', '.join(face.names)}]"
        if len(face.names) == 1:
            form += f" for a {cell.geometry}"
        remedy = f"write {form if face.names else f'a {cell.geometry} has no in-plane position'}"
        yield look.problem((*loc, "at"), f"has {len(probe.at)} coordinates", remedy)
        return
    yield from _within(look, (*loc, "at"), probe.at, face.spans, "face")
