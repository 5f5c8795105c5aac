"""All fields over time, in one file to open in ParaView: fields.pvd.

Its first part is the whole cell, its second one the interfaces, where something is known of them.

The index names one finished file per written time. It is replaced as a whole after each step, so
an interrupted run leaves everything up to its last written time readable.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy.typing as npt

from joulestack.declarations import RISE
from joulestack.discretisation.domain import Interface
from joulestack.outputs.facets import Facets
from joulestack.outputs.grid import Floats
from joulestack.outputs.snapshots import Snapshots
from joulestack.outputs.vtu import Piece, replace

PARTS = ("Cell", "Interfaces")
"""What the parts of the index are called."""
COLOURS = ("Temperature [K]", RISE)
"""Labels that are written at the nodes of interfaces."""


class FieldWriter(Snapshots):
    """Writes the fields of a model. All methods are collective.

    Attributes:
        times: of the written states [s].
    """

    REMEMBERS = ("times", "_files")

    def __init__(
        self,
        model: Any,
        path: Path,
        fields: Collection[str] | None = None,
        interfaces: Sequence[Interface] = (),
    ) -> None:
        """Find the nodes; nothing is written yet.

        Args:
            model, fields: as of `Snapshots`.
            path: of the index, ending in .pvd; the data go to a folder of the same stem beside it.
            interfaces: in the order of the values that `write` will be given.
        """
        super().__init__(model, fields)
        self.path = Path(path)
        self.times: list[float] = []
        self._comm = model.domain.comm
        self._piece = Piece(self.sampling.grid)
        self._facets = Facets(model.domain, interfaces) if interfaces else None
        self._between = None if self._facets is None else Piece(self._facets.grid)
        self._files: list[list[str]] = []
        if self._comm.rank == 0:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace(self.path.with_name("regions.csv"), self._legend().encode())
        self._comm.barrier()

    def after_reading(self) -> None:
        """Name the states again that there were."""
        if self._comm.rank == 0 and self._files:
            replace(self.path, self._index().encode())

    @property
    def _folder(self) -> Path:
        return self.path.with_suffix("")

    def write(
        self,
        t: float,
        cell_data: Mapping[str, npt.ArrayLike] | None = None,
        facet_data: Mapping[str, Mapping[int, Floats]] | None = None,
    ) -> None:
        """Write the present state and put it into the index.

        Args:
            t: [s].
            cell_data: as in `snapshot`; the same labels at every time, on every rank.
            facet_data: as in `Facets.columns`; the temperature is written at the nodes too, so that
                interfaces take the colour of the cell.
        """
        t = float(t)
        now = self.snapshot(t, cell_data)
        names = [self._write(self._piece, self.path.stem, t, now.nodes, now.cells)]
        if self._between is not None and self._facets is not None:
            values = self._facets.columns(facet_data or {})
            nodes = {k: self._facets.at_nodes(values.pop(k)) for k in COLOURS if k in values}
            names.append(self._write(self._between, "interfaces", t, nodes, values))
        self.times.append(t)
        self._comm.barrier()
        if self._comm.rank == 0:
            self._files.append([f"{self._folder.name}/{name}" for name in names])
            replace(self.path, self._index().encode())
        self._comm.barrier()

    def _write(
        self,
        piece: Piece,
        stem: str,
        t: float,
        nodes: Mapping[str, Floats],
        cells: Mapping[str, Floats],
    ) -> str:
        """Write the cells of all ranks; the name of the file that holds or joins them."""
        stem = f"{stem}_{len(self.times):06d}"
        rank, size = self._comm.rank, self._comm.size
        if size == 1:
            piece.write(self._folder / f"{stem}.vtu", t, nodes, cells)
            return f"{stem}.vtu"
        piece.write(self._folder / f"{stem}_rank{rank:04d}.vtu", t, nodes, cells)
        if rank == 0:
            pieces = [f"{stem}_rank{r:04d}.vtu" for r in range(size)]
            piece.write_index(self._folder / f"{stem}.pvtu", t, nodes, cells, pieces)
        return f"{stem}.pvtu"

    def close(self) -> None:
        """Nothing is left open; waits for all ranks."""
        self._comm.barrier()

    def _index(self) -> str:
        entries = "".join(
            f'<DataSet timestep="{t!r}" part="{n}" name="{part}" file={quoteattr(f)}/>\n'
            for t, files in zip(self.times, self._files, strict=True)
            for n, (part, f) in enumerate(zip(PARTS, files, strict=False))
        )
        return (
            '<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1" '
            f'byte_order="LittleEndian">\n<Collection>\n{entries}</Collection>\n</VTKFile>\n'
        )

    def _legend(self) -> str:
        rows = ["id,name,layer,kind"]
        rows += [f"{r.id},{_csv(r.name)},{_csv(r.layer)},{r.kind}" for r in self._regions]
        return "\r\n".join(rows) + "\r\n"

    @property
    def _regions(self) -> Any:
        return self.sampling.grid.regions


def _csv(text: str) -> str:
    """A text as a CSV entry."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
