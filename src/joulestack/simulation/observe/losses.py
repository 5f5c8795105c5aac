"""Where the voltage goes: what each irreversible process costs, from the heat it makes.

loss = P/I for every electrical source of heat P, and for diffusion the equilibrium voltage of the
mean lithiation less that of the surfaces where the reaction runs. Their sum is the equilibrium
voltage less the terminal voltage: that is the balance of electrical energy, in any dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

from joulestack.outputs.legend import Entry
from joulestack.physics.context import RegionGroup
from joulestack.physics.sources import Loss
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.cuts import Cut
from joulestack.simulation.observe.equilibrium import Equilibrium
from joulestack.simulation.observe.sums import Floats
from joulestack.simulation.observe.volumes import Volumes

SMALL_CURRENT = 1e-4
"""Part of the largest current so far below which a current counts as none."""
DIFFUSION = Loss("diffusion", ("#228833",))
"""In the particles: takes voltage without making heat."""


class Losses:
    """The split of one model's voltage.

    Attributes:
        legend: of its columns.
    """

    def __init__(
        self, model: Model, volumes: Volumes, cuts: Sequence[Cut], equilibrium: Equilibrium
    ) -> None:
        """Find where each loss is made.

        Raises:
            ValueError: two losses would have the same column.
        """
        self._equilibrium = equilibrium
        sources = model.terms.sources
        losses = tuple(dict.fromkeys(s.loss for s in sources if s.loss is not None))
        self._whole = {
            loss: [s.name for s in sources if s.loss == loss]
            for loss in losses
            if not loss.by_place
        }
        self._placed: list[tuple[str, list[tuple[int, int]], list[int]]] = []
        """Column; rows and columns of `Volumes.sums`, slots of `Cuts.sums` that it adds up."""
        legend: list[Entry] = []
        for loss in (loss for loss in losses if loss.by_place):
            placed = self._places(model, volumes, cuts, loss)
            for n, (place, entries, slots) in enumerate(placed):
                name = f"{loss.name} {place}"
                self._placed.append((_column(name), entries, slots))
                legend.append(Entry(_column(name), name, loss.colours[n % len(loss.colours)]))
        told = (*self._whole, *((DIFFUSION,) if equilibrium.known else ()))
        legend += [Entry(_column(loss.name), loss.name, loss.colours[0]) for loss in told]
        self.legend = tuple(legend)
        columns = [entry.column for entry in legend]
        if twice := {c for c in columns if columns.count(c) > 1}:
            raise ValueError(f"two losses have the column {', '.join(sorted(twice))}")

    def _places(
        self, model: Model, volumes: Volumes, cuts: Sequence[Cut], loss: Loss
    ) -> list[tuple[str, list[tuple[int, int]], list[int]]]:
        """Layers and interfaces where a loss is made, with what adds up to it there."""
        heats = [h for h in model.terms.heats if h.source.loss == loss]
        names = {h.source.name for h in heats}
        inside = {
            (region.layer, h.source.name)
            for h in heats
            if isinstance(h.group, RegionGroup)
            for region in h.group.regions
        }
        found: list[tuple[str, list[tuple[int, int]], list[int]]] = []
        for row, layer in enumerate(volumes.layers):
            columns = [n for n, name in enumerate(volumes.sources) if (layer, name) in inside]
            if columns:
                found.append((layer, [(row, n) for n in columns], []))
        for cut in cuts:
            slots = [slot for name, slot in cut.heats.items() if name in names]
            if slots:
                found.append((cut.interface.name, [], slots))
        return found

    def row(
        self,
        currents: tuple[float, float],
        heat: Row,
        by_layer: Floats,
        slots: list[float],
        lithium: Floats,
        layers: tuple[Floats, Floats],
    ) -> Row:
        """Columns of a record.

        Args:
            currents: discharge current now, and the largest magnitude so far [A].
            heat: by source [W].
            by_layer, slots, lithium: of `Volumes`, `Cuts` and `Lithiation`, of all ranks.
            layers: mean temperature [K] and volume [m3] of each layer.
        """
        current, largest = currents
        loaded = abs(current) > SMALL_CURRENT * largest
        inverse = 1.0 / current if loaded else 0.0
        row: Row = {}
        for label, entries, own in self._placed:
            watts = sum(float(by_layer[i]) for i in entries) + sum(slots[i] for i in own)
            row[label] = watts * inverse
        for loss, names in self._whole.items():
            row[_column(loss.name)] = sum(heat[name] for name in names) * inverse
        if self._equilibrium.known:
            mean = self._equilibrium.of_mean(lithium, *layers)
            surface = self._equilibrium.of_surface(by_layer, slots) if loaded else mean
            row[_column(DIFFUSION.name)] = mean - surface
            row["Equilibrium voltage [V]"] = mean
        return row


def _column(name: str) -> str:
    return f"Loss {name} [V]"
