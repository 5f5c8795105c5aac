"""Units at the boundary: people write "370 MPa" or "2 mA/cm^2"; inside everything is SI.

Nothing else in the package parses or converts a unit. The grammar of unit expressions is here;
the usual SI names are known here too, and pint, which costs a quarter of a second to import, is
asked only for the others (psi, inch, hour, ...), one name at a time.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Any

from joulestack.constants import AVOGADRO
from joulestack.errors import shown
from joulestack.spelling import nearest

Dimension = tuple[float, ...]
"""Exponents of kg, m, s, A, K, mol."""

_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*")
_TOKEN = re.compile(
    r"\s*(?:([A-Za-zµμΩ°%_]+)|(?:\*\*|\^)\s*([-+]?\d+(?:\.\d+)?)|([*·/()]))|([-+]?\d+(?:\.\d+)?)"
)
_ELECTRONVOLTS = re.compile(r"[mk]?eV|electron_?volts?")
"""Of an energy per particle; J and kJ alone say of neither a particle nor a mole that they are."""
_COMMA = re.compile(r",(\d+)")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OFFSET = {"degC": (1.0, 273.15), "degF": (5 / 9, 273.15 - 160 / 9)}
_OFFSET_NAMES = {
    **dict.fromkeys(("degC", "°C", "celsius", "Celsius", "deg_C"), "degC"),
    **dict.fromkeys(("degF", "°F", "fahrenheit", "Fahrenheit"), "degF"),
}
_LONGEST = 300
"""Characters of a quantity."""
_NONE: Dimension = (0.0,) * 6

_PREFIXES = {
    **{"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3},
    **{"c": 1e-2, "d": 1e-1, "k": 1e3, "M": 1e6, "G": 1e9},
}
_PREFIXED: dict[str, tuple[float, Dimension]] = {
    "g": (1e-3, (1, 0, 0, 0, 0, 0)),
    "m": (1.0, (0, 1, 0, 0, 0, 0)),
    "s": (1.0, (0, 0, 1, 0, 0, 0)),
    "A": (1.0, (0, 0, 0, 1, 0, 0)),
    "K": (1.0, (0, 0, 0, 0, 1, 0)),
    "mol": (1.0, (0, 0, 0, 0, 0, 1)),
    "Hz": (1.0, (0, 0, -1, 0, 0, 0)),
    "N": (1.0, (1, 1, -2, 0, 0, 0)),
    "Pa": (1.0, (1, -1, -2, 0, 0, 0)),
    "bar": (1e5, (1, -1, -2, 0, 0, 0)),
    "J": (1.0, (1, 2, -2, 0, 0, 0)),
    "eV": (1.602176634e-19, (1, 2, -2, 0, 0, 0)),
    "W": (1.0, (1, 2, -3, 0, 0, 0)),
    "Wh": (3600.0, (1, 2, -2, 0, 0, 0)),
    "C": (1.0, (0, 0, 1, 1, 0, 0)),
    "Ah": (3600.0, (0, 0, 1, 1, 0, 0)),
    "V": (1.0, (1, 2, -3, -1, 0, 0)),
    "S": (1.0, (-1, -2, 3, 2, 0, 0)),
    **dict.fromkeys(("ohm", "Ohm", "Ω"), (1.0, (1, 2, -3, -2, 0, 0))),
}
_PLAIN: dict[str, tuple[float, Dimension]] = {
    "min": (60.0, (0, 0, 1, 0, 0, 0)),
    "h": (3600.0, (0, 0, 1, 0, 0, 0)),
    "%": (0.01, _NONE),
}

_EXAMPLES: dict[str, tuple[str, str]] = {
    "1": ("a plain number", "0.3 or 30 %"),
    "m": ("a length", "50 um"),
    "m^2": ("an area", "1 cm^2"),
    "s": ("a time", "30 min"),
    "K": ("a temperature", "25 degC"),
    "Pa": ("a pressure", "50 MPa"),
    "N/m": ("a stiffness", "500 N/mm"),
    "1/K": ("a coefficient of expansion", "2e-5 1/K"),
    "m^3/mol": ("a molar volume", "13 cm^3/mol"),
    "A": ("a current", "2 mA"),
    "A/m^2": ("a current density", "2 mA/cm^2"),
    "J/mol": ("an energy per mole, or per particle in eV,", "40 kJ/mol"),
    "V": ("a voltage", "3.7 V"),
    "W": ("a power", "2 W"),
    "ohm": ("a resistance", "4 Ohm"),
    "C": ("a charge", "5 mA h"),
    "Hz": ("a frequency", "10 kHz"),
    "F/m^2": ("a capacitance per area", "10 uF/cm^2"),
    "F/m^3": ("a capacitance per volume", "1 F/cm^3"),
    "W/m^2": ("a heat flux", "100 W/m^2"),
    "W/m^3": ("a heat source", "1e4 W/m^3"),
    "W/(m K)": ("a thermal conductivity", "0.5 W/(m K)"),
    "W/(m^2 K)": ("a heat transfer coefficient", "10 W/(m^2 K)"),
    "m^2 K/W": ("an area-specific thermal resistance", "1e-5 m^2 K/W"),
    "ohm m^2": ("an area-specific resistance", "20 ohm cm^2"),
    "S/m": ("a conductivity", "1 mS/cm"),
    "kg/m^3": ("a density", "1.64 g/cm^3"),
    "J/(kg K)": ("a heat capacity", "0.9 J/(g K)"),
    "J/(m^3 K)": ("a volumetric heat capacity", "1.5e6 J/(m^3 K)"),
}

_DISPLAY: dict[str, tuple[str, float]] = {
    "ohm m^2": ("ohm cm^2", 1e4),
    "A/m^2": ("mA/cm^2", 0.1),
    "S/m": ("mS/cm", 10.0),
    "C": ("mA h", 1 / 3.6),
    "C/m^2": ("mA h/cm^2", 1 / 36000),
    "kg/m^3": ("g/cm^3", 1e-3),
}


@functools.cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=False)


@functools.cache
def _name(symbol: str) -> tuple[float, Dimension]:
    """Factor to SI and dimension of one unit name."""
    if symbol in _OFFSET_NAMES:
        raise ValueError(f'"{symbol}" has an offset and cannot be part of a unit; write K')
    if symbol in _PLAIN:
        return _PLAIN[symbol]
    if symbol in _PREFIXED:
        return _PREFIXED[symbol]
    for prefix, power in _PREFIXES.items():
        if symbol.startswith(prefix) and symbol[len(prefix) :] in _PREFIXED:
            factor, dimension = _PREFIXED[symbol[len(prefix) :]]
            return power * factor, dimension
    import pint

    try:
        base = _registry().Quantity(1.0, symbol).to_base_units()
    except (pint.PintError, AttributeError, ValueError, TypeError, AssertionError):
        near = _nearest_unit(symbol)
        hint = f'; did you mean "{near}"?' if near else ""
        raise ValueError(f'unknown unit "{shown(symbol)}"{hint}') from None
    exponents = {str(k): float(v) for k, v in base.dimensionality.items()}
    order = ("[mass]", "[length]", "[time]", "[current]", "[temperature]", "[substance]")
    if not set(exponents) <= set(order):
        raise ValueError(f'the unit "{shown(symbol)}" is not used in a cell')
    return float(base.magnitude), tuple(exponents.get(name, 0.0) for name in order)


def _nearest_unit(symbol: str) -> str:
    known = [p + u for p in ("", "M", "k", *_PREFIXES) for u in _PREFIXED] + [*_PLAIN, "degC"]
    return next(iter(nearest(symbol, known, 1, 0.6)), "")


@functools.lru_cache(maxsize=1024)
def unit_factor(unit: str) -> tuple[float, Dimension]:
    """Factor to SI base units and dimension of a unit expression such as "W/(m K)".

    Products are written with a space, * or ·, powers as ^2, **2, ² or m2; a slash divides by
    the one name or bracket after it.

    Raises:
        ValueError: not a unit expression, or an unknown name.
    """
    tokens = _tokens(unit)
    factor, dimension = _product(tokens, unit)
    if tokens:
        raise ValueError(f'"{shown(unit)}" has a bracket that does not open')
    return factor, dimension


def _tokens(unit: str) -> list[str]:
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "^" + m[0].translate(_SUPERSCRIPT), unit.strip())
    tokens: list[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f'"{shown(unit)}" is not a unit')
        name, power, mark, attached = match.groups()
        tokens.append(name or mark or f"^{power or attached}")
        position = match.end()
    return tokens


def _product(tokens: list[str], unit: str) -> tuple[float, Dimension]:
    """Consume tokens up to a closing bracket or the end."""
    factor, dimension = 1.0, _NONE
    sign, started, mark = 1.0, False, ""
    while tokens and tokens[0] != ")":
        token = tokens.pop(0)
        if token in "*·/":
            if mark or (token == "/" and not started):
                raise ValueError(f'"{shown(unit)}" has no unit before its "{token}"')
            sign, mark = -1.0 if token == "/" else 1.0, token
            continue
        mark = ""
        if token == "(":
            part = _product(tokens, unit)
            if not tokens:
                raise ValueError(f'"{shown(unit)}" has a bracket that does not close')
            tokens.pop(0)
        elif token == "^1" and not started:
            part = (1.0, _NONE)
        elif token.startswith("^"):
            raise ValueError(f'"{shown(unit)}" has a number where a unit should stand')
        else:
            part = _name(token)
        power = sign
        if tokens and tokens[0].startswith("^"):
            power *= float(tokens.pop(0)[1:])
        if abs(power) > 12:
            raise ValueError(f'"{shown(unit)}" has an exponent out of reason')
        factor *= part[0] ** power
        dimension = tuple(a + power * b for a, b in zip(dimension, part[1], strict=True))
        sign, started = 1.0, True
    if mark:
        raise ValueError(f'"{shown(unit)}" has no unit after its "{mark}"')
    return factor, dimension


def describe(unit: str) -> str:
    """What a unit measures, with an example: 'a pressure such as "50 MPa"'."""
    kind, example = _EXAMPLES.get(unit, (f"a quantity in {unit}", f"1 {unit}"))
    return f'{kind} such as "{example}"'


def example(unit: str) -> str:
    """A quantity of this unit as people write it."""
    return _EXAMPLES.get(unit, ("", f"1 {unit}"))[1]


def kind(dimension: Dimension) -> str:
    """What a dimension measures, for people: "a pressure"."""
    for unit, (kind, _) in _EXAMPLES.items():
        if unit_factor("%" if unit == "1" else unit)[1] == dimension:
            return kind
    return "of another dimension"


def parse(value: object, unit: str, *, difference: bool = False) -> float:
    """Return a quantity in SI.

    Args:
        value: a number (taken as SI) or text with a unit, such as "370 MPa".
        unit: the SI unit of the quantity, which fixes its dimension, e.g. "Pa"; "1" for none.
            For "K", text such as "25 degC" is an absolute temperature; for "J/mol", text in eV is
            an energy per particle.
        difference: the quantity is a temperature difference, so "degC" is refused.

    Returns:
        The magnitude in `unit`.

    Raises:
        ValueError: not a number, no unit where one is needed, or a wrong dimension; the message
            says what would be right.
    """
    needed = describe(unit)
    if unit == "K" and difference:
        needed = 'a temperature difference such as "1 K"'
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{shown(value)} is not {needed}")
    if not isinstance(value, str):
        try:
            return _finite(float(value), value)
        except OverflowError:
            raise ValueError(f"{shown(value)} is not a finite number") from None
    if len(value) > _LONGEST:
        raise ValueError(f'"{shown(value)}" is too long to be {needed}; write it shorter')
    number, text = _apart(value, needed)
    if text in _OFFSET_NAMES:
        if unit != "K":
            raise ValueError(f'"{shown(value)}" is a temperature; write {needed}')
        if difference:
            raise ValueError(f'"{shown(value)}" is an absolute temperature; write {needed}')
        scale, offset = _OFFSET[_OFFSET_NAMES[text]]
        return _finite(number * scale + offset, value)
    target, wanted = (1.0, _NONE) if unit == "1" else unit_factor(unit)
    if not text:
        if unit != "1":
            raise ValueError(f'"{shown(value)}" has no unit; write {needed}')
        return _finite(number, value)
    factor, dimension = _unit(text, unit)
    if any(abs(a - b) > 1e-9 for a, b in zip(dimension, wanted, strict=True)):
        hint = ' ("C" is the coulomb)' if text == "C" and unit == "K" else ""
        raise ValueError(f'"{shown(value)}" is {kind(dimension)}{hint}; write {needed}')
    return _finite(number * (factor / target), value)


def number_of(value: str) -> float | None:
    """The number that a quantity begins with, without its unit; None where there is none."""
    match = _NUMBER.match(value)
    return None if match is None else float(match[1])


def _unit(text: str, wanted: str) -> tuple[float, Dimension]:
    """Factor and dimension of a unit; of electronvolts per mole where that is wanted."""
    factor, dimension = unit_factor("1" + text if text.startswith("/") else text)
    if wanted == "J/mol" and _ELECTRONVOLTS.fullmatch(text):
        return factor * AVOGADRO, unit_factor(wanted)[1]
    return factor, dimension


def _apart(value: str, needed: str) -> tuple[float, str]:
    """Number and unit of a text."""
    match = _NUMBER.match(value)
    if match is None:
        raise ValueError(f'"{shown(value)}" does not start with a number; write {needed}')
    text = value[match.end() :].strip()
    if comma := _COMMA.match(text):
        rest = text[comma.end() :]
        pointed = f"{match[1]}{'' if rest.startswith('.') else '.'}{comma[1]}{rest}"
        raise ValueError(
            f'"{shown(value)}" has a comma in its number; write a decimal point: "{shown(pointed)}"'
        )
    return float(match[1]), text


def _finite(number: float, value: object) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{shown(value)} is not a finite number")
    return number


def format_quantity(value: float, unit: str, digits: int = 4) -> str:
    """Write an SI value for people, with a prefix: (3.7e8, "Pa") -> "370 MPa".

    Args:
        value: in `unit`.
        unit: SI unit; "1" for plain numbers.
        digits: significant digits.
    """
    if unit == "1":
        return f"{value:.{digits}g}"
    if unit in _DISPLAY:
        shown, factor = _DISPLAY[unit]
        return f"{value * factor:.{digits}g} {shown}"
    if unit == "s" and 120 <= abs(value) < math.inf:
        name, size = ("h", 3600.0) if abs(value) >= 7200 else ("min", 60.0)
        return f"{value / size:.{digits}g} {name}"
    if unit in ("m", "s", "A", "V", "Pa", "W", "J", "ohm", "Hz") and value and math.isfinite(value):
        step = min(max(3 * math.floor(math.log10(abs(value) * (1 + 1e-12)) / 3), -9), 9)
        prefix = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}[step]
        if not (unit == "m" and step > 0) and not (unit == "s" and step > 0):
            return f"{value / 10.0**step:.{digits}g} {prefix}{unit}"
    return f"{value:.{digits}g} {unit}"
