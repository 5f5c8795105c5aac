"""Diffusion in a particle that electrolyte touches in patches: the longer way to them.

Between patches no lithium enters. What crosses a patch spreads below it, so that at a steady flux
the patch stands apart from the mean of the surface by psi q R/D, with q the flux over the whole
surface; without patches the surface stands q R/(5 D) apart from the mean of the sphere. A sphere
with D smaller by 1 + 5 psi has the same difference. Within the time that lithium takes below a
patch it is too slow.
"""

from __future__ import annotations

import numpy as np

TERMS = 2000
"""Legendre polynomials of one patch: 1e-4 of psi at a coverage of 1 %."""


def constriction(coverage: float, patches: float) -> float:
    """psi of equal patches, which all pass the same flux [-].

    One patch is exact, many are the flux tube below each; between them 1/N of the difference, so
    that 1 + 5 psi of two polar caps is within 7 %.

    Args:
        coverage: share of the surface that is touched, above 0.
        patches: N, 1 or more.
    """
    if coverage >= 1:
        return 0.0
    few, many = _cap(coverage), _tube(coverage)
    return float((many + (few - many) / max(patches, 1.0)) / max(patches, 1.0) ** 0.5)


def longer_way(coverage: float, patches: float) -> float:
    """1 + 5 psi: what D of a sphere is divided by [-]."""
    return 1 + 5 * constriction(coverage, patches)


def _cap(coverage: float) -> float:
    """One spherical cap: sum of (P_(l-1) - P_(l+1))^2/(4 theta^2 l (2 l + 1)) at its edge."""
    edge = 1 - 2 * coverage
    P = np.empty(TERMS + 2)
    P[0], P[1] = 1.0, edge
    for n in range(1, TERMS + 1):
        P[n + 1] = ((2 * n + 1) * edge * P[n] - n * P[n - 1]) / (n + 1)
    order = np.arange(1, TERMS + 1)
    return float(np.sum((P[:-2] - P[2:]) ** 2 / (4 * coverage**2 * order * (2 * order + 1))))


def _tube(coverage: float) -> float:
    """Disc with an even flux on a cylinder (Yovanovich 1976), times sqrt(N)."""
    e = coverage**0.5
    spread = 1.08085 - 1.41002 * e + 0.259714 * e**3 + 0.0188631 * e**5 + 0.0420278 * e**7
    return float(np.pi / 2 * max(spread, 0.0) / e)
