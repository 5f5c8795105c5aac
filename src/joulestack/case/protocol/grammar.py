"""The language of protocols: its words, and what a sentence says.

The language is the one that users of PyBaMM know from `pybamm.Experiment`; docs/protocols.md is the
user's page, `reader.py` reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from joulestack.case.protocol.amounts import Amount
from joulestack.case.table_choice import SignedChoice

GRAMMAR = (
    "A step reads: Discharge|Charge at <current, C-rate or power>, Hold at <voltage>, Rest, or "
    "Run <file.csv> (A|C|W|V); then `for <time>`, `until <voltage, current, temperature or "
    "capacity>`, or both: `for 2 hours or until 2.5 V or until 60 degC`"
)
VERBS = ("discharge", "charge", "hold", "rest", "run")
COLUMNS = {"A": "current", "C": "c_rate", "W": "power", "V": "voltage"}
"""What stands in brackets after a file -> the column of the file."""

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
        table: what the case says of the columns of the file.
    """

    text: str
    verb: str
    amount: Amount | None = None
    file: str = ""
    column: str = ""
    duration: Amount | None = None
    ends: list[Amount] = field(default_factory=list)
    table: SignedChoice | None = None


def file_span(text: str) -> tuple[int, int] | None:
    """Where the file name of a "Run ..." stands in a sentence; None in all others."""
    match = _RUN.match(text)
    if match is None:
        return None
    return match.span("quoted") if match["quoted"] is not None else match.span("bare")
