"""The record of a moment, put together from everything that is measured."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import asdict
from typing import Literal

from mpi4py import MPI

from joulestack.declarations import CHARGE, HEAT
from joulestack.discretisation.domain import Interface
from joulestack.laws.solids import voids
from joulestack.laws.state import State
from joulestack.outputs.legend import Entry
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Balances, Row
from joulestack.simulation.observe.ceilings import Ceilings
from joulestack.simulation.observe.contact import Contact
from joulestack.simulation.observe.cuts import LABELS, RISE, Cuts
from joulestack.simulation.observe.electrodes import Electrodes
from joulestack.simulation.observe.equilibrium import Equilibrium
from joulestack.simulation.observe.faces import Faces
from joulestack.simulation.observe.flows import Flows, column
from joulestack.simulation.observe.fluxes import Fluxes
from joulestack.simulation.observe.layers import Layers
from joulestack.simulation.observe.limits import Limits
from joulestack.simulation.observe.lithiation import Lithiation
from joulestack.simulation.observe.losses import Losses
from joulestack.simulation.observe.mechanics import mechanics
from joulestack.simulation.observe.places import HeatByPlace
from joulestack.simulation.observe.quantities import Quantities
from joulestack.simulation.observe.ranges import Ranges
from joulestack.simulation.observe.sums import Floats, numbers, over_ranks
from joulestack.simulation.observe.terminals import Terminals
from joulestack.simulation.observe.unit_cells import UnitCells
from joulestack.simulation.observe.volumes import (
    GAINED,
    STORED,
    Volumes,
)

TOTALS = ("generated", "removed", "stored", "imbalance")
"""Names of columns of heat that are no sources; after "removed" the name of a face may follow."""


class Observer:
    """Measures a model. Create it before `model.finish()`, so that its forms compile along.

    Attributes:
        model: what is measured.
        row: the last record.
        ceilings: where materials end, and whether they have got there.
        unit_cells: of a stack, and how far apart they lie.
    """

    REMEMBERS = (
        "row", "_balances", "_places", "_ranges", "_limits", "unit_cells", "ceilings", "_volumes",
    )  # fmt: skip

    def __init__(
        self,
        model: Model,
        vectors: Collection[str] = (),
        interfaces: bool = False,
        judging: bool = True,
    ) -> None:
        """Ask for all forms.

        Args:
            model: what is measured.
            vectors: cell-wise fluxes wanted for files: "heat_flux", "current_density".
            interfaces: `facet_data` is wanted for files.
            judging: records are held against what materials and laws can bear.
        """
        self.model, self._judging = model, judging
        self.row: Row = {}
        self._fluxes = Fluxes(model, vectors)
        self._volumes = Volumes(model)
        self._layers = Layers(model)
        self.unit_cells = UnitCells(model)
        self._faces = Faces(model)
        self._cuts, self._shown = Cuts(model, interfaces), interfaces
        self._flows = Flows(self._volumes, self._cuts)
        self._contact = Contact(model)
        self._limits = Limits(model, self._cuts)
        self._quantities = Quantities(model)
        self._balanced = {key: info.balance.name for key, info in model.system.infos.items()}
        self._balances = Balances()
        self._places = HeatByPlace(self._volumes.layers, self._volumes.sources, self._cuts.cuts)
        self._electrical = [s.name for s in model.terms.sources if s.origin.electrical]
        for source in model.terms.sources:
            if source.name in TOTALS or source.name.startswith("removed "):
                raise ValueError(f'a heat source cannot be called "{source.name}": that is a total')
        electrodes = None if model.setup.drive is None else Electrodes(model)
        self._lithiation = Lithiation(model, electrodes)
        setup = model.setup
        self._ranges = Ranges(
            setup.media,
            [(p.layer, p.name, p.particles) for p in self._lithiation.populations],
            {} if setup.clamping is None else setup.clamping.volumes,
            State(T=setup.start_temperature, p=setup.pressure(0.0)),
        )
        self.ceilings = Ceilings(model)
        self._terminals: Terminals | None = None
        if electrodes is not None:
            self._terminals = Terminals(model)
            equilibrium = Equilibrium(
                model, electrodes, self._volumes, self._lithiation, self._cuts.cuts
            )
            self._losses = Losses(model, self._volumes, self._cuts.cuts, equilibrium)

    def restart(self) -> None:
        """Forget all records: the next one is the first of another run."""
        self.row = {}
        self._balances = Balances()
        self._places.restart()
        self._ranges.restart()
        self._limits.restart()
        self.unit_cells.restart()
        self.ceilings.restart()

    @property
    def volumes(self) -> Volumes:
        """Of the layers."""
        return self._volumes

    @property
    def lithiation(self) -> Lithiation:
        """Of the particles."""
        return self._lithiation

    @property
    def integrals(self) -> Row:
        """Time integrals since the start [J], as `Balances.integrals`."""
        return self._balances.integrals

    @property
    def heat(self) -> Row:
        """Heat since the start by source [J]."""
        return self._balances.heat

    def sources(self) -> list[dict[str, str | None]]:
        """What is to be known of each heat source: name, origin, loss, and its legend."""
        return [
            {
                "name": source.name,
                "origin": source.origin.value,
                "loss": source.loss.name if source.loss else None,
                **asdict(Entry(column(source.name), source.label, source.colour, source.hatch)),
            }
            for source in self.model.terms.sources
        ]

    def losses(self) -> list[dict[str, str]]:
        """Legend of the losses; none without a drive."""
        return [] if self._terminals is None else [asdict(e) for e in self._losses.legend]

    @property
    def contacts(self) -> tuple[str, ...]:
        """Interfaces whose contact area is an unknown."""
        return self._contact.names

    def cell_data(self) -> dict[str, Floats]:
        """Heat source, reaction current and the fluxes asked for, by owned cell; vectors (n, 3)."""
        return self._volumes.densities() | self._fluxes.means(self._volumes.cell_volumes)

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """Those that `facet_data` tells of, in its order; none unless it was asked for."""
        return tuple(cut.interface for cut in self._cuts.cuts) if self._shown else ()

    def facet_data(self) -> dict[str, dict[int, Floats]]:
        """What is known on interfaces, as `Cuts.facets`, and their temperature [K]."""
        found = self._cuts.facets()
        start = self.model.setup.start_temperature
        rises = found.get(LABELS[RISE], {})
        return {"Temperature [K]": {n: start + rise for n, rise in rises.items()}} | found

    @property
    def ranges(self) -> Ranges:
        """Which laws of materials have left the range of their source."""
        return self._ranges

    @property
    def limits(self) -> Limits:
        """Which published limits of metal electrodes are exceeded."""
        return self._limits

    def heat_by_place(self) -> dict[str, dict[str, float]]:
        """Layer or interface -> source -> heat since the start [J]."""
        return self._places.joules()

    def capacities(self) -> tuple[float, float]:
        """Theoretical and usable capacity of the electrode whose particles hold least [C]."""
        sums, _ = self._lithiation.measure()
        return self._lithiation.capacities(over_ranks(self.model.domain.comm, [sums])[0])

    def measure(self, t: float, kind: Literal["start", "jump", "step", "steady"] = "step") -> Row:
        """Record the present state of the model (values, rates and raw residuals up to date).

        At the start and just after a jump of the load no rate is known: what is not removed is
        stored, by definition.
        """
        comm = self.model.domain.comm
        (warm, bounds), (lithium, surfaces) = self._layers.measure(), self._lithiation.measure()
        parts = [self._volumes.sums(), self._cuts.sums(), self._faces.sums(), warm, lithium]
        parts.append(self.unit_cells.sums())
        if self._terminals is not None:
            parts += [self._terminals.potentials(), self._terminals.held()]
        by_layer, cuts, faces, warm, lithium, units, *electric = over_ranks(comm, parts)
        extremes = [bounds, surfaces, self._contact.depths(), self._limits.densities()]
        bounds, surfaces, depths, densest = over_ranks(comm, extremes, MPI.MAX)
        step = self.model.system.step if kind == "step" else None
        self._places.add(t, by_layer, cuts, step)
        volumes, slots = numbers(by_layer.sum(axis=0)), numbers(cuts)
        columns, sources = self._volumes.columns, self._volumes.sources
        heat = self._flows.heat(volumes, slots)
        row: Row = {"Time [s]": t}
        lost: list[float]
        chemical, lost = math.nan, []
        if self._terminals is not None:
            net, chemical = self._flows.electrochemistry(volumes, slots)
            current, mismatch = self._terminals.currents(electric[1])
            row["Current [A]"] = current
            row["Voltage [V]"] = self._terminals.voltage(electric[0])
            row["Charge imbalance [A]"] = max(abs(mismatch), abs(net))
            self._balances.charge(current, row["Charge imbalance [A]"])
            gains = self._lithiation.gains(lithium)
            # Without a rate no lithium is known to be lost.
            lost = [gained - current if kind == "step" else 0.0 for gained in gains]
        row |= mechanics(self.model, t)
        removed = dict(zip(self._faces.names, numbers(faces), strict=True))
        row |= self._heat(heat, removed, volumes[columns[STORED]], kind)
        if self._terminals is not None:
            electrical = [heat[name] for name in self._electrical]
            power = row["Current [A]"] * row["Voltage [V]"]
            row["Chemical power [W]"] = chemical
            row["Electrical identity error [W]"] = sum(electrical) - (chemical - power)
            carried = row["Voltage [V]"] * row["Charge imbalance [A]"]
            self._balances.electrical(row["Electrical identity error [W]"], electrical, carried)
            row |= self._losses.row(
                (row["Current [A]"], self._balances.largest_current),
                heat, by_layer, slots, lithium, (self._layers.means(warm), warm[1]),
            )  # fmt: skip
            row |= self._lithiation.row(lithium, surfaces)
            row |= self._volumes.touching(by_layer, warm[1])
        row |= self._layers.row(warm, bounds) | self.unit_cells.row(t, units)
        layer_heat = numbers(by_layer[:, : len(sources)].sum(axis=1))
        for name, released in zip(self._volumes.layers, layer_heat, strict=True):
            row[f"{name} heat [W]"] = released
        row |= self._flows.at_interfaces(slots)
        row |= self._contact.row(self._cuts.cuts, slots, depths)
        more, balances = self._quantities.row(kind)
        row |= more
        for name, (wrong, flow) in balances.items():
            self._balances.other(name, wrong, flow)
        current = row.get("Current [A]", 0.0)
        self._balances.energy(
            t,
            heat,
            row["Heat removed [W]"],
            volumes[columns[GAINED]],
            (current, current * row.get("Voltage [V]", 0.0)),
            step,
            lost,
            self._lithiation.capacities(lithium)[0],
        )
        self._volumes.remember()
        if self._judging:
            self._ranges.add(row)
            self._limits.add(row, densest)
            self.ceilings.look(row)
        self.row = row
        return row

    def glance(self) -> Row:
        """Highest temperature, voltage, current and heat by source of the state in the model.

        Named as in a record, of which nothing is kept: of a state that only might have been.
        """
        parts = [self._volumes.sums(), self._cuts.sums()]
        if self._terminals is not None:
            parts += [self._terminals.potentials(), self._terminals.held()]
        by_layer, cuts, *electric = over_ranks(self.model.domain.comm, parts)
        heat = self._flows.heat(numbers(by_layer.sum(axis=0)), numbers(cuts))
        row = {column(name): watts for name, watts in heat.items()}
        row["Temperature max [K]"] = self.hottest()
        if self._terminals is not None:
            row["Voltage [V]"] = self._terminals.voltage(electric[0])
            row["Current [A]"] = self._terminals.currents(electric[1])[0]
        return row

    def _heat(self, heat: Row, removed: Row, stored: float, kind: str) -> Row:
        """Heat by source, what becomes of it, and what is out of balance [W]."""
        generated, gone = sum(heat.values()), sum(removed.values())
        if kind != "step":
            stored = 0.0 if kind == "steady" else generated - gone
        imbalance = generated - gone - stored
        self._balances.power(imbalance, [generated, stored, *removed.values()])
        row = {column(name): heat[name] for name in sorted(heat)}
        row["Heat generated [W]"] = generated
        row |= {f"Heat removed {face} [W]": value for face, value in removed.items()}
        row["Heat removed [W]"] = gone
        row["Heat stored [W]"] = stored
        row["Heat imbalance [W]"] = imbalance
        return row

    # -- what others ask between records ---------------------------------------

    def voltage(self) -> float:
        """Terminal voltage of the values now in the model [V]; nan without a drive."""
        return math.nan if self._terminals is None else self._terminals.voltage_now()

    def current(self) -> float:
        """Discharge current of the residual now in the model [A]."""
        if self._terminals is None:
            return 0.0
        given = self.model.load.current()
        return self._terminals.current_now() if math.isnan(given) else given

    def hollow(self) -> bool:
        """Whether half of a contact is gone at its worst place, of the values now in the model."""
        deepest = float(self._contact.depths().max(initial=0.0))
        deepest = self.model.domain.comm.allreduce(deepest, op=MPI.MAX)
        return float(voids.contact(deepest)) < voids.SCARCE

    def charge(self) -> float:
        """Charge given from the start to the time now in the model [C]."""
        step = self.model.system.step
        return self._balances.charge_until(self.model.time, self.current(), step)

    def state_of_charge(self) -> float:
        """Of the electrode whose particles hold least, of the values now in the model [-]."""
        sums, _ = self._lithiation.measure()
        return self._lithiation.state_of_charge(over_ranks(self.model.domain.comm, [sums])[0])

    def hottest(self) -> float:
        """Highest temperature of the values now in the model [K]."""
        return self._layers.hottest()

    def flow(self, key: str) -> float:
        """Size of the flow that a field balances: heat [W] or current [A]; 0 if not known yet.

        Of other quantities nan: what is balanced may cancel, and then tells no size.
        """
        balance = self._balanced[key]
        if balance not in (HEAT.name, CHARGE.name):
            return math.nan
        if balance == HEAT.name:
            labels = ("Heat generated [W]", "Heat removed [W]", "Heat stored [W]")
            return max(abs(self.row.get(label, 0.0)) for label in labels)
        given = self.model.load.current()
        return self._balances.largest_current if math.isnan(given) else abs(given)

    def balances(self, steady: bool = False) -> Row:
        """Relative balances of the run so far."""
        return self._balances.relative(self.row if steady else None)
