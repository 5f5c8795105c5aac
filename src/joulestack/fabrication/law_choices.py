"""Laws that `laws = {...}` of a case can choose: slot -> name -> record of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from joulestack.errors import CaseError, Problem
from joulestack.laws.catalogue import (
    DENSITY,
    DIFFUSION_PATH,
    ELECTRON_NETWORK,
    FORMATION,
    HEAT,
    IONIC_CONTACT,
    MEASURED,
    MIXTURE,
    PORE_GAS,
    SCALING,
    SPRINGBACK,
    UTILISATION,
    LawRecord,
)
from joulestack.spelling import normal, unknown

LAWS: Mapping[str, Mapping[str, LawRecord]] = {
    "relative_density": DENSITY,
    "thermal_conductivity": SCALING | MIXTURE | HEAT | {"Ketter table": MEASURED["Ketter table"]},
    "ionic_conductivity": SCALING | MIXTURE | MEASURED,
    "electronic_conductivity": SCALING | MIXTURE | MEASURED,
    "utilisation": UTILISATION,
    "diffusion": DIFFUSION_PATH,
    "electron_network": ELECTRON_NETWORK,
    "formation": FORMATION,
    "ionic_contact": IONIC_CONTACT,
    "springback": SPRINGBACK,
    "pore_gas": PORE_GAS,
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
