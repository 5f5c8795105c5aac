"""Heat since the start, by layer and interface and by source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joulestack.simulation.observe.cuts import Cut
from joulestack.simulation.observe.integral import Integral
from joulestack.simulation.observe.sums import Floats


class HeatByPlace:
    """Integrates what each source releases in each layer and at each interface."""

    REMEMBERS = ("_integral",)

    def __init__(self, layers: Sequence[str], sources: Sequence[str], cuts: Sequence[Cut]) -> None:
        """Nothing has been released.

        Args:
            layers, sources: names of the rows and of the first columns of `Volumes.sums`.
            cuts: interfaces.
        """
        self._places = [(layer, source) for layer in layers for source in sources]
        self._slots = np.array([s for c in cuts for s in c.heats.values()], dtype=np.intp)
        self._places += [(cut.interface.name, name) for cut in cuts for name in cut.heats]
        self._count = len(sources)
        self.restart()

    def restart(self) -> None:
        """Nothing has been released, as at first."""
        self._integral = Integral()

    def add(self, t: float, by_layer: Floats, slots: Floats, step: Sequence[float] | None) -> None:
        """Integrate to time t [s].

        Args:
            t: [s].
            by_layer, slots: of `Volumes` and `Cuts`, of all ranks [W].
            step: as of `Integral.add`.
        """
        watts = np.concatenate([by_layer[:, : self._count].ravel(), slots[self._slots]])
        self._integral.add(t, watts, step)

    def joules(self) -> dict[str, dict[str, float]]:
        """Layer or interface -> source -> heat [J]; what is nowhere released is left out."""
        found: dict[str, dict[str, float]] = {}
        joules = [float(v) for v in self._integral.value] or [0.0] * len(self._places)
        for (place, source), heat in zip(self._places, joules, strict=True):
            if heat:
                found.setdefault(place, {})[source] = heat
        return found
