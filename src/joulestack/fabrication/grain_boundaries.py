"""From grain size and library to the boundaries of a layer, for ions and for heat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from joulestack import units
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.boundaries import Boundaries, IonicBoundaries
from joulestack.fabrication.compaction import grain_size, key_of
from joulestack.fabrication.specification import Fabrication
from joulestack.laws import grain_boundaries as law
from joulestack.laws.state import ROOM
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property, user_property

NAMES = (
    "grain_boundary_resistance",
    "grain_boundary_activation_energy",
    "grain_boundary_thermal_resistance",
    "grain_boundary_width",
    "grain_boundary_anisotropy",
)
"""Properties that describe boundaries; each may be overridden."""

BOUNDARY_WIDTH = 1e-9
"""Of a boundary where nothing is said: two or three lattice planes out of order [m]."""


def boundaries(
    spec: Fabrication,
    material: Material,
    properties: dict[str, Property],
    ionic: Property | None,
    overrides: Overrides,
    where: str,
) -> tuple[IonicBoundaries | None, Boundaries | None]:
    """Boundaries in the way of ions, and in that of heat; None where they do not count.

    Those of ions count once the library knows their resistance, at the grain size given, made by
    sintering, or measured; those of heat where a grain size is given or made.

    Args:
        spec: of the layer.
        material: for messages.
        properties: of it; overrides go into them.
        ionic: conductivity of its grains with the boundaries of the body measured; None: no ions.
        overrides: of the case.
        where: key of the layer.

    Raises:
        CaseError: a grain size that nothing follows, or numbers that contradict each other.
    """
    asked = NAMES[0] in overrides.left
    overrides.into(properties, NAMES if ionic is not None else NAMES[2:])
    size = grain_size(spec, properties)
    measured = properties.get("measured_grain_size")
    ions = None
    if ionic is not None and "grain_boundary_resistance" in properties:
        body = None if measured is None else float(measured(ROOM))
        at = size if size is not None else body
        if at is not None:
            ions = _ions(properties, ionic, at, body, material, where)
        elif asked:
            what = f"is missing: boundaries of {material.name} have a resistance, grains no size"
            raise CaseError(Problem(key_of(where, "grain_size"), what, 'grain_size = "5 um"'))
    heat = None
    if size is not None and "grain_boundary_thermal_resistance" in properties:
        heat = Boundaries(
            **_common(properties, "grain_boundary_thermal_resistance", size, material)
        )
    for made in (ions, heat):
        if made is not None and made.size < float(made.width(ROOM)):
            what = f"{units.format_quantity(made.size, 'm')} is less than a boundary is wide"
            least = units.format_quantity(float(made.width(ROOM)), "m")
            raise CaseError(Problem(key_of(where, "grain_size"), what, f"at least {least}"))
    if spec.grain_size is not None:
        _followed(ions, heat, ionic, properties, material, where)
    return ions, heat


def _ions(
    properties: Mapping[str, Property],
    ionic: Property,
    size: float,
    body: float | None,
    material: Material,
    where: str,
) -> IonicBoundaries:
    energy = properties.get("grain_boundary_activation_energy")
    if energy is None:
        what = f"is missing: the library holds none of {material.name}"
        key = key_of(where, "overrides.grain_boundary_activation_energy")
        raise CaseError(Problem(key, what, 'set it; LLZO has "0.43 eV"'))
    sigma = float(getattr(ionic.form, "value", math.nan))
    if not sigma > 0:
        what = f"has no effect on a law of conductivity such as that of {material.name}"
        raise CaseError(Problem(key_of(where, "grain_size"), what, "leave it out"))
    common = _common(properties, "grain_boundary_resistance", size, material)
    made = IonicBoundaries(
        **common,
        activation_energy=energy,
        grains=sigma,
        grain_energy=float(getattr(ionic.form, "activation_energy", 0.0)),
        reference=float(getattr(ionic.form, "reference", ROOM_TEMPERATURE)),
    )
    if body is None:
        return made
    R, w, a = (float(p(ROOM)) for p in (made.resistance, made.width, made.anisotropy))
    grains = float(law.without(sigma, R, body, w, a))
    if not 0 < grains < math.inf:
        shown = units.format_quantity(body / sigma, "ohm m^2")
        what = (
            f"{units.format_quantity(R, 'ohm m^2')} is more than a grain of the body measured has "
            f"in all ({shown} with {units.format_quantity(body, 'm')})"
        )
        key = key_of(where, "overrides.grain_boundary_resistance")
        raise CaseError(Problem(key, what, f"less than {shown}"))
    return replace(made, grains=grains, correction=grains / sigma)


def _common(
    properties: Mapping[str, Property], name: str, size: float, material: Material
) -> dict[str, Any]:
    """Fields that boundaries of ions and of heat share."""
    width = properties.get("grain_boundary_width")
    anisotropy = properties.get("grain_boundary_anisotropy")
    return {
        "size": size,
        "width": width or _assumed("grain_boundary_width", "m", BOUNDARY_WIDTH, material),
        "anisotropy": anisotropy or _assumed("grain_boundary_anisotropy", "1", 1.0, material),
        "resistance": properties[name],
    }


def _assumed(name: str, unit: str, value: float, material: Material) -> Property:
    return replace(
        user_property(name, unit, value, material.name),
        source="",
        status="unverified",
        note="assumed; conducts alike along and across, its material w/R",
    )


def _followed(
    ions: IonicBoundaries | None,
    heat: Boundaries | None,
    ionic: Property | None,
    properties: Mapping[str, Property],
    material: Material,
    where: str,
) -> None:
    """Refuse a grain size that the conductivity of ions, or nothing at all, follows."""
    key = key_of(where, "grain_size")
    if ionic is not None and ions is None:
        what = f"the library holds no resistance of boundaries to ions in {material.name}"
        remedy = "set overrides.grain_boundary_resistance and overrides." + NAMES[1]
        raise CaseError(Problem(key, what, remedy))
    known = {v for p in properties.values() for v in p.form.variables}
    if ions is None and heat is None and "grain_size" not in known:
        what = f"has no effect: nothing of {material.name} follows it here"
        remedy = f"leave it out, or set overrides.{NAMES[2]}"
        raise CaseError(Problem(key, what, remedy))
