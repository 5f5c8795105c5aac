"""Percolation and McLachlan's general effective medium: mixtures with a threshold of their own.

Mean-field laws put the threshold of every phase at one third. Real powders percolate earlier or
later, and near the threshold they follow a power law with an exponent of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joulestack import xmath
from joulestack.laws.effective_media import BRUGGEMAN_STEPS, bruggeman

_LEAST = 1e-9
"""Of fractions, so that what is dense divides by no zero."""


def percolation(phi: Any, threshold: Any, exponent: Any) -> Any:
    """((phi - phi_c)/(1 - phi_c))^t of the conducting phase, zero below its threshold.

    The rest insulates. Universal in 3D close to the threshold is t = 2 (Stauffer & Aharony 1994);
    stretched to phi = 1 it is a fit. Never above Wiener's bound for t >= 1.

    Args:
        phi: volume fraction of the conductor.
        threshold: phi_c, in [0, 1).
        exponent: t.
    """
    return xmath.maximum((phi - threshold) / (1 - threshold), 0) ** exponent


def general_effective_medium(
    fractions: Sequence[Any],
    values: Sequence[Any],
    threshold: Any,
    exponent: Any,
    start: Any = None,
    steps: int = BRUGGEMAN_STEPS,
) -> Any:
    """Effective medium of n phases with threshold phi_c and exponent t (McLachlan 1987).

    sum f_i (v_i - x)/(v_i + A x) = 0 with v = k^(1/t), x = k_eff^(1/t), A = (1 - phi_c)/phi_c. For
    t = 1 and phi_c = 1/3 it is `effective.bruggeman`; with insulators around one conductor it is
    `percolation`. x lies between the harmonic and the arithmetic mean of v, so that k_eff keeps
    Wiener's bounds for t >= 1; those of Hashin and Shtrikman it keeps only as Bruggeman's law.

    Two phases are a quadratic equation; more take the Newton steps of `effective.bruggeman`.

    Args:
        fractions: volume fractions, adding up to 1.
        values: property of each phase.
        threshold: phi_c in (0, 1): each phase alone among insulators percolates there.
        exponent: t >= 1.
        start: near the result, for more than two phases written down as UFL.
        steps: Newton steps without `start`.
    """
    A = (1 - threshold) / threshold
    roots = [xmath.maximum(k, 0) ** (1 / exponent) for k in values]
    if len(roots) == 2:
        return _two_phases(fractions, roots, A) ** exponent
    near = None if start is None else start ** (1 / exponent)
    x = bruggeman(fractions, roots, steps, near, A)
    return xmath.maximum(x, 0) ** exponent


def with_gas_in(share: Any, phi: Any, solid: Any, gas: Any) -> Any:
    """Conductivity of a solid whose pores hold a gas, from that with empty pores.

    The effective medium of exponent 1 whose threshold is such that empty pores leave `share` of
    the solid's conductivity, phi_c = (phi - share)/(1 - share): exact for empty pores, for no pores
    and for a gas that conducts as the solid does; between them an assumption.

    Args:
        share: left with empty pores, below phi.
        phi: volume fraction of the solid.
        solid, gas: conductivities.
    """
    A = xmath.maximum(1 - phi, _LEAST) / xmath.maximum(phi - share, _LEAST)
    return _two_phases((phi, 1 - phi), (solid, gas), A)


def bruggeman_of_two(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """`effective.bruggeman` of two phases in closed form."""
    return _two_phases(fractions, values, 2)


def _two_phases(fractions: Sequence[Any], v: Sequence[Any], A: Any) -> Any:
    """Root of A x^2 - B x - v0 v1 = 0, without the cancellation of either sign of B."""
    B = fractions[0] * (A * v[0] - v[1]) + fractions[1] * (A * v[1] - v[0])
    product = v[0] * v[1]
    size = xmath.maximum(B, -B) + xmath.sqrt(B * B + 4 * A * product + 1e-300)
    return xmath.where((B, 0), size / (2 * A), 2 * product / size)
