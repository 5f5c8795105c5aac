"""Titles of columns as people and cyclers write them: which quantity, in which unit.

`Time [s]`, `time (s)`, `t/s`, `Current_mA`, `Voltage(V)`, `<I>/mA`, `Test (Sec)`, `mAmps`,
`test_time_second`: a name, and a unit in brackets, after a slash, a comma, an underscore, a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joulestack import units
from joulestack.spelling import normal

LONGEST_COLUMN_TITLE = 200
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_WORDS = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("millisecond", "milliseconds", "msec"), "ms"),
    **dict.fromkeys(("mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "days"), "day"),
    **dict.fromkeys(("amp", "amps", "ampere", "amperes"), "A"),
    **dict.fromkeys(("milliamp", "milliamps", "milliampere", "milliamperes", "mamps"), "mA"),
    **dict.fromkeys(("volt", "volts"), "V"),
    **dict.fromkeys(("millivolt", "millivolts", "mvolts"), "mV"),
    **dict.fromkeys(("watt", "watts"), "W"),
    **dict.fromkeys(("kelvin",), "K"),
    **dict.fromkeys(("ohms",), "ohm"),
}
_CELSIUS = ("c", "°c", "ºc", "˚c", "℃", "\ufffdc", "?c", "?", "\ufffd", "deg c", "degc", "deg. c",
            "celsius", "degrees c", "degree celsius", "degrees celsius", "oc")  # fmt: skip
"""In a column of temperatures; some programs lose the sign of degree on the way."""


@dataclass(frozen=True)
class Column:
    """A column that a reader wants.

    Attributes:
        unit: SI unit, which fixes the dimension.
        aliases: names in the title besides its own, the one that wins first.
        low, high: values must lie between, the ends excluded unless `closed`.
        closed: the ends are possible.
        bare: a title without a unit means SI; else it is refused.
    """

    unit: str
    aliases: tuple[str, ...] = ()
    low: float = -float("inf")
    high: float = float("inf")
    closed: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Title:
    """One way to read a title: a name, and what it says of the unit ("" for nothing).

    Attributes:
        name: without the unit.
        unit: as it is written.
        marked: it stands in brackets or after a slash, so that it is meant as a unit.
    """

    name: str
    unit: str = ""
    marked: bool = True


_TIME = ("test time", "total time", "elapsed time", "cumulative time", "run time", "time elapsed",
         "total elapsed time", "test", "time", "t", "zeit", "laufzeit", "relative time",
         "unix time", "absolute time", "real time", "date and time", "date time", "datetime",
         "timestamp", "time stamp", "dpt time", "date", "date time iso string")  # fmt: skip
"""Time of the whole test before that of a step, which begins again; the clock on the wall last."""
_TEMPERATURE = ("cell temperature", "temperature", "temp", "T", "temp 1", "temperature 1", "t1",
                "temperature t1", "cell surface temperature", "aux temperature 1", "temperatur",
                "surface temperature", "ambient temperature")  # fmt: skip
KNOWN: Mapping[str, Column] = {
    "time": Column("s", _TIME, bare=True),
    "current": Column("A", ("i", "<i>", "amps", "mamps", "current i", "cell current", "strom"),
                      bare=True),
    "voltage": Column(
        "V",
        ("cell voltage", "terminal voltage", "u", "e", "v", "volts", "mvolts", "ecell", "<ecell>",
         "ewe-ece", "ewe", "<ewe>", "potential", "volt", "spannung"),
        -1000.0,
        1000.0,
        bare=True,
    ),
    "power": Column("W", ("p", "watts", "leistung"), bare=True),
    "c_rate": Column("1", ("c rate", "crate", "rate"), bare=True),
    "temperature": Column("K", _TEMPERATURE),
    "pressure": Column("Pa", ("stack pressure", "p", "druck"), bare=True),
    "ambient": Column("K", ("ambient temperature",), bare=True),
    "diameter": Column("m", ("d",), bare=True),
}  # fmt: skip
"""Quantities that tables of many programs hold, by joulestack's name."""


def known(name: str, unit: str) -> Column:
    """The column of a quantity, without a unit in its title in SI."""
    return KNOWN[name] if name in KNOWN else Column(unit, bare=True)


def readings(title: str) -> Iterator[Title]:
    """Ways to read a title, the likeliest first."""
    text = " ".join(title.replace("\u00a0", " ").strip(" \t~#%:\"'").split())
    if not text or len(text) > LONGEST_COLUMN_TITLE:
        return
    if (opening := _BRACKETS.get(text[-1])) is not None:
        start = _opening(text, text[-1], opening)
        if start > 0:
            yield Title(text[:start].strip(" /,"), text[start + 1 : -1].strip())
            return
    yield Title(text)
    for mark in ("/", ","):
        name, found, unit = text.partition(mark)
        if found and name.strip() and unit.strip():
            yield Title(name.strip(), unit.strip(), mark == "/")
    for pattern in (r"(.*\S) in (\S+)", r"(.*\S)[ _]+([^\s_]+)"):
        if match := re.fullmatch(pattern, text):
            yield Title(match[1].strip(" _"), match[2], False)


def _opening(text: str, closing: str, opening: str) -> int:
    """Where the bracket opens that the end of a text closes; -1: nowhere."""
    depth = 0
    for i in range(len(text) - 1, -1, -1):
        depth += (text[i] == closing) - (text[i] == opening)
        if depth == 0:
            return i
    return -1


def rank(name: str, own: str, column: Column) -> int | None:
    """How well a name fits a column, 0 best; None: it does not.

    Single letters count as they are written: T is a temperature, t a time.
    """
    names = column.aliases if own in column.aliases else (own, *column.aliases)
    for i, alias in enumerate(names):
        if name == alias or (len(alias) > 1 and len(name) > 1 and _plain(name) == _plain(alias)):
            return i
        if len(alias) == 1 and name.casefold() == alias.casefold() and alias not in "tT":
            return i
    return None


def _plain(name: str) -> str:
    return normal(name).rstrip("#.:")


def unit_of(text: str, column: Column) -> str | None:
    """A unit as it stands in a title, in the words of `units`; None: none of this dimension."""
    text = text.strip().removesuffix(".")
    if column.unit == "K" and text.casefold() in _CELSIUS:
        return "degC"
    tries = [text, _WORDS.get(text.casefold(), text)]
    if column.unit == "s":
        if ":" in text:  # h:min:s.ms, how the times themselves are written
            return "s"
        tries.append(text.casefold())
    for unit in tries:
        try:
            units.parse(f"1 {unit}", column.unit)
        except ValueError:
            continue
        return unit
    return None


def unit_in_name(name: str) -> str:
    """The unit that a name is itself, as Amps or mVolts; "" for none."""
    word = _plain(name)
    return _WORDS.get(word, "") if word.endswith(("amps", "volts", "watts")) else ""
