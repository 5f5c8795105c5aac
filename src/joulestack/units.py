"""Units at the boundary: people write "370 MPa" or "2 mA/cm^2"; inside everything is SI.

Nothing else in the package parses or converts a unit.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Any

_ABSOLUTE_TEMPERATURE = re.compile(r"^\s*([-+0-9.eE]+)\s*(degC|°C|celsius|degF|°F|fahrenheit)\s*$")


@functools.cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=False)
    registry.define("ohm_ = ohm = Ohm = Ω") if "Ohm" not in registry else None
    return registry


def parse(value: object, unit: str) -> float:
    """Return a quantity in SI.

    Args:
        value: a number (taken as SI) or text with a unit, such as "370 MPa".
        unit: the SI unit of the quantity, which fixes its dimension, e.g. "Pa".

    Returns:
        The magnitude in `unit`.

    Raises:
        ValueError: not a number, no unit where one is needed, or a wrong dimension; the message
            says what would be right.
    """
    raise NotImplementedError


def format_quantity(value: float, unit: str, digits: int = 4) -> str:
    """Write an SI value for people, with a prefix: (3.7e8, "Pa") -> "370 MPa"."""
    raise NotImplementedError


_ = (math,)
