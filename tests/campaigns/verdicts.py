"""What became of one broken input, and of many: kept apart from the process that reads them."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from joulestack.errors import CaseError, JoulestackError

LIMIT = 5.0
"""Seconds of a processor for one input."""
PATIENCE = 120.0
"""Seconds of the clock without an answer after which a process is taken for hung."""
MEMORY = 6 << 30
"""Bytes of address space of the process that reads."""
LONGEST = 2048
"""Bytes of a message."""

FAULTS = ("traceback", "wrong exit", "crash", "hang")
FLAWS = ("no key", "no remedy", "long")


class Hang(BaseException):
    """An input took longer than it may; no handler of the package swallows it."""


@dataclass
class Verdict:
    """What became of one input.

    Attributes:
        number: of the input.
        end: "accepted", "refused" or one of `FAULTS`.
        flaws: of a refusal, of `FLAWS`.
        told: the message, or the last lines of a traceback.
        seconds: of a processor.
    """

    number: int
    end: str
    flaws: list[str] = field(default_factory=list)
    told: str = ""
    seconds: float = 0.0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def judged(number: int, call: Callable[[], Any]) -> Verdict:
    """Read one input under a limit of time."""
    before = time.process_time()
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        found = _judged(number, call)
    except Hang:
        found = Verdict(number, "hang", told=traceback.format_exc()[-1500:])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    found.seconds = time.process_time() - before
    return found


def _judged(number: int, call: Callable[[], Any]) -> Verdict:
    try:
        call()
    except JoulestackError as error:
        told = str(error)
        flaws = ["long"] if len(told.encode("utf-8", "replace")) > LONGEST else []
        if not isinstance(error, CaseError):
            return Verdict(number, "wrong exit" if error.exit_code != 4 else "refused", flaws, told)
        if any(not (p.where or error.source) for p in error.problems):
            flaws.append("no key")
        if any(not p.remedy.strip() for p in error.problems):
            flaws.append("no remedy")
        return Verdict(number, "refused", flaws, told[:6000])
    except SystemExit as ended:
        end = "accepted" if ended.code in (0, None) else "wrong exit"
        return Verdict(number, end, told=f"exit {ended.code}")
    except (Exception, KeyboardInterrupt):
        return Verdict(number, "traceback", told=traceback.format_exc()[-1500:])
    return Verdict(number, "accepted")


def read_all(count: int, read: Callable[[int], Any], start: int = 0) -> Iterator[Verdict]:
    """Verdicts on inputs, read by a process that may die of them and is then begun anew.

    Args:
        count: of inputs.
        read: reads the input of a number.
        start: the first number.
    """
    while start < count:
        inward, outward = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(inward)
                _work(range(start, count), read, outward)
            finally:  # this copy of the process must never go on with what the first one does
                os._exit(1)
        os.close(outward)
        answers = _answers(inward, child)
        for found in answers:
            start = found.number + 1
            yield found
        _, status = os.waitpid(child, 0)
        if start < count:
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            end = "hang" if killed else "crash"
            yield Verdict(start, end, told=f"status {status}")
            start += 1


def _work(numbers: range, read: Callable[[int], Any], outward: int) -> None:
    """In the process that reads: a line for each verdict."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY  # beside what it has as a copy
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    with os.fdopen(outward, "w", encoding="utf-8") as out:
        for number in numbers:
            verdict = judged(number, lambda number=number: read(number))  # type: ignore[misc]
            out.write(json.dumps(asdict(verdict)) + "\n")
            out.flush()
    os._exit(0)


def _answers(inward: int, child: int) -> Iterator[Verdict]:
    """Verdicts of a process until it ends, or is ended because it no longer answers."""
    rest = b""
    with os.fdopen(inward, "rb", buffering=0) as pipe:
        while True:
            if not select.select([pipe], [], [], PATIENCE)[0]:
                os.kill(child, signal.SIGKILL)
                return
            if not (piece := pipe.read(1 << 16)):
                return
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                yield Verdict(**json.loads(line))


@dataclass
class Count:
    """Figures of one kind of input.

    Attributes:
        inputs: how many.
        ends: by `Verdict.end`.
        flaws: by name.
        slowest: seconds of a processor.
        bad: verdicts that are faults or have flaws.
    """

    inputs: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    flaws: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    bad: list[Verdict] = field(default_factory=list)

    def add(self, found: Verdict) -> None:
        """Count one more."""
        self.inputs += 1
        self.ends[found.end] += 1
        self.flaws.update(found.flaws)
        self.slowest = max(self.slowest, found.seconds)
        if found.end in FAULTS or found.flaws:
            self.bad.append(found)
