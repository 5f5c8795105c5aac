"""What grains of a composite do to heat beyond their conductivity: surface resistance, shape."""

from __future__ import annotations

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.composite.transport import SPHEROIDS, MixedHeat
from joulestack.fabrication.specification import Composite
from joulestack.laws.inclusions import Shape
from joulestack.laws.state import State
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides


def mixed_heat(
    law: str,
    spec: Composite,
    composition: Composition,
    materials: tuple[Material, Material | None],
    radius: float | None,
    overrides: Overrides,
    key: str,
) -> MixedHeat:
    """Thermal law of the mixture, with interface resistance and shapes of its grains.

    Args:
        law: name of the mixing law.
        spec: the recipe.
        composition: how much there is of each.
        materials: active material and carbon.
        radius: of the grains of active material [m]; None: not known.
        overrides: of the recipe.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: a resistance on grains of unknown size.
    """
    if "thermal_conductivity" in spec.overrides:
        return MixedHeat(law)  # what is given beside it is refused as without effect
    resistance = overrides.take("interface_resistance")
    if resistance is not None and not radius:
        raise CaseError(
            Problem(
                f"{key}particle_radius",
                "is missing: the interface resistance acts on the surface of the grains",
                'set particle_radius = "2.5 um"',
            )
        )
    if law == SPHEROIDS:
        shapes = _shapes(composition.actives, materials, radius, resistance, overrides, key)
        return MixedHeat(law, shapes=shapes)
    if resistance is None:
        return MixedHeat(law)
    assert radius is not None
    return MixedHeat(law, interface=(resistance, float(radius)))


def _shapes(
    actives: tuple[str, ...],
    materials: tuple[Material, Material | None],
    radius: float | None,
    resistance: float | None,
    overrides: Overrides,
    key: str,
) -> dict[str, Shape]:
    """Shapes by phase: the case's, else the library's, else spheres."""
    active, additive = materials
    aspect = _number(active, "aspect_ratio", overrides.take("aspect_ratio"), 1.0)
    shape = Shape.of(aspect, float(radius or 1.0), resistance or 0.0)
    shapes = dict.fromkeys(actives, shape)
    if additive is None:
        return shapes
    aspect = _number(additive, "aspect_ratio", overrides.take("additive_aspect_ratio"), 1.0)
    short = _number(additive, "particle_radius", overrides.take("additive_radius"), 0.0)
    if resistance and not short:
        raise CaseError(
            Problem(
                f"{key}overrides.additive_radius",
                f"is missing: the interface resistance acts on {additive.name}, too",
                'set additive_radius = "50 nm"',
            )
        )
    return {**shapes, "additive": Shape.of(aspect, short or 1.0, resistance or 0.0)}


def _number(material: Material, name: str, given: float | None, default: float) -> float:
    if given is not None:
        return given
    law = material.properties.get(name)
    return default if law is None else float(law(State(T=ROOM_TEMPERATURE)))
