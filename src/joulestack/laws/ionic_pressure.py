"""Ionic conductivity under pressure, its parts told apart.

A powder pressed at q (the highest pressure that it has seen) and held at p conducts

    sigma = grains(T, p) x G(q) x cracks(p, q) x held grains(p) x held electrodes(p, N)

    grains     S0 exp(-p dV/(R T)) Arrhenius         squeezed lattice         Schneider 2023, 2.3
    G(q)       f(phi(q))/f(phi_ref) made(q)          pores, pressed contact   2.2, 2.1 (regime I)
    cracks     1 - kappa(p, q) [1 - G(r)/G(q)]       springback on release    2.1, 2.5 (Fig. S10)
    held       1/(1 + (p_c/P(p))^m)                  closed by the stack      2.5
    electrodes 1/(1 + (p_e/P(p))^n/N)                closed by the stack, smoothed by N pressings

Cracks open contacts that were made above the pressure now, and no others: of them the share kappa
goes, and what is left is (1 - kappa) G(q) + kappa G(r). With r = q P(p)/P(q) it is G(q) on loading,
where r = q. Both terms grow with q and with p, and kappa falls with both: pressing harder never
makes a pellet worse at the same stack pressure, whatever laws f, phi and made are, as long as they
do not fall.

P(p) = (p^a + p_k^a)^(1/a), a = 1.4, ends the fall below p_k, the lowest pressure that was measured:
what it held closed there stays, so that every share is above zero at p = 0. Flat enough there for
the pellets of Doux 2020 (one resistance from 1 to 25 MPa), steep enough to outweigh the lattice. It
is a bound, not a measurement; `PressedIonic.doubt` says how uncertain.
"""

from __future__ import annotations

from typing import Any

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT
from joulestack.laws.regularisation import softened

BINDING_EXPONENT = 6
"""Sharpness of `opened` in q: a plateau from 0.5 GPa, then a rise (Schneider 2023, Fig. 5)."""

CLOSING_EXPONENT = 2
"""Sharpness of `opened` in p: chosen; 1 to 4 meet Cronau 2021 alike (rms 9 to 11 %)."""


def made_contacts(highest: Any, unpressed: Any, pressure: Any, exponent: Any) -> Any:
    """Share of the contacts between grains that pressing has made: 1 - (1 - u) exp(-(q/p_b)^k).

    Args:
        highest: highest pressure seen, q [Pa].
        unpressed: u, the share of the loose powder.
        pressure: p_b [Pa].
        exponent: k, at least 1.
    """
    return 1 - (1 - unpressed) * xmath.exp(-((highest / pressure) ** exponent))


def held_up(p: Any, kept: Any, bend: Any) -> Any:
    """Pressure that counts for contacts, P(p) = (p^a + p_k^a)^(1/a) [Pa].

    Args:
        p: pressure now [Pa].
        kept: p_k, above 0 [Pa].
        bend: a; 2 is level at p = 0, 1 as steep there as above p_k.
    """
    return (softened(p, 1) ** bend + kept**bend) ** (1 / bend)


def left_by(p: Any, highest: Any, kept: Any, bend: Any) -> Any:
    """Pressure whose contacts release leaves at least, r = q P(p)/P(q) [Pa].

    q on loading, p where p_k << p << q, and q p_k/P(q) without any pressure.

    Args:
        p, highest: pressure now and the highest seen, q [Pa].
        kept, bend: p_k [Pa] and a of `held_up`.
    """
    return highest * held_up(p, kept, bend) / held_up(highest, kept, bend)


def opened(p: Any, highest: Any, cracks: Any, closing: Any, binding: Any) -> Any:
    """kappa: share of the contacts made above the pressure now that cracks open.

    kappa_0/[(1 + (p/p_x)^2) (1 + (q/p_B)^6)]: a stack pressure restrains cracks, and what was
    pressed hard enough is bound into one body (Schneider 2023, section 2.5).

    Args:
        p, highest: pressure now and the highest seen, q [Pa].
        cracks: kappa_0, at most 1.
        closing: p_x, the stack pressure that closes half [Pa].
        binding: p_B, the pressing that binds half [Pa].
    """
    closed, bound = closing**CLOSING_EXPONENT, binding**BINDING_EXPONENT
    unbound = bound / (bound + highest**BINDING_EXPONENT)
    return cracks * closed / (closed + p**CLOSING_EXPONENT) * unbound


def cracked(kappa: Any, left: Any) -> Any:
    """Share of G(q) that cracks leave: 1 - kappa (1 - G(r)/G(q)).

    Args:
        kappa: of `opened`.
        left: G(r)/G(q), at most 1.
    """
    return 1 - kappa * (1 - left)


def held_contacts(
    p: Any, pressure: Any, exponent: Any, kept: Any, bend: Any, pressings: Any = 1
) -> Any:
    """Share of the contacts that the pressure now holds closed, 1/(1 + (p_c/P(p))^m/N).

    Electrodes lie on a surface that each pressing smooths: N of them leave N times the spots in
    contact, and so 1/N of the resistance (Schneider 2023, section 2.2: 3.8 to 4.4 and 1.1 to
    2.1 mS/cm at 10 MPa from the first to the second). Grains are pressed once: N = 1.

    Args:
        p: pressure now [Pa].
        pressure: p_c, at which half is lost [Pa]; 0: none is lost.
        exponent: m, at least 1.
        kept, bend: p_k [Pa] and a of `held_up`.
        pressings: N, how often it was pressed at its highest pressure.
    """
    closed = pressings * held_up(p, kept, bend) ** exponent
    return closed / (closed + pressure**exponent)


def activation_volume_factor(p: Any, T: Any, dV: Any) -> Any:
    """exp(-p dV/(R T)): the squeezed lattice conducts less.

    -5.5 % per 100 MPa for 1.4 cm3/mol at room temperature (Schneider 2023, section 2.3).

    Args:
        p: stack pressure now [Pa].
        T: [K].
        dV: activation volume [m3/mol].
    """
    return xmath.exp(-p * dV / (GAS_CONSTANT * T))
