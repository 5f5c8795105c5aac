"""What to mesh, in plain SI numbers: layers, pellet, pouch cell, or a file from outside.

These records carry no logic and import nothing heavy; the case builds them, `build` meshes them and
`estimate` counts their cells beforehand. Layers are listed from the negative terminal upwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Edge = Literal["left", "right", "front", "back"]


@dataclass(frozen=True)
class LayerSpec:
    """One layer of the stack.

    Attributes:
        name: unique name of the layer.
        thickness: through the stack [m].
        cells: number of cells through the layer.
        grading: size of the middle cells over the size of the cells at both interfaces (1: equal).
    """

    name: str
    thickness: float
    cells: int = 8
    grading: float = 3.0


@dataclass(frozen=True)
class Line:
    """One-dimensional cut through the layers; areas count as 1 m2.

    Attributes:
        layers: from the negative terminal (x = 0) to the positive one.
    """

    layers: tuple[LayerSpec, ...]


@dataclass(frozen=True)
class RingSpec:
    """One ring of the die around a pellet.

    Attributes:
        name: unique name of the ring.
        thickness: radial [m].
        height: along the axis [m]; None: as high as the stack of layers.
        centre: height of the ring's middle above the bottom of the stack [m]; None: the middle of
            the stack.
        cells: number of cells through the ring, finer towards the pellet.
    """

    name: str
    thickness: float
    height: float | None = None
    centre: float | None = None
    cells: int = 8


@dataclass(frozen=True)
class Pellet:
    """Axisymmetric pellet, coordinates (r, z), with its die; plungers are layers like any other.

    Attributes:
        layers: from the negative terminal (z = 0) to the positive one.
        radius: of the pellet and the plungers [m].
        rings: of the die, from the pellet outwards.
        radial_cells: number of cells from the axis to the edge of the pellet.
        radial_grading: size of the cell at the axis over the size of the cell at the edge.
        own_ends: ends of rings, "die_top" and "die_bottom" of a ring "die", that are faces of their
            own; the others belong to `side`.
    """

    layers: tuple[LayerSpec, ...]
    radius: float
    rings: tuple[RingSpec, ...] = ()
    radial_cells: int = 16
    radial_grading: float = 4.0
    own_ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class TabSpec:
    """A tab: a layer (a collector) continued beyond one edge of the pouch cell.

    Attributes:
        edge: left (x = 0), right, front (y = 0) or back.
        layer: name of the layer that is continued.
        width: along the edge [m].
        length: outwards from the edge [m].
        offset: from the corner with the lower coordinate to the tab [m]; None: mid-edge.
        busbar: outward extent of the block that joins the tabs of repeated cells [m], beyond
            `length`; used only where the layer occurs more than once.
    """

    edge: Edge
    layer: str
    width: float
    length: float
    offset: float | None = None
    busbar: float = 1e-3


@dataclass(frozen=True)
class Pouch:
    """Rectangular pouch cell, coordinates (x: width, y: length, z: through the stack).

    With several unit cells every second one is upside down, so that neighbours share a collector:
    three cells of [Cu, separator, Al] become Cu | separator | Al | separator | Cu | separator | Al.
    A shared collector has the thickness listed, once.

    Attributes:
        layers: of one unit cell, from the negative terminal to the positive one.
        width: along x [m].
        length: along y [m].
        tabs: at least one on the negative and one on the positive side for a cell with current.
        unit_cells: number of unit cells, stacked and connected in parallel by the busbars.
        in_plane_size: largest cell size along x and y [m].
        below: layers under the whole stack (film, cooling plate), bottom first; not repeated.
        above: layers over the whole stack, bottom first; not repeated.
    """

    layers: tuple[LayerSpec, ...]
    width: float
    length: float
    tabs: tuple[TabSpec, ...] = ()
    unit_cells: int = 1
    in_plane_size: float = 2e-3
    below: tuple[LayerSpec, ...] = ()
    above: tuple[LayerSpec, ...] = ()


@dataclass(frozen=True)
class MeshFile:
    """A mesh from outside: .msh and gmsh scripts through gmsh, other formats through meshio.

    Attributes:
        path: of the file.
        layers: names of the layers in the order of the case; every one must be in the file.
        regions: name of a volume in the file -> layer. A volume whose name is a layer's needs no
            entry; several volumes may map to one layer (a collector and its tab).
        faces: name of a surface in the file -> face. Surfaces without an entry keep their name.
        required_faces: faces that the case uses; every one must be in the file.
        scale: of the file's coordinates to metres (1e-3 for a file in mm).
        coordinates: what the file's coordinates mean; axisymmetric files are (r, z).
        stacking_axis: coordinate through the layers; None: the last one.
        dies: those of `layers` that are rings of a die.
        allow_scripts: the file may be a gmsh script, which can run any command.
    """

    path: Path
    layers: tuple[str, ...]
    regions: Mapping[str, str] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    required_faces: tuple[str, ...] = ()
    scale: float = 1.0
    coordinates: Literal["line", "axisymmetric", "cartesian"] = "cartesian"
    stacking_axis: int | None = None
    dies: tuple[str, ...] = ()
    allow_scripts: bool = False


MeshSpec = Line | Pellet | Pouch | MeshFile
