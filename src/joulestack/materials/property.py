"""A property: a law with unit, validity range, uncertainty and source.

The only way in which a number of a material enters the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from joulestack import units, xmath
from joulestack.laws.binding import FIXED, Wrap, bound
from joulestack.laws.forms import Form, Value
from joulestack.laws.state import State

STATUSES = ("primary", "primary-code", "secondary", "unverified", "user")
"""primary: read in a paper of the project; primary-code: read in a public source file; secondary:
quoted by others; unverified: no source read, or borrowed; user: given in the case."""

NOT_STATED = "not stated"

TEMPERATURE, PRESSURE, LITHIUM = "T", "p", "x"
"""Variables that change while a cell is run."""

VARIABLE_NAMES = {
    "T": ("temperature", "K"),
    "p": ("stack pressure", "Pa"),
    "highest_pressure": ("highest pressure", "Pa"),
    "phi": ("relative density", "1"),
    "x": ("stoichiometry", "1"),
    "sintering_temperature": ("sintering temperature", "K"),
    "fraction": ("volume fraction", "1"),
    "grain_size": ("grain size", "m"),
    "size_ratio": ("size ratio", "1"),
}
"""Variables of property laws: words for people and SI units."""

ROOMS_DIFFER = 5.0
"""Of temperature [K]: sources call 20 to 30 degC room temperature."""


ACTIVATED = (233.15, 373.15)
"""Temperatures [K] in which an activated law is taken to hold whose source states none: what papers
draw Arrhenius' line through. An assumption, and told as one."""


def worth_a_word(variable: str, low: float, high: float) -> float:
    """How far beyond an end of its range a variable may be without being told [its unit]."""
    if variable == TEMPERATURE:
        return ROOMS_DIFFER
    return 1e-9 * max(abs(low), abs(high))


@dataclass(frozen=True)
class Uncertainty:
    """One standard deviation, as the source gives it.

    Attributes:
        kind: "absolute", "relative", "factor" or "not stated".
        size: in the SI unit of the property (absolute), a share (relative), or a factor.
        note: what the source says about it.
    """

    kind: str = NOT_STATED
    size: float = 0.0
    note: str = ""

    @classmethod
    def parse(cls, value: float | str, unit: str, si: str) -> Uncertainty:
        """Read 0.04 (in `unit`), "4 %", "factor 2" or "not stated".

        Raises:
            ValueError: none of these.
        """
        if isinstance(value, (int, float)):
            return cls("absolute", float(value) * scale(unit, si))
        text, _, note = value.partition(";")
        text, note = text.strip(), note.strip()
        if text == NOT_STATED:
            return cls(note=note)
        if match := re.fullmatch(r"([\d.eE+-]+)\s*%", text):
            return cls("relative", float(match[1]) / 100, note)
        if match := re.fullmatch(r"factor\s+([\d.]+)", text):
            return cls("factor", float(match[1]), note)
        if match := re.fullmatch(r"[\d.eE+-]+", text):
            return cls("absolute", float(text) * scale(unit, si), note)
        raise ValueError(
            f'"{value}" is not an uncertainty; write 0.04, "4 %", "factor 2" or "{NOT_STATED}"'
        )

    def of(self, value: Any) -> Any:
        """Standard deviation of a value, None where not stated."""
        if self.kind == "absolute":
            return self.size
        if self.kind == "relative":
            return self.size * abs(value)
        if self.kind == "factor":
            return (self.size - 1) * abs(value)
        return None


@dataclass(frozen=True)
class Property:
    """A law with its provenance.

    Attributes:
        name: key of `quantities.QUANTITIES`.
        unit: SI unit of the value.
        form: the law.
        source: key in references.bib, or "" where no source was read, "user" for the case's own.
        status: one of `STATUSES`.
        uncertainty: one standard deviation.
        conditions: at which it was measured or computed.
        ranges: variable -> (lowest, highest) that the source covers [SI].
        records: ids in the data records the project started from.
        note: what a user should know.
        material: whose property it is.
    """

    name: str
    unit: str = field(metadata=FIXED)
    form: Form
    source: str = ""
    status: str = "unverified"
    uncertainty: Uncertainty = field(default=Uncertainty(), metadata=FIXED)
    conditions: str = ""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict, metadata=FIXED)
    records: tuple[int, ...] = ()
    note: str = ""
    material: str = ""

    def __call__(self, state: State, **extra: Any) -> Any:
        """Value at a state [unit].

        Args:
            state: T, p, x.
            extra: variables that are not part of the state: phi, or `highest_pressure` where
                fabrication pressed harder than operation.

        Raises:
            ValueError: the law needs a variable that is not given.
        """
        variables = variables_of(state, extra)
        missing = [v for v in self.form.variables if variables.get(v) is None]
        if missing:
            raise ValueError(f"{self.material} {self.name} needs {', '.join(missing)}")
        return self.form(**{v: variables[v] for v in self.form.variables})

    def bind(self, wrap: Wrap) -> Property:
        """Copy whose law's numbers have gone through `wrap`."""
        return replace(self, form=bound(self.form, wrap))

    @property
    def known(self) -> Mapping[str, tuple[float, float]]:
        """`ranges`, and `ACTIVATED` of a law with an activation energy whose source states no T."""
        activated = any(
            getattr(self.form, name, None) is not None
            for name in ("activation_energy", "activation_energies")
        )
        if not activated or TEMPERATURE in self.ranges:
            return self.ranges
        return {**self.ranges, TEMPERATURE: ACTIVATED}

    def covered(self, variable: str) -> str:
        """What says where the law ends, in words."""
        if variable in self.ranges:
            return f"what {self.source or 'the library'} covers"
        return "what is assumed, for its source states no temperatures"

    def outside(self, state: State, **extra: Any) -> list[str]:
        """Say where a numeric state leaves the range of the source; empty where it does not."""
        messages = []
        variables = variables_of(state, extra)
        for variable, (low, high) in self.known.items():
            value = variables.get(variable)
            if value is None or xmath.is_symbolic(value):
                continue
            word, unit = VARIABLE_NAMES[variable]
            smallest, largest = float(np.min(value)), float(np.max(value))
            slack = worth_a_word(variable, low, high)
            for number, end, side in ((smallest, low, "below"), (largest, high, "above")):
                if (number < end - slack) if side == "below" else (number > end + slack):
                    messages.append(
                        f"{self.material} {self.name}: {word} "
                        f"{units.format_quantity(number, unit)} is {side} "
                        f"{units.format_quantity(end, unit)}, the end of "
                        f"{self.covered(variable)}; the law is extrapolated"
                    )
        return messages

    def stated(self, value: Any) -> Any:
        """Standard deviation of a value of this property [unit]; None where not stated."""
        return self.uncertainty.of(value)


def variables_of(state: State, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of a state by the names that laws use."""
    return {
        "T": state.T,
        "p": state.p,
        "highest_pressure": state.highest_pressure,
        "x": state.x,
        **extra,
    }


def user_property(name: str, unit: str, value: float, material: str = "") -> Property:
    """Property that the user has set to a number."""
    return Property(
        name,
        unit,
        Value(float(value)),
        source="user",
        status="user",
        material=material,
        note="given in the case",
    )


def weak(numbers: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Say which numbers rest on no source, and which on one of another material or on a derivation.

    Args:
        numbers: name, source and status of each.
    """
    bare: dict[str, None] = {}
    lent: dict[str, None] = {}
    for name, source, status in numbers:
        if status == "unverified":
            (lent if source else bare)[name] = None
    if bare:
        yield f"{len(bare)} numbers without a source read: {', '.join(bare)}"
    if lent:
        yield f"{len(lent)} numbers borrowed or derived, unverified: {', '.join(lent)}"


def scale(unit: str, si: str) -> float:
    """Factor from a unit to the SI unit of a property."""
    if unit == si:
        return 1.0
    factor, dimension = units.unit_factor(unit if unit != "1" else "m/m")
    target, wanted = units.unit_factor(si if si != "1" else "m/m")
    if any(abs(a - b) > 1e-9 for a, b in zip(dimension, wanted, strict=True)):
        raise ValueError(f'"{unit}" is not a unit of the dimension of "{si}"')
    return factor / target
