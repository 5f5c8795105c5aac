"""How far off the figures are that people look at, by mesh and radial functions of particles.

What a mesh leaves out is heat that the cell misses (`unresolved.py`), hence voltage, at the current
that flows. Functions that particles lack move the equilibrium voltage of their surfaces
(`companions.py`). Either moves the time at which a voltage ends a step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from joulestack.constants import MILLIAMPERE_HOUR, WATT_HOUR
from joulestack.outputs import headline
from joulestack.simulation.errors.companions import Companions
from joulestack.simulation.errors.unresolved import MeshMisfit
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.observer import Observer
from joulestack.simulation.observe.sums import Floats

MESH, PARTICLES = "mesh", "radial functions"

CLOSELY = 20
"""Records that are all looked at; of those beyond ever fewer."""

OF_NODES = 0.25
"""What temperatures of nodes, where the largest is looked for, miss of what means miss: nothing in
a slab in steady state, up to a fifth while it warms up."""

Slopes = Mapping[float, Row]


@dataclass
class _Cause:
    """What is missing now, and has been since the start.

    Attributes:
        rates: heat by source now [W].
        heat: since the start [J].
        volts: what the terminal voltage is off by now [V].
        energy: what it has given since the start, either way [J].
        rise: part of temperatures that is missing where the cell was hottest [-].
        at_limits: by how much later a voltage should end the step that it ended at a time [s].
        time: of the last look [s].
    """

    REMEMBERS = ("rates", "heat", "volts", "energy", "rise", "at_limits", "time")

    rates: Floats
    heat: Floats
    volts: float = 0.0
    energy: float = 0.0
    rise: float = 0.0
    at_limits: dict[float, float] = field(default_factory=dict)
    time: float = math.nan

    def look(self, row: Row, rates: Floats, volts: float) -> None:
        """Integrate to a record."""
        t, current = row["Time [s]"], abs(row.get("Current [A]", 0.0))
        if not math.isnan(self.time):
            half = 0.5 * (t - self.time)
            self.heat = self.heat + half * (rates + self.rates)
            self.energy += half * current * (volts + self.volts)
        self.rates, self.volts, self.time = rates, volts, t


class SpatialErrors:
    """Looks at the records of a run."""

    REMEMBERS = ("_causes", "_companions", "_count", "_peak", "_peak_time", "_rows", "_row")

    def __init__(self, observer: Observer) -> None:
        """Nothing has been recorded."""
        self._observer = observer
        self._sources = [s.name for s in observer.model.terms.sources]
        self._start = observer.model.setup.start_temperature
        self._misfit = MeshMisfit(observer.model, observer.volumes)
        self._companions = Companions(observer.lithiation, observer.model.terms.bases)
        nothing = np.zeros(len(self._sources))
        self._causes: dict[str, _Cause] = {}
        if self._misfit.known:
            self._causes[MESH] = _Cause(nothing, nothing)
        if observer.lithiation.populations:
            self._causes[PARTICLES] = _Cause(nothing, nothing)
        self._count = 0
        self._peak = 0.0
        self._peak_time = 0.0
        self._rows: dict[float, Row] = {}
        self._row: Row = {}

    @property
    def causes(self) -> tuple[str, ...]:
        """What is looked at."""
        return tuple(self._causes)

    def add(self, row: Row, limit: Row | None = None) -> None:
        """Take the record of the state that is in the model. Collective.

        Args:
            row: the record.
            limit: slopes where a limit of the voltage has been met, as in `FigureErrors.slopes`.
        """
        self._row, self._count = row, self._count + 1
        if limit:
            self._rows[row["Time [s]"]] = row
        rise, peak = row["Temperature max [K]"] - self._start, False
        if rise >= self._peak:
            self._peak, self._peak_time, peak = rise, row["Time [s]"], True
        temperature = row["Temperature max [K]"]
        every = 2 ** max(math.ceil(math.log2(self._count / CLOSELY)), 0)
        looked = bool(limit) or self._count % every == 0
        if PARTICLES in self._causes:
            self._look_at_particles(row, temperature, looked, bool(limit))
        if MESH in self._causes and looked:
            found, cause = self._misfit.measure(temperature), self._causes[MESH]
            rates = np.array([found.heat.get(name, 0.0) for name in self._sources])
            current = row.get("Current [A]", 0.0)
            volts = -float(rates.sum()) / current if current else 0.0
            cause.look(row, rates, volts)
            if limit and limit["Voltage [V]"]:
                cause.at_limits[row["Time [s]"]] = -volts / limit["Voltage [V]"]
            if peak or not cause.rise:
                cause.rise = found.rise

    def _look_at_particles(self, row: Row, temperature: float, looked: bool, limit: bool) -> None:
        found = self._companions.add(row["Time [s]"], temperature, looked)
        if not looked:
            return
        found = self._observer.model.domain.total(found)
        active = [(float(v / i), float(q / i)) for v, i, q in found if i > 0]
        cause = self._causes[PARTICLES]
        cause.look(row, np.zeros(len(self._sources)), sum(v for v, _ in active))
        if limit and active:
            # Where U drops like a stone the voltage says nothing: surfaces are so much ahead.
            cause.at_limits[row["Time [s]"]] = -max(active, key=lambda a: abs(a[0]))[1]

    def figures(
        self, name: str, heat: Mapping[str, float], ends: Sequence[float], slopes: Slopes
    ) -> dict[str, float]:
        """Errors of the headline figures by one cause: true less present value.

        Args:
            name: of the cause, one of `causes`.
            heat: since the start by source [J].
            ends: when the steps of the protocol ended [s].
            slopes: as `FigureErrors.slopes`.
        """
        if not self._row:
            return {}
        row, cause = self._row, self._causes[name]
        late = cause.at_limits
        steady = not any(heat.values())
        missing, made = cause.heat, sum(map(abs, heat.values()))
        if steady:
            missing, made = cause.rates, abs(row["Heat generated [W]"])
        share = float(missing.sum()) / made if made else 0.0
        peak_late = late.get(self._peak_time, 0.0)
        slope = slopes.get(self._peak_time, {}).get("Temperature max [K]", 0.0)
        found = {
            headline.LARGEST_RISE: (share + OF_NODES * cause.rise) * self._peak + peak_late * slope
        }
        for n, source in enumerate(self._sources):
            later = sum(s * self._rows[t][f"Heat {source} [W]"] for t, s in late.items())
            found[headline.heat(source, "W" if steady else "J")] = float(missing[n]) + later
        if "Voltage [V]" in row:
            found[headline.VOLTAGE] = 0.0 if row["Time [s]"] in slopes else cause.volts
            found |= {headline.lasts(i): late[t] for i, t in enumerate(ends) if t in late}
            charges = {t: s * abs(self._rows[t]["Current [A]"]) for t, s in late.items()}
            found[headline.CHARGE] = sum(charges.values()) / MILLIAMPERE_HOUR
            later = sum(c * abs(self._rows[t]["Voltage [V]"]) for t, c in charges.items())
            found[headline.ENERGY] = (cause.energy + later) / WATT_HOUR
        return found
