"""Quantities as they stand in sentences: "C/3", "2 mA/cm2", "45 degC", "2 hours", "5 mAh"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joulestack import units
from joulestack.case.quantities import read_c_rate
from joulestack.errors import parts

KINDS: dict[str, str] = {
    "current": "A",
    "current density": "A/m^2",
    "C-rate": "1",
    "power": "W",
    "power density": "W/m^2",
    "voltage": "V",
    "time": "s",
    "temperature": "K",
    "capacity": "C",
    "areal capacity": "C/m^2",
}
"""What a sentence can name -> its SI unit."""

RATES = ("current", "current density", "C-rate", "power", "power density")
CURRENTS = ("current", "current density", "C-rate")
LIMITS = ("voltage", *CURRENTS, "temperature", "capacity", "areal capacity")

TIME_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
}
"""Words for times that people write; the unit parser knows the last one of each row at once."""

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_C_RATE = re.compile(rf"[-+]?\s*(?:C\s*/\s*[-+]?{_NUMBER}|(?:{_NUMBER})?\s*C)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+$")
_RESPELT = ((re.compile(r"(?<=A)\.(?=h)"), " "), (re.compile(r"\boC$"), "degC"))


@dataclass(frozen=True)
class Amount:
    """A quantity of a sentence.

    Attributes:
        kind: a key of `KINDS`.
        value: in the SI unit of the kind.
        text: as written.
    """

    kind: str
    value: float
    text: str


def read(text: str) -> Amount:
    """Read a quantity of any kind.

    Raises:
        ValueError: it is none; the message says why.
    """
    if _C_RATE.fullmatch(text.strip()):
        return Amount("C-rate", read_c_rate(text), text)
    spelt = _WORD.sub(lambda m: TIME_WORDS.get(m[0].lower(), m[0]), text.strip())
    for pattern, word in _RESPELT:
        spelt = pattern.sub(word, spelt)
    for kind, unit in KINDS.items():
        if unit == "1":
            continue
        try:
            return Amount(kind, units.parse(spelt, unit), text)
        except ValueError as error:
            if any(sure in str(error) for sure in ("unknown unit", "not a finite number")):
                raise
    raise ValueError(_said(text, spelt))


def _said(text: str, spelt: str) -> str:
    """What a quantity is that no sentence has a place for."""
    try:
        units.parse(spelt, "1")
    except ValueError as error:
        return parts(error)[0].replace(spelt, text)
    bare = spelt[-1:].isdigit() or spelt.endswith(".")
    return f'"{text}" has no unit' if bare else f'"{text}" is a share, and of nothing'


def listing(kinds: tuple[str, ...]) -> str:
    """Kinds with examples: 'a voltage ("4.2 V") or a current ("50 mA")'."""
    shown = [f'a {kind} ("{EXAMPLES[kind]}")' for kind in kinds if kind in EXAMPLES]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


EXAMPLES = {
    "current": "50 mA",
    "current density": "1 mA/cm2",
    "C-rate": "C/3",
    "power": "2 W",
    "voltage": "4.2 V",
    "time": "30 min",
    "temperature": "45 degC",
    "capacity": "2 mAh",
}
"""How each kind is written; densities of power and charge go without saying."""
