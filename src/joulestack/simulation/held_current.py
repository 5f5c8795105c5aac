"""The current that flows where a load holds the voltage: time steps have to resolve it."""

from __future__ import annotations

from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.solver.stepper import Watched

CURRENT_ERROR = 20.0
"""Times the relative error of a step: part of a current that is not given, by which a step may miss
what its history foresaw."""


class HeldCurrent:
    """The current that flows where a load holds the voltage; steps resolve it.

    A user looks at it (a hold lasts until it has fallen to a limit), and the charge that passes is
    its integral; the unknowns with a rate may be smooth while it is not. A power or a resistance
    gives its current nearly: dI/I = -dV/(V - I R) or dV/V, no more than the unknowns with a rate
    leave of the voltage under a given current.
    """

    REMEMBERS = ("_largest",)

    def __init__(self, model: Model, observer: Observer, relative: float) -> None:
        """Watch the terminals of `model`; `relative` is the error asked of a step."""
        self._model, self._observer = model, observer
        self._part = CURRENT_ERROR * relative
        self._largest = 0.0

    def watched(self) -> Watched:
        """For the stepper."""
        return Watched("current", self._value, self._scale, flows=True)

    def _value(self) -> float:
        """Discharge current [A]; nothing to resolve where something else than a voltage is held."""
        if not self._model.load.holds_voltage:
            self._largest = 0.0
            return 0.0
        current = self._observer.current()
        self._largest = max(self._largest, abs(current))
        return current

    def _scale(self) -> float:
        now = abs(self._observer.current()) if self._largest else 0.0
        return self._part * max(now, 1e-3 * self._largest, 1e-15)
