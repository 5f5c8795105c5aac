"""What a quantity of a cell can be: wide ranges, so that a slip of a prefix is told, not computed.

A bare number is read as SI. Where that gives a separator of 500 m or a pressure of 50 Pa, the
message names the unit that was read and the prefix that was probably meant. Zero is judged by
bounds of its own (`case.quantities.Quantity`), never here.
"""

from __future__ import annotations

from joulestack.errors import shown
from joulestack.units import format_quantity, number_of

RANGES: dict[str, tuple[float, float]] = {
    "m": (1e-10, 3.0),
    "m^2": (1e-10, 100.0),
    "Pa": (1e3, 2e10),
    "A": (1e-15, 1e5),
    "A/m^2": (1e-12, 1e7),
    "V": (0.0, 1e4),
    "W": (1e-15, 1e6),
    "W/m^2": (1e-9, 1e9),
    "W/m^3": (1e-9, 1e15),
    "ohm": (1e-9, 1e15),
    "ohm m^2": (1e-15, 1e12),
    "C": (1e-9, 1e8),
    "C/m^2": (1e-9, 1e8),
    "K": (150.0, 1500.0),
    "W/(m^2 K)": (1e-6, 1e9),
    "J/mol": (10.0, 2e6),
    "m^2/s": (1e-30, 1e-4),
}
"""SI unit -> smallest and largest magnitude that an experiment on a cell can mean."""

_PREFIXES: dict[str, tuple[str, ...]] = {
    "m": ("u", "m", "n"),
    "Pa": ("M", "k", ""),
    "A": ("m", "u"),
    "V": ("m",),
    "W": ("m", "u"),
    "ohm": ("m", "k"),
}
"""Unit -> prefixes that people mean, the likeliest first."""

_SCALE = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6}
_MOLAR = '; energies are per mole: "40 kJ/mol", or per particle in eV: "0.4 eV"'


def implausible(
    value: float, written: object, unit: str, within: tuple[float, float] | None = None
) -> str:
    """What is wrong with a value that no cell has, and what may be meant; "" for the others.

    Args:
        value: [SI].
        written: as it stands in the file, a number or text.
        unit: its SI unit.
        within: smallest and largest magnitude, instead of those of `RANGES`.
    """
    low, high = within or RANGES.get(unit, (0.0, float("inf")))
    if value == 0 or low <= abs(value) <= high:
        return ""
    bare = not isinstance(written, str)
    said = f"{written} {unit} (a bare number is read in {unit})" if bare else f'"{shown(written)}"'
    ends = f"{format_quantity(low, unit)} to {format_quantity(high, unit)}"
    meant = _meant(written, unit, (low, high))
    remedy = f'; did you mean "{meant}"?' if meant else (_MOLAR if unit == "J/mol" else "")
    return f"{said} is not plausible: such values are within {ends}{remedy}"


def _meant(written: object, unit: str, within: tuple[float, float]) -> str:
    """The same digits with a prefix that makes sense."""
    number = number_of(written) if isinstance(written, str) else written
    if not isinstance(number, (int, float)):
        return ""
    for prefix in _PREFIXES.get(unit, ()):
        if within[0] <= abs(number) * _SCALE[prefix] <= within[1]:
            return f"{number:g} {prefix}{unit.replace('ohm', 'Ohm')}"
    return ""
