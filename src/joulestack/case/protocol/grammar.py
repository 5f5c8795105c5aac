"""The language of protocols: its words, and what a sentence says.

The language is the one that users of PyBaMM know from `pybamm.Experiment`; docs/protocols.md is the
user's page, `reader.py` reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from joulestack.case.protocol.amounts import RESISTANCES, Amount
from joulestack.case.protocol.steps import Mode
from joulestack.case.table_choice import SignedChoice

GRAMMAR = (
    "A step reads: Discharge|Charge at <current, C-rate, power or resistance>, Hold at <voltage>, "
    "Rest, or Run <file.csv> (A|C|W|V|Ohm); then `for <time>`, `until <voltage, current, "
    "temperature, capacity or state of charge>`, or both: `for 2 hours or until 2.5 V or until 60 "
    "degC`; `at <temperature>` after these is that around the cell"
)
VERBS = ("discharge", "charge", "hold", "rest", "run")
COLUMNS = {"A": "current", "C": "c_rate", "W": "power", "V": "voltage", "Ohm": "resistance"}
"""What stands in brackets after a file -> the column of the file."""

EXAMPLES = {
    "discharge": "Discharge at C/3 until 2.5 V",
    "charge": "Charge at C/3 until 4.2 V",
    "hold": "Hold at 4.2 V until C/20",
    "rest": "Rest for 10 minutes",
    "run": "Run cycle.csv (A)",
}
"""A whole sentence of each verb."""

_COLUMN_MODES: dict[str, Mode] = {
    "current": "current",
    "c_rate": "current",
    "power": "power",
    "voltage": "voltage",
    "resistance": "resistance",
}
_MODES: dict[Mode, tuple[str, ...]] = {
    "power": ("power", "power density"),
    "resistance": RESISTANCES,
    "voltage": ("voltage",),
}

_RUN = re.compile(
    r"\s*run\s+(?:(?P<quote>[\"'])(?P<quoted>.*?)(?P=quote)|(?P<bare>[^\s(]\S*?))(?=\s|\(|$)",
    re.IGNORECASE,
)


class SentenceError(ValueError):
    """A sentence cannot be meant so: what is wrong, and what would be right."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


@dataclass
class Sentence:
    """A step as its words say it.

    Attributes:
        text: the whole sentence.
        verb: one of `VERBS`.
        amount: after "at"; None for rest and run.
        file: of a run.
        column: of that file.
        duration: after "for".
        ends: after "until".
        ambient: temperature around the cell, after a second "at".
        period: in brackets; results are written at other times, so it is told and left aside.
        tags: in square brackets.
        table: what the case says of the columns of the file.
    """

    text: str
    verb: str
    amount: Amount | None = None
    file: str = ""
    column: str = ""
    duration: Amount | None = None
    ends: list[Amount] = field(default_factory=list)
    ambient: Amount | None = None
    period: str = ""
    tags: tuple[str, ...] = ()
    table: SignedChoice | None = None

    @property
    def mode(self) -> Mode:
        """What is held."""
        if self.verb == "run":
            return _COLUMN_MODES[self.column]
        kind = self.amount.kind if self.amount else ""
        for mode, kinds in _MODES.items():
            if kind in kinds:
                return mode
        return "rest" if self.verb == "rest" else "current"


def file_span(text: str) -> tuple[int, int] | None:
    """Where the file name of a "Run ..." stands in a sentence; None in all others."""
    match = _RUN.match(text)
    if match is None:
        return None
    return match.span("quoted") if match["quoted"] is not None else match.span("bare")
