"""Mesh files as plain arrays: points, cells by shape, and the names that the file gives them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from joulestack._needs import needed
from joulestack.errors import EnvironmentMissing, MeshError, Problem, shown
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
    "gmsh:physical", "medit:ref", "nastran:ref", "su2:tag", "ugrid:ref", "netgen:index",
    "cell_tags", "region", "regions", "material", "CellEntityIds", "name_to_read",
)  # fmt: skip
NO_REGION = ("gmsh:physical", "medit:ref")
"""Arrays in which 0 says that a cell is in no region; elsewhere it is a region like others."""

BOOKKEEPING = ("gmsh:geometrical", "vtkghosttype", "globalcellids", "vtkoriginalcellids",
               "cell_ids", "cellid", "gmsh:dim_tags")  # fmt: skip


@dataclass(frozen=True)
class Naming:
    """What the case makes of the names of a file, so that of several names the one in use counts.

    Attributes:
        volumes: name in the file -> layer.
        faces: name in the file -> face.
        array: cell data that holds the numbers of regions; None: a usual one, or the only one.
    """

    volumes: Mapping[str, str] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    array: str | None = None

    def choose(self, names: Iterable[str], volume: bool) -> tuple[str, bool]:
        """The name that counts of one entity, and whether two of them mean different things."""
        names = tuple(dict.fromkeys(names))
        meaning = self.volumes if volume else self.faces
        used = [n for n in names if n in meaning]
        clash = len({meaning[n] for n in used}) > 1 or (len(names) > 1 and not meaning and volume)
        return (used or names)[0], clash


NO_NAMING = Naming()


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


def load(path: Path, allow_scripts: bool = False, naming: Naming = NO_NAMING) -> FileMesh:
    """Read a file: .msh and scripts through gmsh, everything else (and .msh without it) by meshio.

    Args:
        path: of the file.
        allow_scripts: gmsh scripts, which can run any command, may be run.
        naming: what the case makes of the file's names.

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
            return _load_gmsh(path, gmsh, reader == "script", naming)
    return _load_meshio(path, reader, naming)


def _load_gmsh(path: Path, gmsh: Any, script: bool, naming: Naming) -> FileMesh:
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
        named_only = script and bool(gmsh.model.getPhysicalGroups(dim))
        return _from_gmsh_model(gmsh, named_only, naming)
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


def _from_gmsh_model(gmsh: Any, named_only: bool, naming: Naming) -> FileMesh:
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
        name, clash = naming.choose(named, dim == model.getDimension()) if named else ("", False)
        if clash:
            found.problems.append(
                Problem(
                    f"{('point', 'curve', 'surface', 'volume')[dim]} {entity}",
                    f"it has several names: {', '.join(named)}",
                    "map one of them in mesh.regions or mesh.faces",
                )
            )
        number = found.number(dim, name) if named else 0
        for kind, _, nodes in zip(*model.mesh.getElements(dim, entity), strict=True):
            word, _, _, count, _, primary = model.mesh.getElementProperties(kind)
            shape, _, order = SHAPES.get(
                GMSH_WORDS.get(word.split()[0], ""), (word.split()[0].lower(), dim, [])
            )
            table = position[nodes.astype(np.int64)].reshape(-1, count)[:, :primary]
            table = table[:, order] if order else table
            found.blocks.append(Block(shape, dim, table, np.full(len(table), number)))
    return found


def _load_meshio(path: Path, reader: Reader, naming: Naming) -> FileMesh:
    with needed(f"{path}, a mesh in this format"):
        import meshio
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            content = meshio.read(path, file_format=reader)
            names = _markers(path) if reader == "su2" else {}
            return _from_meshio(content, naming, names)
    except MeshError:
        raise
    # meshio's readers leave by any exception, and by exit where all formats of a suffix fail.
    # What they say may quote the file, which may be none of a mesh.
    except (Exception, SystemExit):
        raise MeshError(
            Problem(str(path), f"meshio cannot read it as {reader}", "see that it is complete")
        ) from None


def _markers(path: Path) -> dict[int, str]:
    """Names of SU2's boundaries by the numbers that meshio gives them."""
    found: dict[int, str] = {}
    number = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.partition("%")[0].partition("=")
            if key.strip() == "MARKER_TAG":
                word = value.strip()
                try:
                    number = int(word)
                except ValueError:
                    number += 1
                found[number] = word
    return found


def _array(content: Any, naming: Naming) -> str | None:
    """Cell data with the numbers of regions.

    Raises:
        MeshError: the one that the case names is not there, or not whole.
    """
    data = content.cell_data
    if naming.array is None:
        usual = next((a for a in TAG_ARRAYS if a in data), None)
        whole = [a for a in data if a.casefold() not in BOOKKEEPING and _is_region(data[a])]
        return usual or (whole[0] if len(whole) == 1 else None)
    if naming.array not in data:
        known = ", ".join(f"'{shown(a)}'" for a in data) or "none"
        what = f"the file has no cell data '{shown(naming.array)}'"
        raise MeshError(Problem("mesh.region_array", what, f"the file has {known}"))
    values = [np.asarray(v) for v in data[naming.array]]
    if any(v.ndim != 1 and v.shape[1:] != (1,) for v in values) or any(
        v.dtype.kind not in "iub" and (v.dtype.kind != "f" or (v != np.round(v)).any())
        for v in values
    ):
        what = f"'{shown(naming.array)}' holds no whole numbers, one for each cell"
        raise MeshError(Problem("mesh.region_array", what, "name one with numbers of regions"))
    return naming.array


def _is_region(blocks: Any) -> bool:
    """Whether cell data look like numbers of regions: whole, and several cells with each."""
    values = [np.asarray(v) for v in blocks]
    if not values or any(v.dtype.kind not in "iu" or v.ndim != 1 for v in values):
        return False
    flat = np.concatenate(values)
    return len(flat) < 2 or len(np.unique(flat)) < len(flat)


def _from_meshio(content: Any, naming: Naming, markers: Mapping[int, str]) -> FileMesh:
    points = np.asarray(content.points, dtype=float)
    found = FileMesh(np.pad(points, ((0, 0), (0, 3 - points.shape[1]))))
    named = {(int(v[1]), int(v[0])): name for name, v in content.field_data.items()}
    array = _array(content, naming)
    top = max((block.dim for block in content.cells), default=0)
    for i, block in enumerate(content.cells):
        word = block.type.rstrip("0123456789")
        shape, dim, order = SHAPES.get(word, (word, block.dim, []))
        nodes = np.asarray(block.data, dtype=np.int64)
        nodes = nodes[:, order] if order else nodes
        group = np.zeros(len(nodes), dtype=np.int64)
        if array is not None:
            values = np.asarray(content.cell_data[array][i]).astype(np.int64).ravel()
            counts = dim == top and array not in NO_REGION
            for value in np.unique(values if counts else values[values != 0]):
                name = named.get((dim, int(value)), str(value))
                if dim == top - 1:
                    name = markers.get(int(value), name)
                group[values == value] = found.number(dim, name)
        _cell_sets(found, content, i, group, dim, dim == top, naming, array is None)
        found.blocks.append(Block(shape, dim, nodes, group))
    return found


def _cell_sets(
    found: FileMesh,
    content: Any,
    block: int,
    group: Integers,
    dim: int,
    volume: bool,
    naming: Naming,
    alone: bool,
) -> None:
    """Number the cells of a block by the sets they are in; sets that the case names count first."""
    meaning = naming.volumes if volume else naming.faces
    sets = {
        name: np.asarray(members[block], dtype=np.int64)
        for name, members in content.cell_sets.items()
        if not name.startswith("gmsh:") and members[block] is not None and len(members[block])
    }
    for name in sorted(sets, key=lambda n: n in meaning):
        chosen, number = sets[name], found.number(dim, name)
        before = np.setdiff1d(group[chosen], [0, number])
        others = [found.names[dim, int(g)] for g in before]
        clash = next((o for o in others if naming.choose((o, name), volume)[1]), None)
        if alone and clash is not None:
            found.problems.append(
                Problem(
                    f"cell sets '{clash}' and '{name}'",
                    "some cells are in both",
                    "map one of them in mesh.regions or mesh.faces, or put every cell into one set",
                )
            )
        group[chosen] = number
