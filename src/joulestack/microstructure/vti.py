"""VTK image data (.vti): written and read without VTK, x fastest, one value a voxel."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as xml
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem

Array = npt.NDArray[Any]

_TYPES = {
    "Int8": "i1", "UInt8": "u1", "Int16": "i2", "UInt16": "u2", "Int32": "i4", "UInt32": "u4",
    "Int64": "i8", "UInt64": "u8", "Float32": "f4", "Float64": "f8",
}  # fmt: skip
_NAMES = {np.dtype(code): name for name, code in _TYPES.items()}
_BLOCK = 16
"""Planes that are turned at once when z fastest becomes x fastest."""


def write(path: str | Path, fields: Mapping[str, Array], voxel_size: float) -> Path:
    """Write cell data as appended raw bytes; ParaView and pyvista read them.

    Args:
        path: of the file; it is whole or not there.
        fields: name -> array (nx, ny, nz), or (3, nx, ny, nz) for vectors; all of one shape.
        voxel_size: edge of a voxel [m].
    """
    path = Path(path)
    arrays = {name: np.asarray(a) for name, a in fields.items()}
    shapes = {a.shape[-3:] for a in arrays.values()}
    if len(shapes) != 1 or any(a.ndim not in (3, 4) for a in arrays.values()):
        raise ValueError("fields of one image have one shape (nx, ny, nz)")
    extent = " ".join(f"0 {n}" for n in shapes.pop())
    head = [
        '<?xml version="1.0"?>',
        '<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
        f'<ImageData WholeExtent="{extent}" Origin="0 0 0" '
        f'Spacing="{voxel_size!r} {voxel_size!r} {voxel_size!r}">',
        f'<Piece Extent="{extent}"><CellData>',
    ]
    offset = 0
    for name, a in arrays.items():
        kind = _NAMES[a.dtype.newbyteorder("=")]
        parts = 3 if a.ndim == 4 else 1
        head.append(
            f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{parts}" '
            f'format="appended" offset="{offset}"/>'
        )
        offset += 8 + a.nbytes
    head += ["</CellData></Piece></ImageData>", '<AppendedData encoding="raw">', "_"]
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write("\n".join(head).encode())
        for a in arrays.values():
            file.write(np.uint64(a.nbytes).tobytes())
            _write_planes(file, a)
        file.write(b"\n</AppendedData>\n</VTKFile>\n")
    draft.replace(path)
    return path


def _write_planes(file: BinaryIO, a: Array) -> None:
    for k in range(0, a.shape[-1], _BLOCK):
        block = a[..., k : k + _BLOCK].T  # (z, y, x) or (z, y, x, component)
        file.write(np.ascontiguousarray(block, a.dtype.newbyteorder("<")).tobytes())


def read(path: str | Path, field: str | None = None) -> tuple[Array, float]:
    """Read one array of an image.

    Args:
        path: of the file: ASCII, binary or appended; compressed ones are left to pyvista.
        field: name of the array; None: the only one.

    Returns:
        Array (nx, ny, nz) and the edge of a voxel, as the file says it (VTK knows no units).

    Raises:
        CaseError: not such a file, no such array, voxels that are not cubes.
    """
    path = Path(path)
    data = path.read_bytes()
    cut = data.find(b"<AppendedData")
    try:
        root = xml.fromstring(data[:cut] + b"</VTKFile>" if cut >= 0 else data)
    except xml.ParseError as error:
        raise CaseError(Problem("", f"is not VTK XML: {error}", "a .vti file"), str(path)) from None
    image = root.find("ImageData")
    if root.get("type") != "ImageData" or image is None:
        raise CaseError(Problem("", f"holds {root.get('type')}", "ImageData"), str(path))
    spacing = np.array([float(s) for s in (image.get("Spacing") or "1 1 1").split()])
    if np.ptp(spacing) > 1e-6 * spacing.max() or spacing.min() <= 0:
        raise CaseError(Problem("Spacing", f"{spacing} is not a cube's", "equal edges"), str(path))
    pieces = image.findall("Piece")
    if len(pieces) != 1:
        raise CaseError(Problem("Piece", f"{len(pieces)} pieces", "one"), str(path))
    ends = [int(e) for e in (pieces[0].get("Extent") or image.get("WholeExtent") or "").split()]
    cells = tuple(high - low for low, high in zip(ends[::2], ends[1::2], strict=True))
    element, shape = _choose(pieces[0], cells, field, path)
    if root.get("compressor"):
        return _by_pyvista(path, element.get("Name", ""), shape), float(spacing[0])
    order = "<" if root.get("byte_order", "LittleEndian") == "LittleEndian" else ">"
    size = "u8" if root.get("header_type") == "UInt64" else "u4"
    kind = np.dtype(order + _TYPES[element.get("type", "")])
    try:
        flat = _values(element, data, cut, kind, np.dtype(order + size))
        found = flat[: int(np.prod(shape))].reshape(shape[::-1]).T
    except (ValueError, IndexError):
        what = f"array {element.get('Name')} is cut short"
        raise CaseError(Problem("", what, "a whole file"), str(path)) from None
    return np.ascontiguousarray(found, kind.newbyteorder("=")), float(spacing[0])


def _choose(
    piece: xml.Element, cells: tuple[int, ...], field: str | None, path: Path
) -> tuple[xml.Element, tuple[int, ...]]:
    """The array and its shape: cells have one value each, points one more along every axis."""
    found: dict[str, tuple[xml.Element, tuple[int, ...]]] = {}
    for kind, shape in (("CellData", cells), ("PointData", tuple(n + 1 for n in cells))):
        for element in piece.findall(f"{kind}/DataArray"):
            if int(element.get("NumberOfComponents") or 1) == 1:
                found.setdefault(element.get("Name", ""), (element, shape))
    if field is None and len(found) == 1:
        return next(iter(found.values()))
    if field in found:
        return found[field]
    what = "holds several arrays" if field is None else f'holds no array "{field}"'
    raise CaseError(Problem("field", what, f"one of {', '.join(found) or 'none'}"), str(path))


def _values(
    element: xml.Element, data: bytes, cut: int, kind: np.dtype[Any], head: np.dtype[Any]
) -> Array:
    """Numbers of an array in any uncompressed format."""
    way = element.get("format", "ascii")
    if way == "ascii":
        return np.array((element.text or "").split(), dtype=kind)
    if way == "binary":
        raw = base64.b64decode("".join((element.text or "").split()))
        start = 0
    else:
        start = data.index(b"_", cut) + 1 + int(element.get("offset", 0))
        if re.search(rb'encoding="base64"', data[cut : cut + 60]):
            raw = base64.b64decode(data[start : data.index(b"<", start)].split()[0])
            start = 0
        else:
            raw = data
    length = int(np.frombuffer(raw, head, 1, start)[0])
    return np.frombuffer(raw, kind, length // kind.itemsize, start + head.itemsize)


def _by_pyvista(path: Path, name: str, shape: tuple[int, ...]) -> Array:
    try:
        import pyvista
    except ImportError:
        remedy = "write it uncompressed, or install pyvista"
        raise CaseError(Problem("", "is compressed", remedy), str(path)) from None
    flat = np.asarray(pyvista.read(path)[name])
    return np.ascontiguousarray(flat.reshape(shape[::-1]).T)
