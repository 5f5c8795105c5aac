"""What voids will do to a contact, from their law alone."""

from __future__ import annotations

import math
from collections.abc import Iterator

from joulestack.case import Case
from joulestack.estimates.stripping import extremes, pairs, temperature_range, written
from joulestack.laws.medium import Medium
from joulestack.laws.solids import voids
from joulestack.laws.solids.voids import VoidLaw
from joulestack.materials.property import Property

_MILLIAMPERE_HOUR = 36000.0
"""mAh/cm2 in C/m2."""


def hollowed(
    case: Case, media: dict[str, Medium]
) -> Iterator[tuple[str, VoidLaw, tuple[Property, ...], int, float]]:
    """Interfaces where voids open.

    Name, law and its sources, the sign of `stripping.pairs`, and the ratio of `extremes`.
    """
    found = case.contacts()
    for electrode, electrolyte, sign in pairs(case, media):
        contact = found.get((electrode, electrolyte)) or found.get((electrolyte, electrode))
        if contact is not None and contact.voids is not None:
            name = f"{electrode} | {electrolyte}"
            ratio = case.geometry.area_ratio(electrode, electrolyte)
            yield name, contact.voids, contact.void_properties, sign, ratio


def void_warnings(
    case: Case, media: dict[str, Medium], pressure: float, density: float
) -> Iterator[str]:
    """Say where the largest stripping current would take the contact, and after what charge.

    At the coldest temperature that the case gives: there creep closes least.

    Args:
        case: a valid case.
        media: of its layers.
        pressure: lowest stack pressure [Pa].
        density: as in `stripping.extremes`.
    """
    T, _ = temperature_range(case)
    for pair, law, _, sign, ratio in hollowed(case, media):
        stripping, _ = extremes(case, sign, density, ratio)
        charge = voids.stripped_until(law, stripping, pressure, T=T) if stripping > 0 else math.inf
        if math.isfinite(charge):
            yield (
                f"{pair}: {written(stripping)} of stripping at {pressure / 1e6:.3g} MPa "
                f"and {T - 273.15:.3g} degC leaves a "
                f"tenth of the contact after {charge / _MILLIAMPERE_HOUR:.3g} mAh/cm^2, and "
                f"{100 * voids.lasting_contact(law, stripping, pressure, T):.2g} % in the long run"
            )


def void_remarks(case: Case, media: dict[str, Medium], pressure: float) -> Iterator[str]:
    """Critical current at the lowest pressure and temperature of the case, and its sources."""
    for pair, law, properties, *_ in hollowed(case, media):
        T, _ = temperature_range(case)
        critical = voids.critical_current(law, pressure, T)
        read = ", ".join(f"{p.name} ({p.source or p.status})" for p in properties)
        yield (
            f"{pair}: voids take half of the contact where {written(critical)} strips for long at "
            f"{pressure / 1e6:.3g} MPa and {T - 273.15:.3g} degC"
            + (f'; from the library: {read} (voids = "none" keeps the contact)' if read else "")
        )
