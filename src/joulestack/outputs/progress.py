"""A run's progress: simulated time, steps, Newton iterations, hottest point, time left."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from joulestack.outputs.plots.style import duration
from joulestack.progress import ProgressBar


class Progress(ProgressBar):
    """Shows how far a run is; silent on other ranks than the first."""

    def __init__(
        self, title: str, end: float, enabled: bool = True, comm: Any = None, stream: Any = None
    ) -> None:
        """Nothing is shown yet.

        Args:
            title: of the case.
            end: simulated time at the end [s]; 0 for a steady run.
            enabled: False is silent.
            comm: MPI communicator; None: this process is alone.
            stream: as in `ProgressBar`.
        """
        super().__init__(title, enabled and (comm is None or comm.rank == 0), stream)
        self._end = end
        self._history: deque[tuple[float, float]] = deque(maxlen=40)

    def update(self, t: float, steps: int, newton: int, temperature: float) -> None:
        """Tell where the run stands.

        Args:
            t: simulated time [s].
            steps: accepted so far.
            newton: iterations so far.
            temperature: of the hottest point [K].
        """
        if self.silent:
            return
        self._history.append((time.monotonic(), t))
        done = t / self._end if self._end > 0 else None
        self.show(done, self.describe(t, steps, newton, temperature))

    def describe(self, t: float, steps: int, newton: int, temperature: float) -> str:
        """The line beside the bar."""
        left = self.remaining()
        parts = [
            f"t = {duration(t)} of {duration(self._end)}" if self._end > 0 else "steady state",
            f"{steps} steps",
            f"{newton} Newton",
            f"max {temperature - 273.15:.2f} °C",
        ]
        return ", ".join(parts) + (f", {duration(round(left))} left" if left is not None else "")

    def remaining(self) -> float | None:
        """Wall time left at the pace of the last steps [s]; None if not known."""
        if len(self._history) < 2 or self._end <= 0:
            return None
        (wall, t), (now, reached) = self._history[0], self._history[-1]
        if reached <= t:
            return None
        return (now - wall) / (reached - t) * (self._end - reached)
