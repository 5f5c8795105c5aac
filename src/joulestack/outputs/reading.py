"""Read fields.pvd back, with numpy alone: for plots and results where no VTK is installed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.mesh.tagged import Region
from joulestack.outputs.grid import VTK_TYPE, Grid, Snapshot
from joulestack.outputs.vtu import KINDS, LAYERS, NAMES

Array = npt.NDArray[Any]

_DTYPES = {"Float64": "<f8", "Float32": "<f4", "Int32": "<i4", "Int64": "<i8", "UInt8": "u1"}
_END = b'<AppendedData encoding="raw">\n_'


class FieldFile:
    """A written fields.pvd.

    Attributes:
        path: of the index.
        times: [s], increasing.
        files: of each time, with the whole cell.
        interfaces: of each time, with what is known on interfaces; empty where nothing is.
    """

    def __init__(self, path: str | Path) -> None:
        """Read the index.

        Raises:
            CaseError: it is missing or is no index.
        """
        self.path = Path(path)
        try:
            entries = ET.parse(self.path).getroot().findall("Collection/DataSet")
            cell, self.interfaces = (
                [self.path.parent / e.attrib["file"] for e in entries if e.attrib["part"] == part]
                for part in ("0", "1")
            )
            times = [float(e.attrib["timestep"]) for e in entries if e.attrib["part"] == "0"]
            self.files, self.times = cell, np.array(times)
        except (OSError, ET.ParseError, KeyError, ValueError):
            remedy = "run the case again, or read a folder that a run has written"
            raise CaseError(Problem(str(path), "cannot be read", remedy)) from None

    def index(self, time: float | None = None) -> int:
        """Number of the written state nearest to a time [s]; None: the last.

        Raises:
            CaseError: nothing has been written yet.
        """
        if not self.files:
            problem = Problem(str(self.path), "holds no written state yet", "wait for the first")
            raise CaseError(problem)
        if time is None:
            return len(self.files) - 1
        return int(np.argmin(np.abs(self.times - time)))

    def snapshot(
        self, number: int = -1, only: Collection[str] | None = None, interfaces: bool = False
    ) -> Snapshot:
        """Fields of a written state, the pieces of all ranks joined.

        Args:
            number: of the state.
            only: labels of fields to read; None: all.
            interfaces: on the interfaces, instead of the whole cell.

        Raises:
            CaseError: a file is missing or damaged.
        """
        file = (self.interfaces if interfaces else self.files)[number]
        try:
            if file.suffix == ".pvtu":
                pieces = [p.attrib["Source"] for p in ET.parse(file).getroot().iter("Piece")]
                parts = [_read(file.parent / p, float(self.times[number]), only) for p in pieces]
                return _join([p for p in parts if len(p.grid.cells)] or parts[:1])
            return _read(file, float(self.times[number]), only)
        except (OSError, ET.ParseError, KeyError, ValueError, zlib.error):
            remedy = "run the case again"
            raise CaseError(Problem(str(file), "cannot be read", remedy)) from None


def _decode(data: memoryview, element: ET.Element) -> Array:
    """One compressed array of the appended data."""
    start = int(element.attrib["offset"])
    blocks = int(np.frombuffer(data, "<u8", 1, start)[0])
    sizes = np.frombuffer(data, "<u8", blocks, start + 24).astype(int)
    ends = start + 24 + 8 * blocks + np.cumsum(sizes)
    raw = b"".join(zlib.decompress(data[e - s : e]) for s, e in zip(sizes, ends, strict=True))
    array = np.frombuffer(raw, _DTYPES[element.attrib["type"]])
    width = int(element.attrib.get("NumberOfComponents", "1"))
    return array if width == 1 else array.reshape(-1, width)


def _texts(element: ET.Element) -> list[str]:
    codes = bytes(int(c) for c in (element.text or "").split())
    return [text.decode() for text in codes.split(b"\0")[:-1]]


def _read(file: Path, time: float, only: Collection[str] | None) -> Snapshot:
    content = file.read_bytes()
    split = content.index(_END)
    root = ET.fromstring(content[:split] + b"</VTKFile>")
    data = memoryview(content)[split + len(_END) :]

    def section(name: str) -> dict[str, ET.Element]:
        element = root.find(f"UnstructuredGrid/Piece/{name}")
        return {} if element is None else {e.attrib["Name"]: e for e in element}

    about = {e.attrib["Name"]: e for e in root.findall("UnstructuredGrid/FieldData/*")}
    tag = next(name.removesuffix(NAMES) for name in about if name.endswith(NAMES))

    def fields(name: str) -> dict[str, Array]:
        wanted = {k: e for k, e in section(name).items() if k != tag}
        return {k: _decode(data, e) for k, e in wanted.items() if only is None or k in only}

    names, layers = _texts(about[tag + NAMES]), _texts(about[tag + LAYERS])
    kinds: list[Any] = _texts(about[tag + KINDS])
    regions = map(Region, names, layers, range(1, len(names) + 1), kinds)
    cells = section("Cells")
    count = int(next(root.iter("Piece")).attrib["NumberOfCells"])
    types = {number: shape for shape, number in VTK_TYPE.items()}
    shape = types[int(_decode(data, cells["types"])[0])] if count else "interval"
    grid = Grid(
        points=_decode(data, section("Points")["Points"]),
        cells=_decode(data, cells["connectivity"]).reshape(count, -1 if count else 2),
        shape=shape,
        node_region=_decode(data, section("PointData")[tag]),
        cell_region=_decode(data, section("CellData")[tag]),
        regions=tuple(regions),
        coordinates=_texts(about["Coordinates"])[0],
        stacking_axis=int(about["Stacking axis"].text or 0),
        tag=tag,
    )
    return Snapshot(grid, time, fields("PointData"), fields("CellData"))


def _join(parts: list[Snapshot]) -> Snapshot:
    """One snapshot of the pieces of all ranks; a node that several ranks have becomes one."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    starts = np.cumsum([0, *(len(p.grid.points) for p in parts[:-1])])
    points = np.concatenate([p.grid.points for p in parts])
    region = np.concatenate([p.grid.node_region for p in parts])
    cells = np.concatenate([p.grid.cells + s for p, s in zip(parts, starts, strict=True)])
    keys = np.column_stack([points, region])
    order = np.lexsort(keys.T)
    new = np.any(np.diff(keys[order], axis=0, prepend=np.nan) != 0, axis=1)
    chosen = order[new]
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.cumsum(new) - 1
    grid = Grid(
        points=points[chosen],
        cells=number[cells],
        shape=first.grid.shape,
        node_region=region[chosen],
        cell_region=np.concatenate([p.grid.cell_region for p in parts]),
        regions=first.grid.regions,
        coordinates=first.grid.coordinates,
        stacking_axis=first.grid.stacking_axis,
        tag=first.grid.tag,
    )
    nodes = {k: np.concatenate([p.nodes[k] for p in parts])[chosen] for k in first.nodes}
    values = {k: np.concatenate([p.cells[k] for p in parts]) for k in first.cells}
    return Snapshot(grid, first.time, nodes, values)
