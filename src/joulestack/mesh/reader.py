"""From a mesh file to named regions and faces, with every problem of the file reported at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from joulestack.errors import MeshError, Problem
from joulestack.mesh.files import FileMesh, Naming, load
from joulestack.mesh.imported import MeshFile
from joulestack.mesh.quality import Cells, check_cells
from joulestack.mesh.raw import CELL_FACETS, Floats, Integers, RawMesh
from joulestack.mesh.tagged import Kind, Region
from joulestack.spelling import nearest


def read(spec: MeshFile) -> RawMesh:
    """Read, name and check a mesh from outside.

    Raises:
        MeshError: with every problem found.
        EnvironmentMissing: a reader is not installed.
    """
    content = load(spec.path, spec.allow_scripts, _naming(spec))
    problems = [*content.problems, *_shapes(content)]
    if problems:
        raise MeshError(problems, str(spec.path))
    dim = content.dim
    inside = [b for b in content.blocks if b.dim == dim and len(b.nodes)]
    nodes = np.concatenate([b.nodes for b in inside])
    group = np.concatenate([b.group for b in inside])
    used, compact = np.unique(nodes, return_inverse=True)
    points, flat = _coordinates(content.points[used] * spec.scale, dim)
    problems += flat or spec.system.problems(dim, float(points[:, 0].min()))
    cells = Cells(inside[0].shape, points, compact.reshape(nodes.shape))

    label = {number: name for (d, number), name in content.names.items() if d == dim}
    names = np.array([label.get(int(g), "no name") for g in np.unique(group)])
    cell_names = names[np.searchsorted(np.unique(group), group)]
    regions, ids, wrong = _regions(spec, label, group, cells)
    problems += wrong
    facets, face, faces, wrong = _faces(spec, content, cells, used)
    problems += [*wrong, *check_cells(cells, cell_names)]
    if problems:
        raise MeshError(problems, str(spec.path))
    axis = dim - 1 if spec.stacking_axis is None else spec.stacking_axis
    return RawMesh(
        inside[0].shape, points, cells.cells, ids, facets, face, regions, faces, axis,
        spec.coordinates,
    )  # fmt: skip


def _naming(spec: MeshFile) -> Naming:
    """What the case makes of names in the file."""
    layers = {name: name for name in spec.layers} | dict(spec.regions)
    faces = {name: name for name in spec.required_faces} | dict(spec.faces)
    return Naming(layers, faces, spec.region_array)


def _shapes(content: FileMesh) -> Iterator[Problem]:
    dim = content.dim
    nodes = [b.nodes for b in content.blocks if b.nodes.size]
    if any(n.min() < 0 or n.max() >= len(content.points) for n in nodes):
        yield Problem("cells", "some have points that are not in the file", "write it anew")
    shapes = sorted({b.shape for b in content.blocks if b.dim == dim and len(b.nodes)})
    if dim == 0:
        yield Problem("cells", "there are none", "mesh the geometry before saving it")
    elif unknown := [s for s in shapes if s not in CELL_FACETS]:
        yield Problem(
            "cells",
            f"there are cells of shape {', '.join(unknown)}",
            f"use {', '.join(CELL_FACETS)} (gmsh: Recombine for hexahedra, none for tetrahedra)",
        )
    elif len(shapes) > 1:
        yield Problem(
            "cells",
            f"several shapes are mixed: {', '.join(shapes)}",
            "use one shape of cell for the whole mesh",
        )


def _coordinates(points: Floats, dim: int) -> tuple[Floats, list[Problem]]:
    """The first `dim` coordinates; the others must not vary."""
    if not np.isfinite(points).all():
        return points[:, :dim], [
            Problem("points", "some coordinates are not numbers", "mesh again")
        ]
    extent = np.ptp(points, axis=0)
    if (extent[dim:] > 1e-9 * extent.max()).any():
        what = "a surface" if dim == 2 else "a curve"
        lost = Problem(
            "points", f"{what} in space, not in its first {dim} coordinates", "use (r, z) as (x, y)"
        )
        return points[:, :dim], [lost]
    return np.ascontiguousarray(points[:, :dim]), []


def _close(name: str, known: Collection[str]) -> str:
    match = nearest(name, known, 1)
    return f" (nearest: '{match[0]}')" if match else ""


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{n}'" for n in sorted(names)) or "none"


def _regions(
    spec: MeshFile, label: dict[int, str], group: Integers, cells: Cells
) -> tuple[tuple[Region, ...], Integers, list[Problem]]:
    """Regions in the order of the case's layers, the region id of each cell, and problems."""
    problems = []
    present = {int(g) for g in np.unique(group)}
    if 0 in present:
        bare = np.flatnonzero(group == 0)
        corners = cells.points[cells.cells[bare]]
        low, high = corners.min((0, 1)), corners.max((0, 1))
        problems.append(
            Problem(
                "regions",
                f"{len(bare)} cells have no name, from {_place(low)} to {_place(high)}",
                "put every volume into a named physical group or cell set",
            )
        )
    available = {label[g] for g in present - {0}}
    layers = spec.layers or tuple(sorted({spec.regions.get(n, n) for n in available}))
    for key in spec.regions.keys() - available:
        problems.append(
            Problem(
                f"mesh.regions.{key}",
                f"the file has no volume '{key}'{_close(key, available)}",
                f"the file has {_quoted(available)}",
            )
        )
    of_layer: dict[str, list[int]] = {layer: [] for layer in layers}
    for number in sorted(present - {0}):
        name = label[number]
        layer = spec.regions.get(name, name)
        if layer in of_layer:
            of_layer[layer].append(number)
            continue
        told = "" if name == layer else f", which mesh.regions takes for '{layer}',"
        problems.append(
            Problem(
                f"region '{name}'",
                f"volume '{name}'{told} belongs to no layer of the case{_close(layer, layers)}",
                f"map it to one of {_quoted(layers)} in mesh.regions",
            )
        )
    for layer, numbers in of_layer.items():
        if not numbers:
            problems.append(
                Problem(
                    f"layer '{layer}'",
                    f"the mesh has no region for it{_close(layer, available)}",
                    f"the file has {_quoted(available)}; map one in mesh.regions",
                )
            )
    regions: list[Region] = []
    ids = np.zeros(len(group), dtype=np.int64)
    for layer, numbers in of_layer.items():
        for number in numbers:
            kind: Kind = "die" if layer in spec.dies else "layer"
            regions.append(Region(label[number], layer, len(regions) + 1, kind))
            ids[group == number] = len(regions)
    return tuple(regions), ids, problems


def _place(point: Floats) -> str:
    return f"({', '.join(f'{x:.4g}' for x in point)}) m"


def _faces(
    spec: MeshFile, content: FileMesh, cells: Cells, used: Integers
) -> tuple[Integers, Integers, dict[str, int], list[Problem]]:
    """Named outer facets with face ids, and problems."""
    dim = content.dim
    label = {number: name for (d, number), name in content.names.items() if d == dim - 1}
    nodes, group = _named_facets(content, cells.facets.shape[1])
    number_of = np.full(len(content.points), -1, dtype=np.int64)
    number_of[used] = np.arange(len(used))
    nodes = np.sort(number_of[nodes], axis=1)
    outer = _find(cells.facets[cells.links == 1], nodes)
    known = {label[int(g)] for g in np.unique(group)}
    names = {n: spec.faces.get(n, n) for n in known}

    problems = [
        Problem(
            f"mesh.faces.{key}",
            f"the file has no surface '{key}'{_close(key, known)}",
            f"the file has {_quoted(known)}",
        )
        for key in spec.faces.keys() - known
    ]
    wanted = {*spec.required_faces}
    faces: dict[str, int] = {}
    ids = np.zeros(len(nodes), dtype=np.int64)
    for number in np.unique(group):
        name = names[label[int(number)]]
        members = group == number
        if (outer & members).any():
            ids[members] = faces.setdefault(name, len(faces) + 1)
        if (members & ~outer).any() and name in wanted:
            count = int((members & ~outer).sum())
            problems.append(
                Problem(
                    f"face '{name}'",
                    f"{count} of its {int(members.sum())} facets do not lie on the outside",
                    "name only surfaces of the outside",
                )
            )
    for name in sorted(wanted - set(names.values())):
        problems.append(
            Problem(
                f"face '{name}'",
                f"the mesh has no face of this name{_close(name, set(names.values()))}",
                f"the file has {_quoted(known)}; name the surface or map one in mesh.faces",
            )
        )
    keep = outer & (ids > 0)
    facets, where = np.unique(nodes[keep], axis=0, return_inverse=True)
    first = np.zeros(len(facets), dtype=np.int64)
    first[where.ravel()] = ids[keep]
    if (clash := first[where.ravel()] != ids[keep]).any():
        by_id = {i: n for n, i in faces.items()}
        pair = by_id[int(first[where.ravel()][clash][0])], by_id[int(ids[keep][clash][0])]
        problems.append(
            Problem(f"faces {_quoted(pair)}", "some facets are in both", "separate the two")
        )
    return facets, first, faces, problems


def _named_facets(content: FileMesh, width: int) -> tuple[Integers, Integers]:
    """Facets of `width` vertices that have a name in the file, and their groups."""
    given = [
        (b.nodes, b.group)
        for b in content.blocks
        if b.dim == content.dim - 1 and b.nodes.shape[1] == width and len(b.nodes)
    ]
    if not given:
        return np.zeros((0, width), np.int64), np.zeros(0, np.int64)
    nodes, group = (np.concatenate(parts) for parts in zip(*given, strict=True))
    return nodes[group > 0], group[group > 0]


def _find(table: Integers, rows: Integers) -> npt.NDArray[np.bool_]:
    """Which rows occur in a table of sorted vertex lists."""
    both = np.concatenate([table, rows])
    _, code = np.unique(both, axis=0, return_inverse=True)
    code = code.ravel()
    return np.isin(code[len(table) :], code[: len(table)])
