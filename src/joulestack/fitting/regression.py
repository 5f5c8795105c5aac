"""Least squares that say what the data determine: covariance, profiled intervals, correlations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from joulestack.fitting.bootstrap import resampled

Model = Callable[[Mapping[str, float]], np.ndarray]

LEVEL = 0.95
"""Confidence of the intervals."""

_FLAT = 6.0
"""A parameter whose profile stays below the threshold over this many e-folds is open there."""


@dataclass(frozen=True)
class Parameter:
    """A number to be fitted.

    Attributes:
        name: as the law calls it.
        unit: SI.
        start: where the search begins; several starts are all tried.
        scale: "log" for positive numbers, "logit" for shares of one, "linear" for any.
        size: expected change of a "linear" parameter.
    """

    name: str
    unit: str
    start: tuple[float, ...]
    scale: str = "log"
    size: float = 1.0

    def inner(self, value: float) -> float:
        """Coordinate in which the search runs."""
        if self.scale == "log":
            return float(np.log(value))
        if self.scale == "logit":
            return float(np.log(value / (1 - value)))
        return value / self.size

    def outer(self, coordinate: float) -> float:
        """Value at a coordinate."""
        if self.scale == "log":
            return float(np.exp(np.clip(coordinate, -200, 200)))
        if self.scale == "logit":
            return float(1 / (1 + np.exp(-np.clip(coordinate, -200, 200))))
        return coordinate * self.size

    def slope(self, coordinate: float) -> float:
        """d value / d coordinate."""
        value = self.outer(coordinate)
        return {"log": value, "logit": value * (1 - value), "linear": self.size}[self.scale]


@dataclass(frozen=True)
class Estimate:
    """One fitted number.

    Attributes:
        name, unit: as of the parameter.
        value: at the least squares [unit].
        deviation: standard deviation from the covariance [unit]; infinite where it is singular.
        low, high: ends of the profiled 95 % interval; infinite or an end of the possible range
            where the data leave it open.
        determined: "yes", "from below", "from above" or "no".
        bootstrap: ends of the 95 % interval by resampling; None: not asked for, or impossible.
    """

    name: str
    unit: str
    value: float
    deviation: float
    low: float
    high: float
    determined: str
    bootstrap: tuple[float, float] | None = None


@dataclass(frozen=True)
class Fit:
    """A fitted law.

    Attributes:
        estimates: in the order of the parameters.
        points, freedom: number of measurements, and less the parameters.
        misfit: root mean square of the residuals, in units of y or relative.
        relative: residuals are relative to the model.
        known: the standard deviations of the data were given.
        correlation: of the coordinates.
        residuals: weighted as in the fit.
    """

    estimates: tuple[Estimate, ...]
    points: int
    freedom: int
    misfit: float
    relative: bool
    known: bool
    correlation: np.ndarray
    residuals: np.ndarray
    covariance: np.ndarray = field(repr=False)
    parameters: tuple[Parameter, ...] = field(repr=False)
    factor: float = field(repr=False, default=0.0)

    @property
    def values(self) -> dict[str, float]:
        """Name -> value [SI]."""
        return {e.name: e.value for e in self.estimates}

    def band(self, model: Model) -> np.ndarray:
        """Half width of the 95 % band of a model, by first order [unit of the model]."""
        theta = np.array([p.inner(e.value) for p, e in zip(self.parameters, self.estimates,
                                                           strict=True)])  # fmt: skip
        rows = []
        for i in range(len(theta)):
            step = np.zeros(len(theta))
            step[i] = 1e-5
            ends = [model(_named(self.parameters, theta + s * step)) for s in (1, -1)]
            rows.append((ends[0] - ends[1]) / 2e-5)
        J = np.array(rows)
        return self.factor * np.sqrt(np.maximum(np.einsum("in,ij,jn->n", J, self.covariance, J), 0))


def _named(parameters: Sequence[Parameter], theta: np.ndarray) -> dict[str, float]:
    return {p.name: p.outer(t) for p, t in zip(parameters, theta, strict=True)}


def fit(
    model: Model,
    parameters: Sequence[Parameter],
    y: np.ndarray,
    deviations: np.ndarray | None = None,
    relative: bool = False,
    profile: bool = True,
    samples: int = 0,
) -> Fit:
    """Fit parameters of a model by weighted least squares.

    Intervals follow from the profile of the sum of squares (the others refitted at each value):
    where it never rises to the threshold the data do not bound the parameter, whatever its
    covariance says. Without standard deviations of the data the scatter of the residuals stands
    for them (Student's t with the degrees of freedom left).

    Args:
        model: values of the parameters -> predicted y.
        parameters: to be fitted.
        y: measured.
        deviations: standard deviations of y; None: not known, all alike.
        relative: fit ratios to the model instead of differences (all y positive).
        profile: profiled intervals; False: those of the covariance.
        samples: repetitions of the bootstrap; 0: none.

    Raises:
        ValueError: fewer measurements than parameters, or no start leads anywhere.
    """
    n, m = len(y), len(parameters)
    if n < m:
        raise ValueError(f"{n} measurements cannot fix {m} numbers")
    known = deviations is not None
    weight = np.ones(n) if deviations is None else np.asarray(deviations, float)
    if relative and known:
        weight = weight / y
    misfit = _Misfit(model, tuple(parameters), weight, relative)

    def residuals(theta: np.ndarray) -> np.ndarray:
        return misfit(theta, y)

    best = _least(residuals, parameters)
    theta, chi2, freedom = best.x, 2 * best.cost, n - m
    scatter, t = _scatter(chi2, freedom, known)
    inverse = _inverse(best.jac)
    covariance = inverse * (scatter if np.isfinite(scatter) else 0.0)
    spread = np.sqrt(np.diag(inverse) * scatter)
    size = np.sqrt(np.maximum(np.diag(inverse), 1e-300))
    threshold = scatter * t**2
    estimates = []
    for i, p in enumerate(parameters):
        if not np.isfinite(threshold):
            ends = (-np.inf, np.inf)
        elif profile:
            ends = _profile(residuals, theta, i, chi2, threshold, spread[i] * t, p)
        else:
            ends = (theta[i] - t * spread[i], theta[i] + t * spread[i])
        estimates.append(_estimate(p, theta[i], spread[i], ends))
    if samples:
        pairs = resampled(misfit.refitted(theta), best.fun, freedom, known, LEVEL, samples)
        estimates = _with_bootstrap(estimates, pairs)
    raw = best.fun * weight
    return Fit(
        tuple(estimates), n, freedom, float(np.sqrt(np.mean(raw**2))), relative, known,
        inverse / np.outer(size, size), best.fun, covariance, tuple(parameters),
        float(t) if np.isfinite(t) else 0.0,
    )  # fmt: skip


@dataclass(frozen=True)
class _Misfit:
    """Weighted residuals of a model.

    Attributes:
        model, parameters, relative: as of the fit.
        weight: standard deviations [unit of y], or of ratios.
    """

    model: Model
    parameters: tuple[Parameter, ...]
    weight: np.ndarray
    relative: bool

    def __call__(self, theta: np.ndarray, measured: np.ndarray) -> np.ndarray:
        """Residuals at some coordinates; far off where the model has no value."""
        predicted = self.model(_named(self.parameters, theta))
        with np.errstate(all="ignore"):
            raw = np.log(measured / predicted) if self.relative else measured - predicted
        return np.nan_to_num(raw / self.weight, nan=1e6, posinf=1e6, neginf=-1e6)

    def refitted(self, theta: np.ndarray) -> Callable[[np.ndarray], np.ndarray | None]:
        """Weighted residuals -> values fitted to the model at `theta` with them; None: failed."""
        from scipy import optimize

        fitted = self.model(_named(self.parameters, theta))

        def refit(drawn: np.ndarray) -> np.ndarray | None:
            apart = self.weight * drawn
            again = fitted * np.exp(apart) if self.relative else fitted + apart
            found = optimize.least_squares(
                lambda t: self(t, again), theta, xtol=1e-8, ftol=1e-8, max_nfev=100
            )
            outer = [p.outer(t) for p, t in zip(self.parameters, found.x, strict=True)]
            return np.array(outer) if found.status > 0 else None

        return refit


def _least(residuals: Callable[[np.ndarray], np.ndarray], parameters: Sequence[Parameter]) -> Any:
    """The least squares from all starts, as SciPy gives them.

    Raises:
        ValueError: no start leads anywhere.
    """
    from scipy import optimize

    found = [
        optimize.least_squares(residuals, start, xtol=1e-13, ftol=1e-13, gtol=1e-13)
        for start in _starts(parameters)
    ]
    best = min(found, key=lambda f: float(f.cost))
    if not np.isfinite(best.cost) or best.cost > 1e9:
        raise ValueError("the law does not come near the data")
    return best


def _scatter(chi2: float, freedom: int, known: bool) -> tuple[float, float]:
    """Variance of the weighted residuals, and the quantile of the intervals in its deviations.

    Both are infinite where neither the data nor degrees of freedom tell the scatter.
    """
    from scipy import stats

    if known:
        return 1.0, stats.norm.ppf(0.5 + LEVEL / 2)
    if not freedom:
        return np.inf, np.inf
    return chi2 / freedom, stats.t.ppf(0.5 + LEVEL / 2, freedom)


def _with_bootstrap(estimates: list[Estimate], pairs: np.ndarray | None) -> list[Estimate]:
    """Estimates with their intervals by resampling, where there are any."""
    if pairs is None:
        return estimates
    return [
        replace(e, bootstrap=(float(low), float(high)))
        for e, (low, high) in zip(estimates, pairs, strict=True)
    ]


def _starts(parameters: Sequence[Parameter]) -> list[np.ndarray]:
    most = max(len(p.start) for p in parameters)
    return [
        np.array([p.inner(p.start[min(i, len(p.start) - 1)]) for p in parameters])
        for i in range(most)
    ]


def _inverse(jacobian: np.ndarray) -> np.ndarray:
    """(J^T J)^-1; directions that the data do not see get a variance beyond all bounds."""
    _, s, V = np.linalg.svd(jacobian, full_matrices=False)
    seen = np.maximum(s, 1e-9 * max(s[0], 1e-300))
    return (V.T / seen**2) @ V


def _estimate(p: Parameter, theta: float, spread: float, ends: tuple[float, float]) -> Estimate:
    low, high = (p.outer(e) if np.isfinite(e) else _end(p, e) for e in ends)
    open_low, open_high = not np.isfinite(ends[0]), not np.isfinite(ends[1])
    determined = {(False, False): "yes", (True, False): "from above", (False, True): "from below",
                  (True, True): "no"}[open_low, open_high]  # fmt: skip
    return Estimate(p.name, p.unit, p.outer(theta), abs(p.slope(theta)) * spread, low, high,
                    determined)  # fmt: skip


def _end(p: Parameter, sign: float) -> float:
    if sign > 0:
        return 1.0 if p.scale == "logit" else np.inf
    return -np.inf if p.scale == "linear" else 0.0


def _profile(
    residuals: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, i: int, least: float,
    threshold: float, guess: float, p: Parameter,
) -> tuple[float, float]:  # fmt: skip
    """Coordinates at which the refitted sum of squares has risen by the threshold."""
    from scipy import optimize

    def rise(value: float, near: np.ndarray) -> tuple[float, np.ndarray]:
        free = np.delete(near, i)
        if not len(free):
            return float(np.sum(residuals(np.array([value])) ** 2)) - least - threshold, near

        def rest(others: np.ndarray) -> np.ndarray:
            return residuals(np.insert(others, i, value))

        found = optimize.least_squares(rest, free, xtol=1e-10, ftol=1e-10, max_nfev=200)
        return 2 * found.cost - least - threshold, np.insert(found.x, i, value)

    ends = []
    for sign in (-1.0, 1.0):
        reach = _FLAT if p.scale != "linear" else np.inf
        step = float(np.clip(guess, 1e-6, 1.0)) / 2
        inside, near, end = theta[i], theta, sign * np.inf
        for _ in range(24):
            outside = inside + sign * step
            if abs(outside - theta[i]) > reach:
                break
            height, near_out = rise(outside, near)
            if height > 0:
                end = optimize.brentq(
                    lambda v, n=near: rise(v, n)[0], inside, outside, xtol=1e-4 * step, rtol=1e-6
                )
                break
            inside, near, step = outside, near_out, 1.6 * step
        ends.append(float(end))
    return ends[0], ends[1]
