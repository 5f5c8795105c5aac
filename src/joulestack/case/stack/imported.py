"""geometry = "mesh": from a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.case.messages import one_of
from joulestack.case.stack.case_geometry import CaseGeometry
from joulestack.errors import MeshError, Problem, shown
from joulestack.mesh.coordinates import CARTESIAN
from joulestack.mesh.formats import reader_of
from joulestack.mesh.imported import MeshFile
from joulestack.spelling import did_you_mean

if TYPE_CHECKING:
    from joulestack.case.check_context import CheckContext
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell, Layer, Ring


def _bodies(cell: Cell) -> tuple[Layer | Ring, ...]:
    return (*cell.below, *cell.layers, *cell.above, *cell.die)


def _imported(cell: Cell, mesh: Mesh) -> MeshFile:
    ends = cell.terminals
    return MeshFile(
        Path(mesh.file or ""),
        tuple(b.name for b in _bodies(cell)),
        dict(mesh.regions),
        dict(mesh.faces),
        scale=mesh.scale or 1.0,
        coordinates=mesh.coordinates or CARTESIAN.name,
        region_array=mesh.region_array,
        area=cell.area,
        carriers=None if ends is None else (ends.negative, ends.positive),
    )


def _file_fits(look: CheckContext) -> Iterator[Problem]:
    """The file is there and of a kind that can be read; its volumes go to layers of the case."""
    cell, mesh = look.case.cell, look.case.mesh
    why = f'for geometry = "{cell.geometry}"'
    names = [b.name for b in _bodies(cell)]
    if mesh.file is None:
        yield look.problem(("mesh", "file"), f"is missing {why}", 'file = "cell.msh"')
    elif not (look.folder / mesh.file).is_file():
        folder = (look.folder / mesh.file).parent
        found = [p.name for p in folder.glob("*.msh")] if folder.is_dir() else []
        near = did_you_mean(mesh.file.rpartition("/")[2], found)
        yield look.problem(("mesh", "file"), f"there is no file {shown(mesh.file)}", near)
    else:
        try:
            reader_of(look.folder / mesh.file, look.allow_scripts)
        except MeshError as error:
            wrong = error.problems[0]
            what = f"{wrong.where} {wrong.what}"
            yield look.problem(("mesh", "file"), what, wrong.remedy)
    for key, layer in mesh.regions.items():
        if layer not in names:
            yield look.problem(
                ("mesh", "regions", key), f'there is no layer "{layer}"', one_of(layer, names)
            )


MESH = CaseGeometry(
    "mesh",
    _imported,
    {"area": False, "terminals": False},
    ("file", "scale", "regions", "faces", "region_array", "coordinates"),
    check_mesh=_file_fits,
)
