"""Reactions that the library knows: kinetics with their sources, and what has none yet."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joulestack import units
from joulestack.materials import library
from joulestack.materials.property import STATUSES

FILE = "_reactions"
UNITS = {
    "pre_exponential_factor": "1/s",
    "activation_energy": "J/mol",
    "enthalpy": "J/kg",
    "order": "1",
    "autocatalysis": "1",
    "initial_conversion": "1",
    "gas": "1",
}
"""Number of a record -> its SI unit."""

REACTANTS = ("layer", "active", "electrolyte", "additive")
"""Whose mass reacts: that of the whole layer, or of a part of a composite electrode."""


@dataclass(frozen=True)
class Record:
    """One reaction of the library.

    Attributes:
        name: that a case asks for it by.
        summary: one line.
        reactant: one of `REACTANTS`.
        numbers: of `UNITS`, those that are known [SI].
        conditions: at which they hold.
        source: key in references.bib, "" where no source was read.
        status: one of `property.STATUSES`.
        note: what a user should know.
        missing: why there are no kinetics; "" where there are.
    """

    name: str
    summary: str
    reactant: str
    numbers: Mapping[str, float]
    conditions: str
    source: str
    status: str
    note: str = ""
    missing: str = ""


@functools.cache
def records() -> Mapping[str, Record]:
    """All of them, by name."""
    return {name: _record(name, table) for name, table in library.pairs(FILE).items()}


def _record(name: str, table: Mapping[str, Any]) -> Record:
    numbers = {key: units.parse(table[key], unit) for key, unit in UNITS.items() if key in table}
    assert table["reactant"] in REACTANTS
    assert table["status"] in STATUSES
    texts = ("summary", "reactant", "conditions", "source", "status")
    return Record(
        name,
        numbers=numbers,
        note=table.get("note", ""),
        missing=table.get("missing", ""),
        **{key: table[key] for key in texts},
    )
