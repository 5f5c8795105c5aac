"""When, inside a step, a watched quantity reached its limit."""

from __future__ import annotations

from collections.abc import Callable

from joulestack.solver.control import Stop


def locate(stop: Stop, before: float, after: float, show: Callable[[float], None]) -> float:
    """Time at which a watched quantity reaches its limit, to a nanosecond or 1e-9 of the time.

    Args:
        stop: its distance is positive at `before` and not positive at `after`.
        before, after: ends of the step [s].
        show: puts the state of a time inside the step into the model.
    """
    for _ in range(60):
        if after - before <= 1e-9 * max(1.0, after):
            break
        middle = 0.5 * (before + after)
        show(middle)
        if stop.distance() > 0:
            before = middle
        else:
            after = middle
    return before
