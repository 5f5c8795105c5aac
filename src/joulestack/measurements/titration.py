"""Galvanostatic titration (GITT): diffusivity of lithium in particles from pulses and rests.

Weppner & Huggins 1977 (J. Electrochem. Soc. 124, 1569), for spheres: while lithium has not gone
far, the voltage falls as b sqrt(t), and D = 4/pi (R/3)^2 (dE/tau / b)^2 with the change dE of the
rest voltage over a pulse of length tau. The next term of the sphere's series, linear in t, is
fitted along. The voltage before and after must be at rest, U(x) straight over a pulse, and the
electrode alike throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARLIEST = 0.02
"""Part of a pulse that is left out: double layers, and profiles steeper than a solver resolves."""

FEWEST = 8
"""Points that a fit needs."""


class Columns(Protocol):
    """What has arrays by name."""

    def __getitem__(self, name: str, /) -> Any:
        """A column."""


@dataclass(frozen=True)
class Pulse:
    """One pulse and the rest after it.

    Attributes:
        start, duration: [s].
        current: [A].
        before, after: voltage at rest [V].
        slope: b, of the voltage against the root of time [V/s^0.5].
        jump: voltage that the current costs at once [V], extrapolated.
    """

    start: float
    duration: float
    current: float
    before: float
    after: float
    slope: float
    jump: float

    def diffusivity(self, radius: float) -> float:
        """D of lithium in particles of a radius [m2/s]."""
        rate = (self.after - self.before) / self.duration
        return 4 / math.pi * (radius / 3) ** 2 * (rate / self.slope) ** 2


def titration(record: Columns) -> list[Pulse]:
    """Find the pulses of a run, or of a measured series, and what they say of diffusion.

        for pulse in titration(run(case)):
            print(pulse.diffusivity(radius), pulse.jump)

    Args:
        record: has "Time [s]", "Current [A]" and "Voltage [V]": the results of a run, a simulation,
            or a table of arrays; a repeated time is a jump of the load.

    Raises:
        ValueError: a pulse has too few points, or the three differ in length.
    """
    time, current, voltage = (
        np.asarray(record[name], dtype=np.float64)
        for name in ("Time [s]", "Current [A]", "Voltage [V]")
    )
    if not time.shape == current.shape == voltage.shape:
        raise ValueError(f"{len(time)} times, {len(current)} currents, {len(voltage)} voltages")
    return pulses(time, current, voltage)


def pulses(time: Floats, current: Floats, voltage: Floats) -> list[Pulse]:
    """Find the pulses of a time series that rests before and after each of them.

    Args:
        time, current, voltage: [s], [A], [V]; a repeated time is a jump of the load.

    Raises:
        ValueError: a pulse has too few points.
    """
    on = np.abs(current) > 1e-9 * np.abs(current).max(initial=0.0)
    edges = np.flatnonzero(np.diff(on.astype(int)))
    found = []
    for a, b in pairwise(edges):
        if on[a]:
            continue
        first, last = a + 1, b
        ends = np.flatnonzero(on[b + 1 :])
        rested = b + int(ends[0]) if len(ends) else len(time) - 1
        start = float(time[a])
        t, v = time[first : last + 1] - start, voltage[first : last + 1]
        used = t >= EARLIEST * t[-1]
        if used.sum() < FEWEST:
            raise ValueError(
                f"the pulse at {start:g} s has {used.sum()} points; set a smaller time.max_step"
            )
        terms = np.stack([np.ones(used.sum()), np.sqrt(t[used]), t[used]], axis=1)
        (jump, slope, _), *_ = np.linalg.lstsq(terms, v[used], rcond=None)
        mean = float(np.trapezoid(current[first : last + 1], t) / t[-1])
        found.append(
            Pulse(
                start,
                float(t[-1]),
                mean,
                float(voltage[a]),
                float(voltage[rested]),
                float(slope),
                float(jump - voltage[a]),
            )
        )
    return found
