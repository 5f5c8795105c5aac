"""One entrance for all geometries: one in, a tagged mesh out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joulestack._needs import needed
from joulestack.errors import EnvironmentMissing, MeshError
from joulestack.mesh.geometry import Geometry, MeshSize
from joulestack.mesh.raw import RawMesh
from joulestack.mesh.tagged import TaggedMesh

if TYPE_CHECKING:
    from mpi4py import MPI


def build(spec: Geometry, comm: MPI.Comm | None = None) -> TaggedMesh:
    """Mesh a geometry, distributed over the ranks of a communicator. Collective.

    Args:
        spec: what to mesh.
        comm: ranks that share it; None: all.

    Raises:
        MeshError: on every rank, if the geometry or the file is wrong.
        EnvironmentMissing: on every rank, if DOLFINx is not installed, or what a reader needs.
    """
    with needed():
        from mpi4py import MPI

        from joulestack.mesh.create import distribute

    comm = MPI.COMM_WORLD if comm is None else comm
    raw: RawMesh | None = None
    failure: MeshError | EnvironmentMissing | None = None
    if comm.rank == 0:
        try:
            raw = spec.raw()
        except (MeshError, EnvironmentMissing) as error:
            failure = error
    # Errors do not survive pickling in one piece: send what they are made of.
    parts: Any = None
    if isinstance(failure, MeshError):
        parts = (MeshError, (failure.problems, failure.source))
    elif failure is not None:
        parts = (EnvironmentMissing, failure.args)
    parts = comm.bcast(parts, 0)
    if failure is not None:
        raise failure
    if parts is not None:
        raise parts[0](*parts[1])
    return replace(distribute(raw, comm), thickness=spec.thickness, flat=spec.flat)


def raw_mesh(spec: Geometry) -> RawMesh:
    """The whole mesh as plain arrays, checked; needs no DOLFINx.

    Raises:
        MeshError: the geometry or the file is wrong; lists every problem found.
    """
    return spec.raw()


def estimate(spec: Geometry) -> MeshSize:
    """Count cells and vertices of the mesh that `build` would make.

    Raises:
        MeshError: the geometry is wrong; for a file also if it cannot be read.
    """
    return spec.size()
