"""What the page's map shows: meshes of triangles, and the windows that are looked at through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from joulestack.declarations import RISE
from joulestack.outputs.grid import Floats, Snapshot
from joulestack.outputs.plots.cuts import Patch, dimension, outline, patch, plane
from joulestack.outputs.plots.stack import Run, Stretch, planar, thin, through
from joulestack.outputs.report.packing import pack, pack_field
from joulestack.outputs.report.states import States

Table = dict[str, Any]

MOST_TRIANGLES = 60_000
MOST_PLANES = 24
MOST_BYTES = 3_600_000
"""Of all meshes: with curves and tables a page stays below 5 MB."""
ASIDE = 1e-3
"""How far off the middle of a layer, where nodes may be, its plane lies: part of the thickness."""


def profile(states: States) -> tuple[Table, list[Run]]:
    """Fields on the line through the layers, and the layers, bottom first."""
    path, runs = through(states.snapshot)
    axis = states.snapshot.grid.stacking_axis
    starts = np.flatnonzero(np.diff(path.region, prepend=-1))
    ends = np.append(starts[1:], len(path.region))
    pieces = [
        np.append(path.simplices[a:b, 0], path.simplices[b - 1, 1])
        for a, b in zip(starts, ends, strict=True)
    ]
    order = np.concatenate(pieces)
    return {
        "place": states.snapshot.grid.system.place,
        "along": pack(path.points[order, axis], "f8"),
        "lengths": [len(p) for p in pieces],
        "fields": {k: pack_field(v[order]) for k, v in path.values.items()},
    }, runs


def layers(runs: list[Run]) -> list[Table]:
    """The layers on the line, for the drawing of the cell."""
    places = Stretch(np.array([runs[0].start, *(r.end for r in runs)])).places
    return [
        {
            "name": run.region.name,
            "layer": run.region.layer,
            "start": run.start,
            "end": run.end,
            "places": [float(places[i]), float(places[i + 1])],
        }
        for i, run in enumerate(runs)
    ]


def maps(states: States, runs: list[Run], among: int = 1) -> tuple[list[Table], list[Table]]:
    """Meshes and scenes; none of a line, whose map is depth over time.

    Args:
        states: with fields.
        runs: layers, bottom first.
        among: results that share the page.
    """
    snapshot = states.snapshot
    size = dimension(snapshot.grid)
    if size == 1:
        return [], []
    found = _section(states, runs) if size == 2 else _body(states, runs)
    meshes: list[Table] = []
    scenes: list[Table] = []
    shapes: list[Patch] = []
    size = 0
    for scene, shape, about in found:
        number = next((i for i, known in enumerate(shapes) if known is shape), None)
        if number is None:
            size += _bytes(shape)
            if len(shape.simplices) > MOST_TRIANGLES or (meshes and size > MOST_BYTES // among):
                continue
            number = len(meshes)
            shapes.append(shape)
            meshes.append(_mesh(snapshot, shape, **about))
        scenes.append(scene | {"mesh": number})
    return meshes, scenes


def _bytes(shape: Patch) -> int:
    """Of a mesh on the page, about: base64 of values, places, triangles and rims."""
    points = len(np.unique(shape.simplices))
    values = sum(v.size for v in shape.values.values()) // max(len(shape.points), 1)
    return int(4 / 3 * (points * (2 * values + 8) + 18 * len(shape.simplices)))


Found = Iterator[tuple[Table, Patch, Table]]


def _scene(name: str, layer: str | None, true: bool, window: list[float] | None = None) -> Table:
    """A window on a mesh.

    Args:
        name: for people.
        layer: name of the layer that it shows; None: the whole.
        true: to scale, else each layer as high as can be seen.
        window: left, right, bottom, top [m]; None: all of the mesh.
    """
    return {"name": name, "layer": layer, "true": true, "window": window}


def _section(states: States, runs: list[Run]) -> Found:
    """A plane cell: whole, its thin layers, and each layer by itself."""
    snapshot = states.snapshot
    grid = snapshot.grid
    along = grid.stacking_axis
    across = 1 - along
    flat = planar(snapshot, runs)
    shape = patch(snapshot)
    about = {
        "across": across,
        "along": along,
        "mirror": grid.system.radial and along != 0,
        "runs": runs if flat else [],
    }
    yield _scene("whole cell, to scale", None, True), shape, about
    if not flat:
        return
    inside = grid.points[grid.node_region == runs[0].region.id, across]
    left, right = float(inside.min()), float(inside.max())
    first, last = thin(runs) or (0, len(runs) - 1)
    margin = 0.25 * (runs[last].end - runs[first].start) if thin(runs) else 0.0
    window = [left, right, runs[first].start - margin, runs[last].end + margin]
    yield _scene("all layers, not to scale", None, False, window), shape, about
    for run in runs:
        mine = grid.points[grid.node_region == run.region.id, across]
        window = [float(mine.min()), float(mine.max()), run.start, run.end]
        yield _scene(run.region.name, run.region.name, False, window), shape, about


def _body(states: States, runs: list[Run]) -> Found:
    """A cell in space: the plane of each layer, and a section through the hot spot."""
    snapshot = states.snapshot
    grid = snapshot.grid
    along = grid.stacking_axis
    a, b = (i for i in range(3) if i != along)
    rise = snapshot.nodes[RISE][:, states.hottest]
    hottest = int(np.nanargmax(rise))
    names = {r.id: r.name for r in grid.regions}
    where = names[int(grid.node_region[hottest])]
    heights = grid.points[grid.node_region == grid.node_region[hottest], along]
    high = 0.5 * float(heights.min() + heights.max())
    level = [r.region.name for r in runs if r.region.name == where or r.start <= high <= r.end]
    mine = where if where in level else level[0] if level else ""  # a tab is as high as a layer
    said = ", the hottest" if mine == where else f", the hottest being {where}"
    about: Table = {"across": a, "along": b, "mirror": False, "runs": []}

    def plane_of(run: Run, said: str = "") -> tuple[Table, Patch, Table]:
        level, name = run.start + (0.5 + ASIDE) * run.thickness, run.region.name
        return _scene(f"plane of {name}{said}", name, True), plane(snapshot, along, level), about

    for run in runs:
        if run.region.name == mine:
            yield plane_of(run, said)
    yield _through_the_hot_spot(snapshot, runs, grid.points[hottest])
    for run in runs if len(runs) <= MOST_PLANES else _some(runs, mine):
        if run.region.name != mine:
            yield plane_of(run)


def _through_the_hot_spot(
    snapshot: Snapshot, runs: list[Run], spot: Floats
) -> tuple[Table, Patch, Table]:
    """The section along the longer side of the face."""
    grid, along = snapshot.grid, snapshot.grid.stacking_axis
    a, b = (i for i in range(3) if i != along)
    size, low = np.ptp(grid.points, axis=0), grid.points.min(axis=0)
    long, short = (a, b) if size[a] >= size[b] else (b, a)
    at = float(np.clip(spot[short] - low[short], 1e-3 * size[short], (1 - 1e-3) * size[short]))
    cut = plane(snapshot, short, float(low[short]) + at + 1e-7 * size[short])
    flat = planar(snapshot, runs)
    about = {"across": long, "along": along, "mirror": False, "runs": runs if flat else []}
    return _scene("section through the hot spot", None, not flat), cut, about


def _some(runs: list[Run], hottest: str) -> list[Run]:
    """As many layers as there is room for, from the hottest one on, its unit cell first."""
    names = [run.region.name for run in runs]
    middle = names.index(hottest) if hottest in names else 0
    cell = runs[middle].region.unit_cell
    order = sorted(
        range(len(runs)), key=lambda i: (abs(runs[i].region.unit_cell - cell), abs(i - middle))
    )
    return [runs[i] for i in sorted(order[:MOST_PLANES])]


def _mesh(
    snapshot: Snapshot, shape: Patch, across: int, along: int, mirror: bool, runs: list[Run]
) -> Table:
    """Triangles with their values, as page/map.js takes them."""
    used, numbers = np.unique(shape.simplices, return_inverse=True)
    triangles = numbers.reshape(shape.simplices.shape)
    axes = snapshot.grid.system.axes
    compact = Patch(shape.points[used], triangles, shape.region, {})
    return {
        "axes": [axes[across], axes[along]],
        "x": pack(compact.points[:, across]),
        "y": pack(compact.points[:, along]),
        "triangles": pack(triangles, "u4"),
        "regions": pack(shape.region, "u4"),
        "names": {str(r.id): r.name for r in snapshot.grid.regions},
        "rim": pack(_rim(compact, across, mirror), "u4"),
        "mirror": bool(mirror),
        "stretch": _stretch(runs),
        "fields": {k: pack_field(v[used]) for k, v in shape.values.items()},
    }


def _rim(shape: Patch, across: int, mirror: bool) -> Any:
    """Edges around regions, without the seam of a mirrored map."""
    edges = outline(shape)
    x: Floats = np.abs(shape.points[:, across])
    seam = x[edges].max(axis=1) < 1e-9 * x.max(initial=0.0)
    return edges[~seam] if mirror else edges


def _stretch(runs: list[Run]) -> Table | None:
    """Axis on which every layer can be seen: edges [m] and their places from 0 to 1."""
    if not runs:
        return None
    stretch = Stretch(np.array([runs[0].start, *(r.end for r in runs)]))
    return {"edges": stretch.edges.tolist(), "places": stretch.places.tolist()}
