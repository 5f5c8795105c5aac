"""Contact laws for a case: build one from its parameters, find the default of a pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.contact_registry import LAWS, TRANSPORTS, LawInfo, Parameter
from joulestack.fabrication.specification import Contact
from joulestack.laws.contact import Law
from joulestack.laws.medium import Medium
from joulestack.materials import library
from joulestack.materials.property import Uncertainty
from joulestack.spelling import unknown

__all__ = [
    "LAWS",
    "TRANSPORTS",
    "DefaultContact",
    "LawInfo",
    "Parameter",
    "build",
    "default_contact",
]


def build(
    spec: Contact, transport: str, media: Sequence[Medium] | None = None, where: str = ""
) -> Law:
    """Make a contact law.

    Args:
        spec: law and its parameters [SI].
        transport: one of `TRANSPORTS`.
        media: of both sides, for the laws that use their properties.
        where: path in the case file, for messages.

    Raises:
        CaseError: unknown law or parameter, a missing or impossible one.
    """
    if transport not in TRANSPORTS:
        raise CaseError(unknown(where, "transport", transport, TRANSPORTS))
    info = LAWS.get(spec.law)
    allowed = [n for n, i in LAWS.items() if transport in i.transports]
    if info is None:
        raise CaseError(
            unknown(f"{where}.law" if where else "law", "contact law", spec.law, allowed)
        )
    if transport not in info.transports:
        raise CaseError(
            Problem(
                where,
                f'the law "{spec.law}" is not for {transport} contact',
                f"known: {', '.join(allowed)}",
            )
        )
    values = _complete(spec, info, transport, where)
    try:
        law = info.build(values, transport, media)
        return replace(law, **_memory(values))
    except ValueError as error:
        raise CaseError(Problem(where, str(error), _needs(info, transport))) from None


def _memory(values: Mapping[str, Any]) -> dict[str, Any]:
    """What every law shares: uncertainty factor and memory of the highest pressure."""
    found = {n: values[n] for n in ("factor", "kept", "preload") if values.get(n) is not None}
    if found.get("kept", 0.0) > 1:
        raise ValueError(f"kept = {found['kept']:g} is more than all of the contact")
    if "preload" in found and "kept" not in found:
        raise ValueError("preload has no effect without kept")
    return found


def _complete(spec: Contact, info: LawInfo, transport: str, where: str) -> dict[str, Any]:
    prefix = f"{where}." if where else ""
    problems = [
        unknown(f"{prefix}{name}", f'parameter of the law "{spec.law}"', name, info.parameters)
        for name in spec.parameters
        if name not in info.parameters
    ]
    values: dict[str, Any] = {}
    for name, parameter in info.parameters.items():
        given = spec.parameters.get(name)
        if given is None:
            values[name] = parameter.default
            if parameter.required:
                problems.append(Problem(f"{prefix}{name}", "is missing", _needs(info, transport)))
            continue
        numbers = tuple(map(float, given)) if isinstance(given, Sequence) else (float(given),)
        wrong = [
            v for v in numbers if not (v > parameter.low if parameter.above else v >= parameter.low)
        ]
        if wrong or parameter.sequence != isinstance(given, Sequence):
            unit = parameter.unit_for(transport)
            shown = units.format_quantity(wrong[0], unit) if wrong else repr(given)
            bound = f"{'above' if parameter.above else 'at least'} {parameter.low:g}"
            problems.append(
                Problem(
                    f"{prefix}{name}",
                    f"{shown} is impossible",
                    f"give {'a list of values' if parameter.sequence else 'a value'} {bound}",
                )
            )
        values[name] = numbers if parameter.sequence else numbers[0]
    if problems:
        raise CaseError(problems)
    return values


def _needs(info: LawInfo, transport: str) -> str:
    parts = [
        f"{n} [{p.unit_for(transport)}]{'' if p.required else ' (optional)'}"
        for n, p in info.parameters.items()
    ]
    return f"parameters: {', '.join(parts)}"


@dataclass(frozen=True)
class DefaultContact:
    """What the library says of the contact between two materials.

    Attributes:
        spec: law; None where they meet perfectly.
        source, status, note, conditions: as of `Property`.
        uncertainty: of the resistance.
        records: data records.
    """

    spec: Contact | None = None
    source: str = ""
    status: str = "unverified"
    note: str = "the library holds no resistance of this pair: taken as perfect"
    conditions: str = ""
    uncertainty: Uncertainty = field(default=Uncertainty())
    records: tuple[int, ...] = ()


def default_contact(material0: str, material1: str, transport: str) -> DefaultContact:
    """Contact law of a pair of materials, in either order.

    Args:
        material0, material1: names as `Medium.name` has them.
        transport: one of `TRANSPORTS`.
    """
    names = [_canonical(material0), _canonical(material1)]
    for table in library.pairs("_interfaces")["contacts"]:
        a, b = table["between"]
        matches = any(x in a and y in b for x, y in (names, reversed(names)))
        if matches and table["transport"] == transport:
            return _default(table, transport)
    return DefaultContact()


def _canonical(name: str) -> str:
    try:
        return library.load(name).name
    except CaseError:
        return name


def _default(table: Mapping[str, Any], transport: str) -> DefaultContact:
    info = LAWS[table["law"]]
    parameters = {
        name: units.parse(table[name], p.unit_for(transport))
        for name, p in info.parameters.items()
        if name in table
    }
    return DefaultContact(
        Contact(table["law"], parameters),
        table["source"],
        table["status"],
        table["note"],
        table["conditions"],
        Uncertainty.parse(table["uncertainty"], "1", "1"),
        tuple(table["records"]),
    )
