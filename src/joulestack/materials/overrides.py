"""Values that a case sets in place of the library's, each used once and each checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.materials.property import Property, user_property
from joulestack.materials.quantities import QUANTITIES
from joulestack.spelling import unknown


class Overrides:
    """Takes overrides one by one; what nobody took has no effect and is an error.

    Raises:
        CaseError: unknown name, or an impossible value.
    """

    def __init__(self, given: Mapping[str, float], material: str, where: str) -> None:
        """Check names and values."""
        self.left = dict(given)
        self.material = material
        self.where = f"{where}.overrides" if where else "overrides"
        self.asked: dict[str, None] = {}
        problems = []
        for name, value in given.items():
            quantity = QUANTITIES.get(name)
            key = f"{self.where}.{name}"
            if quantity is None:
                problems.append(unknown(key, "property", name, QUANTITIES))
            elif not (isfinite(value) and quantity.low <= value <= quantity.high):
                shown = units.format_quantity(value, quantity.unit)
                problems.append(Problem(key, f"{shown} is impossible", _allowed(name)))
        if problems:
            raise CaseError(problems)

    def take(self, name: str) -> float | None:
        """Value of an override, None where there is none."""
        self.asked[name] = None
        value = self.left.pop(name, None)
        return None if value is None else float(value)

    def into(self, properties: dict[str, Property], names: Iterable[str]) -> None:
        """Replace properties of the material."""
        for name in names:
            value = self.take(name)
            if value is not None:
                properties[name] = self._property(name, value)

    def effective(self, *names: str) -> dict[str, Property]:
        """Overrides of the finished layer, by name."""
        taken = {name: self.take(name) for name in names}
        return {n: self._property(n, v) for n, v in taken.items() if v is not None}

    def finish(self) -> None:
        """Complain about overrides without effect.

        Raises:
            CaseError: there are some.
        """
        problems = [
            Problem(
                f"{self.where}.{name}",
                f"has no effect on {self.material}",
                f"leave it out; what can be set: {', '.join(self.asked)}",
            )
            for name in self.left
        ]
        if problems:
            raise CaseError(problems)

    def _property(self, name: str, value: float) -> Property:
        return user_property(name, QUANTITIES[name].unit, value, self.material)


def _allowed(name: str) -> str:
    quantity = QUANTITIES[name]
    ends = [
        f"{word} {units.format_quantity(end, quantity.unit)}"
        for word, end in (("at least", quantity.low), ("at most", quantity.high))
        if isfinite(end)
    ]
    return f"{name} is {quantity.doc}: {' and '.join(ends)}"
