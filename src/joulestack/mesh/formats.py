"""Which reader a mesh file is for: by its suffix and by what it holds, before anything reads it.

gmsh takes whatever it does not know for a script in its own language, and a script can run any
command (`SystemCall`); other formats can send their reader to further files. So a file is opened
as what its name says it is, or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from joulestack.errors import MeshError, Problem, shown

Reader = Literal["script", "gmsh", "avsucd", "nastran", "abaqus", "medit", "su2", "tecplot",
                 "ugrid", "netgen", "vtk", "vtu", "flac3d", "mdpa", "dolfin-xml"]  # fmt: skip

SCRIPTS = (".geo", ".geo_unrolled")
"""Suffixes of gmsh's scripts."""

_XML = (b"<",)
_FORMATS: dict[str, tuple[Reader, tuple[bytes, ...]]] = {
    ".msh": ("gmsh", (b"$MeshFormat", b"$Comments")),
    ".vtu": ("vtu", _XML),
    ".vtk": ("vtk", (b"# vtk DataFile",)),
    ".inp": ("abaqus", ()),
    ".mesh": ("medit", ()),
    ".meshb": ("medit", ()),
    ".bdf": ("nastran", ()),
    ".fem": ("nastran", ()),
    ".nas": ("nastran", ()),
    ".avs": ("avsucd", ()),
    ".dat": ("tecplot", ()),
    ".tec": ("tecplot", ()),
    ".f3grid": ("flac3d", ()),
    ".mdpa": ("mdpa", ()),
    ".su2": ("su2", ()),
    ".ugrid": ("ugrid", ()),
    ".vol": ("netgen", ()),
    ".xml": ("dolfin-xml", _XML),
}
"""Suffix -> reader, and what such a file may begin with (empty: the format has no mark)."""

_SAVE_ANEW = "save the mesh again in one file of its own"


def reader_of(path: Path, allow_scripts: bool = False) -> Reader:
    """Which reader a file is for.

    Args:
        path: of a file that is there.
        allow_scripts: gmsh scripts may be run.

    Raises:
        MeshError: a script that may not be run, a format that is not known, a file that is not what
            its suffix says, or one that leads to other files. Nothing of the file is quoted.
    """
    suffix = path.suffix.lower()
    if suffix in SCRIPTS:
        if not allow_scripts:
            raise _refused(
                path,
                "is a gmsh script, and a script can run any command",
                "if you trust who wrote it: --allow-scripts (in Python allow_scripts=True); "
                "or mesh it in gmsh and name the .msh file",
            )
        return "script"
    if suffix not in _FORMATS:
        raise _refused(path, "is of no format that is read", _instead(suffix))
    reader, marks = _FORMATS[suffix]
    with path.open("rb") as file:
        head = file.read(512)
    if marks and not head.lstrip(b"\xef\xbb\xbf \r\n\t" if marks == _XML else b"").startswith(
        marks
    ):
        raise _refused(path, *_not_what_it_says(suffix))
    if reader == "gmsh" and _start_of(path) != b"$MeshFormat":
        raise _refused(path, *_not_what_it_says(suffix))
    if reader == "abaqus" and _includes(path):
        raise _refused(path, "includes other files", _SAVE_ANEW)
    return reader


_GEOMETRIES = (".brep", ".step", ".stp", ".iges", ".igs", ".stl", ".obj", ".ply", ".off")
_LINKED = (".xdmf", ".xmf", ".med", ".cgns", ".h5m", ".hmf", ".e", ".exo", ".ex2")
"""Formats that keep their data in HDF5, or in files beside them."""


def _instead(suffix: str) -> str:
    if suffix in _GEOMETRIES:
        return "it has a surface and no cells: mesh it in gmsh and name the .msh file"
    if suffix in _LINKED:
        return "its data may lie in other files: `meshio convert` makes one .vtu file of it"
    return f"one of {', '.join(sorted(_FORMATS))}, or a .geo script"


def _refused(path: Path, what: str, remedy: str) -> MeshError:
    return MeshError(Problem(shown(path.name), what, remedy))


def _not_what_it_says(suffix: str) -> tuple[str, str]:
    if suffix == ".msh":
        return (
            "is no gmsh mesh: it does not begin with $MeshFormat",
            "save it in gmsh as MSH 2 or 4; a script goes by .geo",
        )
    return f"does not begin as a {suffix} file does", "see that suffix and content go together"


def _start_of(path: Path) -> bytes:
    """The first line of a MSH file after its comments."""
    found = b""
    with path.open("rb") as file:
        inside = False
        for line in file:
            found = line.rstrip()
            if inside or not found:
                inside = inside and found != b"$EndComments"
            elif found == b"$Comments":
                inside = True
            else:
                break
    return found


def _includes(path: Path) -> bool:
    """Whether an Abaqus file names others; keywords as meshio reads them, and more strictly."""
    with path.open("rb") as file:
        return any(
            b"INCLUDE" in line.partition(b",")[0].upper().replace(b"*", b"").replace(b" ", b"")
            for line in file
            if line.lstrip().startswith(b"*")
        )
