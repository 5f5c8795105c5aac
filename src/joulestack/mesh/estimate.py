"""How big a mesh will be, without making it and without DOLFINx."""

from __future__ import annotations

from dataclasses import dataclass

from joulestack.mesh.build import layout, raw_mesh
from joulestack.mesh.pouch import repeated
from joulestack.mesh.spec import MeshFile, MeshSpec, Pellet, Pouch
from joulestack.mesh.validate import check

# Above this many cells of the bounding grid the estimate counts no holes [cells].
LARGEST_GRID = 2e7
# Resident memory of mesh, tags and connectivities [bytes per cell], and of matrix, BoomerAMG
# hierarchy and vectors [bytes per unknown]: 674 k unknowns on hexahedra took 1.5 GB together.
BYTES_PER_CELL = 900.0
BYTES_PER_UNKNOWN = 1400.0


@dataclass(frozen=True)
class MeshSize:
    """Size of a mesh.

    Attributes:
        cells: number of cells.
        vertices: number of vertices.
        exact: False for a grid so large that only an upper bound was computed.
    """

    cells: int
    vertices: int
    exact: bool = True

    def memory(self, fields: float = 1.5) -> float:
        """Rough memory of a run with an algebraic multigrid solver [bytes].

        Args:
            fields: unknowns per vertex (temperature everywhere 1, each potential where it lives).
        """
        return self.cells * BYTES_PER_CELL + self.vertices * fields * BYTES_PER_UNKNOWN


def estimate(spec: MeshSpec) -> MeshSize:
    """Count cells and vertices of the mesh that `build` would make.

    Raises:
        MeshError: the specification is wrong; for a file also if it cannot be read.
    """
    if isinstance(spec, MeshFile):
        raw = raw_mesh(spec)
        return MeshSize(len(raw.cells), len(raw.points))
    check(spec)
    bound = _bounding_grid(spec)
    if bound > LARGEST_GRID:
        return MeshSize(int(bound), int(bound), exact=False)
    return MeshSize(*layout(spec).grid.size)


def _bounding_grid(spec: MeshSpec) -> float:
    """Cells of the grid without tabs and overhangs, from a few divisions."""
    if isinstance(spec, Pouch):
        order = repeated(len(spec.layers), spec.unit_cells)
        through = sum(spec.layers[i].cells for i in order)
        return (
            through * (spec.width / spec.in_plane_size + 1) * (spec.length / spec.in_plane_size + 1)
        )
    if isinstance(spec, MeshFile):
        return 0.0
    through = sum(layer.cells for layer in spec.layers)
    if isinstance(spec, Pellet):
        return float(through * (spec.radial_cells + sum(r.cells for r in spec.rings)))
    return float(through)
