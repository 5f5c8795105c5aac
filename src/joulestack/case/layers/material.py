"""A material of the library in its fabricated state, for scripts: `material("Li6PS5Cl", ...)`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joulestack.case.case import Case
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium

OWN = "electrolyte of the composite"
LAYER: Mapping[str, Any] = {"name": "layer", "thickness": "100 um"}


def material(
    name: str | None = None,
    /,
    folder: str | Path = ".",
    thickness: float | str | None = None,
    **recipe: Any,
) -> Medium:
    """The medium of a material as a recipe of [materials] in a case file makes it.

        material("lithium")
        material("Li6PS5Cl", moulding_pressure="370 MPa")
        material(active="NMC811", electrolyte={"material": "Li6PS5Cl"},
                 mass_fractions={"active": 0.7, "electrolyte": 0.3}, porosity=0.15,
                 state_of_charge=0.5)

    Args:
        name: in the library, or a TOML file of your own; None for a composite electrode.
        folder: that has files of your own.
        thickness: of the layer [m], for `loading`.
        recipe: keys of [materials] in a case file: numbers in SI or text with a unit. The
            electrolyte of a composite may be a recipe itself.

    Raises:
        CaseError: the library does not know it, or it cannot be made like that.
    """
    if (name is None) == ("active" not in recipe):
        what = "names no material, or two"
        remedy = 'material("Li6PS5Cl"), or material(active="NMC811", ...) for a composite electrode'
        raise CaseError(Problem("material", what, remedy))
    given = dict(recipe) if name is None else {"material": name, **recipe}
    materials = {"it": given}
    if isinstance(given.get("electrolyte"), Mapping):
        materials[OWN], given["electrolyte"] = given["electrolyte"], OWN
    layer = {**LAYER, "material": "it"}
    if thickness is not None:
        layer["thickness"] = thickness
    case = Case.from_dict(
        {
            "joulestack": 1,
            "cell": {"geometry": "line", "area": "1 cm^2", "layers": [layer]},
            "materials": materials,
            "thermal": {"faces": {}},
            "time": {"end": "1 s"},
        },
        folder,
        f"material({name!r})" if name else "material(active=...)",
    )
    return case.media()["layer"]
