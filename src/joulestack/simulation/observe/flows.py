"""Heat and currents of layers and interfaces together, from the sums of all ranks."""

from __future__ import annotations

from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.cuts import AREA, JUMP, RESISTANCES, Cuts
from joulestack.simulation.observe.volumes import REACTION, REACTION_POWER, Volumes


class Flows:
    """Reads sums over layers and over interfaces together."""

    def __init__(self, volumes: Volumes, cuts: Cuts) -> None:
        """Of layers and of interfaces."""
        self._volumes, self._cuts = volumes, cuts

    def heat(self, volumes: list[float], slots: list[float]) -> Row:
        """Heat of each source in layers and on interfaces together [W].

        Args:
            volumes: sums of `Volumes` over all layers.
            slots: sums of `Cuts`.
        """
        heat: Row = dict(zip(self._volumes.sources, volumes, strict=False))
        for cut in self._cuts.cuts:
            for name, watts in cut.heats.items():
                heat[name] = heat.get(name, 0.0) + slots[watts]
        return heat

    def electrochemistry(self, volumes: list[float], slots: list[float]) -> tuple[float, float]:
        """Net current into all electrolytes [A] and the chemical power -sum(I_reaction U) [W]."""
        columns = self._volumes.columns
        net = volumes[columns[REACTION]] if REACTION in columns else 0.0
        power = -volumes[columns[REACTION_POWER]] if REACTION in columns else 0.0
        for cut in self._cuts.cuts:
            for current in cut.currents:
                net += current.crossing.into * slots[current.slot]
                if current.power is not None:
                    power -= slots[current.power]
        return net, power

    def at_interfaces(self, slots: list[float]) -> Row:
        """Mean temperature jump, resistances, currents and heat of each interface."""
        row: Row = {}
        for cut in self._cuts.cuts:
            interface = cut.interface.name
            if JUMP in cut.slots:
                jump = slots[cut.slots[JUMP]] / slots[cut.slots[AREA]]
                row[f"{interface} temperature jump [K]"] = jump
            for name in RESISTANCES:
                if name in cut.slots:
                    unit = "m^2 K/W" if name == "thermal" else "ohm m^2"
                    label = f"{interface} {name.replace('_', ' ')} resistance [{unit}]"
                    row[label] = slots[cut.slots[name]] / slots[cut.slots[AREA]]
            for current in cut.currents:
                name = current.crossing.source.name
                row[f"{interface} {name} current [A]"] = slots[current.slot]
            for name, watts in cut.heats.items():
                row[f"{interface} {name} heat [W]"] = slots[watts]
        return row


def column(source: str) -> str:
    """Of a heat source in the time series."""
    return f"Heat {source} [W]"
