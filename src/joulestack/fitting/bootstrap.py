"""Intervals by repeating the experiment: seeded resampling, refitted each time.

They make no use of slopes or of a threshold, so they show where those mislead; but resampled
residuals know nothing of Student's t and come out narrow for few points.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RESAMPLINGS = 400
"""Repetitions; the ends of a 95 % interval then scatter by about a tenth of its width."""

BOOTSTRAP_SEED = 20260101


def resampled(
    refit: Callable[[np.ndarray], np.ndarray | None],
    residuals: np.ndarray,
    freedom: int,
    known: bool,
    level: float,
    samples: int = RESAMPLINGS,
) -> np.ndarray | None:
    """Percentile intervals of fitted numbers.

    Args:
        refit: weighted residuals around the fitted law -> numbers fitted to data with them; None
            where the fit fails.
        residuals: weighted residuals of the fit.
        freedom: number of residuals less that of the numbers.
        known: the deviations of the data were given: residuals are drawn from the normal
            distribution. Otherwise they are drawn from those of the fit, widened by the square root
            of points over freedom, which a fit narrows.
        level: confidence.
        samples: repetitions.

    Returns:
        Low and high end of each number, (n, 2); None where nothing can be resampled.
    """
    n = len(residuals)
    if not known and freedom < 1:
        return None
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    pool = residuals * np.sqrt(n / freedom) if not known else residuals
    found = []
    for _ in range(samples):
        drawn = rng.standard_normal(n) if known else rng.choice(pool, n)
        values = refit(drawn)
        if values is not None and np.all(np.isfinite(values)):
            found.append(values)
    if len(found) < samples // 2:
        return None
    tail = 50 * (1 - level)
    ends: np.ndarray = np.percentile(np.array(found), (tail, 100 - tail), axis=0).T
    return ends
