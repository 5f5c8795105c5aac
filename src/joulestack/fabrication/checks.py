"""What a fabrication must not say."""

from __future__ import annotations

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.specification import Fabrication

_LOWEST_MOULDING = 1e5
"""Below this a moulding pressure [Pa] is a forgotten unit."""

_LOWEST_SINTERING = 373.15
"""Below this a sintering temperature [K] is one in degrees Celsius."""


def check(spec: Fabrication, where: str) -> None:
    """Refuse impossible numbers of a fabrication.

    Raises:
        CaseError: lists them.
    """
    problems = []
    prefix = f"{where}." if where else ""
    p, T, phi = spec.moulding_pressure, spec.sintering_temperature, spec.relative_density
    if p is not None and not _LOWEST_MOULDING <= p < float("inf"):
        problems.append(
            Problem(
                f"{prefix}moulding_pressure",
                f"{units.format_quantity(p, 'Pa')} is impossible",
                'plain numbers are pascal; write "370 MPa"',
            )
        )
    if T is not None and not _LOWEST_SINTERING <= T < 3000:
        problems.append(
            Problem(
                f"{prefix}sintering_temperature",
                f"{T:g} K is impossible",
                'plain numbers are kelvin; write "1100 degC"',
            )
        )
    if phi is not None and not 0 < phi <= 1:
        problems.append(
            Problem(
                f"{prefix}relative_density",
                f"{phi:g} is impossible",
                "a relative density is above 0 and at most 1; 85 % is 0.85",
            )
        )
    if spec.grain_size is not None and not 1e-9 <= spec.grain_size < 0.01:
        problems.append(
            Problem(
                f"{prefix}grain_size",
                f"{units.format_quantity(spec.grain_size, 'm')} is impossible",
                'plain numbers are metre; write "40 um"',
            )
        )
    if spec.pressings is not None and (spec.pressings < 1 or p is None):
        problems.append(
            Problem(
                f"{prefix}pressings",
                "nothing says how hard" if p is None else f"{spec.pressings} is impossible",
                'beside moulding_pressure = "370 MPa", 1 or more' if p is None else "1 or more",
            )
        )
    if spec.anneal_temperature is not None:
        problems.append(
            Problem(
                f"{prefix}anneal_temperature",
                "has no effect: no paper read gives a law of annealing a pressed layer",
                "leave it out; a powder annealed before pressing is a class, particle_class = "
                '"annealed" (Li6PS5Cl), a sintered layer has a sintering_temperature (Ga-LLZO)',
            )
        )
    if problems:
        raise CaseError(problems)
