"""Line and pellet as structured grids."""

from __future__ import annotations

import numpy as np

from joulestack.mesh.grid import Grid, Layout, fit_stops, graded, index_of
from joulestack.mesh.raw import Floats
from joulestack.mesh.spec import LayerSpec, Line, Pellet
from joulestack.mesh.tagged import Kind, Region


def stack_axis(
    layers: tuple[LayerSpec, ...], stops: tuple[float, ...] = ()
) -> tuple[Floats, Floats]:
    """Breakpoints through a stack of layers, starting at 0.

    Args:
        layers: bottom first.
        stops: coordinates that must be breakpoints as well [m].

    Returns:
        The breakpoints, and the coordinates of the layers' ends (one more than layers) [m].
    """
    ends = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers])])
    pieces = [ends[:1]]
    for layer, start, end in zip(layers, ends[:-1], ends[1:], strict=True):
        points = start + graded(layer.thickness, layer.cells, layer.grading)
        points[-1] = end
        pieces.append(fit_stops(points, stops)[1:])
    return np.concatenate(pieces), ends


def line(spec: Line) -> Layout:
    """Intervals through the layers; faces bottom and top."""
    axis, ends = stack_axis(spec.layers)
    grid = Grid.empty((axis,))
    for number, _ in enumerate(spec.layers, start=1):
        grid.region[index_of(axis, ends[number - 1]) : index_of(axis, ends[number])] = number
    faces = {"bottom": 1, "top": 2}
    everywhere = grid.region != 0
    grid.name_face(faces["bottom"], 0, 0, everywhere)
    grid.name_face(faces["top"], 0, 1, everywhere)
    regions = tuple(Region(la.name, la.name, i) for i, la in enumerate(spec.layers, start=1))
    return Layout(grid, regions, faces, 0, "line")


def pellet(spec: Pellet) -> Layout:
    """Quadrilaterals in (r, z); faces bottom and top (r <= radius), side (all else outside).

    Ends of rings are faces of their own where `own_ends` names them.
    """
    height = sum(layer.thickness for layer in spec.layers)
    spans = []
    for ring in spec.rings:
        ring_height = height if ring.height is None else ring.height
        centre = 0.5 * height if ring.centre is None else ring.centre
        spans.append((centre - 0.5 * ring_height, centre + 0.5 * ring_height))
    z, ends = stack_axis(spec.layers, tuple(s for span in spans for s in span))
    z = _beyond(z, [s for span in spans for s in span])

    radii = [0.0, spec.radius]
    r = [graded(spec.radius, spec.radial_cells, spec.radial_grading, fine="end")]
    for ring in spec.rings:
        start, end = radii[-1], radii[-1] + ring.thickness
        points = start + graded(ring.thickness, ring.cells, spec.radial_grading, fine="start")
        points[-1] = end
        r.append(points[1:])
        radii.append(end)
    grid = Grid.empty((np.concatenate(r), z))

    columns = [index_of(grid.axes[0], radius) for radius in radii]
    names: list[tuple[str, Kind]] = []
    for layer, low, high in zip(spec.layers, ends[:-1], ends[1:], strict=True):
        names.append((layer.name, "layer"))
        grid.region[: columns[1], index_of(z, low) : index_of(z, high)] = len(names)
    inside = grid.region != 0
    for ring, (foot, head), left, right in zip(
        spec.rings, spans, columns[1:-1], columns[2:], strict=True
    ):
        names.append((ring.name, "die"))
        grid.region[left:right, index_of(z, foot) : index_of(z, head)] = len(names)

    faces = {"bottom": 1, "top": 2, "side": 3}
    axis_cells = np.zeros_like(inside)
    axis_cells[0] = True
    grid.name_face(faces["side"], 0, 0, ~axis_cells)
    grid.name_face(faces["side"], 0, 1, ~np.zeros_like(inside))
    for side, name in ((0, "bottom"), (1, "top")):
        grid.name_face(faces["side"], 1, side, ~inside)
        grid.name_face(faces[name], 1, side, inside)
        for region_id, (body, kind) in enumerate(names, start=1):
            ring_end = f"{body}_{name}"
            if kind == "die" and ring_end in spec.own_ends:
                faces[ring_end] = len(faces) + 1
                grid.name_face(faces[ring_end], 1, side, grid.region == region_id)
    regions = tuple(Region(name, name, i, kind) for i, (name, kind) in enumerate(names, start=1))
    return Layout(grid, regions, faces, 1, "axisymmetric")


def _beyond(z: Floats, stops: list[float]) -> Floats:
    """Continue the axis to the stops below its start and above its end, with cells of its size."""
    tolerance = 1e-9 * (z[-1] - z[0])
    for sign in (1.0, -1.0):
        z = sign * z[:: int(sign)]
        for stop in sorted(sign * s for s in stops):
            gap = stop - z[-1]
            if gap > tolerance:
                cells = int(np.clip(np.ceil(gap / (4 * (z[-1] - z[-2]))), 1, 16))
                z = np.concatenate([z, z[-1] + np.linspace(0.0, gap, cells + 1)[1:]])
        z = sign * z[:: int(sign)]
    return z
