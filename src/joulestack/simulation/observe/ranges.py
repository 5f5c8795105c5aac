"""Laws of materials that a run asks outside the range that their source covers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joulestack import units
from joulestack.laws.medium import Medium
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.materials.property import (
    LITHIUM,
    PRESSURE,
    TEMPERATURE,
    VARIABLE_NAMES,
    Property,
    worth_a_word,
)
from joulestack.mechanics.volume_change import VolumeLaw
from joulestack.simulation.observe.balances import Row

SLACK = 1e-3
"""Of the width of a range: what is less far outside is not worth a word."""

_PROBE = 0.4375
"""A lithium content by which laws that follow that of the layer are told from those that do not."""

Columns = tuple[str, str]
"""Labels of the lowest and the highest value of a variable in a record."""


@dataclass
class Watch:
    """A law, the range of one of its variables, and where a run has taken it.

    Attributes:
        law: with its source.
        variable: as in `VARIABLE_NAMES`.
        columns: where a record tells the variable, and the factor to SI.
        lowest, highest: so far [SI].
        left: since when it is below and above its range [s]; None: it is not.
    """

    REMEMBERS = ("lowest", "highest", "left")

    law: Property
    variable: str
    columns: set[tuple[Columns, float]] = field(default_factory=set)
    lowest: float = math.inf
    highest: float = -math.inf
    left: list[float | None] = field(default_factory=lambda: [None, None])

    @cached_property
    def _ends(self) -> tuple[float, float, float]:
        """Of the range, and how far beyond them nothing is told."""
        low, high = self.law.known[self.variable]
        return low, high, max(SLACK * (high - low), worth_a_word(self.variable, low, high))

    def add(self, row: Row) -> None:
        """Take a record."""
        for (least, most), factor in self.columns:
            self.lowest = min(self.lowest, factor * row.get(least, math.inf))
            self.highest = max(self.highest, factor * row.get(most, -math.inf))
        low, high, slack = self._ends
        for side, beyond in enumerate((low - self.lowest, self.highest - high)):
            if beyond > slack and self.left[side] is None:
                self.left[side] = row["Time [s]"]

    def said(self) -> str:
        """Which law left which range, when and how far; empty where it did not."""
        word, unit = VARIABLE_NAMES[self.variable]
        ends = self.law.known[self.variable]
        parts = [
            f"{units.format_quantity(reached, unit)}, {side} {units.format_quantity(end, unit)} "
            f"from t = {since:.6g} s on"
            for reached, end, side, since in zip(
                (self.lowest, self.highest), ends, ("below", "above"), self.left, strict=True
            )
            if since is not None
        ]
        if not parts:
            return ""
        return (
            f"{self.law.material} {self.law.name}: {word} reached {' and '.join(parts)}, outside "
            f"{self.law.covered(self.variable)}; the law is extrapolated"
        )


class Ranges:
    """Watches every law of the media, of the particles in them and of their volume.

    The lithium that laws of particles see is that at their surface: there it goes furthest, but
    for what diffused in before, which went through the same range.
    """

    REMEMBERS = ("_watched", "_told")

    def __init__(
        self,
        media: Mapping[str, Medium],
        populations: Iterable[tuple[str, str, Particles]],
        volumes: Mapping[str, VolumeLaw],
        start: State,
    ) -> None:
        """Find the laws.

        Args:
            media: by layer.
            populations: layer, name in columns, particles.
            volumes: of active materials, where a fixture asks them.
            start: T and p at the start.
        """
        self._watched: dict[tuple[str, str, str], Watch] = {}
        self._told: set[tuple[str, str, str]] = set()
        found = list(populations)
        for layer, medium in media.items():
            inside = [name for at, name, _ in found if at == layer]
            probe = _PROBE if len(inside) == 1 else None
            for law, given in _uses(medium, State(T=start.T, p=start.p, x=probe)):
                self._note(law, TEMPERATURE, layer)
                if PRESSURE in law.form.variables:
                    self._note(law, PRESSURE, layer)
                # What is pressed holds the lithium of its delivery.
                if (
                    probe is not None
                    and given.get(LITHIUM) == probe
                    and law.name != "relative_density"
                ):
                    self._note(law, LITHIUM, f"{layer} {inside[0]} lithiation mean")
        for layer, name, particles in found:
            here = f"{layer} {name} lithiation"
            volume = getattr(volumes.get(particles.name), "law", None)
            own: list[tuple[object, str]] = [(each, "surface") for each in particles.laws()]
            for each, where in [*own, (volume, "mean")]:
                if isinstance(each, Property):
                    self._note(each, TEMPERATURE, layer)
                    self._note(each, LITHIUM, f"{here} {where}")

    def _note(self, law: Property, variable: str, place: str) -> None:
        if variable not in law.known:
            return
        key = law.material, law.name, variable
        watch = self._watched.setdefault(key, Watch(law, variable))
        columns, factor = {
            TEMPERATURE: ((f"{place} temperature min [K]", f"{place} temperature max [K]"), 1.0),
            PRESSURE: (("Stack pressure [MPa]", "Stack pressure [MPa]"), 1e6),
            LITHIUM: (
                (f"{place} [-]", f"{place} [-]")
                if place.endswith("mean")
                else (f"{place} min [-]", f"{place} max [-]"),
                1.0,
            ),
        }[variable]
        watch.columns.add((columns, factor))

    def add(self, row: Row) -> None:
        """Take a record."""
        for watch in self._watched.values():
            watch.add(row)

    def said(self) -> list[str]:
        """A line for each law and variable that left its range."""
        return [text for watch in self._watched.values() if (text := watch.said())]

    def news(self) -> Iterator[str]:
        """Those of them that have not been told yet."""
        for key, watch in self._watched.items():
            if key not in self._told and (text := watch.said()):
                self._told.add(key)
                yield text

    def restart(self) -> None:
        """Forget all records."""
        for watch in self._watched.values():
            watch.lowest, watch.highest, watch.left = math.inf, -math.inf, [None, None]
        self._told.clear()


def _uses(medium: Medium, state: State) -> Iterable[tuple[Property, Mapping[str, Any]]]:
    """Laws that a medium evaluates, where it can tell."""
    uses = getattr(medium, "uses", None)
    return () if uses is None else uses(state)
