"""Mesh files as plain arrays: points, cells by shape, and the names that the file gives them."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from joulestack._needs import needed
from joulestack.errors import EnvironmentMissing, MeshError, Problem
from joulestack.mesh.formats import Reader, reader_of
from joulestack.mesh.raw import Floats, Integers

# Shape by the first letters of its name in meshio; corners come first in every order.
SHAPES = {
    "line": ("interval", 1, [0, 1]),
    "triangle": ("triangle", 2, [0, 1, 2]),
    "quad": ("quadrilateral", 2, [0, 1, 3, 2]),
    "tetra": ("tetrahedron", 3, [0, 1, 2, 3]),
    "hexahedron": ("hexahedron", 3, [0, 1, 3, 2, 4, 5, 7, 6]),
    "vertex": ("point", 0, [0]),
}
# gmsh names first-order shapes so, in elementary properties: "Hexahedron 8".
GMSH_WORDS = {
    "Point": "vertex", "Line": "line", "Triangle": "triangle", "Quadrilateral": "quad",
    "Tetrahedron": "tetra", "Hexahedron": "hexahedron",
}  # fmt: skip
# Integer cell data in which formats without names keep region numbers, most specific first.
TAG_ARRAYS = (
    "gmsh:physical", "medit:ref", "cell_tags", "region", "regions", "material", "CellEntityIds",
    "name_to_read",
)  # fmt: skip


@dataclass
class Block:
    """Elements of one shape.

    Attributes:
        shape: DOLFINx's name ("point" for vertices), or the file's where DOLFINx has none.
        dim: topological dimension.
        nodes: vertices in DOLFINx's order.
        group: number of the name of each element in `FileMesh.names`, 0 for none.
    """

    shape: str
    dim: int
    nodes: Integers
    group: Integers


@dataclass
class FileMesh:
    """What a file holds.

    Attributes:
        points: all three coordinates, in the file's unit.
        blocks: elements.
        names: (dimension, number) -> name; numbers from 1.
        problems: what is wrong already.
    """

    points: Floats
    blocks: list[Block] = field(default_factory=list)
    names: dict[tuple[int, int], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def dim(self) -> int:
        """Highest dimension of an element."""
        return max((b.dim for b in self.blocks if len(b.nodes)), default=0)

    def number(self, dim: int, name: str) -> int:
        """Number of a name, new if need be."""
        for (d, number), known in self.names.items():
            if (d, known) == (dim, name):
                return number
        self.names[dim, len(self.names) + 1] = name
        return len(self.names)


def load(path: Path, allow_scripts: bool = False) -> FileMesh:
    """Read a file: .msh and scripts through gmsh, everything else (and .msh without it) by meshio.

    Args:
        path: of the file.
        allow_scripts: gmsh scripts, which can run any command, may be run.

    Raises:
        MeshError: the file is missing, is a script, or cannot be read.
        EnvironmentMissing: neither gmsh nor meshio is installed.
    """
    if not path.is_file():
        raise MeshError(Problem(str(path), "no such file", "check mesh.file of the case"))
    reader = reader_of(path, allow_scripts)
    if reader in ("gmsh", "script"):
        try:
            with needed(f"{path}, a .geo file" if reader == "script" else str(path)):
                import gmsh
        except EnvironmentMissing:
            if reader == "script":
                raise
        else:
            return _load_gmsh(path, gmsh, reader == "script")
    return _load_meshio(path, reader)


def _load_gmsh(path: Path, gmsh: Any, script: bool) -> FileMesh:
    """Read a mesh, or run a script and mesh its geometry, in a gmsh model of its own."""
    started = not gmsh.isInitialized()
    if started:
        gmsh.initialize(readConfigFiles=False, interruptible=False)
    before = gmsh.model.getCurrent()
    terminal = gmsh.option.getNumber("General.Terminal")
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.model.add(f"joulestack {path.name}")
        gmsh.merge(str(path))
        dim = gmsh.model.getDimension()
        if script:
            gmsh.model.mesh.generate(dim)
        # Of a geometry gmsh itself saves only what has a name, if anything has.
        return _from_gmsh_model(gmsh, script and bool(gmsh.model.getPhysicalGroups(dim)))
    except Exception as error:  # gmsh raises nothing more specific
        reason = f": {error}" if script else ""
        raise MeshError(
            Problem(str(path), f"gmsh cannot read it{reason}", "open it in gmsh to see why")
        ) from None
    finally:
        gmsh.model.remove()
        gmsh.option.setNumber("General.Terminal", terminal)
        if started:
            gmsh.finalize()
        else:
            gmsh.model.setCurrent(before)


def _from_gmsh_model(gmsh: Any, named_only: bool) -> FileMesh:
    model = gmsh.model
    tags, coordinates, _ = model.mesh.getNodes()
    position = np.zeros(int(tags.max(initial=0)) + 1, dtype=np.int64)
    position[tags.astype(np.int64)] = np.arange(len(tags))
    found = FileMesh(np.asarray(coordinates, dtype=float).reshape(-1, 3))
    for dim, entity in model.getEntities():
        groups = [int(g) for g in model.getPhysicalGroupsForEntity(dim, entity)]
        named = [model.getPhysicalName(dim, g) or str(g) for g in groups]
        if named_only and not named:
            continue
        if len(set(named)) > 1:
            found.problems.append(
                Problem(
                    f"{('point', 'curve', 'surface', 'volume')[dim]} {entity}",
                    f"it has several names: {', '.join(named)}",
                    "put every entity into one physical group",
                )
            )
        number = found.number(dim, named[0]) if named else 0
        for kind, _, nodes in zip(*model.mesh.getElements(dim, entity), strict=True):
            word, _, _, count, _, primary = model.mesh.getElementProperties(kind)
            shape, _, order = SHAPES.get(
                GMSH_WORDS.get(word.split()[0], ""), (word.split()[0].lower(), dim, [])
            )
            table = position[nodes.astype(np.int64)].reshape(-1, count)[:, :primary]
            table = table[:, order] if order else table
            found.blocks.append(Block(shape, dim, table, np.full(len(table), number)))
    return found


def _load_meshio(path: Path, reader: Reader) -> FileMesh:
    with needed(f"{path}, a mesh in this format"):
        import meshio
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            return _from_meshio(meshio.read(path, file_format=reader))
    # meshio's readers leave by any exception, and by exit where all formats of a suffix fail.
    # What they say may quote the file, which may be none of a mesh.
    except (Exception, SystemExit):
        raise MeshError(
            Problem(str(path), f"meshio cannot read it as {reader}", "see that it is complete")
        ) from None


def _from_meshio(content: Any) -> FileMesh:
    points = np.asarray(content.points, dtype=float)
    found = FileMesh(np.pad(points, ((0, 0), (0, 3 - points.shape[1]))))
    named = {(int(v[1]), int(v[0])): name for name, v in content.field_data.items()}
    array = next((a for a in TAG_ARRAYS if a in content.cell_data), None)
    for i, block in enumerate(content.cells):
        word = block.type.rstrip("0123456789")
        shape, dim, order = SHAPES.get(word, (word, block.dim, []))
        nodes = np.asarray(block.data, dtype=np.int64)
        nodes = nodes[:, order] if order else nodes
        group = np.zeros(len(nodes), dtype=np.int64)
        if array is not None:
            values = np.asarray(content.cell_data[array][i]).astype(np.int64).ravel()
            for value in np.unique(values[values != 0]):
                name = named.get((dim, int(value)), str(value))
                group[values == value] = found.number(dim, name)
        for name, members in content.cell_sets.items():
            if name.startswith("gmsh:") or members[i] is None or not len(members[i]):
                continue
            chosen = np.asarray(members[i], dtype=np.int64)
            number = found.number(dim, name)
            if array is None and (clash := np.setdiff1d(group[chosen], [0, number])).size:
                other = found.names[dim, int(clash[0])]
                found.problems.append(
                    Problem(
                        f"cell sets '{other}' and '{name}'",
                        "some cells are in both",
                        "put every cell into one set",
                    )
                )
            group[chosen] = number
        found.blocks.append(Block(shape, dim, nodes, group))
    return found
