"""How much of the active material ions reach, and what a microstructure says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.components import Actives
from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.composite.size_ratio import said, utilisation
from joulestack.fabrication.media import Use
from joulestack.fabrication.specification import Composite
from joulestack.fabrication.structured import Structure
from joulestack.laws.binding import FIXED
from joulestack.laws.state import ROOM, State
from joulestack.materials.measured import advice
from joulestack.materials.property import Property

BY_SIZE = "size ratio"
"""Law of `utilisation`: only what ions reach takes part."""


@dataclass(frozen=True)
class Utilisation:
    """Active material that takes part.

    Attributes:
        share: of the active material that ions reach [-].
        reached: share of active material in the volume of active material and electrolyte, and its
            diameter over that of the electrolyte; None: not known, or a microstructure says more.
        law: of the share that ions reach, said whether it is used or not.
        remarks: what a user should know.
    """

    share: float = 1.0
    reached: tuple[float, float] | None = field(default=None, metadata=FIXED)
    law: Property = field(default_factory=utilisation, metadata=FIXED)
    remarks: tuple[str, ...] = ()

    def uses(self) -> Iterator[Use]:
        """Numbers that go in."""
        if self.reached is not None:
            fraction, size_ratio = self.reached
            yield self.law, {"fraction": fraction, "size_ratio": size_ratio}

    def by_size(self, state: State) -> tuple[Any, str, list[Use]] | None:
        """What the law says, its unit and what it rests on; None where sizes are not known."""
        for law, variables in self.uses():
            return law(state, **variables), "1", [(law, variables)]
        return None


def taking_part(
    spec: Composite,
    composition: Composition,
    structure: Structure | None,
    radius: float | None,
    law: str | None,
    key: str,
) -> Utilisation:
    """What is known of it: from a microstructure, else by the law of sizes where a case asks.

    Args:
        spec: the recipe.
        composition: how much there is of each solid.
        structure: the microstructure, where there is one.
        radius: of the grains of active material [m]; None: not known.
        law: chosen by the case; None: all takes part.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: the law is chosen, but sizes are missing or a microstructure says more.
    """
    wanted, size = law == BY_SIZE, spec.electrolyte_particle_size
    where = f"{key}laws.utilisation"
    if wanted and structure is not None:
        what = "has no effect: the microstructure says what takes part"
        raise CaseError(Problem(where, what, "leave it out"))
    if wanted and (radius is None or size is None):
        missing = "particle_radius" if radius is None else "electrolyte_particle_size"
        raise CaseError(Problem(where, f"needs {missing}", f'set {missing} = "3 um"'))
    masses, porosity = composition.mass_fractions, float(composition.pores(ROOM))
    if structure is not None:
        share = structure.used[0] if structure.used else spec.utilisation
        known = advice(masses, porosity, None)
        return Utilisation(share, remarks=(*structure.remarks, *known))
    if radius is None or size is None:
        told = tuple(advice(masses, porosity, None))
        return Utilisation(spec.utilisation, remarks=told)
    shares = composition.shares
    active = sum(shares[n] for n in composition.actives)
    reached = float(active / (active + shares["electrolyte"])), 2 * radius / size
    told = (*advice(masses, porosity, reached[1]), said(*reached, wanted))
    if not wanted:
        return Utilisation(spec.utilisation, reached, remarks=told)
    share = float(utilisation()(ROOM, fraction=reached[0], size_ratio=reached[1]))
    if share < 0.01:
        what = f"ions reach {100 * share:.2g} % of the active material"
        raise CaseError(Problem(where, what, "more electrolyte, or finer"))
    return Utilisation(share, reached, remarks=told)


def grain_radius(spec: Composite, actives: Actives) -> float | None:
    """Of equal spheres with the surface and volume of all parts [m]; None: not known."""
    populations = []
    for part, material in actives:
        own = material.properties.get("particle_radius")
        given = part.particle_radius or spec.particle_radius or (own and float(own(ROOM)))
        if not given:
            return None
        volume = part.share / float(material.properties["density"](ROOM))
        populations.append((volume, float(given)))
    return sauter_radius(populations)


def sauter_radius(populations: Sequence[tuple[float, float]]) -> float:
    """Radius of equal spheres with the surface and volume of several populations [m].

    Args:
        populations: volume fraction and radius [m] of each.
    """
    return sum(f for f, _ in populations) / sum(f / r for f, r in populations)
