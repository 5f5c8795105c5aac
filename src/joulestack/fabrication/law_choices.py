"""Names of the laws that `laws = {...}` of a case can choose, with what they assume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joulestack.errors import CaseError, Problem
from joulestack.spelling import normal, unknown


@dataclass(frozen=True)
class Law:
    """One choice.

    Attributes:
        doc: what it does and assumes.
        reference: equation or paper.
    """

    doc: str
    reference: str = ""


_SCALINGS = {
    "power": Law("phi^n; n of the library or override `..._exponent`", "fitted to Lee 2026"),
    "phi/tau^2": Law("phi/tau^2, geometric tortuosity", "Lee 2026, section 3.1"),
    "phi/tau": Law("phi/tau, tortuosity factor", ""),
    "percolation": Law("((f - f_c)/(1 - f_c))^t above the threshold f_c", "Minnmann 2021"),
    "general effective medium": Law(
        "threshold and exponent of its own; percolation where pores insulate", "McLachlan 1987"
    ),
}
_MIXTURES = {
    "bruggeman": Law("symmetric effective medium: grains and pores alike", "Bruggeman 1935"),
    "maxwell": Law("pores far apart in the solid", "Maxwell 1873"),
    "hashin-shtrikman upper": Law("largest of an isotropic mixture", "Hashin & Shtrikman 1962"),
    "hashin-shtrikman lower": Law("smallest of an isotropic mixture", "Hashin & Shtrikman 1962"),
    "wiener upper": Law("everything parallel to the flux", "Wiener 1912"),
    "wiener lower": Law("everything in series", "Wiener 1912"),
}

_TABLES = {
    "Minnmann table": Law("measured: NMC622 with Li6PS5Cl, no carbon, 25 degC", "Minnmann 2021"),
    "Ketter table": Law("measured: NMC83 with Li6PS5Cl, no carbon, 25 degC", "Ketter 2025"),
}

LAWS: dict[str, dict[str, Law]] = {
    "relative_density": {
        "two-stage": Law("rearrangement, then plastic flow, against pressure", "Heckel 1961"),
        "heckel": Law("ln(1/(1 - phi)) = K p + A", "Schneider 2023, Eq. 1"),
        "table": Law("monotone interpolation of measured points", ""),
    },
    "thermal_conductivity": {
        **_SCALINGS,
        **_MIXTURES,
        "zehner-bauer-schluender": Law(
            "grains that touch in points, in a gas: loose packings", "Zehner & Schluender 1970"
        ),
        "solids-then-pores": Law(
            "composites: grains by the symmetric effective medium, then the electrolyte's pores"
        ),
        "nan spheroids": Law(
            "composites: fibres or plates with interface resistance in the electrolyte, its pores",
            "Nan 1997, Eqs 5 and 9",
        ),
        "Ketter table": _TABLES["Ketter table"],
    },
    "ionic_conductivity": {**_SCALINGS, **_MIXTURES, **_TABLES},
    "electronic_conductivity": {**_SCALINGS, **_MIXTURES, **_TABLES},
    "utilisation": {
        "all": Law("composites: all active material takes part, what ions reach is only said", ""),
        "size ratio": Law(
            "composites: what ions reach takes part, by sizes and loading; fitted to LPS glass "
            "with NMC532",
            "Shi 2020",
        ),
    },
    "ionic_contact": {
        "stack-pressure": Law(
            "contacts grow on loading and open in part as the stack relaxes",
            "Cronau 2021; Schneider 2023, Fig. 3",
        ),
        "loading": Law("contacts made under the highest pressure stay", "Cronau 2021, Table S1"),
        "release": Law(
            "contacts open in part as the stack relaxes; those that loading makes are counted "
            "elsewhere, as in a microstructure",
            "Cronau 2021, SI",
        ),
        "none": Law("all contacts conduct at any pressure", ""),
    },
    "springback": {
        "none": Law("compaction stays on release", ""),
        "elastic": Law(
            "phi (1 - released/M), M = K + 4 G/3, or springback_modulus of the powder class",
            "Schneider 2023, section 2.1",
        ),
    },
    "pore_gas": {
        "none": Law("pores insulate, or the law was measured with their gas", ""),
        "argon": Law("argon in the pores, generalised Bruggeman", "fitted to Lee 2026"),
        "air": Law("air in the pores, generalised Bruggeman", "fitted to Lee 2026"),
    },
}
"""What can be chosen -> name -> law."""


def resolve(
    laws: Mapping[str, str], allowed: Mapping[str, object] | None, where: str
) -> dict[str, str]:
    """Laws under their exact names.

    Args:
        laws: as the case gives them.
        allowed: slots that matter for this medium; None: all.
        where: path of the material in the case.

    Raises:
        CaseError: unknown slot or law (with the nearest names), or a slot without effect.
    """
    problems, found = [], {}
    for slot, name in laws.items():
        key = f"{where}.laws.{slot}" if where else f"laws.{slot}"
        if slot not in LAWS:
            problems.append(unknown(key, "property with a choice of laws", slot, LAWS))
            continue
        if allowed is not None and slot not in allowed:
            problems.append(
                Problem(key, "has no effect on this material", "leave it out" + _instead(allowed))
            )
            continue
        match = [n for n in LAWS[slot] if normal(n) == normal(str(name))]
        if match:
            found[slot] = match[0]
        else:
            problems.append(unknown(key, f"law of {slot}", str(name), LAWS[slot]))
    if problems:
        raise CaseError(problems)
    return found


def _instead(allowed: Mapping[str, object]) -> str:
    return f"; laws can be chosen for {', '.join(allowed)}" if allowed else ""
