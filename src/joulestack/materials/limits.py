"""Currents and pressures that a metal electrode bears: what papers found, for warnings only."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from joulestack.materials import library
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader

CURRENTS = (
    "critical_stripping_current",
    "critical_plating_current",
    "critical_current_density",
)
"""Limits of a current density [A/m2]; the last one holds for plating."""


def limits_of(electrode: str, electrolyte: str) -> list[Property]:
    """Limits that the library holds of a metal electrode on an electrolyte.

    Args:
        electrode, electrolyte: names as `Medium.name` has them.
    """
    found: dict[str, Property] = {}
    for electrodes, electrolytes, properties in _all():
        if electrode in electrodes and (electrolyte in electrolytes or not electrolytes):
            for name, value in properties.items():
                found.setdefault(name, value)
    return list(found.values())


@functools.cache
def _all() -> tuple[tuple[tuple[str, ...], tuple[str, ...], Mapping[str, Property]], ...]:
    rows = []
    for table in library.pairs("_limits")["limits"]:
        pair = f"{'/'.join(table['electrode'])} | {'/'.join(table['electrolyte']) or 'any'}"
        reader = Reader(pair)
        read = {k: reader.property(k, t, k) for k, t in table.items() if k in QUANTITIES}
        properties = {k: p for k, p in read.items() if p is not None}
        rows.append((tuple(table["electrode"]), tuple(table["electrolyte"]), properties))
    return tuple(rows)
