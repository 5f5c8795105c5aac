"""What makes a composite an electrode: particles or linear charge transfer, and its capacity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.charge_transfer import linear, linearised
from joulestack.fabrication.composite.components import Actives, names_of
from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.composite.losses import Losses
from joulestack.fabrication.composite.populations import populations
from joulestack.fabrication.composite.utilisation import sauter_radius
from joulestack.fabrication.media import Use
from joulestack.fabrication.numbers import Numbers
from joulestack.fabrication.specification import Composite
from joulestack.fabrication.surfaces import kinetics_of
from joulestack.laws.binding import FIXED
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.laws.particles import Particles, specific_area
from joulestack.laws.state import ROOM, State
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property, user_property


@dataclass(frozen=True)
class Reaction:
    """Charge transfer and capacity of a composite electrode.

    Attributes:
        charge_transfer: linear, with particles that at their start; None where data are missing.
        particles: populations in which lithium moves; None: U is a constant, or data are missing.
        missing: what is missing for it.
        properties: numbers of the library that went in, apart from the laws of the particles.
        capacity: usable charge per mass of active material [C/kg] where there are no particles.
        stoichiometry: x at the start by phase, as far as it is known.
        radius: of grains with the surface and volume of all populations [m]; None: not known.
        remarks: what a user should know.
    """

    charge_transfer: VolumetricChargeTransfer | None
    particles: tuple[Particles, ...] | None = None
    missing: tuple[Problem, ...] = ()
    properties: tuple[Property, ...] = ()
    capacity: Property | None = None
    stoichiometry: Mapping[str, float] = field(default_factory=dict)
    radius: float | None = field(default=None, metadata=FIXED)
    remarks: tuple[str, ...] = ()

    @property
    def specific_capacity(self) -> Any:
        """Usable charge per mass of active material [C/kg], None where not known."""
        return None if self.capacity is None else self.capacity(ROOM)

    def uses(self, at: Mapping[str, Any]) -> Iterator[Use]:
        """Numbers it rests on.

        Args:
            at: stoichiometry, where the state has none.
        """
        for used in self.properties:
            yield used, at
        for population in self.particles or ():
            for law in population.laws():
                if isinstance(law, Property):
                    yield law, {"x": population.start}
        if self.capacity is not None:
            yield self.capacity, {}


def reaction(
    spec: Composite,
    actives: Actives,
    composition: Composition,
    share: float,
    lost: Losses,
    overrides: Overrides,
    key: str,
) -> Reaction:
    """Charge transfer and capacity.

    Args:
        spec: the recipe.
        actives: its parts and their materials.
        composition: how much there is of each.
        share: of the active material that ions reach [-].
        lost: what else is lost of it, of its surface and of diffusion.
        overrides: of the recipe.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: settings that exclude each other.
    """
    f = composition.fractions(ROOM)
    eps = share * lost.connected * sum(float(f[n]) for n in composition.actives)
    lies_in = composition.electrolyte.name
    if spec.has_particles:
        return _with_particles(spec, actives, eps, lost, lies_in, overrides, key)
    eps *= lost.formed.get(actives[0][1].name, 1.0)
    return _linear(spec, actives[0][1], eps, lost.contact_fraction, lies_in, overrides, key)


def _with_particles(
    spec: Composite,
    actives: Actives,
    eps: float,
    lost: Losses,
    electrolyte: str,
    overrides: Overrides,
    key: str,
) -> Reaction:
    volumes = [part.share / float(m.properties["density"](ROOM)) for part, m in actives]
    left = [lost.formed.get(m.name, 1.0) for _, m in actives]
    fractions = [eps * v / sum(volumes) * kept for v, kept in zip(volumes, left, strict=True)]
    numbers = Numbers()
    entropic = overrides.take("entropic_coefficient")
    materials = [m for _, m in actives]
    made = populations(spec, materials, fractions, lost, entropic, electrolyte, numbers, key)
    starts = {p.name: p.start for p in made or ()}
    return Reaction(
        linearised(made) if made else None,
        made,
        tuple(numbers.problems),
        tuple(numbers.used),
        stoichiometry={n: starts[m] for n, m in names_of(materials).items()}
        if made
        else _stated(spec, materials),
        radius=sauter_radius([(p.fraction, p.radius) for p in made]) if made else None,
        remarks=tuple(numbers.remarks),
    )


def _linear(
    spec: Composite,
    active: Material,
    eps: float,
    contact_fraction: float,
    electrolyte: str,
    overrides: Overrides,
    key: str,
) -> Reaction:
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
    numbers = Numbers()
    law = active.properties.get("particle_radius")
    at = State(T=ROOM_TEMPERATURE, x=spec.stoichiometry)
    remedy = 'set particle_radius = "2.5 um"'
    radius = numbers.take(spec.particle_radius, law, at, f"{key}particle_radius", remedy)
    transfer = linear(
        active,
        area=specific_area(eps, radius, contact_fraction) if radius else 0.0,
        resistance=spec.charge_transfer_resistance,
        voltage=spec.open_circuit_voltage,
        x=spec.stoichiometry,
        entropic=overrides.take("entropic_coefficient"),
        known=kinetics_of(
            active.name,
            spec.coating,
            electrolyte,
            spec.charge_transfer_resistance is not None,
            numbers,
            f"{key}coating",
        ),
        numbers=numbers,
        key=key,
    )
    capacity = overrides.take("specific_capacity")
    return Reaction(
        transfer,
        missing=tuple(numbers.problems),
        properties=tuple(numbers.used),
        capacity=active.properties.get("specific_capacity")
        if capacity is None
        else user_property("specific_capacity", "C/kg", capacity, active.name),
        stoichiometry=_stated(spec, [active]),
        radius=radius or None,
        remarks=tuple(numbers.remarks),
    )


def _stated(spec: Composite, materials: Sequence[Material]) -> dict[str, float]:
    x = spec.stoichiometry
    return {} if x is None else dict.fromkeys(names_of(materials), float(x))
