"""Where the numbers of a run come from: sources of every material number, for the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joulestack.case.case import Case
from joulestack.estimates.limits import compared

Source = dict[str, Any]


def sources(case: Case) -> list[Source]:
    """Every number that media, contact laws and limits of a case rest on, each once.

    Returns:
        Entries with where (layer or interface), property, source (BibTeX key, "" if none was
        read), status and note.
    """
    found: dict[tuple[str, ...], Source] = {}
    for layer, medium in case.media().items():
        _take(found, layer, medium)
    for pair, limit in compared(case, case.media()):
        line = {"where": pair, "property": limit.name, "source": limit.source}
        line["status"] = limit.status
        found.setdefault(tuple(line.values()), line | ({"note": limit.note} if limit.note else {}))
    for (lower, upper), contacts in case.contacts().items():
        _meet(found, lower, upper, contacts)
        for number in contacts.void_properties:
            line = {"where": f"{lower} | {upper}: voids", "property": number.name}
            line |= {"source": number.source, "status": number.status}
            found.setdefault(
                tuple(line.values()), line | ({"note": number.note} if number.note else {})
            )
    for number in () if case.clamping is None else case.clamping.properties:
        name = f"{number.material}: {number.name}"
        line = {"where": "fixture", "property": name, "source": number.source}
        line["status"] = number.status
        found.setdefault(
            tuple(line.values()), line | ({"note": number.note} if number.note else {})
        )
    return list(found.values())


def of_setup(media: Mapping[str, Any], contacts: Mapping[tuple[str, str], Any]) -> list[Source]:
    """What media and contact laws rest on, as `sources`; given numbers have no source."""
    found: dict[tuple[str, ...], Source] = {}
    for layer, medium in media.items():
        _take(found, layer, medium)
    for (lower, upper), laws in contacts.items():
        _meet(found, lower, upper, laws)
    return list(found.values())


def _take(found: dict[tuple[str, ...], Source], where: str, owner: Any) -> None:
    """Sources of a medium or a law, of those that know them."""
    for name, key, status, note in owner.sources() if hasattr(owner, "sources") else ():
        line = {"where": where, "property": name, "source": key, "status": status}
        found.setdefault((where, name, key), line | ({"note": note} if note else {}))


def _meet(found: dict[tuple[str, ...], Source], lower: str, upper: str, contacts: Any) -> None:
    """Sources of the laws of an interface."""
    for transport in ("thermal", "electronic", "ionic", "charge_transfer"):
        law = getattr(contacts, transport)
        if law is not None:
            _take(found, f"{lower} | {upper}: {transport}", law)
