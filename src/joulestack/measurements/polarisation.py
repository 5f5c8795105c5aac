"""Direct-current polarisation: a voltage is held over a mixed conductor, the current is watched.

A run as any other, with blocking contacts. At first ions and electrons carry the current; when the
contacts are charged, only what passes them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from joulestack.measurements.linear import Floats
from joulestack.physics.capacitance import Charged, charged
from joulestack.simulation.observe.terminals import Terminals
from joulestack.simulation.setup import Drive, Setup
from joulestack.simulation.simulation import Simulation
from joulestack.tolerances import Tolerances

ACCURACY = Tolerances(lithiation=1e-6, capacitor=1e-6)
"""The voltage of a blocking contact is integrated to 1 uV a step."""


@dataclass(frozen=True)
class Polarisation:
    """Current after a step of voltage.

    Attributes:
        time: [s], from zero.
        current: through the cell, positive where the positive terminal is held positive [A].
        voltage: held [V].
        area: of a terminal [m2].
        thickness: that conductivities are told by [m].
        stored: where charge was stored.
        assumed: defaults without a source that it rests on, with their status.
    """

    time: Floats
    current: Floats
    voltage: float
    area: float
    thickness: float
    stored: Charged
    assumed: Mapping[str, str] = field(default_factory=dict)

    @property
    def passing(self) -> float:
        """Partial conductivity of what passes the contacts [S/m], from the plateau."""
        return self._conductivity(self.current[-1])

    @property
    def blocked(self) -> float:
        """Partial conductivity of what the contacts block [S/m]: the current that died away."""
        return self._conductivity(self.current[0] - self.current[-1])

    @property
    def settled(self) -> float:
        """Change over the last tenth of the time, relative to the plateau: small if it is one."""
        late = np.interp(0.9 * self.time[-1], self.time, self.current)
        return abs(late / self.current[-1] - 1)

    def _conductivity(self, current: float) -> float:
        return float(self.thickness * current / (self.area * self.voltage))

    def summary(self) -> dict[str, Any]:
        """Figures for a file."""
        return {
            "voltage_V": self.voltage,
            "first_current_A": float(self.current[0]),
            "plateau_current_A": float(self.current[-1]),
            "change_over_last_tenth": self.settled,
            "conductivity_passing_S_per_m": self.passing,
            "conductivity_blocked_S_per_m": self.blocked,
            "area_m2": self.area,
            "thickness_m": self.thickness,
            "assumed": dict(self.assumed),
        }


def polarisation(setup: Setup, voltage: float, duration: float, thickness: float) -> Polarisation:
    """Hold a voltage from time zero on.

    Args:
        setup: with a drive, which names the terminals, and capacitances for blocking contacts.
        voltage: [V].
        duration: [s].
        thickness: see `Polarisation`.

    Raises:
        CaseError: no path for current.
        ConvergenceError: the run failed.
    """
    assert setup.drive is not None
    drive = Drive(setup.drive.negative, setup.drive.positive, voltage=lambda t: voltage)
    simulation = Simulation(replace(setup, drive=drive), ACCURACY)
    terminals = Terminals(simulation.model)
    simulation.advance(duration)
    # Discharge is positive: the cell takes what a held voltage drives through it.
    time, current = simulation["Time [s]"].entries, -simulation["Current [A]"].entries
    area = float(simulation.model.domain.comm.allreduce(terminals.positive_area()))
    stored = charged(simulation.model.context)
    return Polarisation(time, current, voltage, area, thickness, stored)
