"""Checks of mesh, time, outputs and probes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from joulestack.case import petsc
from joulestack.case.check_context import Look
from joulestack.case.messages import one_of
from joulestack.case.settings.numerics import Probe, Stop
from joulestack.case.stack import stack
from joulestack.case.stack.check_cell import known_layers
from joulestack.case.time_tables import IN_VAIN
from joulestack.errors import MeshError, Problem, shown
from joulestack.mesh.formats import reader_of
from joulestack.spelling import did_you_mean

_FILE_KEYS = ("file", "scale", "regions", "faces", "region_array", "coordinates")
_GRID_KEYS = ("cells_per_layer", "layers", "grading", "in_plane")
_POINT = {"line": (1,), "pellet": (2,), "pouch": (3,), "mesh": (1, 2, 3)}
_AT = {"line": 0, "pellet": 1, "pouch": 2}


def mesh_keys(look: Look) -> Iterator[Problem]:
    """Keys that belong to the geometry; names of layers that exist."""
    cell, mesh = look.case.cell, look.case.mesh
    why = f'for geometry = "{cell.geometry}"'
    names = known_layers(look)
    if cell.geometry == "mesh":
        yield from look.without_effect(mesh, ("mesh",), _GRID_KEYS, why)
        if mesh.file is None:
            yield look.problem(("mesh", "file"), f"is missing {why}", 'file = "cell.msh"')
        elif not (look.folder / mesh.file).is_file():
            folder = (look.folder / mesh.file).parent
            found = [p.name for p in folder.glob("*.msh")] if folder.is_dir() else []
            near = did_you_mean(mesh.file.rpartition("/")[2], found)
            yield look.problem(("mesh", "file"), f"there is no file {shown(mesh.file)}", near)
        else:
            try:
                reader_of(look.folder / mesh.file, look.allow_scripts)
            except MeshError as error:
                wrong = error.problems[0]
                what = f"{wrong.where} {wrong.what}"
                yield look.problem(("mesh", "file"), what, wrong.remedy)
        for key, layer in mesh.regions.items():
            if layer not in names:
                yield look.problem(
                    ("mesh", "regions", key), f'there is no layer "{layer}"', one_of(layer, names)
                )
        return
    keys = (*_FILE_KEYS, "in_plane") if cell.geometry == "line" else _FILE_KEYS
    yield from look.without_effect(mesh, ("mesh",), keys, why)
    for name in mesh.layers:
        if name not in names:
            yield look.problem(
                ("mesh", "layers", name), f'there is no layer "{name}"', one_of(name, names)
            )


def time_keys(look: Look) -> Iterator[Problem]:
    """A steady run has no times; a transient one has an end."""
    time, load = look.case.time, look.case.load
    if time.steady:
        yield from _steady(look)
        return
    if time.end is None and not (load is not None and load.bounded):
        yield look.problem(("time", "end"), "is missing", 'end = "30 min", or steady = true')
    for name in ("first_step", "max_step"):
        step = getattr(time, name)
        if step is not None and time.end is not None and step > time.end:
            yield look.problem(("time", name), "is longer than the run", "shorten it")
    if time.first_step and time.max_step and time.first_step > time.max_step:
        yield look.problem(("time", "first_step"), "is longer than max_step", "shorten it")
    if time.stop is not None:
        yield from _stop(look, time.stop)


def _steady(look: Look) -> Iterator[Problem]:
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


def _stop(look: Look, stop: Stop) -> Iterator[Problem]:
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


def solver_options(look: Look) -> Iterator[Problem]:
    """PETSc options are among those that a case may set, with values that it may give."""
    for name, what, remedy in petsc.problems(look.case.solver.petsc_options):
        yield look.problem(("solver", "petsc_options", shown(name)), what, remedy)


def output_times(look: Look) -> Iterator[Problem]:
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


def output_fields(look: Look) -> Iterator[Problem]:
    """Fields of the electrical problem need a load."""
    electrical = {
        "electronic_potential",
        "ionic_potential",
        "lithiation",
        "reaction_current",
        "current_density",
    }
    for i, name in enumerate(look.case.outputs.fields or ()):
        if look.case.load is None and name in electrical:
            yield look.problem(
                ("outputs", "fields", i), f'there is no "{name}" without a load', "remove it"
            )


def probes_inside(look: Look) -> Iterator[Problem]:
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


def _point(look: Look, loc: tuple[str, int], point: tuple[float, ...]) -> Iterator[Problem]:
    cell = look.case.cell
    sizes = _POINT[cell.geometry]
    if len(point) not in sizes:
        yield look.problem(
            (*loc, "point"),
            f"has {len(point)} coordinates",
            f"a {cell.geometry} has {' or '.join(map(str, sizes))}",
        )
        return
    if cell.geometry in ("line", "pellet") and not cell.die:
        height = stack.stack_height(cell)
        limits = [0.5 * (cell.diameter or 0.0), height][-len(point) :]
        for value, limit in zip(point, limits, strict=True):
            if not -1e-12 <= value <= limit * (1 + 1e-9):
                yield look.problem(
                    (*loc, "point"),
                    f"{value * 1e3:g} mm is outside the cell",
                    f"stay within 0 and {limit * 1e3:g} mm",
                )


def _in_layer(look: Look, loc: tuple[str, int], probe: Probe) -> Iterator[Problem]:
    cell = look.case.cell
    names = [layer.name for layer in stack.layers(cell)]
    if probe.layer not in names:
        rings = [ring.name for ring in cell.die]
        wrong = str(probe.layer)
        remedy = "probe a ring by point" if wrong in rings else one_of(wrong, names)
        yield look.problem((*loc, "layer"), f'there is no layer "{probe.layer}"', remedy)
        return
    if cell.geometry == "mesh":
        yield look.problem(
            (*loc, "layer"), "an imported mesh has no coordinate through the layer", "use point"
        )
        return
    if probe.at is None:
        return
    size = _AT[cell.geometry]
    if len(probe.at) != size:
        forms = {0: "a line has no in-plane position", 1: "[r] for a pellet", 2: "[x, y]"}
        yield look.problem((*loc, "at"), f"has {len(probe.at)} coordinates", f"write {forms[size]}")
        return
    sizes = (cell.width, cell.length)
    limits = [0.5 * (cell.diameter or 0.0)] if size == 1 else [s or 0.0 for s in sizes]
    for value, limit in zip(probe.at, limits, strict=False):
        if not -1e-12 <= value <= limit * (1 + 1e-9):
            yield look.problem(
                (*loc, "at"),
                f"{value * 1e3:g} mm is outside the face",
                f"stay within 0 and {limit * 1e3:g} mm",
            )
