"""Numbers of active material on a solid electrolyte, by pair and coating: kinetics, diffusion.

`[[kinetics]]` and `[[diffusion]]` of library/_composites.toml: what was measured with one material
says which others may borrow it, unverified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from joulestack.fabrication.numbers import Numbers
from joulestack.materials import library
from joulestack.materials.nudges import kept
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader
from joulestack.spelling import normal

BARE = "none"
"""Coating of particles without any."""


@dataclass(frozen=True)
class Surface:
    """What is known of one pair.

    Attributes:
        coating: that was measured; "" where it does not matter.
        properties: by name.
    """

    coating: str
    properties: Mapping[str, Property]


@kept
def of_pair(section: str, active: str, electrolyte: str) -> tuple[Surface, ...]:
    """What the library knows of a pair, what laboratories use first.

    Args:
        section: "kinetics" or "diffusion".
        active, electrolyte: library names.
    """
    return tuple(_found(section, active, electrolyte))


def _found(section: str, active: str, electrolyte: str) -> Iterator[Surface]:
    tables: list[Mapping[str, Any]] = library.pairs("_composites")[section]
    for table in tables:
        own = table["active"], table["electrolyte"]
        wide = [given + table.get(f"{n}_borrows", []) for n, given in
                zip(("active", "electrolyte"), own, strict=True)]  # fmt: skip
        if active not in wide[0] or electrolyte not in wide[1]:
            continue
        coating = str(table.get("coating", ""))
        pair = f"{active}, {coating} | {electrolyte}" if coating else f"{active} | {electrolyte}"
        reader = Reader(pair)
        read = {k: reader.property(k, t, section) for k, t in table.items() if k in QUANTITIES}
        found = {k: p for k, p in read.items() if p is not None}
        if active not in own[0] or electrolyte not in own[1]:
            note = f"borrowed from {' or '.join(own[0])} on {' or '.join(own[1])}"
            found = {k: replace(p, status="unverified", note=note) for k, p in found.items()}
        yield Surface(coating, found)


def kinetics_of(
    active: str, coating: str | None, electrolyte: str, stated: bool, numbers: Numbers, where: str
) -> Mapping[str, Property]:
    """Charge transfer of a pair; empty where nothing was measured on it or anything like it.

    Args:
        active: library name.
        coating: of its particles, "none" for bare ones; None: as laboratories use them.
        electrolyte: library name.
        stated: the case says all of it already.
        numbers: takes a remark on a coating that was not said, and what is wrong.
        where: path of the coating in the case.
    """
    if stated:
        if coating is not None:
            what = "has no effect: the case says rate and activation energy itself"
            numbers.complain(where, what, "leave it out, or those")
        return {}
    known = of_pair("kinetics", active, electrolyte)
    if coating is None:
        if len(known) > 1:
            numbers.remarks.append(
                f"{active} counts as {_worded(known[0].coating)} on {electrolyte}; set coating = "
                + " or ".join(f'"{s.coating}"' for s in known)
            )
        return known[0].properties if known else {}
    for surface in known:
        if normal(surface.coating) == normal(coating):
            return surface.properties
    if not known:
        what = f"has no effect: no number of {active} on {electrolyte}, coated or bare"
        numbers.complain(where, what, "leave it out, and give kinetics of your own")
    else:
        what = f'"{coating}" is not known on {active} in {electrolyte}'
        remedy = ", ".join(f'"{s.coating}"' for s in known) + ", or kinetics of your own"
        numbers.complain(where, what, remedy)
    return {}


def diffusivity_of(active: str, electrolyte: str) -> Property | None:
    """Of lithium in active material on this electrolyte; None: as the library has it."""
    for surface in of_pair("diffusion", active, electrolyte):
        return surface.properties.get("diffusivity")
    return None


def _worded(coating: str) -> str:
    return "bare" if coating == BARE else f"coated with {coating}"
