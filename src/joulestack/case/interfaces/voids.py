"""Voids under a metal electrode: from an interface of the case and the library to their law."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field, Tag

from joulestack.case.messages import one_of
from joulestack.case.quantities import (
    ExchangeCurrent,
    MolarEnergy,
    MouldingPressure,
    Number,
    Quantity,
    Section,
)
from joulestack.case.unions import by_marker, is_table
from joulestack.errors import CaseError, Problem
from joulestack.laws.solids import voids
from joulestack.laws.solids.voids import VoidLaw
from joulestack.laws.state import ROOM, State
from joulestack.materials import library
from joulestack.materials.limits import limits_of
from joulestack.materials.property import Property

LIMIT = "critical_stripping_current"
AreaCharge = Annotated[float, Quantity("C/m^2", above=0.0)]
StrainRate = Annotated[float, Quantity("1/s", above=0.0)]


class Voids(Section):
    """Voids that stripping leaves under a metal electrode; what is not given is the library's."""

    closing: Literal["critical current", "creep"] = Field(
        "critical current",
        description="what says how fast pressure closes them: a measured critical current, or "
        "creep of the metal around round voids",
    )
    capacity: AreaCharge | None = Field(
        None, description="charge that, stripped with nothing closing, leaves 1/e of the contact"
    )
    critical_current: ExchangeCurrent | None = Field(
        None, description="stripping that takes half of the contact in the long run"
    )
    creep_rate: StrainRate | None = Field(
        None, description="strain rate of the metal, for closing = creep"
    )
    reference_pressure: MouldingPressure | None = Field(
        None, description="at which the critical current or the creep rate (uniaxial) holds"
    )
    exponent: Number | None = Field(None, description="of the pressure, or of the stress in creep")
    activation_energy: MolarEnergy | None = Field(None, description="of the closing")


def _choice(value: object) -> str:
    return "<table>" if is_table(value) else "<word>"


VoidChoice = Annotated[
    Annotated[str, Tag("<word>")] | Annotated[Voids, Tag("<table>")],
    by_marker(_choice, "neither a word nor a table"),
]
"""default | none | a table."""

WORDS = ("default", "none")


def voids_of(
    given: str | Voids, metal: str, electrolyte: str
) -> tuple[VoidLaw | None, tuple[Property, ...]]:
    """The law of one interface, None where the contact is to stay; numbers of the library in it.

    Args:
        given: as the case has it.
        metal, electrolyte: names of both materials in the library.

    Raises:
        CaseError: a number is missing here and there, or contradicts the choice of law; problems
            name the key.
    """
    if isinstance(given, str):
        if given not in WORDS:
            what = f'"{given}" is no word for voids'
            raise CaseError(Problem("", what, one_of(given, WORDS)))
        if given == "none":
            return None, ()
        given = Voids()
    creeps = given.closing == "creep"
    stray = "critical_current" if creeps else "creep_rate"
    if getattr(given, stray) is not None:
        what = f'has no effect on closing = "{given.closing}"'
        raise CaseError(Problem(stray, what, "leave it out, or choose the other"))
    known = _Known(given, metal)
    capacity = known.number("capacity", "void_capacity")
    energy = known.number("activation_energy", "creep_activation_energy")
    if creeps:
        numbers: tuple[float, float, float] = (
            known.number("creep_rate", "creep_rate"),
            known.number("reference_pressure", "creep_stress"),
            known.number("exponent", "creep_exponent"),
        )
        if ("creep_rate" in known.stated) != ("reference_pressure" in known.stated):
            known.complain("creep_rate", "and reference_pressure belong together")
    else:
        numbers = _measured(known, electrolyte)
    if known.problems:
        raise CaseError(known.problems)
    make = voids.from_creep if creeps else voids.from_critical_current
    return make(capacity, *numbers, energy), tuple(known.used)


def known_for(metal: str, electrolyte: str) -> bool:
    """Whether the library holds every number of the default law."""
    try:
        voids_of("default", metal, electrolyte)
    except CaseError:
        return False
    return True


class _Known:
    """Numbers of the case, else of the library."""

    def __init__(self, given: Voids, metal: str) -> None:
        self.given, self.metal = given, metal
        self.stated = given.model_dump(exclude_none=True, exclude={"closing"})
        self.used: list[Property] = []
        self.problems: list[Problem] = []
        try:
            self.properties = dict(library.load(metal).properties)
        except CaseError:  # a material of the user's own
            self.properties = {}

    def complain(self, key: str, what: str, remedy: str = "give both") -> None:
        self.problems.append(Problem(key, what, remedy))

    def number(self, key: str, name: str) -> float:
        """Stated under `key`, or the property of the metal."""
        if key in self.stated:
            return float(self.stated[key])
        if name not in self.properties:
            what = f"is missing, and {self.metal} has no {name} in the library"
            self.complain(key, what, "give a number")
            return math.nan
        self.used.append(self.properties[name])
        return float(self.properties[name](ROOM))


def _measured(known: _Known, electrolyte: str) -> tuple[float, float, float]:
    """Critical current, its pressure and exponent: stated, or of the pair in the library."""
    together = ("critical_current", "reference_pressure")
    missing = [key for key in (*together, "exponent") if key not in known.stated]
    values: dict[str, float] = dict(known.stated)
    if len(set(together) - set(missing)) == 1:
        known.complain(together[0], "and reference_pressure belong together")
        return math.nan, math.nan, math.nan
    limit = next(
        (p for p in limits_of(known.metal, electrolyte) if p.name == LIMIT and "p" in p.ranges),
        None,
    )
    if missing and limit is None:
        what = (
            "is missing, and the library holds no critical stripping current of "
            f"{known.metal} on {electrolyte} against pressure"
        )
        for key in missing:
            known.complain(key, what, f'give {", ".join(missing)}, or closing = "creep"')
        return math.nan, math.nan, math.nan
    if missing and limit is not None:
        known.used.append(limit)
        values = _through_ends(limit) | values
    return values[together[0]], values[together[1]], values["exponent"]


def _through_ends(limit: Property) -> dict[str, float]:
    """Power law of pressure through both ends of what was measured."""
    low, high = limit.ranges["p"]
    first, last = (float(limit(State(T=ROOM.T, p=p))) for p in (low, high))
    exponent = math.log(last / first) / math.log(high / low)
    return {"critical_current": first, "reference_pressure": low, "exponent": exponent}
