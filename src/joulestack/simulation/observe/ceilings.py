"""Whether a run has taken a material to where it melts, decomposes or leaves its window.

Temperatures are those of the hottest point of a layer; potentials against Li/Li+ are phi_s - phi_e
where electrons and ions meet: all through a composite electrode, and where a metal touches an
electrolyte, that metal's own.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack.declarations import ELECTRONIC, IONIC, TEMPERATURE
from joulestack.discretisation.fields import Block
from joulestack.materials import ceilings
from joulestack.materials.property import Property
from joulestack.mesh import Region
from joulestack.mesh.coordinates import named
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.sums import over_ranks
from joulestack.solver.control import Stop
from joulestack.units import format_quantity

log = logging.getLogger("joulestack")

_POINT = 1e-12
"""Of coordinates [m]."""

NEAR = {False: 1e-4, True: 1e-5}
"""How near a run ends to a ceiling: of temperature [K], of potential [V]."""


@dataclass
class Watch:
    """A ceiling in a layer, and what a run has come to.

    Attributes:
        layer, law: where and what.
        touching: metal that sets the potential there; "" elsewhere.
        furthest: so far, toward the ceiling and past it [K] or [V].
        since: time of the first record past it [s]; None: there is none.
        place: where it was reached, in words.
    """

    REMEMBERS = ("furthest", "since", "place")

    layer: str
    law: Property
    touching: str = ""
    furthest: float = math.nan
    since: float | None = None
    place: str = ""

    def add(self, reached: float) -> None:
        """Note a value."""
        side = ceilings.event(self.law).side
        if math.isnan(self.furthest) or side * reached > side * self.furthest:
            self.furthest = reached

    def said(self) -> str:
        """What was reached where and when."""
        at = f" at {self.place}" if self.place else ""
        by = f", touching {self.touching}" if self.touching else ""
        return (
            f"{ceilings.said(self.law)}: reached in {self.layer}{by}{at}, "
            f"by t = {self.since:.6g} s; {ceilings.consequence(self.law)} "
            f"{ceilings.source(self.law)}"
        )

    def summary(self) -> dict[str, Any]:
        """For summary.json."""
        return {
            "layer": self.layer,
            "material": self.law.material,
            "event": ceilings.event(self.law).name,
            "limit": ceilings.value(self.law),
            "furthest": self.furthest,
            "unit": self.law.unit,
            "time_s": self.since,
            "place": self.place or None,
            "source": self.law.source,
        }


class Ceilings:
    """Watches the ceilings of all media at every record, and gives stops at them."""

    REMEMBERS = ("_watched",)

    def __init__(self, model: Model) -> None:
        """Find them."""
        self._model = model
        self._regions: dict[str, list[Region]] = {}
        for region in model.domain.regions:
            self._regions.setdefault(region.layer, []).append(region)
        self._watched: list[Watch] = []
        for layer in self._regions:
            for law in _laws(model, layer):
                if not ceilings.event(law).potential or self._meets(layer):
                    self._watched.append(Watch(layer, law))
        self._watched += self._touching()
        self._points = {
            (w.layer, potential): self._nodes(w.layer, potential)
            for w in self._watched
            if not w.touching
            for potential in (ceilings.event(w.law).potential,)
        }

    def _meets(self, layer: str) -> bool:
        """Whether a layer carries electrons and ions."""
        fields = self._model.fields
        return all(
            key in fields and all(r in fields[key] for r in self._regions[layer])
            for key in (ELECTRONIC.key, IONIC.key)
        )

    def _touching(self) -> Iterator[Watch]:
        """Windows that the potential of a metal leaves where it touches."""
        found: dict[tuple[str, str, str], Watch] = {}
        media = self._model.setup.media
        for interface in self._model.domain.interfaces:
            for metal, other in (interface.layers, interface.layers[::-1]):
                potential = media[metal].electrode_potential
                if potential is None or not media[other].conducts_ions:
                    continue
                for law in _laws(self._model, other):
                    if ceilings.event(law).potential:
                        watch = Watch(other, law, media[metal].surface, float(potential))
                        found.setdefault((other, law.material, law.name), watch)
        yield from found.values()

    def _nodes(self, layer: str, potential: bool) -> list[tuple[Block, Any, Block | None, Any]]:
        """Blocks and dofs whose values, or their differences, a layer has."""
        fields, domain, found = self._model.fields, self._model.domain, []
        for region in self._regions[layer]:
            keys = (ELECTRONIC.key, IONIC.key) if potential else (TEMPERATURE.key,)
            blocks = [fields[key].block(region) for key in keys]
            cells = domain.cells_of([region], ghosts=True)
            dofs = [b.space.dofmap.list[b.cells(cells)].ravel() for b in blocks]
            nodes, first = np.unique(dofs[0], return_index=True)  # a node has one of each field
            other = (blocks[1], dofs[1][first]) if potential else (None, None)
            found.append((blocks[0], nodes, *other))
        return found

    def _furthest(self, layer: str, law: Property) -> tuple[float, tuple[Block, int] | None]:
        """This rank's value nearest to a ceiling or furthest past it, and its node."""
        event = ceilings.event(law)
        best, at = -math.inf, None
        for block, dofs, other, its in self._points[layer, event.potential]:
            values = block.value.x.array[dofs]
            if other is not None:
                values = values - other.value.x.array[its]
            if not len(values):
                continue
            n = int(np.argmax(event.side * values))
            if event.side * values[n] > best:
                best, at = event.side * float(values[n]), (block, int(dofs[n]))
        if not event.potential:
            best += self._model.setup.start_temperature
        return best, at

    def look(self, row: Row) -> None:
        """Take a record whose state is in the model; say once what is reached. Collective."""
        asked = [w for w in self._watched if not w.touching]
        # Materials of a layer share its potentials and temperatures.
        once: dict[tuple[str, bool, float], tuple[float, tuple[Block, int] | None]] = {}
        found = []
        for w in asked:
            key = w.layer, ceilings.event(w.law).potential, ceilings.event(w.law).side
            if key not in once:
                once[key] = self._furthest(w.layer, w.law)
            found.append(once[key])
        mine = np.array([best for best, _ in found])
        (most,) = over_ranks(self._model.domain.comm, [mine.copy()], MPI.MAX)
        for n, (watch, (_, node)) in enumerate(zip(asked, found, strict=True)):
            event, signed = ceilings.event(watch.law), float(most[n])
            if not event.potential:  # crests inside quadratic cells are known of temperatures
                signed = max(signed, row[f"{watch.layer} temperature max [K]"])
            watch.add(event.side * signed)
            if watch.since is None and ceilings.beyond(watch.law, watch.furthest):
                watch.place = self._place(mine[n] == most[n], node)
                self._reached(watch, row)
        for watch in self._watched:
            beyond = watch.touching and ceilings.beyond(watch.law, watch.furthest)
            if beyond and watch.since is None:
                self._reached(watch, row)

    def _reached(self, watch: Watch, row: Row) -> None:
        watch.since = row["Time [s]"]
        log.warning("%s", watch.said())

    def _place(self, mine: bool, at: tuple[Block, int] | None) -> str:
        """Coordinates of a node, from the first rank that has it. Collective."""
        comm, size = self._model.domain.comm, self._model.domain.comm.size
        rank = comm.allreduce(comm.rank if mine and at is not None else size, op=MPI.MIN)
        if rank == size:
            return ""
        point = None
        if comm.rank == rank and at is not None:
            point = at[0].space.tabulate_dof_coordinates()[at[1]].tolist()
        point = comm.bcast(point, root=rank)
        axes = named(self._model.setup.tagged.coordinates).axes
        told = zip(axes, point[: self._model.domain.tdim], strict=False)
        # Round-off of a mesh is no place.
        shown = ((axis, value if abs(value) > _POINT else 0.0) for axis, value in told)
        return ", ".join(f"{axis} = {format_quantity(value, 'm', 4)}" for axis, value in shown)

    def stops(self, events: Collection[str]) -> list[Stop]:
        """Stops where one of these events, of `materials.ceilings.NAMES`, begins in a layer."""
        return [
            Stop(
                f"{ceilings.said(w.law)}, reached in {w.layer} {ceilings.source(w.law)}",
                partial(self._left, w),
                NEAR[ceilings.event(w.law).potential],
            )
            for w in self._watched
            if ceilings.event(w.law).name in events
        ]

    def _left(self, watch: Watch) -> float:
        """From the present state to a ceiling [K] or [V]; collective."""
        side, limit = ceilings.event(watch.law).side, ceilings.value(watch.law)
        if watch.touching:
            return side * (limit - watch.furthest)
        now = np.array([self._furthest(watch.layer, watch.law)[0]])
        return side * limit - float(over_ranks(self._model.domain.comm, [now], MPI.MAX)[0][0])

    def said(self) -> list[str]:
        """A line for each ceiling that was reached."""
        return [w.said() for w in self._watched if w.since is not None]

    def summary(self) -> list[dict[str, Any]]:
        """Those that were reached, for summary.json."""
        return [w.summary() for w in self._watched if w.since is not None]

    def restart(self) -> None:
        """Forget all records."""
        for watch in self._watched:
            watch.since, watch.place = None, ""
            watch.furthest = watch.furthest if watch.touching else math.nan


def _laws(model: Model, layer: str) -> tuple[Property, ...]:
    """Ceilings of a layer's medium, of those that know them."""
    found: tuple[Property, ...] = getattr(model.setup.media[layer], "ceilings", ())
    return found
