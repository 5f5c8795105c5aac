"""States of the last time steps, and what backward differentiation makes of them.

A BDF of order k takes the rate at a new time t from the polynomial through the new state and the k
states before it, whatever the steps between them are:

    x'(t) = a_0 x + a_1 x_1 + ... + a_k x_k,   a_j = L_j'(t),

L_j being the Lagrange polynomials of those k + 1 times. What the step leaves out follows from how
far the new state lies from the polynomial through the k + 1 states before it: with c the divided
difference of order k + 1, x - prediction = c prod_{i=1..k+1} (t - t_i), while the rate errs by
c prod_{i=1..k} (t - t_i), and the state by that divided by a_0.

Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, III.5 (variable steps); Brenan,
Campbell, Petzold, Numerical Solution of Initial-Value Problems in DAEs, 5.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

HIGHEST_ORDER = 5
"""BDF of higher orders leave too little of the left half-plane stable."""


MOST_GROWTH = 3.0
"""Of the derivative that makes the error, from the middle of the last states to their end."""


@dataclass(frozen=True)
class Past:
    """What is known of a time: the unknowns of this rank, and the scalars that are watched.

    Attributes:
        t: [s].
        x: unknowns of this rank.
        watched: values of the watched scalars, the same on all ranks.
    """

    t: float
    x: Array
    watched: Array


def rate_weights(t: float, past: Sequence[float]) -> Array:
    """Weights of a new state and of those before it in the rate at the new time [1/s].

    Args:
        t: new time.
        past: times before it, newest first; as many as the order.
    """
    # Plain numbers: of so few NumPy's calls take ten times as long.
    weights = [sum(1.0 / (t - own) for own in past)]
    weights += [_lagrange(t, past, j) / (own - t) for j, own in enumerate(past)]
    return np.array(weights)


def value_weights(t: float, times: Sequence[float]) -> Array:
    """Weights of states at `times` in their polynomial at t."""
    return np.array([_lagrange(t, times, j) for j in range(len(times))])


def _lagrange(t: float, times: Sequence[float], j: int) -> float:
    """The Lagrange polynomial that is 1 at the jth time and 0 at the others, at t."""
    own, product = times[j], 1.0
    for k, other in enumerate(times):
        if k != j:
            product *= (t - other) / (own - other)
    return product


def error_share(t: float, past: Sequence[float]) -> float:
    """What a step errs by, in parts of its distance from the prediction.

    Args:
        t: new time.
        past: the times that the prediction went through, newest first: one more than the order.
    """
    return float(1.0 / (rate_weights(t, past[:-1])[0] * (t - past[-1])))


@dataclass
class History:
    """States of a stretch of time over which the load does not jump, newest first.

    Attributes:
        order: of the next step.
        highest: order not to go beyond.
        past: what is kept; at most two more than the highest order.
        since: steps since the order changed.
        kink: last time at which the load changed its slope [s].
    """

    REMEMBERS = ("order", "past", "since", "kink")

    highest: int = HIGHEST_ORDER
    order: int = 1
    past: list[Past] = field(default_factory=list)
    since: int = 0
    kink: float = -math.inf

    @property
    def t(self) -> float:
        """Newest time [s]."""
        return self.past[0].t

    @property
    def times(self) -> list[float]:
        """Times, newest first [s]."""
        return [p.t for p in self.past]

    def begin(self, newest: Past) -> None:
        """Forget all that was before."""
        self.past, self.order, self.since, self.kink = [newest], 1, 0, -math.inf

    def add(self, newest: Past) -> None:
        """A step has been taken."""
        self.past.insert(0, newest)
        del self.past[self.highest + 2 :]
        self.since += 1

    def drop(self) -> None:
        """Take the newest step back."""
        del self.past[0]
        self.since = max(self.since - 1, 0)

    def rate(self, t: float) -> tuple[float, Array]:
        """The rate at a new time: a_0, and what comes from the states before."""
        past = self.past[: self.order]
        weights = rate_weights(t, [p.t for p in past])
        return float(weights[0]), combined(weights[1:], (p.x for p in past))

    def predicted(self, t: float, count: int) -> tuple[Array, Array]:
        """Unknowns and watched scalars at t from the polynomial through the newest `count`."""
        past = self.past[:count]
        weights = value_weights(t, [p.t for p in past])
        watched = combined(weights, (p.watched for p in past))
        return combined(weights, (p.x for p in past)), watched

    def between(self, t: float) -> Array:
        """Unknowns at a time inside the last step."""
        return self.predicted(t, min(self.order + 1, len(self.past)))[0]

    def errors(self, new: Past, order: int, growing: bool = False) -> tuple[Array, Array] | None:
        """What a step of some order errs by, in unknowns and in watched scalars.

        None where too few states are known to tell. Where the states reach back beyond a kink, no
        derivative that they share tells the error: it is taken to be the whole distance from the
        prediction, which it comes to where the step is short against those before the kink. What is
        watched bends with the load itself, at once and with all its size, which is no error: it
        does not count there.

        Args:
            new: end of the step.
            order: its own, or one that it might have had.
            growing: the derivative that makes the error is taken to go on growing as it has, which
                tells what a step has erred by; lengths of steps are planned without.
        """
        if order < 1 or order > self.highest or len(self.past) < order + 1:
            return None
        x, watched = self.predicted(new.t, order + 1)
        times = self.times[: order + 1]
        if times[-1] < self.kink:
            return new.x - x, np.zeros_like(watched)
        share = error_share(new.t, times)
        distance = new.x - x
        grown = share * self._growth(new, distance, order) if growing else share
        return grown * distance, share * (new.watched - watched)

    def _growth(self, new: Past, distance: Array, order: int) -> Array | float:
        """How much larger the derivative that makes the error is at the end of a step.

        The divided difference through the last states tells it about their middle; where a cell
        runs empty it grows manifold from there to the end of a step. It is taken to go on growing
        as it has since the step before, unknown by unknown.
        """
        count = order + 2
        if len(self.past) < count or self.past[count - 1].t < self.kink:
            return 1.0
        t, times = new.t, self.times[:count]
        weights = value_weights(times[0], times[1:])
        last = combined(weights, (p.x for p in self.past[1:count]))
        here = distance / math.prod(t - s for s in times[:-1])
        before = (self.past[0].x - last) / math.prod(times[0] - s for s in times[1:])
        middle, earlier = (t + sum(times[:-1])) / count, sum(times) / count
        at_end = (2 * t + sum(times[:order])) / count
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.nan_to_num(here / before, nan=1.0, posinf=MOST_GROWTH)
        power = (at_end - middle) / (middle - earlier)
        return np.asarray(np.clip(np.maximum(ratio, 1.0) ** power, 1.0, MOST_GROWTH))


def combined(weights: Array, states: Iterable[Array]) -> Array:
    """Weighted sum of states."""
    total: Array | None = None
    for weight, state in zip(weights, states, strict=True):
        if total is None:
            total = weight * state
        else:
            total += weight * state
    assert total is not None
    return total
