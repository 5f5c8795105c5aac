"""The operating state at which a property is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joulestack.constants import ROOM_TEMPERATURE


@dataclass(frozen=True)
class State:
    """Operating state; entries are floats, NumPy arrays or UFL expressions.

    Attributes:
        T: temperature [K].
        p: stack pressure now [Pa].
        p_max: highest stack pressure seen since fabrication [Pa]; p where it is not given.
        x: lithium stoichiometry of the active material [-], where it matters.
    """

    T: Any
    p: Any = 0.0
    p_max: Any = None
    x: Any = None

    @property
    def highest_pressure(self) -> Any:
        """p_max, or p where no history is given [Pa]."""
        return self.p if self.p_max is None else self.p_max


ROOM = State(T=ROOM_TEMPERATURE)
"""Room temperature, no stack pressure: where laws are asked for one number."""
