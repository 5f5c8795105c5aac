"""What makes a composite an electrode: particles or linear charge transfer, and its capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.composite.linear_kinetics import LinearKinetics
from joulestack.fabrication.composite.populations import Populations, linearised
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.laws.state import State
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import user_property

Actives = Sequence[tuple[ActivePart, Material]]


def with_reaction(
    made: CompositeElectrode, spec: Composite, actives: Actives, overrides: Overrides, key: str
) -> tuple[CompositeElectrode, float | None]:
    """The electrode with its charge transfer and capacity, and the radius of its grains [m].

    Args:
        made: without them.
        spec: the recipe.
        actives: its parts and their materials.
        overrides: of the recipe.
        key: path of the material in the case, with a dot.
    """
    if spec.has_particles:
        return _with_particles(made, spec, actives, overrides, key)
    return _linear(made, spec, actives[0][1], overrides, key)


def _with_particles(
    made: CompositeElectrode, spec: Composite, actives: Actives, overrides: Overrides, key: str
) -> tuple[CompositeElectrode, float | None]:
    room = State(T=ROOM_TEMPERATURE)
    volumes = [part.share / float(m.properties["density"](room)) for part, m in actives]
    filled = made.fractions(room)
    eps = spec.utilisation * sum(float(filled[n]) for n in made.actives)
    found = Populations(spec, key)
    particles = found.build(
        [m for _, m in actives], [eps * v / sum(volumes) for v in volumes], overrides
    )
    changed = replace(
        made,
        particles=particles,
        particles_missing=tuple(found.problems),
        missing=tuple(found.problems),
        kinetics_properties=tuple(found.used),
        remarks=(*made.remarks, *found.remarks),
    )
    if particles is None:
        return changed, None
    names = list(dict.fromkeys(m.name for _, m in actives))
    starts = {p.name: p.start for p in particles}
    changed = replace(
        changed,
        kinetics=linearised(particles),
        stoichiometry={n: starts[name] for n, name in zip(made.actives, names, strict=True)},
    )
    return changed, sauter_radius([(p.fraction, p.radius) for p in particles])


def sauter_radius(populations: Sequence[tuple[float, float]]) -> float:
    """Radius of equal spheres with the surface and volume of several populations [m].

    Args:
        populations: volume fraction and radius [m] of each.
    """
    return sum(f for f, _ in populations) / sum(f / r for f, r in populations)


def _linear(
    made: CompositeElectrode, spec: Composite, active: Material, overrides: Overrides, key: str
) -> tuple[CompositeElectrode, float | None]:
    for name in ("kinetics", "state_of_charge", "window", "maximum_concentration", "diffusivity"):
        if getattr(spec, name) is not None and spec.open_circuit_voltage is not None:
            raise CaseError(
                Problem(
                    f"{key}{name}",
                    "has no effect beside open_circuit_voltage, which means a constant voltage",
                    "leave open_circuit_voltage out, or leave this out",
                )
            )
    if not isinstance(spec.active, str):
        raise CaseError(
            Problem(
                f"{key}open_circuit_voltage",
                "a constant voltage cannot tell the materials of a blend apart",
                "leave it out and set state_of_charge",
            )
        )
    linear = LinearKinetics(spec, active, overrides, key)
    capacity = overrides.take("specific_capacity")
    eps = spec.utilisation * float(made.fractions(State(T=ROOM_TEMPERATURE))["active"])
    changed = replace(
        made,
        kinetics=linear.charge_transfer(eps),
        missing=tuple(linear.problems),
        kinetics_properties=tuple(linear.used),
        remarks=(*made.remarks, *linear.remarks),
        capacity=active.properties.get("specific_capacity")
        if capacity is None
        else user_property("specific_capacity", "C/kg", capacity, active.name),
    )
    return changed, linear.radius or None
