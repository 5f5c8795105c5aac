"""Meshes with named regions and faces. Importing this package does not import DOLFINx.

Here: geometries, a class each, which say all of the shape of a cell; structured stacks, files from
outside, quality. Not here: what fills a region.
"""

from joulestack.mesh.build import build, estimate, raw_mesh
from joulestack.mesh.coordinates import CoordinateSystem
from joulestack.mesh.geometry import Geometry, Layered, MeshSize
from joulestack.mesh.imported import MeshFile
from joulestack.mesh.layers import LayerSpec
from joulestack.mesh.line import Line
from joulestack.mesh.pellet import Pellet, RingSpec
from joulestack.mesh.pouch import Pouch
from joulestack.mesh.raw import RawMesh
from joulestack.mesh.tabs import TabSpec
from joulestack.mesh.tagged import Region, TaggedMesh

__all__ = [
    "CoordinateSystem",
    "Geometry",
    "LayerSpec",
    "Layered",
    "Line",
    "MeshFile",
    "MeshSize",
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
