"""The meshed cell as everyone else sees it: a DOLFINx mesh whose regions and faces have names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from joulestack.mesh.coordinates import CoordinateSystem, named

if TYPE_CHECKING:
    from dolfinx.mesh import Mesh, MeshTags

Kind = Literal["layer", "die", "tab", "busbar", "interface"]


@dataclass(frozen=True)
class Region:
    """A part of the cell made of one material.

    Attributes:
        name: unique; the layer's name, numbered from the bottom where the layer occurs repeatedly
            ("separator 3" in the third unit cell).
        layer: name in the case, where the material is found.
        id: value in the cell tags, from 1; ids follow the order of the layers in the case.
        kind: layer | die | tab | busbar; interface where facets between regions are shown.
        unit_cell: number of the unit cell that it belongs to, from the bottom; 0 where there is one
            alone, and for what cells share.
    """

    name: str
    layer: str
    id: int
    kind: Kind = "layer"
    unit_cell: int = 0

    @property
    def upwards(self) -> bool:
        """Whether its unit cell stands as listed, the negative side below; every other does not."""
        return self.unit_cell % 2 == 1


@dataclass(frozen=True)
class TaggedMesh:
    """A mesh with named regions and faces, distributed with shared-facet ghosts.

    Attributes:
        mesh: coordinates in metres.
        cell_tags: region id of every local cell, ghosts included.
        facet_tags: face id of exterior facets; facets outside any named face have none.
        regions: ordered by id.
        faces: name -> id in the facet tags.
        stacking_axis: coordinate through the layers.
        coordinates: name of the coordinate system.
        thickness: of layers and rings [m]; of a mesh from a file none is known.
        flat: every layer has the same face everywhere (`Geometry.flat`).
    """

    mesh: Mesh
    cell_tags: MeshTags
    facet_tags: MeshTags
    regions: tuple[Region, ...]
    faces: dict[str, int]
    stacking_axis: int
    coordinates: str
    thickness: Mapping[str, float] = field(default_factory=dict)
    flat: bool = True

    @property
    def system(self) -> CoordinateSystem:
        """What the coordinates mean.

        Raises:
            MeshError: their name is not known.
        """
        return named(self.coordinates)
