"""Requests that no machine can meet are refused before anything is computed, with the figure."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack import machine
from joulestack.case.check_context import CheckContext
from joulestack.case.stack import stack
from joulestack.errors import MeshError, Problem, parts
from joulestack.units import format_quantity

MOST_CELLS = 1e9
"""Of a mesh: numbers of unknowns are 32-bit integers."""
MOST_STATES = 20_000
"""Written states: a file each."""
MOST_TIME_STEPS = 5e6
"""Time steps: a row each in the table of results."""
MOST_MEDIA = 200
"""Materials of a stack: each has kernels of its own, which take a second or more to compile."""
MOST_LAYERS = 5000
"""Layers of all unit cells."""


def mesh_can_be_had(look: CheckContext) -> Iterator[Problem]:
    """The mesh has cells that can be numbered and fits into memory; imported ones are as read."""
    geometry = look.geometry
    if not geometry.layered:
        return
    bodies = stack.layers(look.case.cell)
    number = len(bodies) * look.case.cell.unit_cells
    if number > MOST_LAYERS:
        what = f"{number:,} layers of all unit cells, more than {MOST_LAYERS:,}"
        yield look.problem(("cell", "layers"), what, "leave layers or unit cells out")
        return
    media = len({body.material for body in bodies})
    if media > MOST_MEDIA:
        what = f"{media} materials, each of which is compiled by itself; {MOST_MEDIA} can be"
        yield look.problem(("cell", "layers"), what, "use one material in several layers")
    try:
        size = geometry.size()
        most = machine.memory()
    except MeshError:
        return
    except ValueError as error:
        yield Problem("", *parts(error))
        return
    remedy = "coarser cells: mesh.in_plane, mesh.cells_per_layer, mesh.refinement"
    need = size.memory(2.0 if look.case.load is not None else 1.0)
    if size.cells > MOST_CELLS:
        what = f"makes {size.cells:.2g} cells, more than {MOST_CELLS:.2g}"
        yield look.problem(("mesh",), what, remedy)
    elif need > most:
        what = (
            f"makes {size.cells:.3g} cells, about {need / 1e9:.3g} GB; there are {most / 1e9:.3g}"
        )
        more = f"or say what the machine has that it will run on: {machine.MEMORY}='512 GB'"
        yield look.problem(("mesh",), what, f"{remedy}; {more}")


def times_can_be_had(look: CheckContext) -> Iterator[Problem]:
    """There are not more written states, and not more time steps, than can be kept."""
    case = look.case
    time, load, outputs = case.time, case.load, case.outputs
    steps = sum(s.duration for s in load.all_steps) if load and load.steps else None
    end = time.end or steps
    if end is None or time.steady:
        return
    yield from _not_more(look, ("outputs", "every"), outputs.every, end, MOST_STATES, "states")
    yield from _not_more(
        look, ("time", "max_step"), time.max_step, end, MOST_TIME_STEPS, "time steps"
    )
    if len(outputs.times or ()) > MOST_STATES:
        what = f"asks for {len(outputs.times or ()):,} states, more than {MOST_STATES:,}"
        yield look.problem(("outputs", "times"), what, "name fewer")


def _not_more(
    look: CheckContext, loc: tuple[str, str], step: float | None, end: float, most: float, word: str
) -> Iterator[Problem]:
    number = end / step if step else 0.0
    if number > most:
        what = f"makes {number:.3g} {word}, more than {most:.3g}"
        least = format_quantity(end / most, "s", 3)
        yield look.problem(loc, what, f"at least {least}")
