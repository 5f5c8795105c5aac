"""Small meshes as other programs write them, sound or broken on purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import meshio
import numpy as np

from joulestack.mesh import LayerSpec, MeshFile, Pouch, raw_mesh

LAYERS = ("separator", "cathode")
TO_FILE = {"hexahedron": [0, 1, 3, 2, 4, 5, 7, 6], "quad": [0, 1, 3, 2]}
KUHN = [(0, 1, 3, 7), (0, 1, 5, 7), (0, 2, 3, 7), (0, 2, 6, 7), (0, 4, 5, 7), (0, 4, 6, 7)]


class Box:
    """Two layers of 1 x 1 x 1 m hexahedra, 2 x 2 in plane, 2 in each layer; parts may be changed.

    Attributes:
        points, cells, region: the hexahedra (DOLFINx order); facets, face: the named facets.
    """

    def __init__(self) -> None:
        layers = tuple(LayerSpec(n, 2.0, 2, 1.0) for n in LAYERS)
        raw = raw_mesh(Pouch(layers, 2.0, 2.0, in_plane_size=1.0))
        self.points = raw.points.copy()
        self.cells, self.region = raw.cells.copy(), raw.cell_region.copy()
        self.facets, self.face = raw.facets.copy(), raw.facet_face.copy()
        self.names = {r.name: (r.id, 3) for r in raw.regions}
        self.names |= {name: (i + 10, 2) for name, i in raw.faces.items()}
        self.face += 10

    def vertex(self, *place: float) -> int:
        """Number of the vertex at a place."""
        return int(np.argmin(np.linalg.norm(self.points - place, axis=1)))

    def tetrahedra(self) -> None:
        """Split every hexahedron into six, every named facet into two."""
        pieces = len(KUHN)
        self.cells = self.cells[:, np.array(KUHN)].reshape(-1, 4)
        self.region = np.repeat(self.region, pieces)
        # The lowest and the highest vertex of a facet end the diagonal in Kuhn's split.
        self.facets = self.facets[:, np.array([(0, 1, 3), (0, 2, 3)])].reshape(-1, 3)
        self.face = np.repeat(self.face, 2)

    def blocks(self) -> list[tuple[str, Any]]:
        """Cells and facets as meshio wants them."""
        cell, facet = ("tetra", "triangle") if self.cells.shape[1] == 4 else ("hexahedron", "quad")
        order, facet_order = TO_FILE.get(cell, slice(None)), TO_FILE.get(facet, slice(None))
        return [(cell, self.cells[:, order]), (facet, self.facets[:, facet_order])]

    def write(self, path: Path, more: list[tuple[str, Any, Any]] | None = None) -> Path:
        """Save by suffix: .msh with physical names, .inp with sets, others with integer data."""
        blocks, tags = self.blocks(), [self.region, self.face]
        for shape, nodes, tag in more or []:
            blocks.append((shape, np.asarray(nodes)))
            tags.append(np.asarray(tag))
        tags = [t.astype(np.int32) for t in tags]
        if path.suffix == ".msh":
            data = {"gmsh:physical": tags, "gmsh:geometrical": tags}
            names = {n: np.array(v) for n, v in self.names.items()}
            mesh = meshio.Mesh(self.points, blocks, cell_data=data, field_data=names)
            meshio.write(path, mesh, file_format="gmsh22", binary=False)
        elif path.suffix == ".inp":
            sets = {
                name: [
                    np.flatnonzero((t == i) & (d == dim)) for t, d in zip(tags, (3, 2), strict=True)
                ]
                for name, (i, dim) in self.names.items()
            }
            meshio.write(path, meshio.Mesh(self.points, blocks, cell_sets=sets))
        else:
            meshio.write(path, meshio.Mesh(self.points, blocks, cell_data={"region": tags}))
        return path


def spec(path: Path, **changes: Any) -> MeshFile:
    """Specification for a `Box` in a file."""
    return MeshFile(path, **{"layers": LAYERS, "required_faces": ("bottom", "top"), **changes})
