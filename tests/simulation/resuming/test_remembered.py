"""What changes while a run goes is remembered where a run is cut off, or made anew for a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.simulation.run import CaseRun, run
from tests.simulation.resuming.test_resume import cell, warming

ANEW = {
    "Procedure.index": "the first of `_at`",
    "Watch.ends": "made by `again`, from the sides that are kept",
    "Watch._before": "looked at anew where a step begins",
    "GivenPower._known": "what one search has tried",
    "NewtonLog.errors": "of the last solve, for messages",
    "NewtonLog.iterations": "likewise",
    "NewtonLog.residuals": "likewise",
    "NewtonLog.worst": "likewise",
}
"""What changes and is not kept, and why it need not be."""


def plain(value: Any, depth: int = 3) -> Any:
    """A copy of plain data; None of all else."""
    if value is None or isinstance(value, (bool, int, float, str, np.number)):
        return value
    if isinstance(value, np.ndarray):
        return value.copy()
    if depth and isinstance(value, Mapping):
        return {str(k): plain(v, depth - 1) for k, v in value.items()}
    if depth and isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v, depth - 1) for v in value]
    return None


def same(a: Any, b: Any) -> bool:
    """Whether two copies hold the same; not a number is itself."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        a, b = np.asarray(a), np.asarray(b)
        return a.shape == b.shape and bool(np.all((a == b) | ((a != a) & (b != b))))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b or (a != a and b != b))


def rememberers(thing: Any, seen: set[int]) -> Iterator[Any]:
    """Objects that remember, below one that does."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if hasattr(type(thing), "REMEMBERS"):
        yield thing
        for name in thing.REMEMBERS:
            yield from rememberers(getattr(thing, name), seen)
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from rememberers(value, seen)
    elif isinstance(thing, (list, tuple)):
        for value in thing:
            yield from rememberers(value, seen)


def state(going: CaseRun) -> dict[tuple[str, int], dict[str, Any]]:
    """Plain attributes that are not remembered, of each object that remembers."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    kept = [going.procedure, *going.checkpoints._kept.values()]
    for thing in rememberers(kept, set()):
        others = {k: v for k, v in vars(thing).items() if k not in thing.REMEMBERS}
        found[type(thing).__name__, id(thing)] = {k: plain(v) for k, v in others.items()}
    return found


@pytest.mark.parametrize("made", [cell, warming])
def test_what_changes_is_remembered(
    made: Callable[[], Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the sixth record to a later one no attribute moves that no checkpoint keeps."""
    record, seen = CaseRun._record, []

    def looking(self: CaseRun, *told: Any) -> None:
        record(self, *told)
        seen.append(state(self) if len(seen) % 20 == 5 else None)

    monkeypatch.setattr(CaseRun, "_record", looking)
    run(made(), tmp_path / "out", progress=False)
    early, *_, late = (found for found in seen if found)
    moved = {
        f"{name}.{key}"
        for (name, number), values in early.items()
        for key, value in values.items()
        if (name, number) in late and not same(value, late[name, number][key])
    }
    assert len(early) > 20
    assert moved <= ANEW.keys()
