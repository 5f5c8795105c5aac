"""The table of a study: what was varied and what came of it, as CSV, NetCDF, DataFrame, Dataset."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack import __version__
from joulestack._needs import needed
from joulestack.outputs.vtu import replace
from joulestack.studies.sampling import Sampled
from joulestack.studies.work import DONE, SECONDS, Row

if TYPE_CHECKING:
    import pandas
    import xarray

RUN, STATUS, REASON, ENDED = "run", "status", "reason", "ended by"

_UNIT = re.compile(r"(.*?)\s*\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Table:
    """Points of a study in their order, and the row of each.

    Attributes:
        title: of the study.
        sampled: points.
        rows: of each point; None where it has not been run.
        folders: name of each point's folder of results; empty where it has none.
    """

    title: str
    sampled: Sampled
    rows: tuple[Row | None, ...]
    folders: tuple[str, ...]

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures that any run has, with units, in the order of their coming."""
        return tuple(dict.fromkeys(name for row in self.rows if row for name in row.figures))

    def figure(self, name: str) -> np.ndarray:
        """A figure of every point; nan where there is none."""
        found = [row.figures.get(name, np.nan) if row else np.nan for row in self.rows]
        return np.array(found, dtype=float)

    @property
    def complete(self) -> bool:
        """Whether every point has been run."""
        return None not in self.rows

    @property
    def done(self) -> int:
        """Points that were run to their end."""
        return self.count(DONE)

    def undone(self) -> list[tuple[str, Row]]:
        """Folder and row of each point that failed or was invalid."""
        pairs = zip(self.folders, self.rows, strict=True)
        return [(name, row) for name, row in pairs if row and row.status != DONE]

    def count(self, status: str) -> int:
        """Points of this status."""
        return sum(row is not None and row.status == status for row in self.rows)

    def columns(self) -> dict[str, list[Any]]:
        """Title -> entries of all points, None where there is nothing."""
        found: dict[str, list[Any]] = {RUN: list(self.folders)}
        for one in self.sampled.varied:
            found[one.column] = [one.entry(point[one.key]) for point in self.sampled.points]
        found[STATUS] = [row.status if row else "not run" for row in self.rows]
        for name in self.figures:
            found[name] = [row.figures.get(name) if row else None for row in self.rows]
        found[ENDED] = [row.ended_by if row else "" for row in self.rows]
        found[SECONDS] = [row.seconds if row else None for row in self.rows]
        found[REASON] = [" ".join(row.reason.split()) if row else "" for row in self.rows]
        return found

    def write_csv(self, path: Path) -> None:
        """Write it; the file is whole or not there."""
        columns = self.columns()
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(columns)
        for line in zip(*columns.values(), strict=True):
            out.writerow(["" if cell is None else _cell(cell) for cell in line])
        replace(path, text.getvalue().encode())

    def write_netcdf(self, path: Path) -> None:
        """Write figures over what was varied as NetCDF 3, which `xarray.open_dataset` reads.

        Those of a grid have an axis for each key, others one for the runs.
        """
        from scipy.io import netcdf_file

        draft = path.with_name(f".{path.name}.part")
        with netcdf_file(str(draft), "w") as file:
            file.title, file.source = self.title or "study", f"joulestack {__version__}"
            for name, (dimensions, values, attributes) in self._variables().items():
                for dimension, size in zip(dimensions, values.shape, strict=False):
                    if dimension not in file.dimensions:
                        file.createDimension(dimension, size)
                if values.dtype.kind == "U":
                    values, dimensions = _characters(file, values, dimensions)
                made = file.createVariable(name, values.dtype, dimensions)
                made[:] = values
                for key, text in attributes.items():
                    setattr(made, key, text)
        draft.replace(path)

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each point."""
        import pandas

        return pandas.DataFrame(self.columns())

    def to_xarray(self) -> xarray.Dataset:
        """Figures over what was varied: an axis for each key of a grid, else one for the runs.

        Raises:
            EnvironmentMissing: xarray is not installed.
        """
        with needed("Study.to_xarray"):
            import xarray
        return xarray.Dataset(self._variables()).set_coords(
            [name for name in self._names() if name in self._variables()]
        )

    def _names(self) -> dict[str, str]:
        """Name in NetCDF -> key, of what is varied."""
        return {_plain_name(v.key): v.key for v in self.sampled.varied}

    def _variables(self) -> dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]]:
        axes = tuple(self._names()) if self.sampled.grid else (RUN,)
        shape = tuple(len(v.values) for v in self.sampled.varied) if self.sampled.grid else (-1,)
        found: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {}
        for name, one in zip(self._names(), self.sampled.varied, strict=True):
            entries = np.array([one.entry(value) for value in one.values])
            told = {"long_name": one.key, **({"units": one.unit} if one.unit else {})}
            found[name] = ((name,) if self.sampled.grid else (RUN,), entries, told)
        for name in self.figures:
            match = _UNIT.fullmatch(name)
            told = {"long_name": match[1], "units": match[2]} if match else {"long_name": name}
            plain = _plain_name(match[1] if match else name)
            found[plain] = (axes, self.figure(name).reshape(shape), told)
        done = np.array([row is not None and row.status == DONE for row in self.rows], dtype="i4")
        found["done"] = (axes, done.reshape(shape), {"long_name": "whether the run was done"})
        return found


def _cell(cell: Any) -> str:
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _plain_name(text: str) -> str:
    """A name that NetCDF's own rules and attributes of Python allow."""
    name = re.sub(r"\W+", "_", text).strip("_") or "value"
    return f"_{name}" if name[0].isdigit() else name


def _characters(
    file: Any, texts: np.ndarray, dimensions: Sequence[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Texts as NetCDF 3 knows them: an array of bytes with a dimension of their own."""
    coded = np.char.encode(texts, "utf-8")
    length = max(coded.dtype.itemsize, 1)
    dimension = f"characters_{length}"
    if dimension not in file.dimensions:
        file.createDimension(dimension, length)
    rows = np.array([list(text.ljust(length, b"\0")) for text in coded.ravel()], dtype=np.uint8)
    return rows.view("S1").reshape(*texts.shape, length), (*dimensions, dimension)
