"""Meshes with named regions and faces. Importing this package does not import DOLFINx.

Here: geometries as specifications, structured stacks, files from outside, quality. Not here: what
fills a region.
"""

from joulestack.mesh.build import build, raw_mesh
from joulestack.mesh.estimate import MeshSize, estimate
from joulestack.mesh.raw import RawMesh
from joulestack.mesh.spec import (
    LayerSpec,
    Line,
    MeshFile,
    MeshSpec,
    Pellet,
    Pouch,
    RingSpec,
    TabSpec,
)
from joulestack.mesh.tagged import Region, TaggedMesh

__all__ = [
    "LayerSpec",
    "Line",
    "MeshFile",
    "MeshSize",
    "MeshSpec",
    "Pellet",
    "Pouch",
    "RawMesh",
    "Region",
    "RingSpec",
    "TabSpec",
    "TaggedMesh",
    "build",
    "estimate",
    "raw_mesh",
]
