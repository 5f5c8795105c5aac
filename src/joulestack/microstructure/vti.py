"""VTK image data (.vti): written and read without VTK, x fastest, one value a voxel."""

from __future__ import annotations

import base64
import lzma
import math
import re
import xml.etree.ElementTree as xml
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem, shown

Array = npt.NDArray[Any]
Unpack = Callable[[bytes, int], bytes]
"""Compressed bytes, and how many may come of them at most."""

_TYPES = {
    "Int8": "i1", "UInt8": "u1", "Int16": "i2", "UInt16": "u2", "Int32": "i4", "UInt32": "u4",
    "Int64": "i8", "UInt64": "u8", "Float32": "f4", "Float64": "f8",
}  # fmt: skip
_NAMES = {np.dtype(code): name for name, code in _TYPES.items()}
_MOST_CELLS = 100_000
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
        path: of the file: ASCII, binary or appended, also compressed by zlib or LZMA.
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
    except (xml.ParseError, ValueError, LookupError):
        raise CaseError(Problem("", "is not VTK XML", "a .vti file"), str(path)) from None
    image = root.find("ImageData")
    if root.get("type") != "ImageData" or image is None:
        what = f"holds {shown(root.get('type') or 'no type')}"
        raise CaseError(Problem("", what, "ImageData"), str(path))
    pieces = image.findall("Piece")
    if len(pieces) != 1:
        raise CaseError(Problem("Piece", f"{len(pieces)} pieces", "one"), str(path))
    spacing, cells = _grid(image, pieces[0], path)
    element, shape = _choose(pieces[0], cells, field, path)
    order = "<" if root.get("byte_order", "LittleEndian") == "LittleEndian" else ">"
    size = "u8" if root.get("header_type") == "UInt64" else "u4"
    if element.get("type") not in _TYPES:
        what = f"array {shown(element.get('Name', ''))} is of no type that is read"
        raise CaseError(Problem("", what, f"one of {', '.join(_TYPES)}"), str(path))
    kind = np.dtype(order + _TYPES[element.get("type", "")])
    unpack = _unpacker(root.get("compressor"), path)
    try:
        most = math.prod(shape) * kind.itemsize
        flat = _values(element, data, cut, kind, np.dtype(order + size), unpack, most)
        found = flat[: math.prod(shape)].reshape(shape[::-1]).T
    except (ValueError, IndexError, OverflowError, zlib.error, lzma.LZMAError):
        what = f"array {shown(element.get('Name', ''))} is cut short or damaged"
        raise CaseError(Problem("", what, "a whole file"), str(path)) from None
    return np.ascontiguousarray(found, kind.newbyteorder("=")), spacing


def _grid(image: xml.Element, piece: xml.Element, path: Path) -> tuple[float, tuple[int, ...]]:
    """Edge of a voxel, and cells along x, y, z."""
    try:
        spacing = np.array([float(s) for s in (image.get("Spacing") or "1 1 1").split()])
        ends = [int(e) for e in (piece.get("Extent") or image.get("WholeExtent") or "").split()]
        cells = tuple(high - low for low, high in zip(ends[::2], ends[1::2], strict=True))
    except ValueError:
        what, remedy = "Extent or Spacing are no numbers", 'Extent="0 100 0 100 0 100"'
        raise CaseError(Problem("ImageData", what, remedy), str(path)) from None
    if len(cells) != 3 or min(cells) < 1 or max(cells) > _MOST_CELLS:
        what, remedy = "Extent is not that of an image", 'Extent="0 100 0 100 0 100"'
        raise CaseError(Problem("Piece", what, remedy), str(path))
    if not (
        len(spacing) == 3
        and np.isfinite(spacing).all()
        and spacing.min() > 0
        and np.ptp(spacing) <= 1e-6 * spacing.max()
    ):
        raise CaseError(Problem("Spacing", "is not a cube's", "equal edges"), str(path))
    return float(spacing[0]), cells


def _choose(
    piece: xml.Element, cells: tuple[int, ...], field: str | None, path: Path
) -> tuple[xml.Element, tuple[int, ...]]:
    """The array and its shape: cells have one value each, points one more along every axis."""
    found: dict[str, tuple[xml.Element, tuple[int, ...]]] = {}
    for kind, shape in (("CellData", cells), ("PointData", tuple(n + 1 for n in cells))):
        for element in piece.findall(f"{kind}/DataArray"):
            if (element.get("NumberOfComponents") or "1").strip() == "1":
                found.setdefault(element.get("Name", ""), (element, shape))
    if field is None and len(found) == 1:
        return next(iter(found.values()))
    if field in found:
        return found[field]
    what = "holds several arrays" if field is None else f'holds no array "{field}"'
    raise CaseError(Problem("field", what, f"one of {', '.join(found) or 'none'}"), str(path))


def _values(
    element: xml.Element,
    data: bytes,
    cut: int,
    kind: np.dtype[Any],
    head: np.dtype[Any],
    unpack: Unpack | None,
    most: int,
) -> Array:
    """Numbers of an array in any format, `most` bytes of it; ValueError if it is cut short."""
    way = element.get("format", "ascii")
    if way == "ascii":
        return np.array((element.text or "").split(), dtype=kind)
    if way == "binary":
        text: bytes | None = "".join((element.text or "").split()).encode()
        raw, start = b"", 0
    else:
        start = data.index(b"_", cut) + 1 + int(element.get("offset", 0))
        based = re.search(rb'encoding="base64"', data[cut : cut + 60])
        text = data[start : data.index(b"<", start)].split()[0] if based else None
        raw = data
    if unpack is None:
        if text is not None:
            raw, start = base64.b64decode(text), 0
        length = int(np.frombuffer(raw, head, 1, start)[0])
        return np.frombuffer(raw, kind, length // kind.itemsize, start + head.itemsize)
    # Blocks: their number, their size, that of the last one if it differs, and each one packed.
    if text is not None:
        count = int(np.frombuffer(base64.b64decode(text[: _based(head.itemsize)]), head, 1)[0])
        table = _based((3 + count) * head.itemsize)
        raw, start = base64.b64decode(text[:table]) + base64.b64decode(text[table:]), 0
    count, size, rest = map(int, np.frombuffer(raw, head, 3, start))
    packed = np.frombuffer(raw, head, count, start + 3 * head.itemsize)
    place, parts = start + (3 + count) * head.itemsize, []
    for i, length in enumerate(map(int, packed)):
        wanted = rest if rest and i == count - 1 else size
        most -= wanted
        part = unpack(raw[place : place + length], wanted + 1) if most >= 0 else b""
        if len(part) != wanted:
            raise ValueError("a block of another size")
        place += length
        parts.append(part)
    return np.frombuffer(b"".join(parts), kind)


def _based(size: int) -> int:
    """Characters that base64 makes of so many bytes."""
    return (size + 2) // 3 * 4


def _unpacker(compressor: str | None, path: Path) -> Unpack | None:
    """What undoes a compression; None where there is none."""
    if not compressor:
        return None
    known: dict[str, Unpack] = {
        "vtkZLibDataCompressor": lambda data, most: zlib.decompressobj().decompress(data, most),
        "vtkLZMADataCompressor": lambda data, most: lzma.LZMADecompressor().decompress(data, most),
    }
    if compressor not in known:
        remedy = "write it uncompressed, or with zlib"
        raise CaseError(Problem("", f"is compressed by {shown(compressor)}", remedy), str(path))
    return known[compressor]
