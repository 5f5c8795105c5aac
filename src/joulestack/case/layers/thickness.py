"""Thickness of layers that follows from their mass or loading: mass is conserved."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from joulestack.case.layers.fabrication import CompositeElectrode as Recipe
from joulestack.case.layers.masses import weighed
from joulestack.case.layers.recipes import medium_of
from joulestack.case.root import CaseFile
from joulestack.case.stack.geometry import geometry_of
from joulestack.errors import CaseError
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.media import Fabricated
from joulestack.laws.state import ROOM


def settle(case: CaseFile, folder: Path) -> None:
    """Give layers without a thickness the one that their mass makes, as they were pressed.

    What cannot be told yet stays without, for the checks of the case say what is wrong.

    Args:
        case: its models; layers are changed in place, and do not count as given.
        folder: of the case file.
    """
    for layer in case.cell.layers:
        recipe = case.materials.get(layer.material)
        loading = recipe.loading if isinstance(recipe, Recipe) else None
        mass = weighed(case, layer)
        if layer.thickness is not None or (loading is None and mass is None):
            continue
        try:
            if not geometry_of(case.cell, case.mesh).layered:
                continue
            medium = medium_of(case, layer.material, folder)
        except CaseError:
            continue
        if mass is not None:
            found = mass / float(cast(Fabricated, medium).parts(ROOM)["density"][0])
        else:
            found = cast(float, loading) / float(
                cast(CompositeElectrode, medium).active_mass_density
            )
        # The models are frozen for everybody else.
        layer.__dict__["thickness"] = found


def given(case: CaseFile) -> list[int]:
    """Layers whose thickness the case gives itself."""
    return [i for i, la in enumerate(case.cell.layers) if "thickness" in la.model_fields_set]
