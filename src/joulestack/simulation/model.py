"""The assembled model: fields, residuals, named heat sources, and what is measured from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from joulestack.declarations import ELECTRONIC
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.discretisation.vertex_weights import vertex_radius
from joulestack.in_time import InTime, as_function, jumps, kinks
from joulestack.physics import charge, heat
from joulestack.physics.clamp import Clamp
from joulestack.physics.context import (
    NODAL,
    Context,
    Terms,
)
from joulestack.physics.thickness_change import Breathing
from joulestack.progress import stage
from joulestack.simulation import conditions, processes, unknowns
from joulestack.simulation.groups import interface_groups, region_groups
from joulestack.simulation.setup import Drive, Setup, Surroundings
from joulestack.solver.forms import CELL, EXTERIOR, INTERIOR, FormSet
from joulestack.solver.system import BlockSystem


class Model:
    """Builds the block system of a setup and keeps its time-dependent constants.

    Attributes:
        setup, domain: what it was built from.
        processes: what the model is made of, the package's own first.
        fields: by key, those that exist.
        states: local states of regions, by key.
        populations: those of particles, by the id of their medium.
        context, terms: groups and UFL contributions; the observables are built from them.
        system: residual and Jacobian.
        notes: remarks for the log (joined contacts, layers without current).
        guessed: the potentials are those that Newton's method is to start from, no solution.
        lowest_voltage: below which a given power draws no more current [V]; see `charge.terminal`.
    """

    def __init__(self, setup: Setup) -> None:
        """Declare everything; `forms` are compiled by `finish`, so that others can add theirs."""
        self.setup = setup
        self.drive = setup.drive
        self.surroundings = Surroundings()
        self._highest = 0.0
        self._terminal_area = 1.0
        self._terminal_faces: list[tuple[Block, int]] = []
        self.guessed = True
        self.lowest_voltage: fem.Constant | None = None
        self.clamp: Clamp | None = None
        stage("writing the equations")
        self.domain = Domain(setup.tagged)
        self.notes: list[str] = []
        self.time = 0.0
        self._clock: list[tuple[fem.Constant, Callable[[float], float]]] = []
        self._tables: list[object] = [*setup.in_time()]
        self._contacts = {
            i.name: unknowns.effective_contacts(setup, i, self.notes)
            for i in self.domain.interfaces
        }
        own = processes.own(setup, self._contacts, lambda: self.surroundings, self.notes)
        self.processes = (*own, *setup.physics)
        self.fields = unknowns.fields_of(setup, self.domain, self.processes)
        self.blocks = tuple(b for f in self.fields.values() for b in f.blocks)
        self.states = unknowns.states_of(setup, self.domain, self.processes, self.fields)
        self.populations: unknowns.Populations = {
            medium: [self.states[key] for key in keys]
            for process in own
            if isinstance(process, processes.Particles)
            for medium, keys in process.populations.items()
        }
        self.context = self._make_context()
        self.terms = Terms()
        self._face_entities: list[tuple[int, Any]] = []
        self._contribute()
        self.charging: dict[str, fem.Constant] = next(
            (p.charging for p in own if isinstance(p, processes.Stores)), {}
        )
        """By store of charge, the rate [1/s] it charges at: zero but in a linearisation."""
        self.forms = FormSet(
            self.domain,
            self._subdomains(),
            [
                b.submesh
                for b in (*self.blocks, *(p.block for p in self.terms.points))
                if b.submesh is not None
            ],
        )
        self._areas, self._potentials = (
            [self.forms.add(part) for part in parts]
            for parts in (
                [self.context.weight * self.context.outer(i) for _, i in self._terminal_faces],
                [b.value * self.context.ds(i) for b, i in self._terminal_faces],
            )
        )
        self.shift = fem.Constant(self.domain.mesh, 0.0)
        self.system = BlockSystem(
            self.domain.comm,
            self.blocks,
            self.terms.residual,
            self.forms,
            [
                *conditions.prescribed(
                    setup,
                    self.domain,
                    self.fields,
                    lambda: self.surroundings,
                    lambda: self.drive,
                    lambda: self.time,
                ),
                *conditions.held(
                    setup, self.domain, self.fields, self.processes, lambda: self.time
                ),
            ],
            self.shift,
            self.domain,
            self.context.interfaces,
            self.terms.points,
        )
        self._start()
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
        stage(f"laying out the matrix of {self.system.matrix_size} unknowns")
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

    @contextmanager
    def driven(self, current: float) -> Iterator[None]:
        """Another load for a moment: a discharge current [A]."""
        given = self.drive
        assert given is not None
        names = given.negative, given.positive
        self.drive = Drive(*names, current=lambda t: current)
        self.update(self.time)
        try:
            yield
        finally:
            self.drive = given
            self.update(self.time)

    def terminal_voltage(self) -> float:
        """Mean voltage of the positive terminal; the negative one is at zero [V]."""
        whole = self.domain.total(sum(form[0].scalar() for form in self._potentials))
        return whole / self._terminal_area

    def lowest_terminal_voltage(self) -> float:
        """Lowest voltage anywhere on the positive terminal [V]."""
        lowest = math.inf
        for condition in self.system.prescribed:
            if condition.name == "positive terminal":
                lowest = min(lowest, float(condition.values[condition.dofs].min(initial=math.inf)))
        return float(self.domain.comm.allreduce(lowest, op=MPI.MIN))

    def restart(self) -> None:
        """Put the state of the start back, so that another run needs no new forms."""
        self._start()
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
        if self.clamp is not None and self.clamp.breathing.clamping.fixture.holds:
            given = self.surroundings.stack_pressure
            self._tighten(self.clamp.assembly if given is None else given)

    def tighten(self, pressure: float) -> None:
        """Set the fixture anew, to a mean stack pressure [Pa]; `update` must follow.

        A pressure that is held without a fixture that answers comes with `follow` instead.
        """
        if self.clamp is not None and not self.clamp.breathing.clamping.fixture.holds:
            self._tighten(pressure)

    def _tighten(self, pressure: float) -> None:
        assert self.clamp is not None
        self.clamp.tighten(pressure)
        self._close()
        self.accept()

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

    def clocked(self, given: InTime) -> fem.Constant:
        """A constant that follows a function of time or a table."""
        function = as_function(given)
        self._tables.append(given)
        constant = fem.Constant(self.domain.mesh, float(function(0.0)))
        self._clock.append((constant, function))
        return constant

    @property
    def kinks(self) -> tuple[float, ...]:
        """Times at which what is given as tables kinks or jumps [s]: time steps land on them."""
        return kinks(self._given())

    @property
    def jumps(self) -> frozenset[float]:
        """Those at which it jumps [s]."""
        return jumps(self._given())

    def _given(self) -> Iterator[object]:
        yield from self._tables
        if self.drive is not None:
            yield from (
                self.drive.current, self.drive.voltage, self.drive.power, self.drive.resistance
            )  # fmt: skip

    def current(self) -> float:
        """Given discharge current now [A]; nan while the voltage is held."""
        value = None if self.drive is None else self.drive.at("current", self.time)
        return math.nan if value is None else value

    # -- construction -------------------------------------------------------

    def _start(self) -> None:
        """What every unknown starts at: as declared, and then as its process says."""
        for block in self.system.state:
            block.begin()
        for process in self.processes:
            process.start(self.setup, self.domain, self.fields | self.states)
        self.guessed = True

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
        groups = region_groups(setup, self.domain, self.fields, self.states, wrap, self.clocked)
        interfaces = interface_groups(
            setup, self.domain, self._contacts, groups, self.processes, self.fields, wrap
        )
        return Context(
            domain=self.domain,
            fields=self.fields,
            regions=groups,
            interfaces=interfaces,
            reference_temperature=wrap(setup.start_temperature),
            pressure=pressure,
            highest_pressure=highest,
            weight=weight,
            nodal_weight=nodal_weight,
            degree=2 * setup.degree,
            wrap=wrap,
            clocked=self.clocked,
            on_face=self.on_face,
        )

    def wrap(self, value: float) -> fem.Constant:
        """A number as a constant of the parent mesh, so that its value is not compiled in."""
        return fem.Constant(self.domain.mesh, float(value))

    def _contribute(self) -> None:
        context, terms = self.context, self.terms
        for process in self.processes:
            process.contribute(context, terms)
        if self.drive is not None:
            self._terminals(self.drive)
        # What any process has told of as heat.
        heat.sources(context, terms)

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

    def _terminals(self, drive: Drive) -> None:
        def density(name: Literal["current", "power"]) -> Any:
            return self.clocked(
                lambda t: ((self.drive and self.drive.at(name, t)) or 0.0) / self._terminal_area
            )

        def conductance(t: float) -> float:
            R = self.drive.at("resistance", t) if self.drive else None
            return 1.0 / (R * self._terminal_area) if R else 0.0

        current, power = density("current"), density("power")
        external = self.clocked(conductance)
        self.lowest_voltage = self.wrap(1.0)
        self._terminal_faces = self.on_face(drive.positive, ELECTRONIC.key)
        for face in self._terminal_faces:
            charge.terminal(
                self.context, self.terms, *face, current, power, external, self.lowest_voltage
            )

    def _subdomains(self) -> dict[Any, list[tuple[int, Any]]]:
        cells = [(g.id, self.domain.cells_of(g.regions)) for g in self.context.regions]
        return {
            CELL: [(start + id, entities) for start in (0, NODAL) for id, entities in cells],
            EXTERIOR: self._face_entities,
            INTERIOR: [
                (start + g.id, np.vstack([i.facets for i in g.interfaces]).ravel())
                for start in (0, NODAL)
                for g in self.context.interfaces
            ],
        }
