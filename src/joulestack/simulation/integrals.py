"""What a model integrates over: groups of cells and interfaces, shares of faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block, Field
from joulestack.physics.context import NODAL, InterfaceGroup, RegionGroup
from joulestack.solver.forms import CELL, EXTERIOR, INTERIOR


class Integrals:
    """Integration data of a mesh; shares of faces come as they are asked for."""

    def __init__(self, domain: Domain, fields: Mapping[str, Field]) -> None:
        """Nothing is asked for yet."""
        self._domain, self._fields = domain, fields
        self._faces: list[tuple[int, Any]] = []

    def on_face(self, face: str, key: str) -> list[tuple[Block, int]]:
        """Blocks of a field on a face, each with the integral id of its share of the facets."""
        domain = self._domain
        facets = domain.face_facets(face)
        found = []
        for block in self._fields[key].blocks:
            ids = [r.id for r in block.regions]
            mine = facets[np.isin(domain.cell_region[facets[:, 0]], ids)]
            if domain.comm.allreduce(len(mine)):
                self._faces.append((len(self._faces) + 1, mine.ravel()))
                found.append((block, len(self._faces)))
        return found

    def subdomains(
        self, regions: Sequence[RegionGroup], interfaces: Sequence[InterfaceGroup]
    ) -> dict[Any, list[tuple[int, Any]]]:
        """Integral type -> [(id, entities)]; a group has an id for each of its two quadratures."""
        cells = [(g.id, self._domain.cells_of(g.regions)) for g in regions]
        return {
            CELL: [(start + id, entities) for start in (0, NODAL) for id, entities in cells],
            EXTERIOR: self._faces,
            INTERIOR: [
                (start + g.id, np.vstack([i.facets for i in g.interfaces]).ravel())
                for start in (0, NODAL)
                for g in interfaces
            ],
        }
