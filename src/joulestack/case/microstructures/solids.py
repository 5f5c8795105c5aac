"""Mechanics of the species of a packing: what the case says, else what the library knows."""

from __future__ import annotations

from pathlib import Path

from joulestack.case.microstructures.schema import SpeciesTable
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import ROOM
from joulestack.materials import library

NEEDED = ("youngs_modulus", "poisson_ratio", "hardness")
ASKED = (*NEEDED, "fracture_toughness")


def mechanics(
    species: SpeciesTable, where: str, folder: Path | None = None
) -> dict[str, float | None]:
    """E, nu, H and K_Ic of a species [SI]; a toughness that nobody knows is None.

    Args:
        species: of a packing.
        where: of the species in the case.
        folder: of the case, where materials of its own may lie.

    Raises:
        CaseError: neither the case nor the library says one of the others.
    """
    name = species.material or species.name
    own = {key: getattr(species, key) for key in ASKED}
    if species.material is not None or None in [own[key] for key in NEEDED]:
        try:
            folders = () if folder is None else (folder,)
            known = library.load(name, folders, f"{where}.material").properties
        except CaseError:
            if species.material is not None:
                raise
            known = {}
        for key in ASKED:
            if own[key] is None and key in known:
                own[key] = float(known[key](ROOM))
    missing = [key for key in NEEDED if own[key] is None]
    if missing:
        what = f"nobody knows the {' and '.join(missing)} of {name}".replace("_", " ")
        remedy = f"{missing[0]} = ..., or material = a name of the library that has it"
        raise CaseError(Problem(where, what, remedy))
    return own
