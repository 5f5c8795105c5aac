"""Contact area of interfaces whose voids are unknowns, and the resistance that is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Block
from joulestack.laws.solids import voids
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.cuts import AREA, CONDUCTANCE, SHARE, Cut
from joulestack.simulation.observe.sums import Floats

MEAN, LEAST = "contact area [-]", "contact area min [-]"
"""Columns after the name of the interface: share of the face in contact."""


class Contact:
    """Voids of all interfaces that have any."""

    def __init__(self, model: Model) -> None:
        """Find the nodes of each interface."""
        self._places: dict[str, tuple[Block, npt.NDArray[np.integer]]] = {}
        for touching in model.terms.touching:
            block = touching.group.current
            assert block is not None
            for interface in touching.group.interfaces:
                nodes = block.vertex_nodes(model.domain)[_vertices(model.domain, interface)]
                self._places[interface.name] = block, nodes[nodes >= 0]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the interfaces."""
        return tuple(self._places)

    def depths(self) -> Floats:
        """Largest void depth on this rank's part of each interface; zero where it has none."""
        return np.array(
            [
                block.value.x.array.reshape(-1, block.size)[nodes, 0].max(initial=0.0)
                for block, nodes in self._places.values()
            ],
            dtype=np.float64,
        )

    def row(self, cuts: list[Cut], slots: list[float], depths: Floats) -> Row:
        """Mean and least share in contact, and the resistance at small currents.

        Args:
            cuts, slots: interfaces and their sums over all ranks.
            depths: of all ranks.
        """
        found: Row = {}
        least = dict(zip(self._places, depths, strict=True))
        for cut in cuts:
            name = cut.interface.name
            if name in least:
                area = slots[cut.slots[AREA]]
                found[f"{name} {MEAN}"] = slots[cut.slots[SHARE]] / area
                found[f"{name} {LEAST}"] = float(voids.contact(least[name]))
                resistance = area / slots[cut.slots[CONDUCTANCE]]
                found[f"{name} contact resistance [ohm m^2]"] = resistance
        return found


class ContactHistory:
    """What became of the contact of each interface in a run."""

    REMEMBERS = ("_least", "_now", "_lost")

    def __init__(self, names: Sequence[str]) -> None:
        """Start with full contact."""
        self._least = dict.fromkeys(names, 1.0)
        self._now = dict.fromkeys(names, 1.0)
        self._lost: dict[str, float] = {}

    def add(self, t: float, row: Row) -> list[str]:
        """Take a record; tells which contacts are lost from now on (`voids.LOST`)."""
        news = []
        for name in self._least:
            self._now[name] = row[f"{name} {MEAN}"]
            self._least[name] = min(self._least[name], row[f"{name} {LEAST}"])
            if self._now[name] < voids.LOST and name not in self._lost:
                self._lost[name] = t
                news.append(
                    f"{name}: contact is lost to voids at t = {t:.6g} s: less than "
                    f"{100 * voids.LOST:.0f} % of it is left"
                )
        return news

    def summary(self) -> dict[str, Any]:
        """Entries for summary.json; none without voids."""
        table = {
            name: {
                "contact_area": self._now[name],
                "contact_area_min": least,
                "lost_at_s": self._lost.get(name),
            }
            for name, least in self._least.items()
        }
        return {"voids": table} if table else {}


def _vertices(domain: Domain, interface: Interface) -> npt.NDArray[np.integer]:
    """Local vertices of the parent mesh on the facets of an interface that this rank owns."""
    topology, fdim = domain.mesh.topology, domain.tdim - 1
    topology.create_connectivity(fdim, 0)
    facets = topology.connectivity(domain.tdim, fdim)
    corners = topology.connectivity(fdim, 0)
    cells, local = interface.facets[:, 0], interface.facets[:, 1]
    own = facets.array[facets.offsets[cells] + local]
    width = int(corners.offsets[1]) if len(corners.offsets) > 1 else 1
    return np.unique(corners.array.reshape(-1, width)[own])
