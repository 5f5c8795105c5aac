"""Kinetics of a metal electrode from an interface of the case file."""

from __future__ import annotations

from dataclasses import replace

from joulestack.case.layers.fabrication import MetalKinetics
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.charge_transfer import kinetics_law
from joulestack.fabrication.specification import Kinetics
from joulestack.materials.particles import KineticsLaw


def kinetics_of(given: MetalKinetics) -> KineticsLaw:
    """The law of charge transfer per area of the whole face.

    Where a share f of the face is in contact, i0 becomes f i0 and the interphase R/f: the current
    crowds into that share, and both see f times less area.

    Args:
        given: as the case has it, per area in contact.

    Raises:
        CaseError: something is missing or contradicts itself; problems name the key.
    """
    if given.exchange_current_density is None and given.charge_transfer_resistance is None:
        raise CaseError(
            Problem(
                "exchange_current_density",
                "is missing, and no number for a metal on a solid electrolyte is in the library",
                'exchange_current_density = "1 mA/cm^2", or charge_transfer_resistance',
            )
        )
    alpha = given.transfer_coefficient
    if given.law == "butler-volmer" and alpha is None:
        alpha = 0.5
    plain = given.model_dump(exclude={"contact_area"}) | {"transfer_coefficient": alpha}
    found = kinetics_law(Kinetics(**plain), None, "")
    if found.law is None:
        raise CaseError(
            [replace(p, where=p.where.removeprefix("kinetics.")) for p in found.problems]
        )
    share = given.contact_area
    return replace(
        found.law,
        exchange_current_density=found.law.exchange_current_density * share,
        film_resistance=found.law.film_resistance / share,
    )
