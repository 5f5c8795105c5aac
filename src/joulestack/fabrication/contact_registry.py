"""Registry of contact laws: which there are, what they need, how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from joulestack.errors import CaseError
from joulestack.laws.contact import (
    Constant,
    Law,
    PairPower,
    Power,
    RoughSurfaces,
    Tabulated,
)
from joulestack.laws.forms import Table
from joulestack.laws.medium import Medium
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.materials.property import TEMPERATURE, Property

TRANSPORTS = ("thermal", "electronic", "ionic", "charge_transfer")
_CHARGE = TRANSPORTS[1:]
_UNITS = {
    "resistance": ("m^2 K/W", "ohm m^2"),
    "conductance": ("W/(m^2 K)", "S/m^2"),
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a contact law.

    Attributes:
        unit: SI unit, or "resistance" / "conductance" where it depends on what is transported:
            use `unit_for`.
        default: SI; None: there is none.
        doc: one line.
        required: must be given.
        sequence: a list of numbers.
        low: least value; `above` tells whether it is excluded.
        above: the value must be larger than `low`, not only equal.
    """

    unit: str
    default: float | None = None
    doc: str = ""
    required: bool = True
    sequence: bool = False
    low: float = 0.0
    above: bool = True

    def unit_for(self, transport: str) -> str:
        """SI unit in the grammar of `joulestack.units`."""
        if self.unit not in _UNITS:
            return self.unit
        return _UNITS[self.unit][0 if transport == "thermal" else 1]


@dataclass(frozen=True)
class LawInfo:
    """A contact law.

    Attributes:
        parameters: name -> Parameter.
        transports: what it can describe.
        doc: one line.
        build: makes the law from complete SI parameters.
    """

    parameters: Mapping[str, Parameter]
    transports: tuple[str, ...]
    doc: str
    build: Callable[[Mapping[str, Any], str, Any], Law] = field(repr=False)


def _constant(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    if (v.get("resistance") is None) == (v.get("conductance") is None):
        raise ValueError("give either resistance or conductance")
    R = v["resistance"] if v.get("resistance") is not None else 1 / v["conductance"]
    return Constant("constant", float(R))


def _table(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    p, R = v["pressures"], v["resistances"]
    inner = Table("p", p, R).slopes
    assert inner is not None  # Table has filled it in
    # Level ends: the law is C1 where it is held constant outside the table, too.
    table = Table("p", p, R, (0.0, *inner[1:-1], 0.0))
    return Tabulated("table", table, (p[0], p[-1]))


def _power(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    reference = v["reference_pressure"]
    low = v["lowest_pressure"] if v["lowest_pressure"] is not None else 1e-3 * reference
    high = v["highest_pressure"]
    if high is not None and not low < high:
        raise ValueError("lowest_pressure is not below highest_pressure")
    return Power(
        "power",
        v["reference_resistance"],
        reference,
        v["exponent"],
        v["series_resistance"],
        low,
        high,
    )


def _rough(
    v: Mapping[str, Any], transport: str, media: Any, kind: str, hardness: float
) -> RoughSurfaces:
    coefficient, exponent = _ROUGH[kind]
    return RoughSurfaces(
        kind,
        _both(media, kind),
        transport,
        hardness,
        v["roughness"],
        v["slope"],
        v["gas_conductivity"],
        v["gas_jump"],
        coefficient,
        exponent,
    )


_ROUGH = {"cooper-mikic-yovanovich": (1.25, 0.95), "mikic": (1.55, 0.94)}
"""Coefficient and exponent of p/P: Yovanovich 1982 (plastic), Mikic 1974 (elastic)."""


def _cmy(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    kind = "cooper-mikic-yovanovich"
    hardness, law = v["hardness"], None
    if hardness is None:
        found = (_known(medium, "hardness") for medium in _both(media, kind))
        known = [h for h in found if h is not None and {*h.form.variables} <= {TEMPERATURE}]
        if not known:
            raise ValueError("hardness is missing: the library knows it of neither side")
        softer = min(known, key=lambda h: float(h(ROOM)))
        hardness, law = float(softer(ROOM)), softer if softer.form.variables else None
    return replace(_rough(v, transport, media, kind, hardness), hardness_law=law)


def _mikic(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    modulus = v["modulus"]
    if modulus is None:
        compliance = 0.0
        for medium in _both(media, "mikic"):
            E, nu = _solid(medium, "youngs_modulus"), _solid(medium, "poisson_ratio")
            if E is None or nu is None:
                raise ValueError(
                    "modulus is missing: the library does not know Young's modulus and Poisson's "
                    f"ratio of {medium.name}"
                )
            compliance += (1 - nu**2) / E
        modulus = 1 / compliance
    # Elastic spots: P = E' m/sqrt(2) stands where plastic ones have the hardness.
    return _rough(v, transport, media, "mikic", modulus * v["slope"] / 2**0.5)


def _pair_power(v: Mapping[str, Any], transport: str, media: Any) -> Law:
    return PairPower(
        "pair-power",
        _both(media, "pair-power"),
        transport,
        v["coefficient"],
        v["hardness"],
        v["exponent"],
        v["lowest_pressure"],
    )


def _both(media: Any, name: str) -> tuple[Medium, Medium]:
    if media is None or len(media) != 2:
        raise ValueError(f"the law {name} needs the media of both sides")
    return (media[0], media[1])


def _known(medium: Medium, name: str) -> Property | None:
    """A property of the solid by the library, None where it is not known."""
    try:
        return library.load(medium.name).properties.get(name)
    except CaseError:
        return None


def _solid(medium: Medium, name: str) -> float | None:
    """Its value at room temperature."""
    known = _known(medium, name)
    return None if known is None else float(known(ROOM))


_FACTOR = {
    "factor": Parameter("1", doc="on the resistance, to try its uncertainty", required=False),
}
_MEMORY = {
    **_FACTOR,
    "kept": Parameter(
        "1",
        doc="0-1: memory of the highest pressure, p^(1 - kept) p_max^kept in place of p",
        required=False,
        above=False,
    ),
    "preload": Parameter(
        "Pa", doc="highest pressure before the case begins; needs kept", required=False
    ),
}
_SURFACES = {
    "roughness": Parameter("m", 1e-6, "rms of both surfaces", False),
    "slope": Parameter("1", 0.1, "mean slope of the roughness", False),
    "gas_conductivity": Parameter(
        "W/(m K)", 0.0177, "of the gas in the gaps; argon; heat only", False, above=False
    ),
    "gas_jump": Parameter(
        "m", 0.35e-6, "M, about 4.9 free paths for argon; heat only", False, above=False
    ),
    **_MEMORY,
}

LAWS: dict[str, LawInfo] = {
    "constant": LawInfo(
        {
            "resistance": Parameter("resistance", doc="R", required=False),
            "conductance": Parameter("conductance", doc="1/R, instead of R", required=False),
            **_FACTOR,
        },
        TRANSPORTS,
        "the same at every pressure and temperature",
        _constant,
    ),
    "table": LawInfo(
        {
            "pressures": Parameter("Pa", doc="increasing", sequence=True, above=False),
            "resistances": Parameter("resistance", doc="one for each pressure", sequence=True),
            **_MEMORY,
        },
        TRANSPORTS,
        "monotone interpolation over pressure, constant outside",
        _table,
    ),
    "power": LawInfo(
        {
            "reference_resistance": Parameter("resistance", doc="R at reference_pressure"),
            "reference_pressure": Parameter("Pa", doc="p_ref"),
            "exponent": Parameter("1", doc="n of R = R_ref (p/p_ref)^-n", above=False),
            "series_resistance": Parameter(
                "resistance", 0.0, "added at every pressure", False, above=False
            ),
            "lowest_pressure": Parameter(
                "Pa", doc="levels off below; p_ref/1000 if not given", required=False
            ),
            "highest_pressure": Parameter(
                "Pa", doc="levels off above; never if not given", required=False
            ),
            **_MEMORY,
        },
        TRANSPORTS,
        "power law of pressure",
        _power,
    ),
    "cooper-mikic-yovanovich": LawInfo(
        {
            "hardness": Parameter(
                "Pa", doc="of the softer side; the library's if not given", required=False
            ),
            **_SURFACES,
        },
        ("thermal", "electronic", "ionic"),
        "plastic contact of rough surfaces, for heat with gas in the gaps",
        _cmy,
    ),
    "mikic": LawInfo(
        {
            "modulus": Parameter(
                "Pa",
                doc="E', 1/E' = (1 - nu0^2)/E0 + (1 - nu1^2)/E1; the library's if not given",
                required=False,
            ),
            **_SURFACES,
        },
        ("thermal", "electronic", "ionic"),
        "elastic contact of rough surfaces (Mikic 1974), for heat with gas in the gaps",
        _mikic,
    ),
    "pair-power": LawInfo(
        {
            "coefficient": Parameter("1/m", doc="c of C = c x mean conductivity x (p/H)^n"),
            "hardness": Parameter("Pa", doc="H"),
            "exponent": Parameter("1", doc="n", above=False),
            "lowest_pressure": Parameter("Pa", 1.0, "levels off below", False),
            **_MEMORY,
        },
        ("thermal", "electronic", "ionic"),
        "conductance from the harmonic mean of both sides' conductivity",
        _pair_power,
    ),
}
"""Contact laws by name."""
