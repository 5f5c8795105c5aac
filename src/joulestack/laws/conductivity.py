"""Ionic conductivity of a pressed solid electrolyte against density, pressure and temperature.

sigma = S0 f(phi)/f(phi_ref) x contact x exp(-p dV/(R T)) x (T0/T) exp(-Ea/R (1/T - 1/T0)); fitted
to Schneider 2023, Cronau 2021 and Sakuda 2013. Boundaries of grains: `grain_boundaries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form, form, number
from joulestack.laws.regularisation import softened


def contact_factor(
    p: Any,
    highest_pressure: Any,
    contact_pressure: Any,
    release: Any,
    kept_pressure: Any,
    floor: Any,
) -> Any:
    """Share of the contacts that conduct: 1/(1 + p_c/p_max + kappa (P(p_max)/P(p) - 1)).

    Two branches. On loading, p = p_max: contacts grow with pressure and half of the conductivity
    is there at p_c. On release the loss grows with p_max/p: the harder a powder was pressed, the
    more its pellet springs back (Cronau 2021, SI: pellets of 97 to 487 MPa share one kappa;
    Schneider 2023, Fig. 3). P(p) = (p^2 + p_k^2)^(1/2) keeps the contacts that p_k would hold, so
    that the factor is smooth and finite at p = 0.

    Args:
        p: stack pressure now [Pa].
        highest_pressure: p_max, the highest pressure so far, moulding included [Pa].
        contact_pressure: p_c [Pa]; 0: none is lost on loading.
        release: kappa; 0: contacts made under the highest pressure stay.
        kept_pressure: p_k [Pa], above 0.
        floor: added to p_max, for powders never pressed [Pa].
    """
    peak = xmath.maximum(highest_pressure, p)
    loading = contact_pressure / (peak + floor)
    opened = softened(peak, kept_pressure) / softened(p, kept_pressure) - 1
    return 1 / (1 + loading + release * opened)


def activation_volume_factor(p: Any, T: Any, dV: Any) -> Any:
    """exp(-p dV/(R T)): the squeezed lattice conducts less.

    -5.5 % per 100 MPa for 1.4 cm3/mol at room temperature (Schneider 2023, section 2.3).

    Args:
        p: stack pressure now [Pa].
        T: [K].
        dV: activation volume [m3/mol].
    """
    return xmath.exp(-p * dV / (GAS_CONSTANT * T))


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
    """Conductivity at the reference density: everything but the scaling with phi.

    Attributes:
        value: S0, at the reference density, full contact, p = 0 and T0, grain boundaries of the
            body measured included [S/m].
        reference_density: phi_ref at which S0 was measured.
        activation_energy: Ea of sigma T [J/mol].
        contact_pressure: p_c of `contact_factor`, on loading [Pa].
        release: kappa, loss of contacts on release.
        kept_pressure: p_k, below which no more contacts open [Pa].
        moulding_pressure: of the measured pellets [Pa]; stands in where a layer is described by
            its density alone.
        activation_volume: dV [m3/mol].
        reference: T0 [K].
        floor: of `contact_factor` [Pa].
    """

    takes: ClassVar[tuple[str, ...]] = ("T", "p", "highest_pressure")
    value: float = number("value")
    reference_density: float = number("1")
    activation_energy: float = number("J/mol")
    contact_pressure: float = number("Pa", 0.0)
    release: float = number("1", 0.0)
    kept_pressure: float = number("Pa", 1.0)
    moulding_pressure: float = number("Pa", 0.0)
    activation_volume: float = number("m^3/mol", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)
    floor: float = number("Pa", 1.0)

    def __call__(self, *, T: Any, p: Any, highest_pressure: Any, **_: Any) -> Any:
        """Evaluate."""
        grains = (
            self.value
            * nernst_einstein_factor(T, self.activation_energy, self.reference)
            * activation_volume_factor(p, T, self.activation_volume)
        )
        contacts = contact_factor(
            p,
            highest_pressure,
            self.contact_pressure,
            self.release,
            self.kept_pressure,
            self.floor,
        )
        return grains * contacts
