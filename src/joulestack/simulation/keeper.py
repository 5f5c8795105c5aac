"""What a run leaves in its folder as it goes: records, fields, and figures at its end."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.timeseries import TimeSeries
from joulestack.progress import stage
from joulestack.simulation.observe import (
    HEAT_DENSITY,
    REACTION_DENSITY,
    ContactHistory,
    Row,
)
from joulestack.simulation.peak import Peak
from joulestack.simulation.simulation import Simulation

CELL_DATA = {HEAT_DENSITY: "heat_source", REACTION_DENSITY: "reaction_current"}
"""How a case file calls what is written by cell, beside the fluxes."""
FLUXES = ("heat_flux", "current_density")
"""Written by cell where nothing is chosen."""

log = logging.getLogger("joulestack")


class Keeper:
    """Writes what a simulation finds; every record is on disk before the next step.

    Attributes:
        folder: of the results.
        fields: their writer.
    """

    REMEMBERS = ("fields", "_series", "_written", "_hottest", "_contact_lost", "_voids")

    def __init__(
        self, simulation: Simulation, folder: ResultFolder, wanted: Collection[str] | None = None
    ) -> None:
        """Open the files; compiles the forms.

        Args:
            simulation: that is kept.
            folder: of the results.
            wanted: fields, as `outputs.fields` of a case; None: all.
        """
        self._simulation, self.folder = simulation, folder
        self._model, self._observer = simulation.model, simulation.observer
        self._solver = simulation.stepper
        self._comm = self._model.domain.comm
        self._unwanted = [k for k, n in CELL_DATA.items() if wanted is not None and n not in wanted]
        interfaces = self._observer.interfaces
        self.fields = FieldWriter(self._model, folder.path / "fields.pvd", wanted, interfaces)
        self._series = TimeSeries(folder.path / "timeseries.csv", self._comm)
        self._written = -1.0
        self._hottest = Peak()
        self._contact_lost = False
        self._voids = ContactHistory(self._observer.contacts)

    def say_ready(self, seconds: float) -> None:
        """Tell the log what will be solved."""
        model = self._model
        stage(
            f"{model.system.size} unknowns in {len(model.blocks)} blocks, "
            f"{self._simulation.kernels} kernels, {self._solver.statistics.solver} linear solver, "
            f"{self._comm.size} rank(s), ready in {seconds:.2f} s"
        )

    def record(self, row: Row, kinks: Collection[float] = ()) -> None:
        """Write a record, and warn of what it says.

        Args:
            row: of the present state.
            kinks: times at which the load kinks or jumps, beside those of the model's tables [s].
        """
        t = row["Time [s]"]
        self._series.append(row)
        if row.get("Contact lost [-]") and not self._contact_lost:
            log.warning("contact is lost at t = %.6g s: nothing presses on the stack any more", t)
            self._contact_lost = True
        for lost in self._voids.add(t, row):
            log.warning("%s", lost)
        kink = t in kinks or t in self._model.kinks
        self._hottest.add(t, row["Temperature max [K]"] - self._model.setup.start_temperature, kink)

    def write(self, t: float) -> None:
        """The state in the model, unless that of its time is on disk already."""
        if t <= self._written:
            return
        self._written = t
        data = self._observer.cell_data()
        for label in self._unwanted:
            data.pop(label, None)
        facets = self._observer.facet_data() if self._observer.interfaces else None
        self.fields.write(t, data, facets)

    def close(self) -> None:
        """Close the files."""
        self.fields.close()
        self._series.close()

    def condition(self) -> dict[str, Any]:
        """What has become of the contacts, for summary.json."""
        return {"contact_lost": self._contact_lost, **self._voids.summary()}

    def figures(self, balances: Row) -> dict[str, Any]:
        """What the records came to, for summary.json; collective."""
        row, start = self._observer.row, self._model.setup.start_temperature
        at, rise = self._hottest.largest() if self._hottest.times else (None, 0.0)
        return {
            "temperature_max_K": start + rise,
            "temperature_rise_max_K": rise,
            "temperature_max_time_s": at,
            "voltage_V": row.get("Voltage [V]"),
            "current_A": row.get("Current [A]"),
            "heat_J": self._observer.heat,
            "heat_by_layer_J": self._observer.heat_by_place(),
            "heat_W": {
                key.removeprefix("Heat ").removesuffix(" [W]"): value
                for key, value in row.items()
                if key.startswith("Heat ") and key.endswith(" [W]")
            },
            **balances,
            "extrapolated": self._observer.ranges.said(),
            "limits_exceeded": self._observer.limits.said(),
            "ceilings": self._observer.ceilings.summary(),
            **self._observer.unit_cells.summary(),
        }

    def effort(self) -> dict[str, Any]:
        """What it took, for summary.json; collective."""
        statistics = asdict(self._solver.statistics)
        return {
            "unknowns": self._model.system.size,
            "cells": int(self._comm.allreduce(self._model.domain.owned_cells)),
            "ranks": self._comm.size,
            **{k: statistics[k] for k in ("steps", "rejected", "newton", "linear", "solver")},
            "peak_memory_MB": float(self._comm.allreduce(_peak_memory())),
        }


def _peak_memory() -> float:
    """Peak resident memory of this process [MB]."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
