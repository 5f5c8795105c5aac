"""A mesh from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from joulestack.errors import Problem
from joulestack.mesh.coordinates import CARTESIAN
from joulestack.mesh.geometry import Face, Geometry, MeshSize
from joulestack.mesh.raw import RawMesh


@dataclass(frozen=True)
class MeshFile(Geometry):
    """A mesh from outside: .msh and gmsh scripts through gmsh, other formats through meshio.

    Attributes:
        path: of the file.
        layers: names of the layers in the order of the case; every one must be in the file.
        regions: name of a volume in the file -> layer. A volume whose name is a layer's needs no
            entry; several volumes may map to one layer (a collector and its tab).
        faces: name of a surface in the file -> face. Surfaces without an entry keep their name.
        required_faces: faces that the case uses; every one must be in the file.
        scale: of the file's coordinates to metres (1e-3 for a file in mm).
        coordinates: name of what the file's coordinates mean; axisymmetric files are (r, z).
        stacking_axis: coordinate through the layers; None: the last one.
        dies: those of `layers` that are rings of a die.
        allow_scripts: the file may be a gmsh script, which can run any command.
        region_array: cell data with the numbers of regions; None: a usual one, or the only one.
        area: of the face, without tabs [m2]; None: nobody needs it.
        carriers: faces of the negative and the positive terminal.
    """

    path: Path
    layers: tuple[str, ...]
    regions: Mapping[str, str] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    required_faces: tuple[str, ...] = ()
    scale: float = 1.0
    coordinates: str = CARTESIAN.name
    stacking_axis: int | None = None
    dies: tuple[str, ...] = ()
    allow_scripts: bool = False
    region_array: str | None = None
    area: float | None = None
    carriers: tuple[str, str] | None = None

    layered = False
    face_names = ()

    @property
    def dimensions(self) -> tuple[int, ...]:
        """Those that its coordinates allow."""
        return self.system.dimensions

    @property
    def terminals(self) -> tuple[str, str] | None:
        """As stated."""
        return self.carriers

    @property
    def face_area(self) -> float | None:
        """As stated."""
        return self.area

    @property
    def left_out(self) -> float:
        """The area of a line; other files leave nothing out."""
        return self.area or 1.0 if self.system.left_out else 1.0

    @property
    def face(self) -> Face:
        """Known by its coordinates alone."""
        return Face(self.system.axes[:-1], radial=self.system.radial)

    def touching(self) -> list[tuple[str, str]]:
        """Neighbours as they are listed; what else touches is known when the file is read."""
        return list(pairwise(self.layers))

    def opened(self, folder: Path, faces: tuple[str, ...], allow_scripts: bool) -> MeshFile:
        """With the folder, the faces that must be there, and whether a script may run."""
        return replace(
            self, path=folder / self.path, required_faces=faces, allow_scripts=allow_scripts
        )

    def problems(self) -> Iterator[Problem]:
        """None are known before the file is read."""
        yield from ()

    def size(self) -> MeshSize:
        """Counted in the file."""
        raw = self.raw()
        return MeshSize(len(raw.cells), len(raw.points))

    def raw(self) -> RawMesh:
        """Read, named and checked."""
        from joulestack.mesh.reader import read

        return read(self)
