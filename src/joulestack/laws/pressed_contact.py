"""How much of the particles' surface touches electrolyte under the stack pressure.

    g = least + (1 - least) q/(q + half),   q = p^(1 - kept) p_max^kept

the share of the surface in contact over that under a high pressure. An assumption: no measurement
of it is in the records. The form is that of the ionic conductivity's contact factor, 1/(1 + p_c/p),
with a rest that the pressing of the pellet leaves; finite, smooth and above zero at p = 0.

It acts on the active area and not on the active fraction: lithium in a particle that lets go would
be lost to the balance, and come back with another content than it left. In particles of less
contact the lithium stays where it is; they polarise more, and less is got out until a cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joulestack.laws.regularisation import remembered
from joulestack.laws.state import State


@dataclass(frozen=True)
class PressedContact:
    """Share of the surface in contact, over that under a high pressure.

    Attributes:
        half: pressure that brings half of what pressure brings [Pa].
        least: left without pressure [-], above zero.
        kept: share (in the exponent) of the contact under the highest pressure that release leaves.
    """

    half: float
    least: float
    kept: float = 0.0

    def __call__(self, state: State) -> Any:
        """g [-] at an operating state."""
        q = remembered(state.p, state.highest_pressure, self.kept)
        return self.least + (1 - self.least) * q / (q + self.half)
