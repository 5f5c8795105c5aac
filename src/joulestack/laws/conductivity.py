"""Ionic conductivity of a pressed solid electrolyte against density, pressure and temperature.

sigma = S0 f(phi)/f(phi_ref) x made x left by cracks x held x exp(-p dV/(R T)) x (T0/T)
exp(-Ea/R (1/T - 1/T0)); the parts under pressure are in `ionic_pressure`, boundaries of grains in
`grain_boundaries`. Fitted to Schneider 2023, Cronau 2021 and Sakuda 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form, form, number
from joulestack.laws.ionic_pressure import (
    activation_volume_factor,
    cracked,
    held_contacts,
    left_by,
    made_contacts,
    opened,
)


def nernst_einstein_factor(T: Any, Ea: Any, T0: Any) -> Any:
    """(T0/T) exp(-Ea/R (1/T - 1/T0)): Arrhenius law of sigma T.

    Args:
        T: [K].
        Ea: activation energy of sigma T [J/mol].
        T0: reference temperature [K].
    """
    return T0 / T * xmath.exp(-Ea / GAS_CONSTANT * (1 / T - 1 / T0))


@form("pressed ionic")
@dataclass(frozen=True)
class PressedIonic(Form):
    """Conductivity of a pressed electrolyte: everything but the scaling with phi.

    Equations and sources of the parts under pressure: `laws.ionic_pressure`. Parts that a series
    cannot tell apart are the grains': a cell then keeps them.

    Attributes:
        value: S0, at the reference density, all contacts made and closed, p = 0 and T0, grain
            boundaries of the body measured included [S/m].
        activation_energy: Ea of sigma T [J/mol].
        reference_density: phi_ref at which S0 holds; None: compaction is in `made_contacts`, and
            the law holds for the pellet as pressed.
        unpressed, making_pressure, making_exponent: u, p_b [Pa], k of `made_contacts`.
        cracks, closing_pressure, binding_pressure: kappa_0, p_x [Pa], p_B [Pa] of `opened`.
        contact_pressure, contact_exponent: p_c [Pa], m of `held_contacts`, between grains.
        electrode_pressure, electrode_exponent: p_e [Pa], n of `held_contacts`, between the pellet
            and the electrodes that it was measured with; no part of a cell, whose interfaces have
            resistances of their own.
        pressings: N, how often it was pressed.
        kept_pressure, kept_bend: p_k, lowest pressure of the data [Pa], and a of `held_up`.
        moulding_pressure: of the measured pellets [Pa]; stands in where a layer is described by
            its density alone.
        activation_volume: dV [m3/mol].
        reference: T0 [K].
    """

    takes: ClassVar[tuple[str, ...]] = ("T", "p", "highest_pressure", "pores_left")
    value: float = number("value")
    activation_energy: float = number("J/mol")
    reference_density: float | None = number("1", None)
    unpressed: float = number("1", 1.0)
    making_pressure: float = number("Pa", 1e8)
    making_exponent: float = number("1", 1.0)
    cracks: float = number("1", 0.0)
    closing_pressure: float = number("Pa", 1e8)
    binding_pressure: float = number("Pa", 1e12)
    contact_pressure: float = number("Pa", 0.0)
    contact_exponent: float = number("1", 1.0)
    electrode_pressure: float = number("Pa", 0.0)
    electrode_exponent: float = number("1", 1.0)
    pressings: float = number("1", 1.0)
    kept_pressure: float = number("Pa", 1.0)
    kept_bend: float = number("1", 1.4)
    moulding_pressure: float = number("Pa", 0.0)
    activation_volume: float = number("m^3/mol", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(
        self, *, T: Any, p: Any, highest_pressure: Any, pores_left: Any = 1, **_: Any
    ) -> Any:
        """Evaluate.

        Args:
            T: [K].
            p: stack pressure now [Pa].
            highest_pressure: the highest so far, moulding included; p where that is more [Pa].
            pores_left: f(phi(r))/f(phi(q)), pores at `left_by`'s pressure over those pressed.
        """
        result = self.solid(T, p)
        for share in self.shares(p, highest_pressure, pores_left).values():
            result = result * share
        return result

    def solid(self, T: Any, p: Any) -> Any:
        """Grains and their boundaries, all contacts made and closed [S/m]."""
        grains = (
            self.value
            * nernst_einstein_factor(T, self.activation_energy, self.reference)
            * activation_volume_factor(p, T, self.activation_volume)
        )
        return grains

    def left(self, p: Any, highest: Any) -> Any:
        """Pressure whose contacts release leaves at least [Pa]."""
        return left_by(p, xmath.maximum(highest, p), self.kept_pressure, self.kept_bend)

    def shares(self, p: Any, highest: Any, pores_left: Any = 1) -> dict[str, Any]:
        """What pressure makes and holds, each from 0 to 1; their product counts.

        Args:
            p, highest, pores_left: as for the call.
        """
        q = xmath.maximum(highest, p)
        making = self.unpressed, self.making_pressure, self.making_exponent
        made = made_contacts(q, *making)
        left = pores_left * made_contacts(self.left(p, q), *making) / made
        kappa = opened(p, q, self.cracks, self.closing_pressure, self.binding_pressure)
        kept = self.kept_pressure, self.kept_bend
        return {
            "made by pressing": made,
            "left by cracks": cracked(kappa, left),
            "grains held by the stack": held_contacts(
                p, self.contact_pressure, self.contact_exponent, *kept
            ),
            "electrodes held by the stack": held_contacts(
                p, self.electrode_pressure, self.electrode_exponent, *kept, self.pressings
            ),
        }

    def doubt(self, ranges: Mapping[str, tuple[float, float]], **variables: Any) -> Any:
        """Relative standard deviation that pressures outside the data add; 0 inside.

        Beyond its end the curve may be level or go straight on in the logarithms, and anything
        between is as likely: |d ln sigma/d ln p| |ln(p/p_end)|/12^(1/2), the slope that at the end
        of the data; 1 at most.

        Args:
            ranges: variable -> ends of the data [Pa].
            variables: as for the call, numbers.
        """
        highest = np.maximum(variables["highest_pressure"], variables["p"])
        at = {**variables, "highest_pressure": highest}
        total: Any = 0.0
        for name in ("p", "highest_pressure"):
            low, high = ranges.get(name, (0.0, np.inf))
            end = np.clip(at[name], low, high)
            beyond = np.log(np.maximum(at[name], 1.0) / np.maximum(end, 1.0))
            total = total + (self._slope(name, end, at) * beyond) ** 2 / 12
        return np.minimum(np.sqrt(total), 1.0)

    def _slope(self, name: str, end: Any, at: Mapping[str, Any], step: float = 1e-3) -> Any:
        """d ln sigma/d ln of a pressure at an end of the data."""
        sides = []
        for sign in (-1, 1):
            moved = {**at, name: end * (1 + sign * step)}
            moved["highest_pressure"] = np.maximum(moved["highest_pressure"], moved["p"])
            sides.append(np.log(self(**moved)))
        return (sides[1] - sides[0]) / (2 * step)
