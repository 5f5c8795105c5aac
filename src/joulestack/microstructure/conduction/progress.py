"""A solution's progress: imbalance of the fluxes, conductivity so far."""

from __future__ import annotations

import math
from typing import Any

from joulestack.progress import ProgressBar


class Bar(ProgressBar):
    """Use it as a context, and hand `update` to conduct(progress=...)."""

    def __init__(self, title: str, tolerance: float, stream: Any = None) -> None:
        """Nothing is shown yet.

        Args:
            title: before the bar.
            tolerance: imbalance where the bar ends.
            stream: as in `ProgressBar`.
        """
        super().__init__(title, stream=stream)
        self._tolerance = tolerance
        self._first: float | None = None

    def update(self, number: int, imbalance: float, conductivity: float) -> None:
        """After an iteration."""
        if self._first is None:
            self._first = max(imbalance, 2 * self._tolerance)
        done = math.log(self._first / max(imbalance, 1e-12))
        done /= math.log(self._first / self._tolerance)
        self.show(
            min(max(done, 0.0), 1.0),
            f"iteration {number}, imbalance {imbalance:.1e} of {self._tolerance:.0e}, "
            f"conductivity {conductivity:.5g}",
        )
