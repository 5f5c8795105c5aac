"""Two elastic-plastic spheres: area and force of a contact that grows, and what springs back.

Overlap delta, R0 = r_i r_j/(r_i + r_j), E* with 1/E* = sum of (1 - nu^2)/E, Y the yield stress of
the softer one, a the radius of the contact, p_m its mean pressure, x = E* a/(Y R0).

- Elastic (Hertz): a^2 = R0 delta, p_m = 4 E* a/(3 pi R0), until p_m = 1.1 Y (onset of yield below
  the surface, Johnson 1985, section 6.1).
- Then plastic flow spreads, p_m = Y (1.1 + 2/3 ln(x/x_y)), the slope of Johnson's expanding cavity
  (1985, section 6.3), up to the hardness 2.8 Y (Tabor 1951) at x = 33.
- The overlap has an elastic part, delta_e = 3 pi p_m a/(4 E*), that of a Hertzian contact with this
  radius and force; it comes back on release. The rest is matter pushed aside, which widens the
  contact to 2 c^2 R0 delta_p with c^2 = 1.43 (Storakers, Biwa and Larsson 1997, perfectly plastic):
  a^2 = R0 delta_e + 2 c^2 R0 (delta - delta_e).

Many contacts share what they push aside: spheres that grow until no volume is lost (Arzt 1982, Acta
Metall. 30, 1883) cut each other in larger circles, or only then. The overlap that would give such a
circle takes the place of a smaller delta. The pressure stays at or below the hardness: what rises
as pores close is the area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joulestack.microstructure.packings.packing import Floats

ONSET = 1.1
"""Mean pressure of a contact at which it begins to yield, over the yield stress."""
CONSTRAINT = 2.8
"""Hardness over yield stress (Tabor 1951)."""
WIDENING = 2 * 1.43
"""Area over pi R0 delta of a plastic contact (Storakers 1997)."""
_X_ONSET = ONSET * 3 * np.pi / 4
_HALVINGS = 50


@dataclass(frozen=True)
class Solid:
    """Mechanics of the matter of a species.

    Attributes:
        youngs_modulus: E [Pa].
        poisson_ratio: nu [-].
        hardness: H, 2.8 times the yield stress [Pa].
        fracture_toughness: K_Ic [Pa m^0.5]; None: not asked whether it breaks.
    """

    youngs_modulus: float
    poisson_ratio: float
    hardness: float
    fracture_toughness: float | None = None

    @property
    def yield_stress(self) -> float:
        """Y = H/2.8 [Pa]."""
        return self.hardness / CONSTRAINT

    @property
    def plane_modulus(self) -> float:
        """E/(1 - nu^2) [Pa]."""
        return self.youngs_modulus / (1 - self.poisson_ratio**2)


@dataclass(frozen=True, eq=False)
class Touching:
    """Pairs of spheres that overlap, an entry for each.

    Attributes:
        overlap: delta, above 0 [m].
        radius: R0 [m].
        modulus: E* [Pa].
        yield_stress: Y of the softer one [Pa].
    """

    overlap: Floats
    radius: Floats
    modulus: Floats
    yield_stress: Floats

    def mean_pressure(self, a: Floats) -> Floats:
        """p_m of contacts of radius a [Pa]."""
        x = self.modulus * a / (self.yield_stress * self.radius)
        plastic = ONSET + 2 / 3 * np.log(np.maximum(x, _X_ONSET) / _X_ONSET)
        hertz = 4 * x / (3 * np.pi)
        return self.yield_stress * np.where(x < _X_ONSET, hertz, np.minimum(plastic, CONSTRAINT))

    def elastic_overlap(self, a: Floats) -> Floats:
        """delta_e, what comes back on release [m]."""
        return 3 * np.pi * self.mean_pressure(a) * a / (4 * self.modulus)

    def contact_radius(self) -> Floats:
        """a [m] that belongs to the overlaps."""
        delta, r = self.overlap, self.radius
        low, high = np.sqrt(r * delta), np.sqrt(WIDENING * r * delta)
        for _ in range(_HALVINGS):
            a = (low + high) / 2
            back = self.elastic_overlap(a)
            over = a**2 > r * (back + WIDENING * (delta - back))
            low, high = np.where(over, low, a), np.where(over, a, high)
        # Elastic contacts lie where the search starts: delta_e = delta at a^2 = R0 delta.
        return low

    def force(self, a: Floats) -> Floats:
        """pi a^2 p_m [N]."""
        return np.pi * a**2 * self.mean_pressure(a)
