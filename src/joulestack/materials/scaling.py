"""How a transport property of one solid falls with its volume fraction: f(phi), f(1) = 1.

Forms for the properties `thermal_scaling`, `ionic_scaling` and `electronic_scaling` of material
files; heat and charge choose their laws independently (Agne 2022, section III.C).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.materials import effective
from joulestack.materials.forms import Form, form, number

_PHI: tuple[str, ...] = ("phi",)


@form("power")
@dataclass(frozen=True)
class Power(Form):
    """phi^exponent."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    exponent: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective.power(phi, self.exponent)


@form("phi/tau^2")
@dataclass(frozen=True)
class TortuositySquared(Form):
    """phi / tau^2."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    tortuosity: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective.tortuosity_squared(phi, self.tortuosity)


@form("phi/tau")
@dataclass(frozen=True)
class TortuosityFactor(Form):
    """phi / tau."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    tortuosity: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective.tortuosity_factor(phi, self.tortuosity)


@form("percolation")
@dataclass(frozen=True)
class Percolation(Form):
    """((phi - threshold)/(1 - threshold))^exponent, zero below the threshold."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    threshold: float = number("1")
    exponent: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        above = xmath.maximum((phi - self.threshold) / (1 - self.threshold), 0)
        return above**self.exponent


@form("mixture")
@dataclass(frozen=True)
class PorousMixture(Form):
    """A law of `effective.MIXTURES` for a solid with insulating pores."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    law: str

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        if self.law == "bruggeman":
            # The closed form that the Newton steps of the n-phase law reach in one.
            return xmath.maximum((3 * phi - 1) / 2, 0)
        return effective.MIXTURES[self.law]((phi, 1 - phi), (1, 0))
