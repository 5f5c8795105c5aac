"""What a run says of its own numerical errors: by cause, for every figure that is looked at first.

Estimated while the run goes: steps in time with Newton's method (`solver/stepping/step_errors.py`),
mesh and radial functions (`spatial_errors.py`). `joulestack accuracy` measures them instead.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from joulestack.outputs import headline
from joulestack.simulation.errors.figure_errors import FigureErrors
from joulestack.simulation.errors.spatial_errors import SpatialErrors
from joulestack.simulation.observe import Observer, Row

BY_STEPS = "steps"
"""With what Newton's method leaves."""

log = logging.getLogger("joulestack")


class ErrorEstimate:
    """Follows a run.

    Attributes:
        steps: what the time steps have erred by.
    """

    REMEMBERS = ("steps", "_space")

    def __init__(self, observer: Observer) -> None:
        """Nothing has been recorded."""
        self.steps = FigureErrors(observer)
        self._space = SpatialErrors(observer)

    def add(self, row: Row, step: Sequence[float] | None) -> None:
        """Take a record, of the state that is in the model; `step` as of `Integral.add`."""
        self.steps.add(row, step)
        self._space.add(row, self.steps.slopes.get(row["Time [s]"]))

    def table(
        self, summary: Mapping[str, Any], late: Sequence[float] = ()
    ) -> dict[str, dict[str, float]]:
        """For summary.json: figure -> error by cause, all together, and relative.

        Args:
            summary: the figures of the run.
            late: errors of the durations of the protocol's steps, by the time steps [s].
        """
        ends = [step["end_s"] for step in summary.get("protocol") or ()]
        heat = summary.get("heat_J") or {}
        causes = {BY_STEPS: self.steps.figures(late)} | {
            cause: self._space.figures(cause, heat, ends, self.steps.slopes)
            for cause in self._space.causes
        }
        table = {}
        for name, (_, scale) in headline.figures(summary).items():
            parts = {cause: found[name] for cause, found in causes.items() if name in found}
            if parts:
                error = sum(map(abs, parts.values()))
                table[name] = parts | {"error": error, "relative": error / scale if scale else 0.0}
        return table


def say(table: Mapping[str, Mapping[str, float]]) -> None:
    """Log `headline.said`."""
    if said := headline.said(table):
        log.info(said)
