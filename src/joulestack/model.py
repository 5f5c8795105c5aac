"""The assembled model: fields, residuals, named heat sources, and what is measured from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from joulestack.connectivity import conducting_regions
from joulestack.domain import Domain, Interface
from joulestack.fields import ELECTRONIC, IONIC, TEMPERATURE, Block, Field, FieldInfo
from joulestack.materials.binding import bound
from joulestack.materials.medium import Medium
from joulestack.materials.state import State
from joulestack.mesh import Region
from joulestack.physics import capacitance, charge, heat, metal, particles, reaction
from joulestack.physics.breathing import Breathing
from joulestack.physics.clamp import Clamp
from joulestack.physics.context import (
    NODAL,
    Blocking,
    Contacts,
    Context,
    InterfaceGroup,
    RegionGroup,
    Terms,
)
from joulestack.physics.lumping import vertex_radius
from joulestack.setup import Drive, FaceCondition, Setup, Surroundings, TimeFunction
from joulestack.solver.forms import CELL, EXTERIOR, INTERIOR, FormSet
from joulestack.solver.prescribed import Prescribed
from joulestack.solver.system import BlockSystem

PERFECT = 1e-9
"""A contact resistance below this part of the adjoining layers' own is joined as perfect."""


class Model:
    """Builds the block system of a setup and keeps its time-dependent constants.

    Attributes:
        setup, domain: what it was built from.
        fields: by key ("T", "phi_s", "phi_e"), those that exist.
        context, terms: groups and UFL contributions; the observables are built from them.
        system: residual and Jacobian.
        notes: remarks for the log (joined contacts, layers without current).
    """

    def __init__(self, setup: Setup) -> None:
        """Declare everything; `forms` are compiled by `finish`, so that others can add theirs."""
        self.setup = setup
        self.drive = setup.drive
        self.surroundings = Surroundings()
        self._highest = 0.0
        self._terminal_area = 1.0
        self._terminal_measures: list[int] = []
        self.clamp: Clamp | None = None
        self.domain = Domain(setup.tagged)
        self.notes: list[str] = []
        self.time = 0.0
        self._clock: list[tuple[fem.Constant, Callable[[float], float]]] = []
        self._contacts = {i.name: self._effective_contacts(i) for i in self.domain.interfaces}
        self.fields = self._make_fields()
        self.blocks = tuple(b for f in self.fields.values() for b in f.blocks)
        self.populations = self._make_populations()
        self._fill_particles()
        self._guess_potentials()
        self.context = self._make_context()
        self.terms = Terms()
        self.charging: dict[str, fem.Constant] = {}
        """By store of charge, the rate [1/s] it charges at: zero but in a linearisation."""
        self._face_entities: list[tuple[int, Any]] = []
        self._contribute()
        self.forms = FormSet(
            self.domain,
            self._subdomains(),
            [
                b.submesh
                for b in (*self.blocks, *(p.block for p in self.terms.points))
                if b.submesh is not None
            ],
        )
        self._areas = [
            self.forms.add(self.context.weight * self.context.outer(i))
            for i in self._terminal_measures
        ]
        self.shift = fem.Constant(self.domain.mesh, 0.0)
        self.system = BlockSystem(
            self.domain.comm,
            self.blocks,
            self.terms.residual,
            self.forms,
            self._prescribed(),
            self.shift,
            self.domain,
            self.terms.points,
        )
        if setup.clamping is not None:
            breathing = Breathing(
                self.context, setup.clamping, setup.media, setup.thickness, self.forms
            )
            self.clamp = Clamp(breathing, setup.pressure(0.0), self._pressure_fields)
            self.notes += setup.clamping.notes
            self.system.closure = self._close

    def finish(self) -> int:
        """Compile all forms and allocate; returns the number of kernels."""
        kernels = self.forms.compile()
        self.system.allocate()
        if self._areas:
            # Where phi_s exists: an insulator on the same face takes no current.
            self._terminal_area = self.domain.total(sum(area[0].scalar() for area in self._areas))
        if self.clamp is not None:
            axis, shape = self.setup.tagged.stacking_axis, self.setup.pressure_shape
            self.clamp.allocate(axis, self.domain.tdim, shape)
            self._begin_clamped(self.clamp)
        self.update(0.0)
        return kernels

    def update(self, t: float) -> None:
        """Set everything that depends on time alone."""
        self.time = t
        for constant, function in self._clock:
            constant.value = function(t)

    def restart(self) -> None:
        """Put the state of the start back, so that another run needs no new forms."""
        for block in self.system.state:
            block.value.x.array[:] = 0.0
            if block.rate is not None:
                block.rate.x.array[:] = 0.0
        self._fill_particles()
        self.time, self._highest = 0.0, 0.0
        if self.clamp is not None:
            self._begin_clamped(self.clamp)
        self.follow(self.setup.drive)
        self.update(0.0)

    def _begin_clamped(self, clamp: Clamp) -> None:
        """The stack as it was assembled; nothing is remembered but what the setup says."""
        clamp.pressure = None
        self._highest = self.highest_pressure(0.0)
        clamp.begin(self._highest / clamp.assembly if clamp.assembly else 1.0)

    def follow(self, drive: Drive | None, surroundings: Surroundings | None = None) -> None:
        """Change load and surroundings, from now on; `update` must follow."""
        self._highest = self.highest_pressure(self.time)
        self.drive = drive
        self.surroundings = surroundings or Surroundings()

    def stack_pressure(self, t: float) -> float:
        """Stack pressure at a time [Pa]; the mean of a map."""
        if self.clamp is not None and self.clamp.pressure is not None:
            return self.clamp.pressure
        given = self.surroundings.stack_pressure
        return self.setup.pressure(t) if given is None else given

    def _close(self) -> None:
        """Let the fixture answer to the present iterate; see `Clamp`."""
        assert self.clamp is not None
        self.clamp.close()
        if self.clamp.field is None and self.clamp.pressure is not None:
            for constant, function in self._pressures:
                constant.value = function(self.time)

    def accept(self) -> None:
        """The present state is a step's end: what it has seen is remembered from now on."""
        if self.clamp is not None and self.clamp.pressure is not None:
            self._highest = self.highest_pressure(self.time)
            self.clamp.accept()

    def highest_pressure(self, t: float) -> float:
        """Highest stack pressure up to a time [Pa]."""
        given = (self.setup.highest_pressure or self.setup.pressure)(t)
        return max(given, self._highest, self.stack_pressure(t))

    def clocked(self, function: Callable[[float], float]) -> fem.Constant:
        """A constant that follows a function of time."""
        constant = fem.Constant(self.domain.mesh, float(function(0.0)))
        self._clock.append((constant, function))
        return constant

    def current(self) -> float:
        """Given discharge current now [A]; nan while the voltage is held."""
        value = None if self.drive is None else self.drive.current(self.time)
        return math.nan if value is None else value

    # -- construction -------------------------------------------------------

    def _state(self) -> State:
        setup = self.setup
        p = setup.pressure(0.0)
        highest = p if setup.highest_pressure is None else setup.highest_pressure(0.0)
        return State(T=setup.start_temperature, p=p, p_max=highest)

    def _effective_contacts(self, interface: Interface) -> Contacts:
        """Contacts of an interface, with resistances too small to resolve joined as perfect."""
        contacts = self.setup.contact(*interface.layers)
        state = self._state()
        media = [self.setup.media[name] for name in interface.layers]
        for transport, conductivity in (
            ("thermal", lambda m: m.thermal_conductivity(state)),
            (
                "electronic",
                lambda m: m.electronic_conductivity(state) if m.conducts_electrons else math.nan,
            ),
            ("ionic", lambda m: m.ionic_conductivity(state) if m.conducts_ions else math.nan),
        ):
            law = getattr(contacts, transport)
            if law is None:
                continue
            own = [
                self.setup.thickness.get(name, 0.0) / float(conductivity(medium))
                for name, medium in zip(interface.layers, media, strict=True)
            ]
            if float(law.resistance(state)) <= PERFECT * min(own):
                contacts = replace(contacts, **{transport: None})
                self.notes.append(
                    f"{interface.name}: the {transport} contact resistance "
                    f"{float(law.resistance(state)):.3g} is too small to resolve and is joined as "
                    "perfect"
                )
        return self._with_capacitances(contacts, interface)

    def _with_capacitances(self, contacts: Contacts, interface: Interface) -> Contacts:
        found, media = self.setup.capacitances, self.setup.media
        if found is None:
            return contacts
        if contacts.charge_transfer is not None or contacts.kinetics is not None:
            return replace(contacts, double_layer=found.double_layer)
        if capacitance.blocked_side(*(media[name] for name in interface.layers)) is None:
            return contacts
        return replace(contacts, blocking=found.at(*interface.layers))

    def _make_fields(self) -> dict[str, Field]:
        present: dict[FieldInfo, list[Region]] = {TEMPERATURE: list(self.domain.regions)}
        if self.setup.drive is not None:
            electronic, ionic = conducting_regions(
                self.domain, self.setup.media, self._contacts, self.setup.drive, self.notes
            )
            present |= {ELECTRONIC: electronic, IONIC: ionic}
        transport = {"T": "thermal", "phi_s": "electronic", "phi_e": "ionic"}
        fields = {}
        for info, regions in present.items():
            ids = {r.id for r in regions}
            resistive = [
                i
                for i in self.domain.interfaces
                if getattr(self._contacts[i.name], transport[info.key]) is not None
                and all(s.id in ids for s in i.sides)
            ]
            if regions:
                fields[info.key] = Field(info, self.domain, regions, resistive, self.setup.degree)
        return fields

    def _make_populations(self) -> dict[int, list[Field]]:
        """A field for each population of particles, by the id of its medium."""
        if self.setup.drive is None or "phi_s" not in self.fields or "phi_e" not in self.fields:
            return {}
        found: dict[int, list[Field]] = {}
        carrying = [r for r in self.fields["phi_s"].regions if r in self.fields["phi_e"]]
        number = 0
        for medium in {id(m): m for m in (self.setup.media[r.layer] for r in carrying)}.values():
            regions = [r for r in carrying if self.setup.media[r.layer] is medium]
            for population in medium.particles or ():
                info = particles.unknowns_of(number, population, self.setup.radial_modes)
                number += 1
                joined = [i for i in self.domain.interfaces if all(s in regions for s in i.sides)]
                field = Field(info, self.domain, regions, joined)
                found.setdefault(id(medium), []).append(field)
        return found

    def _fill_particles(self) -> None:
        """The lithium of the start."""
        for region in self.domain.regions:
            medium = self.setup.media[region.layer]
            for population, field in zip(
                medium.particles or (), self.populations.get(id(medium), ()), strict=False
            ):
                if region in field:
                    block = field.block(region)
                    block.value.x.array.reshape(-1, block.size)[:, 0] = population.start

    def _guess_potentials(self) -> None:
        """Start phi_s at each electrode's own potential against lithium, phi_e being zero.

        From there every charge transfer starts without driving force. Far from it a law may be so
        flat (Marcus) or so steep (a transfer coefficient other than 1/2) that Newton's method does
        not find back.
        """
        if "phi_s" not in self.fields:
            return
        for region in self.fields["phi_s"].regions:
            medium = self.setup.media[region.layer]
            potential = medium.electrode_potential
            if id(medium) in self.populations and medium.particles:
                first = medium.particles[0]
                state = State(T=self.setup.start_temperature, x=first.start)
                potential = float(first.open_circuit_voltage(state))
            if potential:
                block = self.fields["phi_s"].block(region)
                block.value.x.array[block.region_dofs(self.domain, [region])] = potential

    def _make_context(self) -> Context:
        mesh, setup = self.domain.mesh, self.setup
        wrap = self.wrap
        pressure: Any = self.clocked(self.stack_pressure)
        highest: Any = self.clocked(self.highest_pressure)
        self._pressures = self._clock[-2:]
        self._pressure_fields: tuple[fem.Function, fem.Function] | None = None
        if setup.clamping is not None and setup.clamping.balance != "mean":
            space = fem.functionspace(mesh, ("Lagrange", 1))
            pressure = fem.Function(space, name="stack_pressure")
            highest = fem.Function(space, name="highest_pressure")
            self._pressure_fields = (pressure, highest)
        elif setup.pressure_shape is not None:
            shape = fem.Function(fem.functionspace(mesh, ("Lagrange", 1)), name="pressure_shape")
            points = shape.function_space.tabulate_dof_coordinates()
            shape.x.array[:] = setup.pressure_shape(points)
            self.pressure_shape = shape
            pressure, highest = pressure * shape, highest * shape
        weight: Any = wrap(setup.area)
        nodal_weight: Any = weight
        if setup.tagged.coordinates == "axisymmetric":
            weight = 2 * math.pi * ufl.SpatialCoordinate(mesh)[0]
            nodal_weight = 2 * math.pi * vertex_radius(mesh)
        elif setup.tagged.coordinates == "cartesian":
            weight = nodal_weight = 1.0
        groups = self._region_groups()
        return Context(
            domain=self.domain,
            fields=self.fields,
            regions=groups,
            interfaces=self._interface_groups(groups),
            reference_temperature=wrap(setup.start_temperature),
            pressure=pressure,
            highest_pressure=highest,
            weight=weight,
            nodal_weight=nodal_weight,
            degree=2 * setup.degree,
            wrap=wrap,
        )

    def wrap(self, value: float) -> fem.Constant:
        """A number as a constant of the parent mesh, so that its value is not compiled in."""
        return fem.Constant(self.domain.mesh, float(value))

    def _region_groups(self) -> list[RegionGroup]:
        media: dict[int, Medium] = {}
        groups: dict[tuple[Any, ...], RegionGroup] = {}
        sources: dict[str, Any] = {k: self.wrap(v) for k, v in self.setup.heat_sources.items() if v}
        for region in self.domain.regions:
            medium = self.setup.media[region.layer]
            blocks = {key: f.block(region) for key, f in self.fields.items() if region in f}
            source = sources.get(region.layer)
            inside = tuple(
                f.block(region) for f in self.populations.get(id(medium), ()) if region in f
            )
            key = (id(medium), id(source), *(b.name for b in (*blocks.values(), *inside)))
            if id(medium) not in media:
                media[id(medium)] = medium.bind(self.wrap)
            old = groups.get(key)
            regions = (*(old.regions if old else ()), region)
            groups[key] = RegionGroup(regions, media[id(medium)], blocks, source, inside)
        return list(groups.values())

    def _interface_groups(self, groups: list[RegionGroup]) -> list[InterfaceGroup]:
        of_region = {r.id: g for g in groups for r in g.regions}
        laws_bound: dict[int, Any] = {}

        def bind(law: Any) -> Any:
            if law is None:
                return None
            return laws_bound.setdefault(id(law), law.bind(self.wrap))

        grouped: dict[tuple[Any, ...], list[Interface]] = {}
        for interface in self.domain.interfaces:
            c = self._contacts[interface.name]
            laws = (c.thermal, c.electronic, c.ionic, c.charge_transfer, c.kinetics, c.blocking)
            if any(law is not None for law in laws):
                key = (*(id(law) for law in laws), *(id(of_region[s.id]) for s in interface.sides))
                grouped.setdefault(key, []).append(interface)
        return [
            self._interface_group(n, members, of_region, bind)
            for n, members in enumerate(grouped.values())
        ]

    def _interface_group(
        self, number: int, members: list[Interface], of_region: Any, bind: Any
    ) -> InterfaceGroup:
        contacts = self._contacts[members[0].name]
        names = ("thermal", "electronic", "ionic", "charge_transfer")
        laws = {name: bind(getattr(contacts, name)) for name in names}
        current = None
        if contacts.kinetics is not None and self.setup.drive is not None:
            side = (
                0 if self.setup.media[members[0].layers[0]].electrode_potential is not None else 1
            )
            metals = list(dict.fromkeys(i.sides[side] for i in members))
            current = Field(metal.unknowns_of(number), self.domain, metals, ()).blocks[0]
            laws["kinetics"] = bound(contacts.kinetics, self.wrap)
        if contacts.double_layer is not None:
            laws["double_layer"] = self.wrap(contacts.double_layer)
        if contacts.blocking is not None and self.setup.drive is not None:
            blocking, media = contacts.blocking, self.setup.media
            side = capacitance.blocked_side(*(media[n] for n in members[0].layers)) or 0
            metals = list(dict.fromkeys(i.sides[side] for i in members))
            current = Field(capacitance.unknowns_of(number), self.domain, metals, ()).blocks[0]
            laws["blocking"] = Blocking(self.wrap(blocking.capacitance), bind(blocking.resistance))
        return InterfaceGroup(
            id=number + 1,
            interfaces=tuple(members),
            contacts=Contacts(**laws),
            sides=(of_region[members[0].sides[0].id], of_region[members[0].sides[1].id]),
            current=current,
        )

    def _contribute(self) -> None:
        context, terms = self.context, self.terms
        heat.conduction_and_storage(context, terms)
        heat.contacts(context, terms)
        if self.setup.drive is not None:
            charge.conduction(context, terms)
            charge.contacts(context, terms)
            metal.reactions(context, terms)
            reaction.charge_transfer(context, terms)
            particles.reactions(context, terms)
            if self.setup.capacitances is not None:
                self.charging = capacitance.contribute(context, terms, self.setup.capacitances)
            self._terminals()
        conditions = {
            face: [self._flux(face, c) for c in entries if c.temperature is None]
            for face, entries in self.setup.faces.items()
        }
        conditions = {face: entries for face, entries in conditions.items() if entries}
        heat.faces(context, terms, conditions, {f: self.on_face(f, "T") for f in conditions})
        heat.volume_sources(context, terms)

    def _flux(self, face: str, condition: FaceCondition) -> heat.FluxCondition:
        coefficient, ambient, inflow = condition.coefficient, condition.ambient, condition.inflow
        return heat.FluxCondition(
            coefficient=None
            if coefficient is None
            else self.clocked(lambda t: self.surroundings.cooling.get(face, coefficient)),
            emissivity=None if condition.emissivity is None else self.wrap(condition.emissivity),
            ambient=None if ambient is None else self.clocked(lambda t: self._ambient(ambient, t)),
            inflow=None if inflow is None else self.clocked(inflow),
        )

    def _ambient(self, given: TimeFunction, t: float) -> float:
        ambient = self.surroundings.ambient
        return given(t) if ambient is None else ambient

    def on_face(self, face: str, key: str) -> list[tuple[Block, int]]:
        """Blocks of a field on a face, each with the integral id of its share of the facets."""
        facets = self.domain.face_facets(face)
        found = []
        for block in self.fields[key].blocks:
            mine = facets[
                np.isin(self.domain.cell_region[facets[:, 0]], [r.id for r in block.regions])
            ]
            if self.domain.comm.allreduce(len(mine)):
                self._face_entities.append((len(self._face_entities) + 1, mine.ravel()))
                found.append((block, len(self._face_entities)))
        return found

    def _terminals(self) -> None:
        assert self.drive is not None

        def density(name: str) -> Any:
            return self.clocked(
                lambda t: (getattr(self.drive, name)(t) or 0.0) / self._terminal_area
            )

        current, power = density("current"), density("power")
        for block, integral_id in self.on_face(self.drive.positive, "phi_s"):
            self._terminal_measures.append(integral_id)
            charge.terminal(self.context, self.terms, block, integral_id, current, power)

    def _prescribed(self) -> list[Prescribed]:
        found = []
        for face, entries in self.setup.faces.items():
            for condition in entries:
                if condition.temperature is None:
                    continue
                fixed = condition.temperature
                for block in self.fields["T"].blocks:
                    dofs = block.facet_dofs(self.domain.face_facets(face))
                    rise = lambda f=fixed: (  # noqa: E731
                        self._ambient(f, self.time) - self.setup.start_temperature
                    )
                    found.append(Prescribed(face, block, dofs, rise))
        drive = self.setup.drive
        if drive is not None:
            held = lambda: self.drive and self.drive.voltage(self.time)  # noqa: E731
            for block in self.fields["phi_s"].blocks:
                dofs = block.facet_dofs(self.domain.face_facets(drive.negative))
                found.append(Prescribed("negative terminal", block, dofs, lambda: 0.0))
                dofs = block.facet_dofs(self.domain.face_facets(drive.positive))
                found.append(
                    Prescribed(
                        "positive terminal",
                        block,
                        dofs,
                        lambda: held() or 0.0,
                        lambda: held() is not None,
                    )
                )
        return found

    def _subdomains(self) -> dict[Any, list[tuple[int, Any]]]:
        cells = [(r.id, self.domain.cells_of([r])) for r in self.domain.regions]
        cells += [(NODAL + id, entities) for id, entities in cells]
        return {
            CELL: sorted(cells, key=lambda pair: pair[0]),
            EXTERIOR: self._face_entities,
            INTERIOR: [
                (start + g.id, np.vstack([i.facets for i in g.interfaces]).ravel())
                for start in (0, NODAL)
                for g in self.context.interfaces
            ],
        }
