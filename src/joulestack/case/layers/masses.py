"""Layers that were weighed: mass, thickness and density, of which two say the third."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.case.layers.fabrication import Fabricated
from joulestack.case.stack.cell import Body, Layer
from joulestack.case.stack.geometry import geometry_of
from joulestack.case.stack.stack import bodies
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.units import format_quantity

if TYPE_CHECKING:
    from joulestack.case.root import CaseFile


def weighed(case: CaseFile, layer: Body) -> float | None:
    """Mass of everything in one layer over its face [kg/m2]; None where the case does not say."""
    if not isinstance(layer, Layer) or layer.areal_mass is not None or layer.mass is None:
        return getattr(layer, "areal_mass", None)
    area = geometry_of(case.cell).face_area
    return layer.mass / area if area else None


def measured(case: CaseFile, material: str) -> tuple[float | None, float | None]:
    """Thickness [m] and mass per area [kg/m2] that a case gives for the layers of a material.

    Raises:
        CaseError: they differ, so that one recipe cannot say what these layers are.
    """
    loaded = getattr(case.materials.get(material), "loading", None) is not None
    found: list[tuple[float | None, float | None]] = []
    layers = {id(layer) for layer in case.cell.layers}
    for body in bodies(case.cell):
        if body.material == material:
            own = body.thickness if "thickness" in body.model_fields_set else None
            found.append((own, weighed(case, body) if id(body) in layers else None))
    whole = [(t, m) for t, m in found if t and (m or loaded)]
    if len({t if m is None else round(m / t, 9) for t, m in whole if t}) > 1:
        raise CaseError(
            Problem(
                f"materials.{material}",
                "is that of layers of different density by their thickness and mass",
                "give each layer a material of its own",
            )
        )
    return next(iter(whole or found), (None, None))


def relative_density(
    case: CaseFile, material: str, density: float | None, folders: Sequence[Path]
) -> float | None:
    """Relative density of a pressed layer by its mass and thickness; None where these do not say.

    Args:
        case: its models.
        material: key of [materials] or library name.
        density: of the solid where the case overrides it [kg/m3].
        folders: of material files.

    Raises:
        CaseError: it is said twice, is above 1, or of a material that has no pores.
    """
    thickness, mass = measured(case, material)
    if thickness is None or mass is None:
        return None
    recipe = case.materials.get(material)
    name = recipe.material if isinstance(recipe, Fabricated) else material
    known = library.load(name, folders)
    law = known.properties.get("density")
    solid = density or (None if law is None else float(law(ROOM)))
    where = f"materials.{material}" if recipe else "mass"
    if known.kind != "solid electrolyte" or solid is None:
        what = f"mass and thickness both say how much {known.name} there is"
        raise CaseError(Problem(where, what, "keep one of them"))
    found = mass / (thickness * solid)
    said = [n for n in ("moulding_pressure", "sintering_temperature", "relative_density")
            if getattr(recipe, n, None) is not None]  # fmt: skip
    if said:
        what = f"mass and thickness of its layer say a relative density of {found:.3f} already"
        raise CaseError(Problem(f"{where}.{said[0]}", what, "leave this or the thickness out"))
    if found > 1 + 1e-9:
        least = format_quantity(mass / solid, "m", 3)
        what = f"its layer would be denser than the solid: {found:.3f} of it"
        raise CaseError(Problem(where, what, f"without any pores it is {least} thick"))
    return found
