"""Fracture toughness by Vickers indentation: cracks at the corners of an indent.

    K_C = 0.026 E^(1/2) P^(1/2) a/c^(3/2)

a is half the diagonal of the indent, c half the length of the cracks through it (Lee 2026, Eq. 5,
after Anstis 1981, doi:10.1111/j.1151-2916.1981.tb10320.x). It holds for cracks well longer than the
indent. Pores that close under the load leave less of it to the cracks: Lee indents pellets that
200 MPa had pressed.
"""

from __future__ import annotations

from typing import Any

INDENTATION = 0.026
"""Of Lee 2026, Eq. 5 [-]."""

VICKERS = 1.8544
"""H = 1.8544 P/(2 a)^2 of a Vickers pyramid with 136 deg between faces, 2 sin(68 deg) [-]."""


def vickers_toughness(E: Any, P: Any, a: Any, c: Any) -> Any:
    """K_C [Pa m^0.5].

    Args:
        E: Young's modulus [Pa].
        P: load [N].
        a: half the diagonal of the indent [m].
        c: half the length of the cracks, measured through the indent [m].
    """
    return INDENTATION * E**0.5 * P**0.5 * a / c**1.5


def crack_length(E: Any, P: Any, a: Any, K: Any) -> Any:
    """c [m] that a load leaves in a solid of toughness K [Pa m^0.5]; others as above."""
    return (INDENTATION * E**0.5 * P**0.5 * a / K) ** (2 / 3)


def indent(P: Any, H: Any) -> Any:
    """a [m] of a load P [N] on a solid of Vickers hardness H [Pa]."""
    return (VICKERS * P / (4 * H)) ** 0.5
