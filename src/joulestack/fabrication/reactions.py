"""Reactions of a layer: kinetics of the case or the library, amounts from its composition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.layers import AnyMedium
from joulestack.fabrication.media import SourceLine
from joulestack.laws.runaway.reactions import Activated, Barrier, Reaction
from joulestack.laws.state import ROOM
from joulestack.materials.reactions import Record, records
from joulestack.spelling import unknown

NEEDED = ("pre_exponential_factor", "activation_energy", "enthalpy")


@dataclass(frozen=True)
class ReactionRecipe:
    """What a case says of a reaction; None is left to the record, or has its usual value.

    Attributes:
        record: name in the library whose numbers stand where nothing is said.
        pre_exponential_factor, activation_energy: A [1/s] and E [J/mol].
        enthalpy: heat that a mass of reactant releases [J/kg].
        reactant: whose mass reacts, one of `materials.reactions.REACTANTS`.
        fraction: mass of reactant in a mass of that [-].
        order, autocatalysis: n and m.
        initial_conversion: share that has reacted at the start [-].
        barrier: z at the start and z0 [-].
        rate_limit: A [1/s] and E [J/mol] of the largest rate.
        gas: mass of gas from a mass of reactant [-].
    """

    record: str | None = None
    pre_exponential_factor: float | None = None
    activation_energy: float | None = None
    enthalpy: float | None = None
    reactant: str | None = None
    fraction: float | None = None
    order: float | None = None
    autocatalysis: float | None = None
    initial_conversion: float | None = None
    barrier: tuple[float, float] | None = None
    rate_limit: tuple[float, float] | None = None
    gas: float | None = None


USUAL = ReactionRecipe(
    reactant="layer", fraction=1.0, order=1.0, autocatalysis=0.0, initial_conversion=0.0, gas=0.0
)


def with_reactions(
    medium: AnyMedium, given: Mapping[str, ReactionRecipe], where: str = ""
) -> AnyMedium:
    """The medium with the reactions of its recipe.

    Args:
        medium: as it was made.
        given: by name.
        where: path of the reactions in the case, for messages.

    Raises:
        CaseError: a record that is unknown or has no kinetics, a number that is missing, a part
            that the medium does not have, a reaction that could never begin.
    """
    made: list[Reaction] = []
    lines: list[SourceLine] = []
    problems: list[Problem] = []
    for name, recipe in given.items():
        at = f"{where}.{name}" if where else name
        try:
            record = _record(recipe, at)
            made.append(_reaction(name, _filled(recipe, record), medium, at))
        except CaseError as error:
            problems += error.problems
            continue
        label = f"{medium.name}: reaction {name}"
        if record is not None:
            lines.append((label, record.source, record.status, record.note))
        if record is None or any(getattr(recipe, key) is not None for key in NEEDED):
            lines.append((label, "user", "user", ""))
    if problems:
        raise CaseError(problems)
    return cast(AnyMedium, replace(medium, reactions=tuple(made), reacting=tuple(lines)))


def _record(recipe: ReactionRecipe, where: str) -> Record | None:
    if recipe.record is None:
        return None
    known = records()
    if recipe.record not in known:
        raise CaseError(unknown(where, "reaction of the library", recipe.record, known))
    return known[recipe.record]


def _filled(recipe: ReactionRecipe, record: Record | None) -> ReactionRecipe:
    """Numbers of the case, else of the record, else the usual ones."""
    found: dict[str, Any] = {}
    for name in (f.name for f in fields(ReactionRecipe)):
        value = getattr(recipe, name)
        if value is None and record is not None:
            value = record.reactant if name == "reactant" else record.numbers.get(name)
        found[name] = getattr(USUAL, name) if value is None else value
    return ReactionRecipe(**found)


def _reaction(name: str, full: ReactionRecipe, medium: AnyMedium, where: str) -> Reaction:
    missing = [key for key in NEEDED if getattr(full, key) is None]
    if missing:
        known = records().get(full.record or "")
        why = "" if known is None else f": {known.missing}"
        remedy = "give your own, from DSC or ARC of your material"
        what = f"is not known{why}"
        raise CaseError([Problem(f"{where}.{key}", what, remedy) for key in missing])
    if full.autocatalysis and not full.initial_conversion:
        what = "is 0, so that an autocatalytic reaction never begins"
        raise CaseError(Problem(f"{where}.initial_conversion", what, "give a small one: 0.04"))
    amount = _density(medium, str(full.reactant), where) * float(full.fraction or 0.0)
    return Reaction(
        name,
        Activated(full.pre_exponential_factor, full.activation_energy),
        amount,
        full.enthalpy,
        float(full.order if full.order is not None else 1.0),
        float(full.autocatalysis or 0.0),
        1.0 - float(full.initial_conversion or 0.0),
        None if full.barrier is None else Barrier(*full.barrier),
        None if full.rate_limit is None else Activated(*full.rate_limit),
        float(full.gas or 0.0),
    )


def _density(medium: AnyMedium, reactant: str, where: str) -> float:
    """Mass of what reacts per volume of the layer, pores included [kg/m3]."""
    if reactant == "layer":
        return float(medium.parts(ROOM)["density"][0])
    if not isinstance(medium, CompositeElectrode):
        if reactant == "electrolyte" and medium.kind == "solid electrolyte":
            return float(medium.parts(ROOM)["density"][0])
        what = f"{medium.name} is no composite electrode and has no part called {reactant}"
        raise CaseError(Problem(f"{where}.reactant", what, 'reactant = "layer"'))
    if reactant == "active":
        return float(medium.active_mass_density)
    shares = medium.fractions(ROOM)
    if reactant == "electrolyte":
        return float(shares["electrolyte"] * medium.electrolyte.density(ROOM))
    if reactant not in medium.phases:
        what = f"{medium.name} has no {reactant}"
        raise CaseError(Problem(f"{where}.reactant", what, 'reactant = "active"'))
    return float(shares[reactant] * medium.phases[reactant].density(ROOM))
