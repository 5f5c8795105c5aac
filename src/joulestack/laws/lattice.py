"""k of a crystal whose atoms are out of order: against lithium and against composition.

Point defects scatter phonons as Klemens (1960, Phys. Rev. 119, 507) found: the part of k that
phonons carry falls to arctan(u)/u of that of the ordered parent, u^2 = C k_parent Gamma. Gamma is
the relative variance of mass on the sites (Gurunathan 2020, Phys. Rev. Applied 13, 034011, for
lattices of several atoms), and of bond lengths with a weight epsilon. A vacancy counts as the mass
that is missing and two mean masses for the bonds it breaks (Ratsifaritana & Klemens 1987). What
diffusons carry in a glass, too, is not scattered: k never falls below it.

A measured k holds the disorder of its sample already. The law gives the ratio to that, so nothing
is counted twice, and the sample itself comes out as measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.laws.forms import Form, filled, form, number

METALS = {"Ni": 58.693, "Mn": 54.938, "Co": 58.933, "Al": 26.982}
"""Molar masses [g/mol] of what layered oxides hold on the metal site."""

LITHIUM, OXYGEN = 6.94, 15.999
"""Molar masses [g/mol]."""

RADII = {"Ni2+": 0.69, "Ni3+": 0.56, "Mn4+": 0.53, "Mn3+": 0.645, "Co": 0.545, "Al": 0.535}
"""Shannon's radii [angstrom] with six neighbours at x = 1; Co and Al are 3+."""

OXIDE = 1.40
"""Shannon's radius of oxygen [angstrom]: bond length = radius + this."""

FORMULA_ROUNDING = 0.0015
"""How far shares of metals may miss 1: thirds are written with three digits."""

STEPS = 3
"""Newton steps for the parent; then it is met to 1e-10."""


def shares(composition: object) -> dict[str, float]:
    """Shares of the metals on their site: "Ni0.8Mn0.1Co0.1" -> {"Ni": 0.8, ...}, adding up to 1.

    Raises:
        ValueError: not such a formula, another metal, or shares that do not add up to 1.
    """
    if not isinstance(composition, str):
        raise ValueError(f'composition {composition} is no formula; write "Ni0.8Mn0.1Co0.1"')
    text = composition.replace(" ", "")
    found: dict[str, float] = {}
    for metal, share in re.findall(r"([A-Z][a-z]?)(\d*\.?\d*)", text):
        found[metal] = found.get(metal, 0.0) + (1.0 if share in ("", ".") else float(share))
    if not found or "".join(re.split(r"[A-Z][a-z]?\d*\.?\d*", text)):
        raise ValueError(f'composition "{composition}" is no formula; write "Ni0.8Mn0.1Co0.1"')
    strange = [metal for metal in found if metal not in METALS]
    if strange:
        known = ", ".join(METALS)
        raise ValueError(f'composition "{composition}" holds {strange[0]}; known metals: {known}')
    total = sum(found.values())
    if abs(total - 1) > FORMULA_ROUNDING:
        raise ValueError(
            f'shares of composition "{composition}" add up to {total:g}, not 1: '
            "give the shares of all metals on their site"
        )
    return {metal: share / total for metal, share in found.items()}


def ions(metals: dict[str, float]) -> dict[str, float]:
    """Shares of ions at x = 1: each Mn4+ is balanced by a Ni2+, the rest is 3+."""
    nickel, manganese = metals.get("Ni", 0.0), metals.get("Mn", 0.0)
    pairs = min(nickel, manganese)
    return {
        "Ni2+": pairs, "Mn4+": pairs, "Ni3+": nickel - pairs, "Mn3+": manganese - pairs,
        "Co": metals.get("Co", 0.0), "Al": metals.get("Al", 0.0),
    }  # fmt: skip


def frame(metals: dict[str, float], strain: float) -> tuple[float, float, float]:
    """What does not depend on lithium.

    Returns:
        Mass of MO2 and variance of mass on the metal site, in masses of lithium; Gamma of the bond
        lengths on one of four sites.
    """
    mass = sum(c * METALS[m] for m, c in metals.items())
    spread = sum(c * (METALS[m] - mass) ** 2 for m, c in metals.items())
    found = ions(metals)
    radius = sum(c * RADII[i] for i, c in found.items())
    bonds = sum(c * (RADII[i] - radius) ** 2 for i, c in found.items()) / (radius + OXIDE) ** 2
    return (mass + 2 * OXYGEN) / LITHIUM, spread / LITHIUM**2, strain * bonds / 4


def scattering(y: Any, mass: Any, spread: Any, bonds: Any) -> Any:
    """Gamma of Li_y MO2, its four sites counted alike.

    Args:
        y: lithium on its site, 0 to 1; the rest are vacancies.
        mass, spread, bonds: of `frame`.
    """
    mean = (y + mass) / 4
    vacancies = y * (1 - y) * (1 + 2 * mean) ** 2
    return (vacancies + spread) / (4 * mean * mean) + bonds


def reduction(w: Any) -> Any:
    """arctan(u)/u against w = u^2 >= 0; by its series where u is small, smooth through 0."""
    u = xmath.sqrt(xmath.maximum(10000 * w, 1)) / 100
    series = 1 - w / 3 + w * w / 5 - w * w * w / 7
    return xmath.where((10000 * w, 1), xmath.atan(u) / u, series)


def parent(k: Any, disorder: Any) -> Any:
    """k of the ordered parent of a lattice with k, whose disorder is C Gamma [W/(m K)].

    The root of k_parent reduction(disorder k_parent) = k, by Newton's method in w.
    """
    q = disorder * k
    w = q + q * q / 3
    for _ in range(STEPS):
        r = reduction(w)
        w = w - 2 * (w * r - q) / (r + 1 / (1 + w))
    return k / reduction(w)


@form("point defects")
@dataclass(frozen=True)
class PointDefects(Form):
    """k at x and composition over `dense_thermal_conductivity`; takes that as k.

    Attributes:
        composition: shares of the metals, "Ni0.8Mn0.1Co0.1".
        strength: C of u^2 = C k_parent Gamma.
        glassy: what is carried without phonons.
        strain: weight epsilon of bond lengths.
        measured_composition, measured_x: of the sample that k was measured on; the composition if
            left out is the material's own.
        exchangeable: lithium per metal that x counts: x = 0 of a model may leave some in.
        lattice: of `frame`, and Gamma of the sample; filled in.
    """

    takes: ClassVar[tuple[str, ...]] = ("x", "k")
    composition: str
    strength: float = number("m K/W")
    glassy: float = number("W/(m K)")
    strain: float = number("1")
    measured_composition: str = ""
    measured_x: float = number("1", 1.0)
    exchangeable: float = number("1", 1.0)
    lattice: tuple[float, float, float, float] | None = filled()

    def __post_init__(self) -> None:
        """Read the formulas once, while the values are numbers.

        Raises:
            ValueError: formulas or numbers that are impossible.
        """
        if self.lattice is not None:
            return
        for name in ("measured_x", "exchangeable"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name):g} is not between 0 and 1")
        for name in ("strength", "glassy", "strain"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} {getattr(self, name):g} is below 0")
        sample = frame(shares(self.measured_composition or self.composition), self.strain)
        anchor = scattering(self.lithium(self.measured_x), *sample)
        own = frame(shares(self.composition), self.strain)
        object.__setattr__(self, "lattice", (*own, float(anchor)))

    def stronger(self, factor: Any) -> PointDefects:
        """Copy that scatters more by a factor, and leaves less that is not scattered."""
        return replace(self, strength=self.strength * factor, glassy=self.glassy / factor)

    def shifted(self, kind: str, size: Any, z: Any) -> Form | None:
        """A factor is one on the strength of disorder."""
        return self.stronger(size**z) if kind == "factor" else None

    def lithium(self, x: Any) -> Any:
        """Lithium on its site at the x of the model."""
        return xmath.clip(1 - self.exchangeable * (1 - x), 0, 1)

    def __call__(self, *, x: Any, k: Any, **_: Any) -> Any:
        """Evaluate."""
        assert self.lattice is not None  # __post_init__ has filled it in
        *own, anchor = self.lattice
        phonons = xmath.maximum(k - self.glassy, 0)
        ordered = parent(phonons, self.strength * anchor)
        gamma = scattering(self.lithium(x), *own)
        carried = ordered * reduction(self.strength * ordered * gamma)
        return (k - phonons + carried) / k
