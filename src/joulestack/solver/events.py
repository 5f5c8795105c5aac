"""When, inside a step, a watched quantity reached its limit.

Distances are in units of each stop's tolerance, so several stops can be watched as one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from joulestack.solver.control import Stop

TRIES = 30


def nearest(stops: Sequence[Stop]) -> float:
    """Distance to the stop that is nearest or most overshot, in its tolerances."""
    return min(stop.distance() / stop.tolerance for stop in stops)


def locate(distance: Callable[[float], float], before: float, after: float) -> float:
    """Last time before the distance becomes negative, to 1e-6 of the step, by bisection.

    Args:
        distance: at a time; positive at `before`, negative at `after`.
        before, after: ends of the step [s].
    """
    width = 1e-6 * (after - before)
    while after - before > width:
        middle = 0.5 * (before + after)
        if distance(middle) > 0:
            before = middle
        else:
            after = middle
    return before


def land(
    step_to: Callable[[float], tuple[float, float]], guess: float, before: float, after: float
) -> None:
    """Step so that the distance ends between 0 and 1: reached to the tolerance, not passed.

    A secant between the last times on both sides, kept away from its ends. Where the step is cut
    short for its accuracy, the limit is for a later step.

    Args:
        step_to: takes the step anew to a time; gives the time it came to and the distance there.
        guess: about where.
        before, after: times between which it lies [s].
    """
    smallest = 1e-9 * max(abs(after), 1.0)
    t, inside, outside = guess, math.nan, math.nan
    for _ in range(TRIES):
        t = min(max(t, before + smallest), after)
        reached, found = step_to(t)
        cut = found > 1 and reached < t - smallest
        if 0 <= found <= 1 or cut or after - before <= 2 * smallest:
            return
        if found > 1:
            before, inside = t, found
        else:
            after, outside = t, found
        share = (inside - 0.5) / (inside - outside)
        if math.isnan(share):  # one side is not known yet: creep from the guess
            share = 0.5 if math.isnan(inside) else 0.1
        t = before + min(max(share, 0.02), 0.98) * (after - before)
