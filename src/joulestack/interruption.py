"""Signals that end a run: Ctrl-C, a request to end, a hang-up.

Python raises them wherever it happens to be. Inside a callback that PETSc wraps, that would come
out as a failed solve, and inside a record as half of one. While something is `held` they are
therefore kept, and raised where it is over.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SAME = 1.0
"""A second request to end or hang-up within so long is the first one again: a shell and the kernel
both send it [s]."""


class Interrupted(KeyboardInterrupt):
    """Somebody has ended the run.

    Attributes:
        number: of the signal.
        orderly: on all ranks alike, with the last state that was recorded in the model.
    """

    def __init__(self, number: int, text: str = "", orderly: bool = False) -> None:
        super().__init__(text or f"interrupted ({signal.Signals(number).name})")
        self.number, self.orderly = number, orderly

    @property
    def exit_code(self) -> int:
        """As a shell has it: 130, 143 or 129."""
        return 128 + self.number


class _Kept:
    """What has arrived.

    Attributes:
        number: of the first signal; zero: none.
        since: when it came, by a clock that only goes forward [s].
        depth: how many `held` are open.
        heard: signals that are listened to.
    """

    def __init__(self) -> None:
        self.number, self.since, self.depth = 0, 0.0, 0
        self.heard: tuple[signal.Signals, ...] = ()


_kept = _Kept()


def asked() -> int:
    """Number of the signal that has asked for the end; zero where none has."""
    return _kept.number


def check(number: int = 0, orderly: bool = False) -> None:
    """Raise where somebody has asked for the end.

    Args:
        number: of the signal that another rank was sent; all ranks give the same.
        orderly: what has been recorded fits the state in the model, which can be written.

    Raises:
        Interrupted: it was asked for.
    """
    if number or _kept.number:
        raise Interrupted(number or _kept.number, orderly=orderly)


def _arrived(number: int, frame: FrameType | None) -> None:
    if _kept.number:
        if time.monotonic() - _kept.since > SAME:
            os._exit(128 + number)
        return
    _kept.number, _kept.since = number, time.monotonic()
    # The second Ctrl-C is the kernel's: it does not wait for Python to have its turn.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if not _kept.depth:
        raise Interrupted(number)


@contextmanager
def listening() -> Iterator[None]:
    """Take all three signals as long as a command runs; one that is ignored stays ignored."""
    before: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in SIGNALS}
    heard = _kept.heard
    _kept.heard = tuple(number for number in SIGNALS if before[number] != signal.SIG_IGN)
    _listen()
    try:
        yield
    finally:
        for number in _kept.heard:
            signal.signal(number, before[number])
        _kept.heard = heard
        if not heard:
            _kept.number = 0


def _listen() -> None:
    """Take the signals, anew: libraries that are loaded meanwhile (Open MPI) take some away."""
    if not _kept.number and threading.current_thread() is threading.main_thread():
        for number in _kept.heard:
            signal.signal(number, _arrived)


@contextmanager
def held(loading: bool = False) -> Iterator[None]:
    """Keep signals until this is over, then raise. In a script that is Ctrl-C alone.

    Args:
        loading: libraries are loaded, of which Open MPI takes the hang-up to itself.

    Raises:
        Interrupted: at the end of the outermost one, if one has arrived and nothing else is raised.
    """
    before = None
    if not _kept.depth:
        check()
        _listen()
        before = _of_script()
    _kept.depth += 1
    blocked = {signal.SIGHUP} if loading and signal.SIGHUP in _kept.heard else set()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        yield
        if _kept.depth == 1:
            _listen()
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            check()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _kept.depth -= 1
        if before is not None:
            signal.signal(signal.SIGINT, before)
            _kept.number = 0  # who catches it goes on


def _of_script() -> Any:
    """Take Ctrl-C where Python's own handler has it; gives that handler."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread():
        return None
    if handler is not signal.default_int_handler:
        return None
    signal.signal(signal.SIGINT, _arrived)
    return handler


def end(error: BaseException, told: bool = True) -> None:
    """Leave: one line, and the exit code of the signal. Other ranks end too.

    Args:
        error: what was raised; an `Interrupted` says what is on disk.
        told: this rank is the one that speaks.
    """
    number = getattr(error, "number", 0) or asked() or int(signal.SIGINT)
    if not isinstance(error, Interrupted):
        error = Interrupted(number)
    with suppress(OSError, ValueError):  # the terminal may have gone
        if told:
            print(f"joulestack: {error}", file=sys.stderr, flush=True)
    leave(error.exit_code)


def leave(code: int) -> None:
    """End with an exit code; of several ranks none waits for another, the launcher ends the rest.

    Raises:
        SystemExit: this process is alone.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is not None and mpi.Is_initialized() and mpi.COMM_WORLD.size > 1:
        os._exit(code)
    sys.exit(code)
