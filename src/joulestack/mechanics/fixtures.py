"""What a fixture answers when the stack between its plates grows: pressure against expansion.

The free expansion dh of the stack (what it would grow by under constant pressure) goes into the
travel u of the plates and into the elastic squeeze of the layers, in series:

    dh = u + C (p - p0),   p = p0 + k u + sum_i k_i (u - u_i)+,   C = sum t/E of the layers

u_i are stops, met after some travel; ()+ is rounded over `TRAVEL_ROUNDING`. Constant pressure
is k = 0, a rigid fixed gap u = 0. A stack that pulls away from its plates is not held: `pressing`
turns p below zero into next to nothing, smoothly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TRAVEL_ROUNDING = 1e-7
"""Travel [m] over which a stop is met."""

TOUCH = 1e3
"""Pressure [Pa] over which contact is lost; as `contact_laws.Law.softening`."""

_ITERATIONS = 60


@dataclass(frozen=True)
class Stop:
    """Something stiff that the plates meet on their way.

    Attributes:
        travel: of the plates where it is met, positive apart [m].
        stiffness: per area of the face [Pa/m].
    """

    travel: float
    stiffness: float


@dataclass(frozen=True)
class Fixture:
    """A fixture with the layers that it presses on. All of them per area of the face.

    Attributes:
        kind: "constant pressure", "spring" or "fixed gap"; for messages.
        stiffness: k of springs in parallel, or of the frame of a fixed gap [Pa/m]; inf: rigid.
        compliance: C of the layers in series with it [m/Pa].
        stops: met on the way apart.
        cells: identical cells on top of each other, of which one is simulated.
        frame_expansion: growth of the frame for 1 K [m/K]; takes from the expansion of the stack.
    """

    kind: str
    stiffness: float = 0.0
    compliance: float = 0.0
    stops: tuple[Stop, ...] = ()
    cells: int = 1
    frame_expansion: float = 0.0

    @property
    def holds(self) -> bool:
        """Pressure does not depend on the expansion."""
        return self.stiffness == 0.0 and not self.stops

    @property
    def response(self) -> float:
        """dp/d(dh) before any stop is met [Pa/m]; inf where nothing gives."""
        give = self.compliance + (1 / self.stiffness if self.stiffness else np.inf)
        return float(1 / give) if give else float(np.inf)

    def elastic(self, expansion: Any, assembly: Any) -> Any:
        """p [Pa], below zero where the stack would have to be pulled.

        Args:
            expansion: free expansion of all cells since assembly [m]; number or array.
            assembly: pressure at assembly, p0 [Pa].
        """
        if np.isinf(self.stiffness) or not self.stops:
            return assembly + (0.0 if self.holds else self.response) * np.asarray(expansion)
        dh = np.asarray(expansion, dtype=np.float64)
        u: Floats = np.asarray(dh / (1 + self.compliance * self.stiffness), dtype=np.float64)
        # k u + stops is convex and rising: from the right of the root Newton never overshoots.
        for _ in range(_ITERATIONS):
            force, slope = self._force(u)
            step = (u + self.compliance * force - dh) / (1 + self.compliance * slope)
            u = np.asarray(u - step, dtype=np.float64)
            if np.max(np.abs(step)) < 1e-16:
                break
        return assembly + self._force(u)[0]

    def _force(self, u: Floats) -> tuple[Floats, Floats]:
        """p - p0 at a travel and its slope [Pa], [Pa/m]."""
        force, slope = self.stiffness * u, np.full_like(u, self.stiffness)
        for stop in self.stops:
            past = u - stop.travel
            root = np.sqrt(past * past + TRAVEL_ROUNDING**2)
            force = force + stop.stiffness * 0.5 * (past + root)
            slope = slope + stop.stiffness * 0.5 * (1 + past / root)
        return force, slope

    def pressure(self, expansion: Any, assembly: Any) -> Any:
        """Stack pressure [Pa], above zero and smooth; arguments as of `elastic`."""
        return pressing(self.elastic(expansion, assembly))

    def reserve(self, assembly: float) -> float:
        """How much the stack may shrink until the pressure is gone [m]; inf: it never is."""
        return float(np.inf) if self.holds else assembly / self.response


def pressing(elastic: Any) -> Any:
    """(p + sqrt(p^2 + TOUCH^2))/2: p where it presses, next to nothing where it would pull."""
    root = np.sqrt(np.square(elastic) + TOUCH**2)
    # For p << 0 the sum cancels; the other root does not.
    pulls = TOUCH**2 / (2 * (root + np.abs(elastic)))
    return np.where(np.asarray(elastic) >= 0, 0.5 * (elastic + root), pulls)


def lost(elastic: Any) -> Any:
    """Where contact is lost: the stack would have to be pulled."""
    return np.asarray(elastic) < 0
