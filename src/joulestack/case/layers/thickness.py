"""Thickness of composite electrodes that follows from their loading: mass is conserved."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from joulestack.case.layers.fabrication import CompositeElectrode as Recipe
from joulestack.case.layers.recipes import medium_of
from joulestack.case.root import CaseFile
from joulestack.case.stack.geometry import geometry_of
from joulestack.errors import CaseError
from joulestack.fabrication.composite.electrode import CompositeElectrode


def settle(case: CaseFile, folder: Path) -> None:
    """Give layers without a thickness the one that their loading makes, as they were pressed.

    What cannot be told yet stays without, for the checks of the case say what is wrong.

    Args:
        case: its models; layers are changed in place, and do not count as given.
        folder: of the case file.
    """
    for layer in case.cell.layers:
        recipe = case.materials.get(layer.material)
        if layer.thickness is not None or not isinstance(recipe, Recipe) or recipe.loading is None:
            continue
        try:
            if not geometry_of(case.cell, case.mesh).layered:
                continue
            medium = cast(CompositeElectrode, medium_of(case, layer.material, folder))
        except CaseError:
            continue
        # The models are frozen for everybody else.
        layer.__dict__["thickness"] = recipe.loading / float(medium.active_mass_density)


def given(case: CaseFile) -> list[int]:
    """Layers whose thickness the case gives itself."""
    return [i for i, la in enumerate(case.cell.layers) if "thickness" in la.model_fields_set]
