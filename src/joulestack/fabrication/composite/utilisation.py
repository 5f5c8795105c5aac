"""How much of the active material ions reach, for a recipe: said, and used where a case asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.composite.reaction import sauter_radius
from joulestack.fabrication.composite.size_ratio import said, utilisation
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.laws.state import State
from joulestack.materials.library import Material
from joulestack.materials.measured import advice

BY_SIZE = "size ratio"
"""Law of `utilisation`: only what ions reach takes part."""

_ROOM = State(T=ROOM_TEMPERATURE)


def with_reach(
    made: CompositeElectrode,
    spec: Composite,
    actives: Sequence[tuple[ActivePart, Material]],
    laws: Mapping[str, str],
    key: str,
) -> tuple[CompositeElectrode, Composite]:
    """The electrode with what is known of its utilisation, and a recipe that uses it if asked to.

    Args:
        made: without its charge transfer.
        spec: the recipe.
        actives: its parts and their materials.
        laws: chosen by the case, by exact names.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: the law is chosen, but sizes are missing or a microstructure says more.
    """
    wanted = laws.get("utilisation") == BY_SIZE
    radius, size = _radius(spec, actives), spec.electrolyte_particle_size
    where = f"{key}laws.utilisation"
    if wanted and made.structured:
        what = "has no effect: the microstructure says what takes part"
        raise CaseError(Problem(where, what, "leave it out"))
    if wanted and (radius is None or size is None):
        missing = "particle_radius" if radius is None else "electrolyte_particle_size"
        remedy = f'set {missing} = "3 um"'
        raise CaseError(Problem(where, f"needs {missing}", remedy))
    remarks = list(advice(made.mass_fractions, float(made.pores(_ROOM)), None))
    reached = None
    if radius is not None and size is not None and not made.structured:
        active = sum(made.shares[n] for n in made.actives)
        reached = (float(active / (active + made.shares["electrolyte"])), 2 * radius / size)
        remarks = list(advice(made.mass_fractions, float(made.pores(_ROOM)), reached[1]))
        remarks.append(said(*reached, wanted))
    made = replace(made, remarks=(*made.remarks, *remarks), reached=reached)
    if not wanted or reached is None:
        return made, spec
    share = float(utilisation()(_ROOM, fraction=reached[0], size_ratio=reached[1]))
    if share < 0.01:
        what = f"ions reach {100 * share:.2g} % of the active material"
        raise CaseError(Problem(where, what, "more electrolyte, or finer"))
    return replace(made, utilisation=share), replace(spec, utilisation=share)


def _radius(spec: Composite, actives: Sequence[tuple[ActivePart, Material]]) -> float | None:
    """Of equal spheres with the surface and volume of all parts [m]; None: not known."""
    populations = []
    for part, material in actives:
        own = material.properties.get("particle_radius")
        given = part.particle_radius or spec.particle_radius or (own and float(own(_ROOM)))
        if not given:
            return None
        volume = part.share / float(material.properties["density"](_ROOM))
        populations.append((volume, float(given)))
    return sauter_radius(populations)
