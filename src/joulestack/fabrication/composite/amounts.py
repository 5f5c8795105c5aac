"""What a composite electrode is made of, from any sufficient set of what people measure.

Mass fractions or volume fractions of the total; porosity, or loading and thickness, or the volume
fractions themselves. Sets that contradict each other are errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.composition import solid_shares
from joulestack.fabrication.specification import Composite

_FILLED = "loading and thickness"

SHARE_TOLERANCE = 0.01
"""Fractions that agree this closely say the same (they are given with two digits)."""


def complete(spec: Composite, densities: Mapping[str, float], key: str) -> Composite:
    """The same composite with mass fractions and, where it is known, porosity.

    Args:
        spec: any sufficient set.
        densities: of "active", "electrolyte" and, where there is one, "additive" [kg/m3].
        key: path of the material in the case, with a dot, for messages.

    Raises:
        CaseError: too little is given, or what is given contradicts itself.
    """
    if spec.volume_fractions is None and spec.loading is None and spec.areal_mass is None:
        if not spec.mass_fractions:
            raise CaseError(
                Problem(
                    f"{key}mass_fractions",
                    "is missing",
                    "set mass_fractions = {active = 0.7, electrolyte = 0.3}, or volume_fractions",
                )
            )
        return spec
    unknown = [n for n in ("active", "electrolyte") if n not in densities]
    if unknown:
        raise CaseError(
            Problem(
                f"{key}{unknown[0]}",
                "has no density in the library",
                "add it in a file of your own",
            )
        )
    mass = _mass_fractions(spec, densities, key)
    missing = [n for n in ("active", "electrolyte") if n not in mass]
    if missing:
        remedy = f"{missing[0]} = 0.5, a share of the mass; all add up to 1"
        raise CaseError(Problem(f"{key}mass_fractions.{missing[0]}", "is missing", remedy))
    if spec.areal_mass is not None:
        spec = replace(spec, loading=spec.areal_mass * mass["active"], areal_mass=None)
    found = _porosities(spec, mass, densities, key)
    problems = []
    names = list(found)
    for name in names[1:]:
        if abs(found[name] - found[names[0]]) > SHARE_TOLERANCE:
            problems.append(
                Problem(
                    f"{key}{name.split(' ')[0]}",
                    f"{names[0]} says a porosity of {100 * found[names[0]]:.1f} %, {name} "
                    f"{100 * found[name]:.1f} %",
                    "leave one out, or correct it",
                )
            )
    if spec.moulding_pressure is not None and _FILLED in names:
        problems.append(
            Problem(
                f"{key}moulding_pressure",
                f"{_FILLED} say the porosity already ({100 * found[_FILLED]:.1f} %)",
                "leave the layer's thickness out, which then follows from the loading, or this",
            )
        )
    if problems:
        raise CaseError(problems)
    porosity = found[names[0]] if names else None
    return replace(
        spec, mass_fractions=mass, porosity=porosity, volume_fractions=None, loading=None
    )


def _pressed(spec: Composite) -> bool:
    """Whether pressing says the porosity."""
    return spec.moulding_pressure is not None or spec.electrolyte.stack_moulding is not None


def _mass_fractions(
    spec: Composite, densities: Mapping[str, float], key: str
) -> Mapping[str, float]:
    given = spec.volume_fractions
    if given is None:
        return spec.mass_fractions
    unknown = [n for n in given if n not in ("active", "electrolyte", "additive")]
    unnamed = [n for n, v in given.items() if n == "additive" and v > 0 and n not in densities]
    total = sum(given.values())
    if unknown or unnamed or min(given.values()) < 0 or not 0 < total <= 1 + 1e-9:
        what = f"{', '.join(f'{n} {v:g}' for n, v in given.items())} is impossible"
        remedy = "fractions of the total volume: active, electrolyte, additive (named), and pores"
        raise CaseError(Problem(f"{key}volume_fractions", what, f"{remedy} add up to 1"))
    masses = {n: v * densities[n] for n, v in given.items() if v > 0}
    mass = {n: m / sum(masses.values()) for n, m in masses.items()}
    for name, own in spec.mass_fractions.items():
        if abs(own - mass.get(name, 0.0)) > SHARE_TOLERANCE:
            raise CaseError(
                Problem(
                    f"{key}mass_fractions.{name}",
                    f"{own:g}, but the volume fractions say {mass.get(name, 0.0):.3f}",
                    "give one of the two",
                )
            )
    return mass


def _porosities(
    spec: Composite, mass: Mapping[str, float], densities: Mapping[str, float], key: str
) -> dict[str, float]:
    """Porosity by every way that the composite states it."""
    found: dict[str, float] = {}
    if spec.porosity is not None:
        found["porosity"] = spec.porosity
    if spec.volume_fractions is not None:
        found["volume_fractions"] = max(1 - sum(spec.volume_fractions.values()), 0.0)
    if spec.loading is None:
        return found
    if spec.thickness is None:
        if not found and not _pressed(spec):
            raise CaseError(
                Problem(
                    f"{key}loading",
                    "does not say the porosity without a thickness",
                    "give the thickness, or the porosity",
                )
            )
        return found
    solid = solid_thickness(spec.loading, mass, densities)
    if solid > spec.thickness * (1 + 1e-9):
        raise CaseError(
            Problem(
                f"{key}loading",
                f"{spec.loading * 100:.3g} mg/cm^2 of active material in "
                f"{units.format_quantity(spec.thickness, 'm')} is denser than the solids",
                f"without any pores it is {units.format_quantity(solid, 'm', 3)} thick",
            )
        )
    found[_FILLED] = 1 - solid / spec.thickness
    return found


def solid_thickness(
    loading: float, mass: Mapping[str, float], densities: Mapping[str, float]
) -> float:
    """Thickness that an electrode would have without pores [m].

    Args:
        loading: mass of active material per face area [kg/m2].
        mass: mass fractions.
        densities: [kg/m3].
    """
    used = {n: w for n, w in mass.items() if w > 0}
    shares = solid_shares(used, densities)
    return float(loading / (shares["active"] * densities["active"]))
