"""A progress bar on a terminal: a title, a share of the way, words on where things stand.

Whatever takes its time before there is a share to show says so with `stage`, to the log and to the
bar that is open. Where there is no terminal the bar prints a line for each stage that keeps
somebody waiting.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

PERIOD = 0.1
"""Least time between two redraws [s]."""

LONGEST_TITLE = 28
"""Letters of a title that are shown."""


PATIENCE = 1.0
"""A stage that begins this long after the bar was opened is told even if it is short [s]."""

STAGES = logging.getLogger("joulestack.stage")
STAGES.setLevel(logging.INFO)


def stage(text: str, long: bool = False) -> None:
    """Say what is being done from now on.

    Args:
        text: what.
        long: it may well take more than a second.
    """
    STAGES.info("%s", text, extra={"long": long})


@contextmanager
def quietly() -> Iterator[None]:
    """Leave out the stages of what is done many times over; what takes long is told still."""

    def long(record: logging.LogRecord) -> bool:
        return bool(getattr(record, "long", False))

    STAGES.addFilter(long)
    try:
        yield
    finally:
        STAGES.removeFilter(long)


class _Listener(logging.Handler):
    """Hands stages on."""

    def __init__(self, hear: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record.getMessage(), getattr(record, "long", False))


class ProgressBar:
    """Silent where nobody looks. Use it as a context.

    Attributes:
        silent: no bar is shown.
    """

    def __init__(self, title: str, enabled: bool = True, stream: Any = None) -> None:
        """Nothing is shown yet.

        Args:
            title: before the bar.
            enabled: False is silent.
            stream: where to; standard error if not given. If it is no terminal, stages that keep
                somebody waiting are told, a line each, and nothing else.
        """
        self._stream = sys.stderr if stream is None else stream
        self.silent = not (enabled and self._stream.isatty())
        self._listener = _Listener(self._hear) if enabled else None
        self._whole_title, self._opened = title, 0.0
        self._title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
        self._drawn, self._shown = 0.0, ""
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
        self._opened = time.monotonic()
        if self._listener is not None:
            STAGES.addHandler(self._listener)
        return self

    def _hear(self, text: str, long: bool) -> None:
        """Show a stage."""
        with suppress(OSError):
            if self._bar is not None:
                self._bar.update(self._task, state=text)
                self._bar.refresh()
            elif long or time.monotonic() - self._opened > PATIENCE:
                print(f"{self._whole_title}: {text}", file=self._stream, flush=True)

    def show(self, done: float | None, state: str) -> None:
        """Draw, unless it was done a moment ago.

        Args:
            done: share of the way, 0 to 1; None where it is not known.
            state: words.
        """
        now = time.monotonic()
        if self._bar is None or (now - self._drawn < PERIOD and (done is None or done < 1)):
            return
        self._drawn, self._shown = now, state
        total = None if done is None else 1.0
        self._bar.update(self._task, total=total, completed=done or 0.0, state=state)
        with suppress(OSError):  # the terminal may have gone
            self._bar.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._listener is not None:
            STAGES.removeHandler(self._listener)
        if self._bar is not None:
            if self._shown:  # not the stage that is over
                self._bar.update(self._task, state=self._shown)
            with suppress(OSError):
                self._bar.stop()
            self._bar = None
