"""Ionic conductivity of a powder on its way up and down in pressure: two branches of one law.

On loading, grains are crushed and contacts are made by the highest pressure seen; they stay. What
the pressure now holds closed opens again on release: surfaces, cracks, electrodes. Schneider 2023,
sections 2.2, 2.3 and 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws.conductivity import activation_volume_factor, nernst_einstein_factor
from joulestack.laws.forms import Form, form, number


def made_contacts(highest: Any, unpressed: Any, pressure: Any, exponent: Any) -> Any:
    """Share of the pellet's final conduction that pressing has made: 1 - (1 - u) exp(-(q/p_b)^k).

    Density and grain contacts together: the paper finds density a weak descriptor of its own.

    Args:
        highest: highest pressure seen, q [Pa].
        unpressed: u, the share of the loose powder with its contacts held closed.
        pressure: p_b [Pa].
        exponent: k, at least 1.
    """
    return 1 - (1 - unpressed) * xmath.exp(-((highest / pressure) ** exponent))


def held_contacts(p: Any, pressure: Any, exponent: Any, floor: Any) -> Any:
    """Share of the contacts that the pressure now holds closed, 1/(1 + (p_c/p)^m).

    Continued smoothly to p = 0 by p + floor; `conductivity.contact_factor` is m = 1.

    Args:
        p: pressure now [Pa].
        pressure: p_c, at which half is lost [Pa]; 0: none is lost.
        exponent: m, at least 1.
        floor: [Pa].
    """
    closed = (p + floor) ** exponent
    return closed / (closed + pressure**exponent)


@form("loaded and released ionic")
@dataclass(frozen=True)
class LoadedAndReleased(Form):
    """S0 x made(highest pressure) x held(pressure now) x exp(-p dV/(R T)) x Arrhenius.

    Loading is highest pressure = pressure now; release keeps the highest. Compaction is part of
    the law: it holds for the pellet as pressed, whatever its relative density.

    Attributes:
        value: S0, fully pressed, all contacts closed, p = 0 and T0 [S/m].
        activation_energy: of sigma T [J/mol].
        contact_pressure, contact_exponent: p_c [Pa] and m of `held_contacts`.
        unpressed, making_pressure, making_exponent: u, p_b [Pa], k of `made_contacts`.
        activation_volume: dV [m3/mol].
        reference: T0 [K].
        floor: of the contact factor [Pa].
    """

    takes: ClassVar[tuple[str, ...]] = ("T", "p", "highest_pressure")
    value: float = number("value")
    activation_energy: float = number("J/mol")
    contact_pressure: float = number("Pa")
    unpressed: float = number("1")
    making_pressure: float = number("Pa")
    making_exponent: float = number("1", 1.0)
    contact_exponent: float = number("1", 1.0)
    activation_volume: float = number("m^3/mol", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)
    floor: float = number("Pa", 1.0)

    def __call__(self, *, T: Any, p: Any, highest_pressure: Any, **_: Any) -> Any:
        """Evaluate."""
        return (
            self.value
            * made_contacts(
                highest_pressure, self.unpressed, self.making_pressure, self.making_exponent
            )
            * held_contacts(p, self.contact_pressure, self.contact_exponent, self.floor)
            * activation_volume_factor(p, T, self.activation_volume)
            * nernst_einstein_factor(T, self.activation_energy, self.reference)
        )
