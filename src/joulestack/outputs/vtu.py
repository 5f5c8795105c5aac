"""VTK unstructured-grid files (.vtu, .pvtu): appended binary data, zlib-compressed.

What stays the same over time (points, cells, regions, names) is compressed once.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt

from joulestack.outputs.grid import VTK_TYPE, Floats, Grid

Array = npt.NDArray[Any]

BLOCK = 1 << 18
"""Bytes compressed at a time: VTK inflates block by block."""

ZLIB_LEVEL = 1
"""Of zlib. Level 6 takes four times as long for a mesh, and saves a tenth of it."""

_TYPES = {"f8": "Float64", "f4": "Float32", "i4": "Int32", "i8": "Int64", "u1": "UInt8"}
_HEADER = (
    '<?xml version="1.0"?>\n<VTKFile type="{type}" version="1.0" byte_order="LittleEndian" '
    'header_type="UInt64" compressor="vtkZLibDataCompressor">\n'
)
NAMES, LAYERS, KINDS = " names", " layers", " kinds"
"""After a grid's tag: field arrays of what its ids, from 1, stand for."""


def replace(path: Path, *parts: bytes | memoryview, durable: bool = False) -> None:
    """Write a file so that it is either whole or not there.

    Args:
        path: of the file.
        parts: one after another.
        durable: it is on the disk, and not in its cache alone, before it takes its place.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            for part in parts:
                file.write(part)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)  # a full disk needs the room
        error.filename = error.filename or str(path)
        raise


class Encoded:
    """One array, compressed, with what its header needs."""

    def __init__(self, name: str, array: Array) -> None:
        """Compress.

        Args:
            name: label shown by ParaView.
            array: one row per node or cell.
        """
        code = array.dtype.str[1:]
        data = np.ascontiguousarray(array, dtype=f"<{code}" if code != "u1" else "u1").tobytes()
        pieces = [data[i : i + BLOCK] for i in range(0, len(data), BLOCK)]
        packed = [zlib.compress(piece, ZLIB_LEVEL) for piece in pieces]
        last = len(pieces[-1]) % BLOCK if pieces else 0
        head = np.array([len(pieces), BLOCK, last, *map(len, packed)], dtype="<u8")
        self.data = head.tobytes() + b"".join(packed)
        self.components = 1 if array.ndim == 1 else array.shape[1]
        self.name, self.type = name, _TYPES[code]

    def tag(self, offset: int) -> str:
        """XML element."""
        return (
            f'<DataArray type="{self.type}" Name={quoteattr(self.name)} NumberOfComponents='
            f'"{self.components}" format="appended" offset="{offset}"/>\n'
        )

    def parallel_tag(self) -> str:
        """XML element of a .pvtu."""
        return (
            f'<PDataArray type="{self.type}" Name={quoteattr(self.name)} NumberOfComponents='
            f'"{self.components}"/>\n'
        )


def strings(name: str, values: Iterable[str]) -> str:
    """XML element of a text array."""
    texts = list(values)
    codes = " ".join(str(byte) for text in texts for byte in (*text.encode(), 0))
    return (
        f'<Array type="String" Name={quoteattr(name)} NumberOfTuples="{len(texts)}" '
        f'format="ascii">{codes}</Array>\n'
    )


def field_data(grid: Grid, time: float) -> str:
    """XML of what holds for the whole file: time, names of regions, what the coordinates mean."""
    return (
        '<FieldData>\n<DataArray type="Float64" Name="TimeValue" NumberOfTuples="1" '
        f'format="ascii">{time!r}</DataArray>\n'
        + strings(grid.tag + NAMES, (r.name for r in grid.regions))
        + strings(grid.tag + LAYERS, (r.layer for r in grid.regions))
        + strings(grid.tag + KINDS, (r.kind for r in grid.regions))
        + strings("Coordinates", [grid.coordinates])
        + '<DataArray type="Int32" Name="Stacking axis" NumberOfTuples="1" format="ascii">'
        f"{grid.stacking_axis}</DataArray>\n</FieldData>\n"
    )


class Piece:
    """Writes the cells of one rank, again and again."""

    def __init__(self, grid: Grid) -> None:
        """Compress the mesh once."""
        self.grid = grid
        count, width = grid.cells.shape
        ends = np.arange(1, count + 1, dtype=np.int64) * width
        self._points = Encoded("Points", grid.points)
        self._cells = [
            Encoded("connectivity", grid.cells.ravel()),
            Encoded("offsets", ends),
            Encoded("types", np.full(count, VTK_TYPE[grid.shape], dtype=np.uint8)),
        ]
        self._node_region = Encoded(grid.tag, grid.node_region)
        self._cell_region = Encoded(grid.tag, grid.cell_region)

    def write(
        self, path: Path, time: float, nodes: Mapping[str, Floats], cells: Mapping[str, Array]
    ) -> None:
        """Write one .vtu.

        Args:
            path: of the file.
            time: [s].
            nodes: label -> values at the nodes.
            cells: label -> values (or vectors) of the cells.
        """
        sections = {
            "PointData": [self._node_region, *(Encoded(k, v) for k, v in nodes.items())],
            "CellData": [self._cell_region, *(Encoded(k, v) for k, v in cells.items())],
            "Points": [self._points],
            "Cells": self._cells,
        }
        offset, body, data = 0, "", []
        for section, arrays in sections.items():
            active = _active(section, nodes)
            body += f"<{section}{active}>\n"
            for array in arrays:
                body += array.tag(offset)
                data.append(array.data)
                offset += len(array.data)
            body += f"</{section}>\n"
        head = (
            _HEADER.format(type="UnstructuredGrid")
            + "<UnstructuredGrid>\n"
            + field_data(self.grid, time)
            + f'<Piece NumberOfPoints="{len(self.grid.points)}" '
            f'NumberOfCells="{len(self.grid.cells)}">\n{body}</Piece>\n</UnstructuredGrid>\n'
            '<AppendedData encoding="raw">\n_'
        )
        replace(path, head.encode(), *data, b"\n</AppendedData>\n</VTKFile>\n")

    def write_index(
        self,
        path: Path,
        time: float,
        nodes: Mapping[str, Floats],
        cells: Mapping[str, Array],
        pieces: Iterable[str],
    ) -> None:
        """Write the .pvtu that joins the pieces of all ranks (names relative to it)."""

        def tags(arrays: Mapping[str, Array]) -> str:
            return "".join(Encoded(k, v[:0]).parallel_tag() for k, v in arrays.items())

        region = Encoded(self.grid.tag, np.zeros(0, dtype=np.int32)).parallel_tag()
        text = (
            _HEADER.format(type="PUnstructuredGrid")
            + '<PUnstructuredGrid GhostLevel="0">\n'
            + field_data(self.grid, time)
            + f"<PPointData{_active('PointData', nodes)}>\n{region}{tags(nodes)}</PPointData>\n"
            + f"<PCellData>\n{region}{tags(cells)}</PCellData>\n"
            + '<PPoints>\n<PDataArray type="Float64" Name="Points" NumberOfComponents="3"/>\n'
            + "</PPoints>\n"
            + "".join(f"<Piece Source={quoteattr(p)}/>\n" for p in pieces)
            + "</PUnstructuredGrid>\n</VTKFile>\n"
        )
        replace(path, text.encode())


def _active(section: str, nodes: Mapping[str, Any]) -> str:
    """The first field is what ParaView colours by when the file is opened."""
    first = next(iter(nodes), None)
    return f" Scalars={quoteattr(first)}" if section == "PointData" and first else ""
