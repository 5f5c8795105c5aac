"""What sentences need to know of a cell, from its case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.case.protocol.semantics import CellFacts
from joulestack.case.root import CaseFile
from joulestack.case.stack.geometry import geometry_of

if TYPE_CHECKING:
    from joulestack.laws.medium import Medium


def facts_of(
    case: CaseFile, folder: Path, media: Callable[[], Mapping[str, Medium]] | None = None
) -> CellFacts:
    """Facts of a case; materials are made only if a capacity is asked for.

    Args:
        case: its models.
        folder: of the case file.
        media: gives the fabricated media; made here if not given.
    """
    from joulestack.case.layers import recipes, roles

    area = geometry_of(case.cell).face_area
    area = None if area is None else area * case.cell.unit_cells

    @cache
    def made() -> Mapping[str, Medium]:
        return media() if media is not None else recipes.media_of(case, folder)

    @cache
    def theoretical() -> float | None:
        return recipes.capacity_of(case, made(), area or 1.0)

    def mass() -> float | None:
        return recipes.active_mass(case, made(), area or 1.0)

    return CellFacts(
        area,
        lambda: recipes.nominal(case, mass) or theoretical(),
        theoretical,
        folder,
        lambda: roles.falling(case, made()),
        mass,
        lambda: roles.counter_potential(case, made()),
    )
