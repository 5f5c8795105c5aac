"""Quantities as they stand in sentences: "C/3", "2 mA/cm2", "1 h 30 min", "<2.5V", "20% SOC"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from joulestack import units
from joulestack.case.quantities import read_c_rate
from joulestack.errors import parts

KINDS: dict[str, str] = {
    "current": "A",
    "current density": "A/m^2",
    "specific current": "A/kg",
    "C-rate": "1",
    "power": "W",
    "power density": "W/m^2",
    "resistance": "ohm",
    "areal resistance": "ohm m^2",
    "voltage": "V",
    "time": "s",
    "temperature": "K",
    "capacity": "C",
    "areal capacity": "C/m^2",
    "specific capacity": "C/kg",
    "state of charge": "1",
}
"""What a sentence can name -> its SI unit."""

RESISTANCES = ("resistance", "areal resistance")
RATES = (
    "current",
    "current density",
    "specific current",
    "C-rate",
    "power",
    "power density",
    *RESISTANCES,
)
CURRENTS = ("current", "current density", "specific current", "C-rate")
CAPACITIES = ("capacity", "areal capacity", "specific capacity")
LIMITS = ("voltage", *CURRENTS, "temperature", *CAPACITIES, "state of charge")
HELD = ("voltage", *RESISTANCES)
"""What can be held: a resistance is held between the terminals."""

TIME_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "day"),
}
"""Words for times that people write; the unit parser knows the last one of each row at once."""

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_C_RATE = re.compile(
    rf"[-+]?\s*(?:{_NUMBER}\s*(?:/\s*{_NUMBER})?)?\s*C(?:\s*/\s*[-+]?{_NUMBER})?", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z]+$")
_RESPELT = ((re.compile(r"(?<=A)\.(?=h)"), " "), (re.compile(r"\boC$"), "degC"))
_SIDE = re.compile(r"\s*(?P<side>[<>≤≥])=?\s*")
_PIECE = re.compile(rf"({_NUMBER})\s*([a-z]+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|and\b)?\s*", re.IGNORECASE)
_SOC_WORDS = r"(?:SOC|state\s+of\s+charge)"
_SOC = re.compile(
    rf"(?:{_SOC_WORDS}\s*(?:of\b|=)?\s*(?P<after>\S.*)|(?P<before>\S.*?)\s*{_SOC_WORDS})",
    re.IGNORECASE,
)
_LITHIUM = re.compile(
    r"(?P<volts>.+?)\s*\(?\s*(?:vs\.?|versus|against)\s*Li\s*[/|]\s*Li\s*\+?\s*\)?", re.IGNORECASE
)
_CASE = {
    **{f"{prefix}{unit.lower()}": f"{prefix}{unit}"
       for unit in ("V", "A", "W", "Ah", "Ohm") for prefix in ("", "m", "u", "k")},
    **dict.fromkeys(("ohms", "kohms", "mohms"), "Ohm"),
    **{"kohms": "kOhm", "mohms": "mOhm", "degc": "degC", "oc": "degC", "celsius": "degC"},
    **{"kelvin": "K", "k": "K", "amp": "A", "amps": "A", "volts": "V", "watts": "W"},
}  # fmt: skip
"""Units that are meant whatever their letters look like; a large M is left alone: it is mega."""

Side = Literal["", "<", ">"]


@dataclass(frozen=True)
class Amount:
    """A quantity of a sentence.

    Attributes:
        kind: a key of `KINDS`.
        value: in the SI unit of the kind.
        text: as written.
        side: "<" or ">" where a limit says from which side it is reached.
        against_lithium: a voltage that counts from Li/Li+, whatever the negative electrode is.
    """

    kind: str
    value: float
    text: str
    side: Side = ""
    against_lithium: bool = False


def read(text: str, kinds: tuple[str, ...] = ()) -> Amount:
    """Read a quantity of any kind.

    Args:
        text: number and unit.
        kinds: that have a place there; where only a time has, "5 m" is five minutes.

    Raises:
        ValueError: it is none; the message says why.
    """
    if side := _SIDE.match(text):
        found = read(text[side.end() :], kinds)
        return replace(found, text=text, side="<" if side["side"] in "<≤" else ">")
    if against := _LITHIUM.fullmatch(text.strip()):
        found = read(against["volts"], kinds)
        if found.kind != "voltage":
            raise ValueError(f'"{text}" is no voltage, so it counts from nothing')
        return replace(found, text=text, against_lithium=True)
    if _C_RATE.fullmatch(text.strip()):
        return Amount("C-rate", read_c_rate(text), text)
    if (time := _time(text.strip(), kinds == ("time",))) is not None:
        return Amount("time", time, text)
    if soc := _SOC.fullmatch(text.strip()):
        return Amount("state of charge", units.parse(soc["after"] or soc["before"], "1"), text)
    spelt = _WORD.sub(lambda m: TIME_WORDS.get(m[0].lower(), m[0]), text.strip())
    for pattern, word in _RESPELT:
        spelt = pattern.sub(word, spelt)
    return _read(re.sub(r"[A-Za-z]+", _respelt, spelt), text)


def _respelt(match: re.Match[str]) -> str:
    """A unit in its own letters; one that begins with M stays: that may be mega."""
    word = match[0]
    return word if word.startswith("M") else _CASE.get(word.lower(), word)


def _read(spelt: str, text: str) -> Amount:
    for kind, unit in KINDS.items():
        if unit == "1":
            continue
        try:
            return Amount(kind, units.parse(spelt, unit), text)
        except ValueError as error:
            sure = ("unknown unit", "not a finite number", "decimal point")
            if any(words in str(error) for words in sure):
                raise
    raise ValueError(_said(text, spelt))


def _time(text: str, alone: bool) -> float | None:
    """Seconds of "1 hour 30 minutes", "1h30min" or "1 h and 5 s"; None where it is no such time."""
    total, place = 0.0, 0
    while place < len(text):
        between = _BETWEEN.match(text, place) if place else None
        piece = _PIECE.match(text, between.end() if between else 0)
        unit = TIME_WORDS.get(piece[2].lower()) if piece else None
        if piece and alone and piece[2] == "m":
            unit = "min"
        if piece is None or unit is None:
            return None
        total += units.parse(f"{piece[1]} {unit}", "s")
        place = piece.end()
    return total if text else None


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
    "resistance": "4 Ohm",
    "voltage": "4.2 V",
    "time": "30 min",
    "temperature": "45 degC",
    "capacity": "2 mAh",
    "state of charge": "20 % SOC",
}
"""How each kind is written; densities of power and charge go without saying."""
