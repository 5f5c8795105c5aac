"""What was recorded over time, read alike from a folder of results and from a run in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import _html
from joulestack.outputs import frames
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.legend import Legend
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

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """The entries, for functions that take arrays: `plot(result["Time [s]"], ...)`."""
        return np.array(self.entries, dtype) if copy else np.asarray(self.entries, dtype)

    def __repr__(self) -> str:
        if not len(self.entries):
            return f"<{self.name}: empty>"
        return (
            f"<{self.name}: {len(self.entries)} entries, {self.entries[0]:.6g} at "
            f"{self.times[0]:.6g} s to {self.entries[-1]:.6g} at {self.times[-1]:.6g} s>"
        )

    def to_xarray(self) -> Any:
        """As an xarray DataArray over "record", with its unit and "time" [s] as a coordinate.

        Raises:
            EnvironmentMissing: xarray is not installed.
        """
        return frames.array(self.name, self.entries, self.times)

    def _repr_html_(self) -> str:
        few = np.unique(np.linspace(0, max(len(self.times) - 1, 0), 300).astype(int))
        drawn = _html.curve(self.times[few].tolist(), self.entries[few].tolist()) if few[-1] else ""
        return _html.text(repr(self)[1:-1]) + drawn


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


class Record(ABC):
    """Records of a run by label with unit: `record["Voltage [V]"].entries` is an array."""

    @property
    @abstractmethod
    def _table(self) -> Mapping[str, Floats]:
        """Columns by label."""

    @property
    @abstractmethod
    def _whose(self) -> str:
        """Of what, for messages."""

    @property
    def _why(self) -> str:
        """Why nothing was recorded, for messages."""
        return ""

    @property
    def _title(self) -> str:
        """Of pictures."""
        return ""

    @property
    @abstractmethod
    def _legend(self) -> Legend:
        """Of pictures."""

    @abstractmethod
    def _shown(self, time: float | None) -> Snapshot:
        """Fields for pictures."""

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
        return f'no "{name}" in {self._whose}; {hint}{", ".join(near or self._table)}'

    # -- as others have it ------------------------------------------------------

    def to_dataframe(self) -> Any:
        """Everything recorded over time as a pandas DataFrame, indexed by time [s].

        Raises:
            EnvironmentMissing: pandas is not installed.
        """
        return frames.dataframe(self._table)

    def to_xarray(self) -> Any:
        """Everything recorded over time as an xarray Dataset, with units as attributes.

        Its dimension is "record", for two records have one time where the load jumps; "time" [s] is
        a coordinate.

        Raises:
            EnvironmentMissing: xarray is not installed.
        """
        return frames.dataset(self._table, self._title)

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
        """Refuse where a run failed before its first record."""
        if not len(self._table.get(TIME, ())):
            raise ValueError(f"{self._whose} holds no record{self._why}")

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

    # -- pictures -------------------------------------------------------------

    def plot(self, time: float | None = None, kind: str = "temperature") -> Any:
        """Draw a picture as a matplotlib figure; a notebook shows it.

        Args:
            time: of maps and profiles [s]; None: when the cell was hottest, and of a run in memory
                its present state, the only one that it has.
            kind: "temperature", "profile", "timeseries" or "overpotentials".

        Raises:
            ValueError: no such kind, or nothing to draw in it.
        """
        from joulestack.outputs.plots import history, overpotentials, profile, temperature

        over_time: dict[str, Any] = {
            "timeseries": history.draw,
            "overpotentials": overpotentials.draw,
        }
        drawn: dict[str, Any] = {"temperature": temperature.draw, "profile": profile.draw}
        if kind == "overpotentials" and not overpotentials.drawable(self._table, self._legend):
            raise ValueError(f"{self._whose} holds no overpotentials to draw")
        if kind in over_time:
            self._recorded()
            return over_time[kind](self._table, self._title, self._legend)
        if kind not in drawn:
            raise ValueError(f'no picture "{kind}"; there are {", ".join((*drawn, *over_time))}')
        return drawn[kind](self._shown(time), self._title)
