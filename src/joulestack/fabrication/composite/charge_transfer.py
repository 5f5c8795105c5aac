"""Charge transfer on active material: a case's kinetics, placeholders where it says nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.errors import Problem
from joulestack.fabrication.specification import Kinetics
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.particles import KINETICS_LAWS, KineticsLaw
from joulestack.materials.property import Property
from joulestack.materials.reader import Reader

THERMAL_VOLTAGE = GAS_CONSTANT * ROOM_TEMPERATURE / FARADAY
"""R T/F at 298.15 K [V]."""


@functools.cache
def default(name: str) -> Property:
    """The placeholder of the library used where a case gives none."""
    table = library.pairs("_composites")["defaults"][name]
    found = Reader("composites").property(name, table, "defaults")
    assert found is not None  # the library is tested
    return found


@dataclass(frozen=True)
class Found:
    """A law of charge transfer, or what is wrong with it.

    Attributes:
        law: None where there are problems.
        used: placeholders that went in.
        problems: what contradicts itself.
    """

    law: KineticsLaw | None
    used: tuple[Property, ...] = ()
    problems: tuple[Problem, ...] = ()


def kinetics_law(given: Kinetics, resistance: float | None, where: str) -> Found:
    """Law of charge transfer of one population.

    Args:
        given: what the case says.
        resistance: charge_transfer_resistance of the electrode [Ohm m2], where `given` has none.
        where: path of the recipe or of its part in the case, with a dot.
    """
    R = given.charge_transfer_resistance
    R = resistance if R is None else R
    problems = tuple(_problems(given, R, f"{where}kinetics."))
    if problems:
        return Found(None, (), problems)
    used: list[Property] = []

    def number(own: float | None, name: str) -> float:
        if own is not None:
            return float(own)
        used.append(default(name))
        return float(used[-1](State(T=ROOM_TEMPERATURE)))

    i0 = given.exchange_current_density
    if i0 is None:
        i0 = THERMAL_VOLTAGE / number(R, "charge_transfer_resistance")
    energy = number(given.activation_energy, "charge_transfer_activation_energy")
    alpha = 0.5  # without meaning for the other laws
    if given.law == "butler-volmer":
        alpha = number(given.transfer_coefficient, "transfer_coefficient")
    law = KineticsLaw(
        law=given.law,
        exchange_current_density=float(i0),
        activation_energy=energy,
        transfer_coefficient=alpha,
        film_resistance=float(given.film_resistance),
        reorganisation_energy=float(given.reorganisation_energy or 0.0),
    )
    return Found(law, tuple(used))


def _problems(given: Kinetics, resistance: float | None, where: str) -> Iterator[Problem]:
    if given.law not in KINETICS_LAWS:
        yield Problem(f"{where}law", f'"{given.law}" is unknown', ", ".join(KINETICS_LAWS))
    if given.exchange_current_density is not None and resistance is not None:
        yield Problem(
            f"{where}exchange_current_density",
            "charge_transfer_resistance says it already: i0 = R T/(F R_ct)",
            "keep one",
        )
    if given.law == "marcus" and given.reorganisation_energy is None:
        yield Problem(
            f"{where}reorganisation_energy",
            "is missing and not in the library",
            'law = "marcus" needs it: reorganisation_energy = "20 kJ/mol"',
        )
    for name, law in (
        ("reorganisation_energy", "marcus"),
        ("transfer_coefficient", "butler-volmer"),
    ):
        if getattr(given, name) is not None and given.law != law:
            yield Problem(
                f"{where}{name}",
                f'has no effect on law = "{given.law}"',
                f'leave it out, or choose law = "{law}"',
            )
