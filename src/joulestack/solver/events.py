"""When, inside a step, a watched quantity reached its limit.

Distances are in units of each stop's tolerance, so several stops can be watched as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from joulestack.solver.control import Stop

Point = tuple[float, float]
"""A time, and a distance."""

TRIES = 30

MIDDLE = 0.5
"""Where between reached and passed a step is aimed, in tolerances."""


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
    step_to: Callable[[float], tuple[float, float]],
    guess: float,
    before: tuple[float, float],
    after: tuple[float, float],
) -> None:
    """Step so that the distance ends between 0 and 1: reached to the tolerance, not passed.

    Inverse quadratic interpolation where three distances allow it, else bisection (Chandrupatla,
    Adv. Eng. Software 28 (1997) 145, doi:10.1016/S0965-9978(96)00051-8): a voltage that falls ever
    steeper is nearly a parabola in that direction. Where the step is cut short for its accuracy,
    the limit is for a later step.

    Args:
        step_to: takes the step anew to a time; gives the time it came to and the distance there.
        guess: about where.
        before, after: times on both sides with the distances there.
    """
    smallest = 1e-9 * max(abs(after[0]), 1.0)
    last, other, oldest = ((t, f - MIDDLE) for t, f in (before, after, after))
    t = guess
    for _ in range(TRIES):
        near, far = sorted((last[0], other[0]))
        t = min(max(t, near + smallest), far)
        reached, found = step_to(t)
        cut = found > 1 and reached < t - smallest
        if 0 <= found <= 1 or cut or far - near <= 2 * smallest:
            return
        newest = (t, found - MIDDLE)
        if (newest[1] > 0) == (last[1] > 0):
            last, oldest = newest, last
        else:
            last, other, oldest = newest, last, other
        t = last[0] + _share(last, other, oldest) * (other[0] - last[0])


def _share(a: Point, b: Point, c: Point) -> float:
    """Where between a and b a curve through all three is zero, if it bends little; else a half."""
    (ta, fa), (tb, fb), (tc, fc) = a, b, c
    xi, phi = (ta - tb) / (tc - tb), (fa - fb) / (fc - fb)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return fa / (fb - fa) * fc / (fb - fc) + (tc - ta) / (tb - ta) * fa / (fc - fa) * fb / (fc - fb)
