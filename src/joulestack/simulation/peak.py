"""When a recorded quantity was largest, between records too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.polynomial import Polynomial


@dataclass
class Peak:
    """The largest value in time of a quantity that is smooth but for the times that are named.

    Records stand a step apart, so the largest of them lies below the crest by the curvature times
    the square of half a step. The crest is that of the cubic through the four records around it, or
    of the parabola through three; polynomials never reach over a kink or a jump of the load.
    """

    REMEMBERS = ("times", "values", "parted")

    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    parted: list[int] = field(default_factory=list)
    """Indices of records at which a smooth stretch ends and the next begins."""

    def add(self, t: float, value: float, kink: bool = False) -> None:
        """Note a record; one of the same time as the last stands right of a jump.

        Args:
            t: [s].
            value: then.
            kink: something given kinks then.
        """
        if self.times and t == self.times[-1] and len(self.times) - 1 not in self.parted[-1:]:
            self.parted.append(len(self.times) - 1)
        elif kink:
            self.parted.append(len(self.times))
        self.times.append(t)
        self.values.append(value)

    def largest(self) -> tuple[float, float]:
        """Time [s] and value: never below the largest record.

        Raises:
            ValueError: nothing was recorded.
        """
        at = int(np.argmax(self.values))
        best = self.values[at], self.times[at]
        for times, values in self._stretches():
            for i in range(len(times)):
                near = values[max(i - 1, 0) : i + 2]
                if values[i] >= max(near) and 3 * values[i] - 2 * min(near) > best[0]:
                    best = max(best, crest(times, values, i))
        return best[1], best[0]

    def _stretches(self) -> Iterator[tuple[list[float], list[float]]]:
        ends = [0, *self.parted, len(self.times) - 1]
        for first, last in pairwise(ends):
            # A jump leaves two records of one time: the later one begins the stretch.
            while first < last and self.times[first + 1] == self.times[first]:
                first += 1
            if last - first >= 2:
                yield self.times[first : last + 1], self.values[first : last + 1]


def crest(times: Sequence[float], values: Sequence[float], i: int) -> tuple[float, float]:
    """Value and time of the crest around record i, which its neighbours do not exceed.

    At the end of a stretch, where the parabola of a quantity that merely levels off turns around
    too, the cubic has to agree.

    Args:
        times: at least three, increasing.
        values: at these.
        i: of the record.
    """
    before, after = max(i - 1, 0), min(i + 1, len(times) - 1)
    low, high = times[before], times[after]
    nearest = np.argsort(np.abs(np.asarray(times) - times[i]), kind="stable")
    around = dict.fromkeys([before, i, after, *(int(n) for n in nearest)])
    order = list(around)
    parabola = _top([times[n] for n in order[:3]], [values[n] for n in order[:3]], low, high)
    here = values[i], times[i]
    if parabola is None or parabola[0] <= here[0]:
        return here
    cubic = None
    if len(order) > 3:
        cubic = _top([times[n] for n in order[:4]], [values[n] for n in order[:4]], low, high)
    inside = 0 < i < len(times) - 1
    if cubic is None:
        return parabola if inside else here
    # Far apart they tell of records too sparse for either.
    return max(min(cubic, parabola) if cubic[0] > 3 * parabola[0] - 2 * here[0] else cubic, here)


def _top(
    times: Sequence[float], values: Sequence[float], low: float, high: float
) -> tuple[float, float] | None:
    """Value and time of the highest crest inside (low, high) of the polynomial through points."""
    span = high - low
    at, top = (np.asarray(times) - low) / span, max(values)
    line = Polynomial.fit(at, np.asarray(values) - top, len(at) - 1, domain=[0, 1], window=[0, 1])
    slope = line.deriv()
    found = [
        (float(line(r)) + top, low + span * float(r))
        for r in _real(np.asarray(slope.roots(), dtype=complex))
        if 0 < r < 1 and slope.deriv()(r) < 0
    ]
    return max(found, default=None)


def _real(roots: npt.NDArray[np.complex128]) -> list[float]:
    return [float(r) for r in roots.real[np.abs(roots.imag) < 1e-9]]


__all__ = ["Peak", "crest"]
