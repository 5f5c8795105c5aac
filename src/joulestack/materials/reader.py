"""From the tables of a material file to properties."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from joulestack import units
from joulestack.errors import Problem
from joulestack.laws import (  # noqa: F401 (register forms)
    composition,
    conductivity,
    densification,
    lattice,
    scaling,
    vibrations,
)
from joulestack.laws.forms import FORMS
from joulestack.laws.solids import creep  # noqa: F401 (registers a form)
from joulestack.materials.nudges import moved
from joulestack.materials.property import (
    NOT_STATED,
    STATUSES,
    VARIABLE_NAMES,
    Property,
    Uncertainty,
    scale,
)
from joulestack.materials.quantities import QUANTITIES
from joulestack.plausible import implausible
from joulestack.spelling import unknown

PROVENANCE = (
    "form",
    "unit",
    "source",
    "status",
    "uncertainty",
    "conditions",
    "range",
    "records",
    "note",
)
_REQUIRED = ("source", "status", "uncertainty", "conditions", "range")


class Reader:
    """Reads properties and remembers everything that is wrong with them."""

    def __init__(self, material: str) -> None:
        """Start without problems."""
        self.material = material
        self.problems: list[Problem] = []

    def complain(self, where: str, what: str, remedy: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(where, what, remedy))

    def property(self, name: str, table: Mapping[str, Any], where: str) -> Property | None:
        """One property, or None if it cannot be read.

        Args:
            name: key of `QUANTITIES`.
            table: as written in the file.
            where: path of the table, for messages.
        """
        quantity = QUANTITIES.get(name)
        if quantity is None:
            self.problems.append(unknown(where, "property", name, QUANTITIES))
            return None
        for key in _REQUIRED:
            if key not in table:
                self.complain(
                    where, f"`{key}` is missing", f'write {key} = "{NOT_STATED}" if it is not known'
                )
        unit = str(table.get("unit", quantity.unit))
        try:
            form = self.form(table, unit, quantity.unit, where)
            uncertainty = Uncertainty.parse(
                table.get("uncertainty", NOT_STATED), unit, quantity.unit
            )
            ranges = _ranges(table.get("range", NOT_STATED))
        except (ValueError, TypeError) as error:
            self.complain(where, str(error))
            return None
        if form is None:
            return None
        status = table.get("status", "unverified")
        if status not in STATUSES:
            self.problems.append(unknown(f"{where}.status", "status", str(status), STATUSES))
        source = table.get("source", "")
        if not source and status not in ("unverified", "user") and not table.get("note"):
            self.complain(
                where,
                f'status "{status}" without a source',
                'give a key of references.bib, or status = "unverified"',
            )
        read = Property(
            name,
            quantity.unit,
            form,
            source,
            status,
            uncertainty,
            str(table.get("conditions", "")),
            ranges,
            tuple(table.get("records", ())),
            str(table.get("note", "")),
            self.material,
        )
        return moved(read)

    def form(self, table: Mapping[str, Any], unit: str, si: str, where: str) -> Any:
        """Law of a property; None after a complaint."""
        name = table.get("form", "value")
        if name not in FORMS:
            self.problems.append(unknown(f"{where}.form", "form", str(name), FORMS))
            return None
        cls = FORMS[name]
        fields, needed = _keys(name)
        given = {k: v for k, v in table.items() if k not in PROVENANCE}
        wrong = [k for k in given if k not in fields]
        missing = [k for k in needed if k not in given]
        for key in wrong:
            self.problems.append(unknown(f"{where}.{key}", "key", key, (*fields, *PROVENANCE)))
        for key in missing:
            self.complain(where, f"`{key}` is missing", f'form = "{name}" needs it')
        if wrong or missing:
            return None
        variable = given.get("variable")
        if variable is not None and variable not in VARIABLE_NAMES:
            self.problems.append(
                unknown(f"{where}.variable", "variable", str(variable), VARIABLE_NAMES)
            )
            return None
        values = {
            key: _numbers(value, fields[key].metadata.get("unit"), unit, si, variable)
            for key, value in given.items()
        }
        return cls(**values)


@functools.cache
def _keys(name: str) -> tuple[dict[str, dataclasses.Field[Any]], list[str]]:
    """Fields of a form that material files may give, and the names of those they must."""
    known = dataclasses.fields(FORMS[name])
    fields = {f.name: f for f in known if not f.metadata.get("filled")}
    return fields, [k for k, f in fields.items() if f.default is dataclasses.MISSING]


def _numbers(value: Any, kind: str | None, unit: str, si: str, variable: str | None) -> Any:
    """Numbers of one key in SI; texts that are no numbers stay."""
    if isinstance(value, list):
        return tuple(_numbers(v, kind, unit, si, variable) for v in value)
    if kind is None:
        return value
    if kind == "value":
        if isinstance(value, str):
            return units.parse(value, si)
        return float(value) * scale(unit, si)
    if kind == "variable":
        kind = VARIABLE_NAMES[variable][1] if variable else "1"
    number = units.parse(value, kind)
    if kind == "J/mol" and (why := implausible(number, value, kind)):
        raise ValueError(why)
    return number


def _ranges(given: Any) -> dict[str, tuple[float, float]]:
    if given == NOT_STATED:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError('range is neither a table such as { T = [173, 373] } nor "not stated"')
    ranges = {}
    for variable, ends in given.items():
        if variable not in VARIABLE_NAMES:
            raise ValueError(
                f'range of unknown variable "{variable}"; known: ' + ", ".join(VARIABLE_NAMES)
            )
        low, high = (units.parse(end, VARIABLE_NAMES[variable][1]) for end in ends)
        if not low <= high:
            raise ValueError(f"range of {variable} runs backwards")
        ranges[variable] = (low, high)
    return ranges
