"""Equilibrium voltages: of the mean lithiation, and of the surfaces where the reaction runs."""

from __future__ import annotations

from collections.abc import Sequence

from joulestack.physics.particles import equilibrium
from joulestack.simulation.model import Model
from joulestack.simulation.observe.cuts import Cut
from joulestack.simulation.observe.electrodes import NEGATIVE, POSITIVE, Electrodes
from joulestack.simulation.observe.lithiation import Lithiation
from joulestack.simulation.observe.sums import Floats
from joulestack.simulation.observe.volumes import REACTION, REACTION_POWER, Volumes


class Equilibrium:
    """Both voltages of a model, positive less negative electrode.

    An electrode of several populations has the mean of their U weighted by theoretical capacity,
    one of linear charge transfer that weighted by surface; a metal has its own potential.

    Attributes:
        known: there are two electrodes (see `Electrodes`), so that their voltage can be told.
    """

    def __init__(
        self,
        model: Model,
        electrodes: Electrodes,
        volumes: Volumes,
        lithiation: Lithiation,
        cuts: Sequence[Cut],
    ) -> None:
        """Sort what reacts into electrodes."""
        self.known = electrodes.known
        self._lithiation, self._columns = lithiation, volumes.columns
        self._metals = [
            (*metal, current.slot)
            for cut in cuts
            for current in cut.currents
            if (metal := electrodes.of_metal(model, cut.interface, current.crossing)) is not None
        ]
        reacting = {r.layer for _, _, g in model.terms.reaction for r in g.regions}
        self._layers = [
            (electrodes.of_layer(layer), row)
            for row, layer in enumerate(volumes.layers)
            if layer in reacting
        ]
        self._populations = [
            (electrodes.of_layer(p.layer), n, volumes.layers.index(p.layer))
            for n, p in enumerate(lithiation.populations)
        ]
        filled = {p.layer for p in lithiation.populations}
        self._linear = [
            (sign, row, float(law.open_circuit_voltage), float(law.specific_area))
            for sign, row in self._layers
            if (layer := volumes.layers[row]) not in filled
            and (law := model.setup.media[layer].charge_transfer) is not None
        ]

    def of_mean(self, lithium: Floats, temperatures: Floats, volumes: Floats) -> float:
        """U of the mean lithiation [V].

        Args:
            lithium: `Lithiation.measure` of all ranks.
            temperatures: mean of each layer [K].
            volumes: of each layer [m3].
        """
        means = self._lithiation.means(lithium)
        result = 0.0
        for side in (NEGATIVE, POSITIVE):
            parts = []
            for sign, n, row in self._populations:
                if sign == side:
                    particles = self._lithiation.populations[n].particles
                    U, _ = equilibrium(particles, means[n], float(temperatures[row]))
                    capacity = particles.theoretical_capacity_density * lithium[n, 2]
                    parts.append((float(capacity), float(U)))
            linear = [(a * float(volumes[row]), U) for s, row, U, a in self._linear if s == side]
            metals = [(1.0, U) for s, U, _, _ in self._metals if s == side]
            parts = parts or linear or metals
            if parts:
                result += side * sum(w * U for w, U in parts) / sum(w for w, _ in parts)
        return result

    def of_surface(self, by_layer: Floats, slots: Sequence[float]) -> float:
        """U weighted by the reaction's current [V]; there must be one.

        Args:
            by_layer: `Volumes.sums` of all ranks.
            slots: `Cuts.sums` of all ranks.
        """
        result = 0.0
        for side in (NEGATIVE, POSITIVE):
            current = power = 0.0
            for sign, row in self._layers:
                if sign == side:
                    current += float(by_layer[row, self._columns[REACTION]])
                    power += float(by_layer[row, self._columns[REACTION_POWER]])
            for sign, U, direction, slot in self._metals:
                if sign == side:
                    into = direction * slots[slot]
                    current += into
                    power += into * U
            if current:
                result += side * power / current
        return result
