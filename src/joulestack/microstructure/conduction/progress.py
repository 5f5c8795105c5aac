"""A progress bar for a solution: imbalance of the fluxes, conductivity so far."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any


class Bar:
    """Use it as a context, and hand `update` to conduct(progress=...).

    Attributes:
        silent: nothing is shown, since the stream is no terminal.
    """

    def __init__(self, title: str, tolerance: float, stream: Any = None) -> None:
        """Nothing is shown yet.

        Args:
            title: before the bar.
            tolerance: where the bar ends.
            stream: where to; standard error if not given.
        """
        self._stream = sys.stderr if stream is None else stream
        self.silent = not self._stream.isatty()
        self._title, self._tolerance = title, tolerance
        self._first: float | None = None
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        if not self.silent:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(bar_width=24),
                progress.TimeElapsedColumn(),
                progress.TextColumn("{task.fields[state]}"),
                console=Console(file=self._stream),
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=1.0, state="setting up")
        return self

    def update(self, number: int, imbalance: float, conductivity: float) -> None:
        """After an iteration."""
        if self._bar is None:
            return
        if self._first is None:
            self._first = max(imbalance, 2 * self._tolerance)
        done = math.log(self._first / max(imbalance, 1e-12))
        done /= math.log(self._first / self._tolerance)
        self._bar.update(
            self._task,
            completed=min(max(done, 0.0), 1.0),
            state=f"iteration {number}, imbalance {imbalance:.1e} of {self._tolerance:.0e}, "
            f"conductivity {conductivity:.5g}",
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
