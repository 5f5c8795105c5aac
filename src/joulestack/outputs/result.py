"""Results of a run, read back from its folder. Needs no DOLFINx."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from joulestack import _html
from joulestack.destination import written_now
from joulestack.errors import CaseError, Problem
from joulestack.outputs import frames, headline, legend, sensitivities, timeseries
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.notices import notices
from joulestack.outputs.reading import FieldFile
from joulestack.outputs.record import Floats, Record, Series, Temperatures
from joulestack.outputs.sensitivities import Sensitivities
from joulestack.outputs.steps import StepOutcome, StepOutcomes
from joulestack.outputs.timeseries import TIME


class Result(Record):
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

    @classmethod
    def finished(cls, folder: str | Path) -> bool:
        """Whether the run of a folder came to its end; no results are asked for."""
        try:
            table = json.loads((Path(folder) / "summary.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(table, dict) and table.get("completed") is True

    @property
    def state(self) -> str:
        """What has become of the run: "complete", "running", "failed", "interrupted" or "died".

        One that died was killed, or its machine was: nobody holds its folder, and nothing says why
        it ended.
        """
        if written_now(self.path / "manifest.json"):
            return "running"
        summary = self.summary
        if not summary:
            return "died"
        for state in ("failure", "interrupted"):
            if summary.get(state):
                return {"failure": "failed"}.get(state, state)
        return "complete"

    # -- over time ------------------------------------------------------------

    @cached_property
    def _table(self) -> dict[str, Floats]:
        return timeseries.read(self.path / "timeseries.csv")

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
        if not path.is_file():
            return {}
        try:
            table = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            table = None
        if not isinstance(table, dict):
            raise CaseError(Problem(str(path), "cannot be read", "run the case again"))
        return table

    @property
    def protocol(self) -> StepOutcomes:
        """What each step of the protocol came to; empty for a run that was interrupted."""
        return StepOutcomes(map(StepOutcome.from_table, self.summary.get("protocol", ())))

    # -- derivatives ------------------------------------------------------------

    @cached_property
    def sensitivities(self) -> Sensitivities:
        """Derivatives of the run, with what they say of uncertainty.

        Raises:
            CaseError: none were asked for (`run(case, sensitivities=[...])`).
        """
        return sensitivities.read(self.path)

    def sensitivity(self, name: str) -> dict[str, float] | dict[str, Floats]:
        """Derivatives of a figure or of a column of the time series, by number; see its `of`.

            result.sensitivity("temperature_rise_max_K")["cell.stack_pressure"]

        Raises:
            CaseError: there are none, or no such figure.
        """
        return self.sensitivities.of(name)

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

    def fields_to_xarray(self) -> Any:
        """All written fields as an xarray Dataset: over time and nodes (or cells), by region.

        Raises:
            EnvironmentMissing: xarray is not installed.
        """
        states = [self._fields.snapshot(i) for i in range(len(self.field_times))]
        if not states:
            raise ValueError(f"{self._whose} holds no written state yet")
        return frames.fields(states, self._title)

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

    # -- for people -----------------------------------------------------------

    def report(self, path: str | Path | None = None, overwrite: bool = False) -> Path:
        """Write all of it on one page that a browser opens offline.

        Args:
            path: of the page; None: report.html in the folder, which may be replaced.
            overwrite: replace an earlier page at another place.

        Returns:
            The path.

        Raises:
            CaseError: the place cannot be had, or a file of the result is damaged.
            EnvironmentMissing: jinja2 is not installed.
        """
        from joulestack.outputs.report import write

        return write.write(self, path, overwrite)

    # -- what pictures ask for --------------------------------------------------

    @property
    def _whose(self) -> str:
        return str(self.path)

    @property
    def _why(self) -> str:
        return f": {self.summary.get('failure')}"

    @property
    def _title(self) -> str:
        told = self.manifest
        return str((told.get("case") or told).get("title") or "")

    @property
    def _legend(self) -> legend.Legend:
        return legend.of_manifest(self.manifest)

    def _shown(self, time: float | None) -> Snapshot:
        from joulestack.outputs import plots

        return plots.hottest(self._fields) if time is None else self.snapshot(time)

    def _repr_html_(self) -> str:
        summary = self.summary
        rows = [(name.rpartition(" [")[0], f"{value:.5g} {name.rpartition(' [')[2][:-1]}")
                for name, (value, _) in headline.shown(summary).items()]  # fmt: skip
        warned = [(n.kind, n.text) for n in notices(summary, self.path / "run.log")]
        told = _html.text(headline.said(summary.get("numerical_error") or {}))
        shown = _html.table((), rows, f"{self._title or self.path.name} ({self.path})") + told
        return shown + (_html.table((), warned, "limits and warnings") if warned else "")

    def __repr__(self) -> str:
        return f"<Result {self.path}: {len(self._table.get(TIME, ()))} steps>"


def load_result(folder: str | Path) -> Result:
    """Open the folder of an earlier run.

    Raises:
        CaseError: it holds no results.
    """
    return Result(folder)


__all__ = ["Result", "Series", "Temperatures", "load_result"]
