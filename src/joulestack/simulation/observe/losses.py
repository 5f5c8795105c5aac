"""Where the voltage goes: what each irreversible process costs, from the heat it makes.

loss = P/I for every irreversible source of heat P, and for diffusion the equilibrium voltage of the
mean lithiation less that of the surfaces where the reaction runs. Their sum is the equilibrium
voltage less the terminal voltage: that is the balance of electrical energy, in any dimension.
"""

from __future__ import annotations

from joulestack.physics.metal import SOURCE as METAL
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.equilibrium import Equilibrium
from joulestack.simulation.observe.sums import Floats
from joulestack.simulation.observe.volumes import Volumes

SMALL = 1e-4
"""Part of the largest current so far below which a current counts as none."""

NAMES = {
    "Joule electronic": "electronic",
    "charge transfer": "kinetics",
    "film": "film",
    "contact electronic": "contacts",
    "contact ionic": "contacts",
    METAL: "metal interface",
}
"""Loss that a source of heat belongs to; ionic Joule heat has one for each layer."""


class Losses:
    """The split of one model's voltage."""

    def __init__(self, model: Model, volumes: Volumes, equilibrium: Equilibrium) -> None:
        """Find the layers that conduct ions."""
        self._equilibrium = equilibrium
        ionic = model.fields["phi_e"].regions if "phi_e" in model.fields else ()
        names = {r.layer for r in ionic}
        self._ionic = [(n, name) for n, name in enumerate(volumes.layers) if name in names]
        self._column = volumes.columns.get("Joule ionic", -1)

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
        loaded = abs(current) > SMALL * largest
        inverse = 1.0 / current if loaded else 0.0
        row: Row = {
            f"Loss ionic {name} [V]": float(by_layer[n, self._column]) * inverse
            for n, name in self._ionic
        }
        for source, name in NAMES.items():
            if source in heat:
                label = f"Loss {name} [V]"
                row[label] = row.get(label, 0.0) + heat[source] * inverse
        if self._equilibrium.known:
            mean = self._equilibrium.of_mean(lithium, *layers)
            surface = self._equilibrium.of_surface(by_layer, slots) if loaded else mean
            row["Loss diffusion [V]"] = mean - surface
            row["Equilibrium voltage [V]"] = mean
        return row
