"""What is measured on resistive interfaces: area, temperature jump, currents and heat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from joulestack.declarations import ELECTRONIC, IONIC, TEMPERATURE
from joulestack.discretisation.domain import Domain, Interface
from joulestack.physics.context import NODAL, InterfaceGroup, sides
from joulestack.physics.sources import Crossing
from joulestack.simulation.model import Model
from joulestack.simulation.observe.sums import Floats, total
from joulestack.solver.forms import INTERIOR

AREA, JUMP = "area", "jump"
RISE, PRESSURE = "rise", "pressure"
SHARE, CONDUCTANCE = "share", "conductance"
RESISTANCES: dict[str, tuple[str, ...]] = {
    "thermal": (TEMPERATURE.key,),
    "electronic": (ELECTRONIC.key,),
    "ionic": (IONIC.key,),
    "charge_transfer": (),
}
"""Contacts whose mean resistance is measured where pressure acts, with the fields they join."""
LABELS = {
    RISE: "Temperature rise [K]",
    PRESSURE: "Stack pressure [MPa]",
    JUMP: "Temperature jump [K]",
    "thermal": "Thermal contact resistance [m2 K/W]",
    "electronic": "Electronic contact resistance [ohm m2]",
    "ionic": "Ionic contact resistance [ohm m2]",
    "charge_transfer": "Charge transfer resistance [ohm m2]",
    SHARE: "Contact area [-]",
}
"""Quantities that are shown on the facets, as means over each."""
CONTACT_HEAT = "Contact heat [W/m2]"
"""Made at an interface by all sources."""
HEAT, CURRENT, POWER = "heat", "current", "power"
CONTACT = "Contact resistance [ohm m2]"


@dataclass(frozen=True)
class Current:
    """A current through an interface, and where it stands among the sums.

    Attributes:
        crossing: what it is.
        slot: of the current [A].
        power: slot of its potential times the current from electrons to ions [W]; only of those.
    """

    crossing: Crossing
    slot: int
    power: int | None


@dataclass
class Cut:
    """One interface, and where its quantities stand among the sums.

    Attributes:
        interface: between what.
        slots: AREA [m2], JUMP (integral of the temperature jump [K m2]) where it has one, the
            integral of each resistance under a fixture, of SHARE [m2] and CONDUCTANCE [S] where
            the contact area is an unknown.
        heats: name of each heat source there -> slot [W].
        currents: through it.
        colour: of the interface.
        first: slot of its first quantity.
    """

    interface: Interface
    slots: dict[str, int] = field(default_factory=dict)
    heats: dict[str, int] = field(default_factory=dict)
    currents: list[Current] = field(default_factory=list)
    colour: int = 0
    first: int = 0


class Cuts:
    """All interfaces in one sweep: a DG0 test function on side 0, a component for each quantity.

    A cell may touch several interfaces. They get different colours, and each colour its own
    components, so that the sum over the cells of an interface is the sum over its facets.

    Attributes:
        cuts: the interfaces measured.
    """

    def __init__(self, model: Model, shown: bool = False) -> None:
        """Ask for the form.

        Args:
            model: what is measured.
            shown: `facets` will be asked for.
        """
        self.cuts: list[Cut] = []
        self._shown = shown
        pairs = [(i, g) for g in model.context.interfaces for i in g.interfaces]
        if not pairs:
            return
        densities = {g.id: self._densities(model, g) for g in model.context.interfaces}
        width = max(map(len, densities.values()))
        colours = _colours(model.domain, [i for i, _ in pairs])
        components = width * (max(colours) + 1)
        space = fem.functionspace(model.domain.mesh, ("DG", 0, (components,)))
        self._cells = fem.Function(space)
        v = ufl.TestFunction(space)("+")
        facets: dict[tuple[int, int], list[Any]] = {}
        index, slot, count = [], [], 0
        nodal = any(of.nodal for d in densities.values() for q in d.values() for _, of in q)
        for (interface, group), colour in zip(pairs, colours, strict=True):
            facets.setdefault((group.id, colour), []).append(interface.facets)
            quantities = densities[group.id]
            cells = np.unique(interface.facets[:, 0]).astype(np.int64)
            for k in range(len(quantities)):
                index.append(cells * components + colour * width + k)
                slot.append(np.full(len(cells), count + k))
            crossings = [c for c in model.terms.crossings if c.group.id == group.id]
            self.cuts.append(_cut(interface, list(quantities), crossings, count, colour))
            count += len(quantities)
        self._index, self._slot = np.concatenate(index), np.concatenate(slot)
        self._count, self._width, self._components = count, width, components
        self._form = model.forms.add(
            total(
                [
                    q * v[colour * width + k] * model.context.dS(of, n + 1)
                    for n, (group, colour) in enumerate(facets)
                    for k, parts in enumerate(densities[group].values())
                    for q, of in parts
                ]
            ),
            {
                INTERIOR: [
                    (start + n + 1, np.vstack(f).ravel())
                    for start in ((0, NODAL) if nodal else (0,))
                    for n, f in enumerate(facets.values())
                ]
            },
        )

    def _densities(
        self, model: Model, group: InterfaceGroup
    ) -> dict[tuple[str, str], list[tuple[Any, InterfaceGroup]]]:
        """Integrands of each quantity and how the group is integrated, by kind and name."""
        found: dict[tuple[str, str], Any] = {(AREA, ""): [(ufl.as_ufl(1.0), group)]}
        if group.contacts.thermal is not None:
            T0, T1 = sides(group, TEMPERATURE.key)
            found[JUMP, ""] = [(T0 - T1, group)]
        state = model.context.interface_state(group)
        if self._shown:
            found[RISE, ""] = [(state.T - model.context.reference_temperature, group)]
            found[PRESSURE, ""] = [(1e-6 * state.p, group)]
        if self._shown or model.pressure.clamp is not None:
            for name in RESISTANCES:
                law = getattr(group.contacts, name)
                if law is not None and all(
                    key in side.blocks for side in group.sides for key in RESISTANCES[name]
                ):
                    found[name, ""] = [(ufl.as_ufl(law.resistance(state)), group)]
        terms = model.terms
        for t in terms.touching:
            if t.group.id == group.id:
                found[SHARE, ""] = [(t.share, t.group)]
                found[CONDUCTANCE, ""] = [(t.conductance, t.group)]
        for heat in terms.heats:
            of = heat.group
            if isinstance(of, InterfaceGroup) and of.id == group.id:
                found.setdefault((HEAT, heat.source.name), []).append((heat.density, of))
        for c in terms.crossings:
            if c.group.id == group.id:
                found.setdefault((CURRENT, c.source.name), []).append((c.i_n, c.group))
                if c.electrons is not None:
                    power = c.into * c.i_n * c.potential
                    found.setdefault((POWER, c.source.name), []).append((power, c.group))
        return found

    def sums(self) -> Floats:
        """This rank's part of every slot."""
        if not self.cuts:
            return np.zeros(0)
        array = self._cells.x.array
        array[:] = 0.0
        self._form[0].vector(array)
        # Of nothing at all, bincount returns integers.
        return np.bincount(self._slot, array[self._index], self._count).astype(np.float64)

    def density(self, cut: Cut, current: Current) -> Floats:
        """Current density by facet of this rank, as `facets`, as of the last `sums` [A/m2]."""
        return self._mean(cut, current.slot)

    def _mean(self, cut: Cut, slot: int) -> Floats:
        """Mean of a quantity over each facet of this rank; over those of one cell together."""
        base = cut.interface.facets[:, 0] * self._components + cut.colour * self._width - cut.first
        array = self._cells.x.array
        values: Floats = array[base + slot] / array[base + cut.slots[AREA]]
        return values

    def facets(self) -> dict[str, dict[int, Floats]]:
        """Label with unit -> number of the interface -> means over its facets on this rank.

        Of facets of one interface on one cell they are means over all of them.
        """
        self.sums()
        found: dict[str, dict[int, Floats]] = {}
        for number, cut in enumerate(self.cuts):
            for kind, slot in cut.slots.items():
                if kind in LABELS:
                    found.setdefault(LABELS[kind], {})[number] = self._mean(cut, slot)
            if CONDUCTANCE in cut.slots:
                found.setdefault(CONTACT, {})[number] = 1 / self._mean(cut, cut.slots[CONDUCTANCE])
            for current in cut.currents:
                label = f"Current density {current.crossing.source.name} [A/m2]"
                found.setdefault(label, {})[number] = self._mean(cut, current.slot)
            for watts in cut.heats.values():
                heats = found.setdefault(CONTACT_HEAT, {})
                heats[number] = heats.get(number, 0.0) + self._mean(cut, watts)
        return found


def _cut(
    interface: Interface,
    quantities: list[tuple[str, str]],
    crossings: list[Crossing],
    first: int,
    colour: int,
) -> Cut:
    """Where the quantities of an interface stand, the first of them in slot `first`."""
    place = {q: first + k for k, q in enumerate(quantities)}
    return Cut(
        interface,
        {kind: n for (kind, name), n in place.items() if not name},
        {name: n for (kind, name), n in place.items() if kind == HEAT},
        [
            Current(c, place[CURRENT, name], place.get((POWER, name)))
            for name, c in {c.source.name: c for c in crossings}.items()
        ],
        colour,
        first,
    )


def _colours(domain: Domain, interfaces: list[Interface]) -> list[int]:
    """A colour for each interface; those that share a cell of side 0 on any rank differ."""
    touching: dict[int, set[int]] = {}
    for n, interface in enumerate(interfaces):
        for cell in np.unique(interface.facets[:, 0]):
            touching.setdefault(int(cell), set()).add(n)
    here = {(a, b) for group in touching.values() for a in group for b in group if a < b}
    everywhere = set().union(*domain.comm.allgather(here))
    colours: list[int] = []
    for n in range(len(interfaces)):
        taken = {colours[a] for a, b in everywhere if b == n}
        colours.append(next(c for c in range(n + 1) if c not in taken))
    return colours
