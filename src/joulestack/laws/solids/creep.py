"""Power-law creep of metals, and what follows from it: softening, critical currents.

    strain rate = A (s/s0)^n exp(Q/R (1/T0 - 1/T))

Read the other way round, it says the stress that strains a metal at a given rate: its yield
strength in a test at that rate, which so falls with temperature, with Q/n. Masias 2019
(doi:10.1007/s10853-018-2971-3) measured both for lithium: at the 1.2e-3 1/s of the tensile tests
the law of the creep tests gives 0.75 MPa, the tests 0.73 to 0.81 MPa. LePage 2019
(doi:10.1149/2.0221902jes) has Q.

Where diffusion is slow, creep alone brings stripped lithium back to an electrolyte: the current
that it bears there rises with temperature as creep does, and with a power of pressure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form, form, number


def activated(T: Any, Q: Any, T0: Any = ROOM_TEMPERATURE) -> Any:
    """exp(Q/R (1/T0 - 1/T)), 1 at T0.

    Args:
        T: [K].
        Q: activation energy [J/mol].
        T0: [K].
    """
    return xmath.exp(Q / GAS_CONSTANT * (1 / T0 - 1 / T))


def strain_rate(stress: Any, T: Any, rate: Any, reference: Any, n: Any, Q: Any) -> Any:
    """Uniaxial strain rate [1/s].

    Args:
        stress: uniaxial [Pa].
        T: [K].
        rate: A, at the reference stress and 298.15 K [1/s].
        reference: s0 [Pa].
        n: exponent of the stress.
        Q: activation energy [J/mol].
    """
    return rate * (stress / reference) ** n * activated(T, Q)


def strength(at: Any, T: Any, rate: Any, reference: Any, n: Any, Q: Any) -> Any:
    """Stress [Pa] that strains at a rate `at` [1/s]; others as in `strain_rate`."""
    return reference * (at / (rate * activated(T, Q))) ** (1 / n)


@form("power of p")
@dataclass(frozen=True)
class PowerOfPressure(Form):
    """value (p/reference_pressure)^exponent exp(-Ea/R (1/T - 1/reference)), level above `highest`.

    Of critical currents: `highest` is the last pressure that was measured, and no more is promised
    above it.
    """

    takes = ("p", "T")
    value: float = number("value")
    reference_pressure: float = number("Pa")
    exponent: float = number("1")
    highest: float = number("Pa")
    activation_energy: float = number("J/mol", 0.0)
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, p: Any, T: Any, **_: Any) -> Any:
        """Evaluate."""
        pressed = xmath.minimum(p, self.highest) / self.reference_pressure
        heat = activated(T, self.activation_energy, self.reference)
        return self.value * pressed**self.exponent * heat
