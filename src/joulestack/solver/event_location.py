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

    A secant through the two states nearest to the limit, wherever they lie: from a voltage that
    falls ever steeper the state beyond it is far away. Bisection after a secant that did not bring
    the limit twice as near. Where the step is cut short for its accuracy, the limit is for a later
    step.

    Args:
        step_to: takes the step anew to a time; gives the time it came to and the distance there.
        guess: about where.
        before, after: times on both sides with the distances there.
    """
    smallest = 1e-9 * max(abs(after[0]), 1.0)
    nearest_two = sorted(((t, f - MIDDLE) for t, f in (before, after)), key=_off)
    near, far, t = before[0], after[0], guess
    trusted = False  # the guess is no secant: whatever it brings, one follows
    for _ in range(TRIES):
        t = min(max(t, near + smallest), far)
        reached, found = step_to(t)
        cut = found > 1 and reached < t - smallest
        if 0 <= found <= 1 or cut or far - near <= 2 * smallest:
            return
        newest = (t, found - MIDDLE)
        near, far = (t, far) if newest[1] > 0 else (near, t)
        trusted = not trusted or _off(newest) <= 0.5 * _off(nearest_two[0])
        nearest_two = sorted([newest, *nearest_two], key=_off)[:2]
        (ta, fa), (tb, fb) = nearest_two
        t = ta + fa / (fb - fa) * (ta - tb) if fa != fb else near
        if not (trusted and near < t < far):
            t = 0.5 * (near + far)


def _off(point: Point) -> float:
    """How far from the limit."""
    return abs(point[1])
