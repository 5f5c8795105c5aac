"""How much of the active material ions can reach, by size ratio and loading (Shi 2020).

A particle counts where electrolyte that percolates to the separator touches it. Small electrolyte
particles wrap more of them; below a share of electrolyte that no size makes up for, none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.laws.forms import Form, form, number
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.materials.nudges import kept
from joulestack.materials.property import Property
from joulestack.materials.reader import Reader

CHOICE = 'laws = { utilisation = "size ratio" } lets only that take part'
"""How a case uses the law."""


@form("size ratio")
@dataclass(frozen=True)
class SizeRatio(Form):
    """1/(1 + exp((v - v_half)/w)), v_half = threshold - shift r^-a, w = width r^-b.

    v: volume of active material over that of active material and electrolyte; r: its diameter over
    that of the electrolyte's particles.

    Attributes:
        threshold: v at which half is reached with ever finer electrolyte.
        shift, shift_exponent: what coarser electrolyte takes from it.
        width, width_exponent: over which share of active material utilisation is lost.
    """

    takes: ClassVar[tuple[str, ...]] = ("fraction", "size_ratio")
    threshold: float = number("1")
    shift: float = number("1")
    shift_exponent: float = number("1")
    width: float = number("1")
    width_exponent: float = number("1")

    def __call__(self, *, fraction: Any, size_ratio: Any, **_: Any) -> Any:
        """Evaluate."""
        half = self.threshold - self.shift * size_ratio**-self.shift_exponent
        width = self.width * size_ratio**-self.width_exponent
        # tanh, not exp: it does not overflow far beyond the threshold.
        return 0.5 - 0.5 * xmath.tanh(0.5 * (fraction - half) / width)


@kept
def utilisation() -> Property:
    """The law of the library."""
    law = Reader("composites").property(
        "utilisation", library.pairs("_composites")["utilisation"], "utilisation"
    )
    assert law is not None  # the library is tested
    return law


def said(fraction: float, size_ratio: float, used: bool) -> str:
    """The number, its uncertainty and its source in words.

    Args:
        fraction: volume of active material over that of active material and electrolyte.
        size_ratio: diameter of active material over that of electrolyte.
        used: only that takes part in the solution.
    """
    law = utilisation()
    given = {"fraction": fraction, "size_ratio": size_ratio}
    value = float(law(ROOM, **given))
    beyond = "".join(f"; {m}" for m in law.outside(ROOM, **given))
    return (
        f"ions reach {100 * value:.0f} +- {100 * law.uncertainty.size:.0f} % of the active "
        f"material: size ratio {size_ratio:.2g}, {100 * fraction:.0f} % of the volume of active "
        f"material and electrolyte ({law.source}, {law.status}: {law.conditions}){beyond}. "
        + ("Only that takes part" if used else "All takes part: " + CHOICE)
    )
