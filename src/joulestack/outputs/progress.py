"""A progress bar: simulated time, steps, Newton iterations, hottest point, time left."""

from __future__ import annotations

import sys
import time
from collections import deque
from types import TracebackType
from typing import Any

from joulestack.outputs.plots.style import duration

PERIOD = 0.1
"""Least time between two redraws [s]."""


class Progress:
    """Shows how far a run is; silent on other ranks, and where nobody looks. Use it as a context.

    Attributes:
        silent: nothing is shown.
    """

    def __init__(
        self, title: str, end: float, enabled: bool = True, comm: Any = None, stream: Any = None
    ) -> None:
        """Nothing is shown yet.

        Args:
            title: of the case.
            end: simulated time at the end [s]; 0 for a steady run.
            enabled: False is silent.
            comm: MPI communicator; None: this process is alone.
            stream: where to; standard error if not given. Silent if it is no terminal.
        """
        self._stream = sys.stderr if stream is None else stream
        first = comm is None or comm.rank == 0
        self.silent = not (enabled and first and self._stream.isatty())
        self._title, self._end = title, end
        self._history: deque[tuple[float, float]] = deque(maxlen=40)
        self._drawn = 0.0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if not self.silent:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(bar_width=24),
                progress.TextColumn("{task.percentage:3.0f}%"),
                progress.TextColumn("{task.fields[state]}"),
                console=Console(file=self._stream),
                auto_refresh=False,
            )
            self._bar.start()
            total = self._end if self._end > 0 else None
            self._task = self._bar.add_task(self._short(), total=total, state="compiling")
            self._bar.refresh()
        return self

    def _short(self) -> str:
        return self._title if len(self._title) <= 28 else self._title[:27] + "…"

    def update(self, t: float, steps: int, newton: int, temperature: float) -> None:
        """Tell where the run stands.

        Args:
            t: simulated time [s].
            steps: accepted so far.
            newton: iterations so far.
            temperature: of the hottest point [K].
        """
        if self.silent or self._bar is None:
            return
        now = time.monotonic()
        self._history.append((now, t))
        if now - self._drawn < PERIOD and t < self._end:
            return
        self._drawn = now
        self._bar.update(
            self._task, completed=t, state=self.describe(t, steps, newton, temperature)
        )
        self._bar.refresh()

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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
