"""Results of a run, read back from its folder. Needs no DOLFINx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.outputs import legend, timeseries
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.reading import FieldFile
from joulestack.outputs.steps import StepOutcome, StepOutcomes
from joulestack.outputs.timeseries import TIME
from joulestack.spelling import nearest

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """A quantity over time.

    Attributes:
        name: label with unit.
        entries: at each accepted step.
        times: of the entries [s].
    """

    name: str
    entries: Floats
    times: Floats

    def __call__(self, t: npt.ArrayLike) -> Any:
        """Value at a time [s] or at several, linear between steps."""
        return np.interp(np.asarray(t, dtype=np.float64), self.times, self.entries)

    def __repr__(self) -> str:
        if not len(self.entries):
            return f"<{self.name}: empty>"
        return (
            f"<{self.name}: {len(self.entries)} entries, {self.entries[0]:.6g} at "
            f"{self.times[0]:.6g} s to {self.entries[-1]:.6g} at {self.times[-1]:.6g} s>"
        )


@dataclass(frozen=True)
class Temperatures:
    """Temperatures at one time [K].

    Attributes:
        time: [s].
        minimum, maximum: of the whole cell.
        layers: layer -> its (minimum, mean, maximum).
    """

    time: float
    minimum: float
    maximum: float
    layers: dict[str, tuple[float, float, float]]

    def __str__(self) -> str:
        width = max(map(len, self.layers), default=5)
        rows = [f"t = {self.time:.6g} s: {self.minimum:.3f} to {self.maximum:.3f} K"]
        rows += [
            f"  {name:{width}}  min {low:.3f}  mean {mean:.3f}  max {high:.3f} K"
            for name, (low, mean, high) in self.layers.items()
        ]
        return "\n".join(rows)


class Result:
    """A result folder. `result["Voltage [V]"].entries` is an array over time.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: str | Path) -> None:
        """Open a folder; files are read when they are asked for.

        Raises:
            CaseError: it holds no results.
        """
        self.path = Path(path)
        if not any((self.path / n).is_file() for n in ("timeseries.csv", "fields.pvd")):
            raise CaseError(
                Problem(str(path), "holds no results", "give the folder that a run has written")
            )

    # -- over time ------------------------------------------------------------

    @cached_property
    def _table(self) -> dict[str, Floats]:
        return timeseries.read(self.path / "timeseries.csv")

    @property
    def names(self) -> list[str]:
        """Labels of everything recorded over time."""
        return list(self._table)

    def __getitem__(self, name: str) -> Series:
        """A quantity over time.

        Raises:
            KeyError: no such quantity; names the nearest ones.
        """
        if name not in self._table:
            raise KeyError(self._unknown(name))
        return Series(name, self._table[name], self._table[TIME])

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def _unknown(self, name: str) -> str:
        near = nearest(name, self._table)
        if not near:
            near = [n for n in self._table if name.casefold() in n.casefold()][:3]
        hint = "nearest: " if near else "known: "
        return f'no "{name}" in {self.path}; {hint}{", ".join(near or self._table)}'

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json; empty for a run that was interrupted."""
        return self._json("summary.json")

    @property
    def manifest(self) -> dict[str, Any]:
        """manifest.json: versions, the case as resolved, sources of the material numbers."""
        return self._json("manifest.json")

    def _json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        table: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return table

    @property
    def protocol(self) -> StepOutcomes:
        """What each step of the protocol came to; empty for a run that was interrupted."""
        return StepOutcomes(map(StepOutcome.from_table, self.summary.get("protocol", ())))

    # -- temperatures ---------------------------------------------------------

    @property
    def temperature(self) -> Temperatures:
        """At the end of the run.

        Raises:
            ValueError: nothing was recorded.
        """
        self._recorded()
        return self.temperature_at(float(self._table[TIME][-1]))

    def _recorded(self) -> None:
        """Say so where a run failed before its first record."""
        if not len(self._table[TIME]):
            raise ValueError(f"{self.path} holds no record: {self.summary.get('failure')}")

    def temperature_at(self, t: float) -> Temperatures:
        """By layer at a time [s], linear between steps."""
        ending = " temperature mean [K]"
        layers = [n.removesuffix(ending) for n in self._table if n.endswith(ending)]

        def at(name: str) -> float:
            return float(self[name](t))

        return Temperatures(
            time=t,
            minimum=at("Temperature min [K]"),
            maximum=at("Temperature max [K]"),
            layers={
                layer: (
                    at(f"{layer} temperature min [K]"),
                    at(f"{layer} temperature mean [K]"),
                    at(f"{layer} temperature max [K]"),
                )
                for layer in layers
            },
        )

    # -- fields ---------------------------------------------------------------

    @cached_property
    def _fields(self) -> FieldFile:
        return FieldFile(self.path / "fields.pvd")

    @property
    def field_times(self) -> Floats:
        """Times for which fields were written [s]."""
        return self._fields.times

    def snapshot(self, time: float | None = None) -> Snapshot:
        """Fields as plain arrays at the nearest written time [s]; None: the last."""
        return self._fields.snapshot(self._fields.index(time))

    def fields(self, time: float | None = None) -> Any:
        """Fields as a pyvista mesh at the nearest written time [s]; None: the last.

        Without a screen it draws off-screen: `plot(screenshot="picture.png")`; where VTK cannot,
        plotting raises EnvironmentMissing and `Result.plot` draws.

        Raises:
            EnvironmentMissing: pyvista is not installed.
        """
        from joulestack.outputs import view

        file = self._fields.files[self._fields.index(time)]
        return view.library().read(file)

    def interfaces(self, time: float | None = None) -> Any:
        """What is known on the interfaces, as a pyvista mesh at the nearest written time [s].

        Raises:
            KeyError: the run wrote nothing on interfaces.
            EnvironmentMissing: pyvista is not installed.
        """
        from joulestack.outputs import view

        if not self._fields.interfaces:
            raise KeyError(
                f"{self.path} holds no fields on interfaces; they are written with a fixture, a "
                'map of pressure or voids, or for fields = ["interfaces", ...] in [outputs]'
            )
        return view.library().read(self._fields.interfaces[self._fields.index(time)])

    def plot(self, time: float | None = None, kind: str = "temperature") -> Any:
        """Draw a picture as a matplotlib figure; a notebook shows it.

        Args:
            time: of maps and profiles [s]; None: when the cell was hottest.
            kind: "temperature", "profile", "timeseries" or "overpotentials".

        Raises:
            ValueError: no such kind, or nothing to draw in it.
        """
        from joulestack.outputs import plots
        from joulestack.outputs.plots import history, overpotentials, profile, temperature

        title = str(self.manifest.get("case", {}).get("title") or "")
        over_time: dict[str, Any] = {
            "timeseries": history.draw,
            "overpotentials": overpotentials.draw,
        }
        drawn: dict[str, Any] = {"temperature": temperature.draw, "profile": profile.draw}
        known = legend.of_manifest(self.manifest)
        if kind == "overpotentials" and not overpotentials.drawable(self._table, known):
            raise ValueError(f"{self.path} holds no overpotentials to draw")
        if kind in over_time:
            self._recorded()
            return over_time[kind](self._table, title, known)
        if kind not in drawn:
            raise ValueError(f'no picture "{kind}"; there are {", ".join((*drawn, *over_time))}')
        now = plots.hottest(self._fields) if time is None else self.snapshot(time)
        return drawn[kind](now, title)

    def __repr__(self) -> str:
        return f"<Result {self.path}: {len(self._table.get(TIME, ()))} steps>"


def load_result(folder: str | Path) -> Result:
    """Open the folder of an earlier run.

    Raises:
        CaseError: it holds no results.
    """
    return Result(folder)
