"""A progress bar on a terminal: a title, a share of the way, words on where things stand."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

PERIOD = 0.1
"""Least time between two redraws [s]."""

LONGEST = 28
"""Letters of a title that are shown."""


class ProgressBar:
    """Silent where nobody looks. Use it as a context.

    Attributes:
        silent: nothing is shown.
    """

    def __init__(self, title: str, enabled: bool = True, stream: Any = None) -> None:
        """Nothing is shown yet.

        Args:
            title: before the bar.
            enabled: False is silent.
            stream: where to; standard error if not given. Silent if it is no terminal.
        """
        self._stream = sys.stderr if stream is None else stream
        self.silent = not (enabled and self._stream.isatty())
        self._title = title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
        self._drawn = 0.0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
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
            self._task = self._bar.add_task(self._title, total=None, state="setting up")
            self._bar.refresh()
        return self

    def show(self, done: float | None, state: str) -> None:
        """Draw, unless it was done a moment ago.

        Args:
            done: share of the way, 0 to 1; None where it is not known.
            state: words.
        """
        now = time.monotonic()
        if self._bar is None or (now - self._drawn < PERIOD and (done is None or done < 1)):
            return
        self._drawn = now
        total = None if done is None else 1.0
        self._bar.update(self._task, total=total, completed=done or 0.0, state=state)
        self._bar.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
