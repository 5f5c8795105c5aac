"""One entrance for all geometries: a specification in, a tagged mesh out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joulestack._needs import needed
from joulestack.errors import EnvironmentMissing, MeshError
from joulestack.mesh.grid import Layout
from joulestack.mesh.layouts import line, pellet
from joulestack.mesh.pouch import pouch
from joulestack.mesh.raw import RawMesh
from joulestack.mesh.spec import Line, MeshFile, MeshSpec, Pellet, Pouch
from joulestack.mesh.tagged import TaggedMesh
from joulestack.mesh.validate import check

if TYPE_CHECKING:
    from mpi4py import MPI


def layout(spec: Line | Pellet | Pouch) -> Layout:
    """Structured grid of a specification that has passed `check`."""
    if isinstance(spec, Line):
        return line(spec)
    return pellet(spec) if isinstance(spec, Pellet) else pouch(spec)


def raw_mesh(spec: MeshSpec) -> RawMesh:
    """The whole mesh as plain arrays, checked; needs no DOLFINx.

    Raises:
        MeshError: the specification or the file is wrong; lists every problem found.
    """
    if isinstance(spec, MeshFile):
        from joulestack.mesh.reader import read

        return read(spec)
    check(spec)
    return layout(spec).raw()


def build(spec: MeshSpec, comm: MPI.Comm | None = None) -> TaggedMesh:
    """Mesh a specification, distributed over the ranks of a communicator. Collective.

    Args:
        spec: what to mesh.
        comm: ranks that share it; None: all.

    Raises:
        MeshError: on every rank, if the specification or the file is wrong.
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
            raw = raw_mesh(spec)
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
    return replace(distribute(raw, comm), thickness=_thickness(spec))


def _thickness(spec: MeshSpec) -> dict[str, float]:
    """Of each layer and ring of a specification [m]."""
    if isinstance(spec, MeshFile):
        return {}
    layers, rings = [*spec.layers], spec.rings if isinstance(spec, Pellet) else ()
    if isinstance(spec, Pouch):
        layers += [*spec.below, *spec.above]
    return {a.name: a.thickness for a in layers} | {r.name: r.thickness for r in rings}
