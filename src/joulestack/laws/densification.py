"""Relative density from the highest pressure or the sintering temperature.

Pressures are in Pa; "highest pressure" is the highest of the moulding pressure and every stack
pressure since: compaction is not undone on release, except for the elastic springback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.laws.forms import Form, form, number

_PRESSED: tuple[str, ...] = ("highest_pressure",)


def highest(moulding_pressure: Any, stack_pressure: Any) -> Any:
    """Highest pressure that a powder has seen [Pa]."""
    return xmath.maximum(moulding_pressure, stack_pressure)


def two_stage(p: Any, D0: Any, w: Any, p1: Any, Py: Any) -> Any:
    """phi(p) = 1 - (1 - D0) [w exp(-p/p1) + (1 - w) exp(-p/Py)].

    Rearrangement and fracture (Heckel's regime I) are used up within p1, plastic flow (regime II)
    within Py; Heckel 1961 in two stages, fitted to Lee 2026, Table 1 and Schneider 2023.

    Args:
        p: highest pressure [Pa].
        D0: relative density of the tapped powder.
        w: share of the pores that rearrangement closes.
        p1, Py: pressures of the two stages [Pa].
    """
    return 1 - (1 - D0) * (w * xmath.exp(-p / p1) + (1 - w) * xmath.exp(-p / Py))


def heckel(p: Any, Py: Any, A: Any) -> Any:
    """phi(p) = 1 - exp(-(p/Py + A)): ln(1/(1 - phi)) = K p + A, K = 1/Py.

    Schneider 2023, Eq. 1 (Heckel 1961). One straight line only: a fit holds in the pressure
    window in which it was made, and Py depends on that window.
    """
    return 1 - xmath.exp(-(p / Py + A))


def springback(phi: Any, released: Any, M: Any) -> Any:
    """phi (1 - released/M): elastic recovery in the die, M = K + 4 G/3 the oedometric modulus.

    About 4 % for 1.7 GPa released and M = 40 GPa (Schneider 2023, section 2.1).

    Args:
        phi: relative density under the highest pressure.
        released: highest pressure minus present pressure [Pa].
        M: [Pa].
    """
    return phi * (1 - released / M)


def oedometric_modulus(K: Any, G: Any) -> Any:
    """M = K + 4 G/3 [Pa]: stiffness in a rigid die."""
    return K + 4 * G / 3


@form("two-stage")
@dataclass(frozen=True)
class TwoStage(Form):
    """`two_stage` with its parameters."""

    takes: ClassVar[tuple[str, ...]] = _PRESSED
    D0: float = number("1")
    w: float = number("1")
    p1: float = number("Pa")
    Py: float = number("Pa")

    def __call__(self, *, highest_pressure: Any, **_: Any) -> Any:
        """Evaluate."""
        return two_stage(highest_pressure, self.D0, self.w, self.p1, self.Py)


@form("heckel")
@dataclass(frozen=True)
class Heckel(Form):
    """`heckel` with its parameters, held below `ceiling`."""

    takes: ClassVar[tuple[str, ...]] = _PRESSED
    Py: float = number("Pa")
    A: float = number("1")
    ceiling: float = number("1", 1.0)

    def __call__(self, *, highest_pressure: Any, **_: Any) -> Any:
        """Evaluate."""
        return xmath.minimum(heckel(highest_pressure, self.Py, self.A), self.ceiling)
