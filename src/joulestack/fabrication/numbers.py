"""Numbers that a recipe gives, else the library: what was taken from where, and what is missing."""

from __future__ import annotations

from joulestack.errors import Problem
from joulestack.laws.state import State
from joulestack.materials.property import Property


class Numbers:
    """Collects what went into a part, and what is missing for it.

    Attributes:
        used: numbers of the library that went in, each once.
        problems: what is missing or impossible.
        remarks: what a user should know.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.used: list[Property] = []
        self.problems: list[Problem] = []
        self.remarks: list[str] = []

    def use(self, *laws: Property) -> None:
        """Note laws of the library."""
        self.used += [law for law in laws if law not in self.used]

    def complain(self, where: str, what: str, remedy: str = "") -> None:
        """Note what is wrong."""
        self.problems.append(Problem(where, what, remedy))

    def take(
        self, given: float | None, law: Property | None, state: State, where: str, remedy: str
    ) -> float:
        """What is given, else what the law says; 0 and a problem where there is neither."""
        if given is not None:
            return float(given)
        if law is None:
            self.complain(where, "is missing and not in the library", remedy)
            return 0.0
        self.use(law)
        return float(law(state))
