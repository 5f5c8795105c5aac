"""Particle diameters: distributions by number, and samples of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import stats

from joulestack.errors import CaseError, Problem

Floats = npt.NDArray[np.float64]


class Sizes(Protocol):
    """A distribution of diameters by number."""

    def quantile(self, share: Floats) -> Floats:
        """Diameter [m] that a share of the particles lies below."""


@dataclass(frozen=True)
class Uniform:
    """Equally likely between two diameters [m]; one diameter where they are the same."""

    smallest: float
    largest: float

    def quantile(self, share: Floats) -> Floats:
        """See `Sizes`."""
        return self.smallest + (self.largest - self.smallest) * share


@dataclass(frozen=True)
class Gamma:
    """Gamma distribution of diameters.

    Schneider 2023 (section 2.6): shape 1.94431, scale 7.04802 um for the Feret diameters of
    t-Li7SiPS8 below 50 um. That 9591 such spheres in 210 x 210 x 1700 um fill 53 % of it bears out
    that the numbers mean diameters.

    Attributes:
        shape: a [-].
        scale: b [m].
        smallest, largest: cut off by a sieve [m].
    """

    shape: float
    scale: float
    smallest: float = 0.0
    largest: float = inf

    def quantile(self, share: Floats) -> Floats:
        """See `Sizes`."""
        law = stats.gamma(self.shape, scale=self.scale)
        return _between(law, share, self.smallest, self.largest)


@dataclass(frozen=True)
class Lognormal:
    """Lognormal distribution of diameters.

    Attributes:
        median: by number [m].
        deviation: standard deviation of ln d [-].
        smallest, largest: cut off by a sieve [m].
    """

    median: float
    deviation: float
    smallest: float = 0.0
    largest: float = inf

    def quantile(self, share: Floats) -> Floats:
        """See `Sizes`."""
        law = stats.lognorm(self.deviation, scale=self.median)
        return _between(law, share, self.smallest, self.largest)


@dataclass(frozen=True)
class Measured:
    """Diameters and the share of particles (by number) that is smaller.

    Attributes:
        diameters: rising [m].
        shares: rising, of the particles below each; scaled to run from 0 to 1.
    """

    diameters: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        d, s = np.asarray(self.diameters), np.asarray(self.shares)
        if len(d) != len(s) or len(d) < 2 or np.any(np.diff(d) <= 0) or np.any(np.diff(s) < 0):
            what = "diameters and cumulative shares do not rise together"
            raise CaseError(Problem("diameter", what, "two or more rows, smallest first"))
        if d[0] <= 0 or s[0] == s[-1]:
            raise CaseError(Problem("diameter", "no particles above 0 in it", "positive diameters"))

    def quantile(self, share: Floats) -> Floats:
        """See `Sizes`."""
        s = np.asarray(self.shares)
        return np.interp(share, (s - s[0]) / (s[-1] - s[0]), self.diameters)


def from_counts(diameters: Floats, counts: Floats) -> Measured:
    """Distribution of a histogram: a count for each diameter, the middle of its bin."""
    order = np.argsort(diameters)
    d, n = np.asarray(diameters, float)[order], np.asarray(counts, float)[order]
    if len(d) < 2 or np.any(n < 0) or n.sum() == 0:
        raise CaseError(Problem("diameter", "is no histogram", "two or more counts, none below 0"))
    middle = (d[1:] + d[:-1]) / 2
    edges = np.concatenate(
        [[max(1.5 * d[0] - d[1] / 2, d[0] / 2)], middle, [2 * d[-1] - middle[-1]]]
    )
    return Measured(tuple(edges), tuple(np.concatenate([[0.0], np.cumsum(n) / n.sum()])))


def _between(law: stats.rv_continuous, share: Floats, low: float, high: float) -> Floats:
    first, last = law.cdf(low), law.cdf(high)
    if not last - first > 1e-9:
        what = f"no particles between {1e6 * low:g} um and {1e6 * high:g} um"
        raise CaseError(Problem("diameter", what, "a wider sieve, or another median or scale"))
    return np.asarray(law.ppf(first + (last - first) * share))


def sample(sizes: Sizes, count: int, rng: np.random.Generator) -> Floats:
    """Diameters of some particles [m], in random order.

    One from each of `count` equally likely slices, at a random place in it: the mean volume, which
    a few large particles carry, scatters far less than with independent draws.
    """
    slices = (np.arange(count) + rng.random(count)) / count
    return rng.permutation(sizes.quantile(slices))


def mean_volume(sizes: Sizes) -> float:
    """Mean volume of a particle [m^3], by quadrature over shares."""
    x, w = np.polynomial.legendre.leggauss(16)
    # Panels that thin out towards share 1, where the large particles sit.
    edges = np.concatenate([np.linspace(0, 0.9, 10), 1 - np.logspace(-1.2, -9, 40), [1 - 1e-12]])
    low, width = edges[:-1, None], np.diff(edges)[:, None]
    shares = (low + width * (x + 1) / 2).ravel()
    cubes = sizes.quantile(shares) ** 3
    return float(np.pi / 6 * np.sum((width * w / 2).ravel() * cubes))
