"""What a check sees of a case, and the problems that many checks state alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from joulestack.case.messages import Where
from joulestack.case.paths import Key
from joulestack.case.quantities import Section
from joulestack.case.root import CaseFile
from joulestack.case.settings.accuracy import numbers
from joulestack.case.stack.geometry import geometry_of
from joulestack.errors import Problem, parts
from joulestack.mesh.geometry import Geometry


@dataclass(frozen=True)
class CheckContext:
    """A case under check.

    Attributes:
        case: its models.
        folder: of the case file.
        where: turns key paths into text with line numbers.
        allow_scripts: its author is trusted to run scripts.
    """

    case: CaseFile
    folder: Path
    where: Where
    allow_scripts: bool = False

    @property
    def geometry(self) -> Geometry:
        """What answers everything about the shape of the cell."""
        return geometry_of(self.case.cell, self.case.mesh)

    def problem(self, loc: tuple[Key, ...], what: str, remedy: str = "") -> Problem:
        """A problem at a key."""
        return Problem(self.where(*loc), what, remedy)

    def split(self, loc: tuple[Key, ...], message: str) -> Problem:
        """A problem from "what; remedy"."""
        return self.problem(loc, *parts(message))

    def without_effect(
        self, section: Section, loc: tuple[Key, ...], names: tuple[str, ...], why: str
    ) -> Iterator[Problem]:
        """One problem for each key of a section that differs from its default."""
        usual = numbers(self.case.accuracy, str(loc[-1]))
        for name in names:
            field = type(section).model_fields[name]
            default = usual.get(name, field.get_default(call_default_factory=True))
            if getattr(section, name) != default:
                yield self.problem((*loc, name), f"has no effect {why}", "remove it")
