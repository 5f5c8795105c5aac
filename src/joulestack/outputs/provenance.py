"""Where the numbers of a run come from: sources of every material number, for the manifest."""

from __future__ import annotations

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

    def take(where: str, owner: Any) -> None:
        for name, key, status, note in owner.sources():
            line = {"where": where, "property": name, "source": key, "status": status}
            found.setdefault((where, name, key), line | ({"note": note} if note else {}))

    for layer, medium in case.media().items():
        take(layer, medium)
    for pair, limit in compared(case, case.media()):
        line = {"where": pair, "property": limit.name, "source": limit.source}
        line["status"] = limit.status
        found.setdefault(tuple(line.values()), line | ({"note": limit.note} if limit.note else {}))
    for (lower, upper), contacts in case.contacts().items():
        for transport in ("thermal", "electronic", "ionic", "charge_transfer"):
            law = getattr(contacts, transport)
            if law is not None and hasattr(law, "sources"):
                take(f"{lower} | {upper}: {transport}", law)
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
