"""The assembled model: fields, residuals, named heat sources, compiled; processes do the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.discretisation.vertex_weights import geometric_weights
from joulestack.physics import heat
from joulestack.physics.base import Physics
from joulestack.physics.context import Context
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.terms import Terms
from joulestack.progress import stage
from joulestack.simulation import conditions, processes, state, unknowns
from joulestack.simulation.clock import Clock
from joulestack.simulation.groups import interface_groups, region_groups
from joulestack.simulation.integrals import Integrals
from joulestack.simulation.load import ElectricalLoad
from joulestack.simulation.pressure import Pressure
from joulestack.simulation.setup import Setup
from joulestack.solver.forms import FormSet
from joulestack.solver.system import BlockSystem


class Model:
    """Builds the block system of a setup and tells its processes what happens to it.

    Attributes:
        setup, domain: what it was built from.
        clock: time, and the constants that follow it.
        load: at the terminals.
        pressure: of the stack; a fixture is in it.
        processes: what the model is made of, the package's own first.
        fields: by key, those that exist.
        states: local states of regions, by key.
        context, terms: groups and UFL contributions; the observables are built from them.
        system: residual and Jacobian.
        notes: remarks for the log (joined contacts, layers without current).
        guessed: the potentials are those that Newton's method is to start from, no solution.
        epoch: how often the unknowns have been set from outside: by `restart`, by `restore`.
    """

    def __init__(self, setup: Setup) -> None:
        """Declare everything; `forms` are compiled by `finish`, so that others can add theirs."""
        stage("writing the equations")
        self.setup = setup
        self.domain = Domain(setup.tagged)
        self.notes: list[str] = []
        self.guessed, self.epoch = True, 0
        self.clock = Clock(self.domain.mesh, setup.in_time())
        self.load = ElectricalLoad(setup.drive, self.domain, self.clock)
        self.pressure = Pressure(setup, self.domain, self.clock)
        contacts = {
            i.name: unknowns.effective_contacts(setup, i, self.notes)
            for i in self.domain.interfaces
        }
        self.processes: tuple[Physics, ...] = (
            *processes.own(setup, contacts, self.notes),
            *setup.physics,
            self.load,
            self.pressure,
        )
        self.fields = unknowns.fields_of(setup, self.domain, self.processes)
        self.blocks = tuple(b for f in self.fields.values() for b in f.blocks)
        self.states = unknowns.states_of(setup, self.domain, self.processes, self.fields)
        integrals = Integrals(self.domain, self.fields)
        self.context = self._make_context(contacts, integrals)
        self.terms = Terms()
        for process in self.processes:
            process.contribute(self.context, self.terms)
        heat.sources(self.context, self.terms)  # what any process has told of as heat
        self.forms = FormSet(
            self.domain,
            integrals.subdomains(self.context.regions, self.context.interfaces),
            [
                b.submesh
                for b in (*self.blocks, *(p.block for p in self.terms.points))
                if b.submesh is not None
            ],
        )
        self.system = BlockSystem(
            self.domain.comm,
            self.blocks,
            self.terms.residual,
            self.forms,
            conditions.prescribed(setup, self.domain, self.fields, self.processes, self.clock),
            fem.Constant(self.domain.mesh, 0.0),
            self.domain,
            self.terms.points,
        )
        for process in self.processes:
            process.request(self.context, self.forms)
        self._closing = [p for p in self.processes if type(p).close is not Physics.close]
        self.system.closure = self.close
        self._start()
        if setup.clamping is not None:
            self.notes += setup.clamping.notes

    def _make_context(self, contacts: processes.Joined, integrals: Integrals) -> Context:
        setup, domain, wrap, follow = self.setup, self.domain, self.wrap, self.clock.follow
        groups = region_groups(setup, domain, self.fields, self.states, wrap, follow)
        interfaces = interface_groups(
            setup, domain, contacts, groups, self.processes, self.fields, wrap
        )
        weights = geometric_weights(setup.tagged, setup.area, wrap)
        return Context(
            domain=domain,
            fields=self.fields,
            regions=groups,
            interfaces=interfaces,
            reference_temperature=wrap(setup.start_temperature),
            pressure=self.pressure.value,
            highest_pressure=self.pressure.highest_value,
            weight=weights.inside,
            nodal_weight=weights.nodal,
            facet_weight=weights.facet,
            degree=2 * setup.degree + setup.tagged.system.degree,
            wrap=wrap,
            clocked=follow,
            on_face=integrals.on_face,
        )

    def wrap(self, value: float) -> Any:
        """A number as a constant of the parent mesh, so that its value is not compiled in."""
        return fem.Constant(self.domain.mesh, float(value))

    def finish(self) -> int:
        """Compile all forms and allocate; returns the number of kernels."""
        kernels = self.forms.compile()
        stage(f"laying out the matrix of {self.system.matrix_size} unknowns")
        self.system.allocate()
        for process in self.processes:
            process.allocate()
        self._begin()
        return kernels

    # -- while it runs -----------------------------------------------------------

    @property
    def time(self) -> float:
        """Now [s]."""
        return self.clock.time

    @property
    def kinks(self) -> tuple[float, ...]:
        """Times at which what is given as tables kinks or jumps [s]: time steps land on them."""
        return self.clock.kinks

    @property
    def jumps(self) -> frozenset[float]:
        """Those at which it jumps [s]."""
        return self.clock.jumps

    def breaks(self, t: float) -> bool:
        """Whether anything given in time jumps at a time [s]; the present time stays."""

        def given(at: float) -> npt.NDArray[np.float64]:
            self.clock.time = at  # what is held asks for it
            held = [np.atleast_1d(c.value()) for c in self.system.prescribed if c.active()]
            return np.concatenate([*held, self.clock.at(at)])

        now, instant = self.time, 1e-12 * max(abs(t), 1e-3)
        before, after = given(t - instant), given(t + instant)
        self.clock.time = now
        # A ramp of a millisecond has gone a hundredth of a thousandth of its way by then.
        return not bool((np.abs(before - after) <= 1e-3 * np.abs(after)).all())

    def update(self, t: float) -> None:
        """Set the time [s] and everything that depends on it alone."""
        self.clock.update(t)

    def close(self) -> None:
        """Set what the equations take as given but follows from the unknowns now there."""
        for process in self._closing:
            process.close(self.time)

    def accept(self) -> None:
        """The present state is a step's end: what it has seen is remembered from now on."""
        for process in self.processes:
            process.accept(self.time)

    def follow(self, drive: Drive | None, surroundings: Surroundings | None = None) -> None:
        """Change load and surroundings, from now on; `update` must follow."""
        for process in self.processes:
            process.follow(drive, surroundings or Surroundings(), self.time)

    def restart(self) -> None:
        """Put the state of the start back, so that another run needs no new forms."""
        self._start()
        self._begin()

    def save(self, path: str | Path) -> None:
        """Write the state to a file, for `restore`. Collective; see `simulation/state.py`.

        Args:
            path: of the file; one that is there is replaced, once the new one is whole.
        """
        head = {**self.identity(), "time": self.time, "guessed": self.guessed}
        state.save(Path(path), self.domain.comm, head, self.unknowns, self.processes)

    def restore(self, path: str | Path) -> None:
        """Take the state of a file by `save` of a model of the same setup. Collective.

        Raises:
            CaseError: there is no such file, or it is of another mesh, of other fields or of
                another number of ranks. The model is then as it was.
        """
        head, memories = state.restore(Path(path), self.domain.comm, self.identity(), self.unknowns)
        self._begin()
        self.guessed, self.epoch = bool(head["guessed"]), self.epoch + 1
        self.clock.time = float(head["time"])
        for process, memory in zip(self.processes, memories, strict=True):
            process.recall(memory)
        self.close()
        self.update(self.time)

    def identity(self) -> dict[str, Any]:
        """What a saved state and a model that takes it have in common. Collective."""
        return state.identity(self.setup, self.domain, self.unknowns, self.processes)

    @property
    def unknowns(self) -> tuple[Block, ...]:
        """Blocks of all fields and local states, those too that no equation is written for."""
        states = [g.states for g in self.context.regions]
        states += [g.states for g in self.context.interfaces]
        known = (*self.system.state, *(b for found in states for b in found.values()))
        return tuple({b.name: b for b in known}.values())

    def _start(self) -> None:
        """What every unknown starts at: as declared, and then as its process says."""
        for block in self.unknowns:
            block.begin()
        for process in self.processes:
            process.start(self.setup, self.domain, self.fields | self.states)
        self.guessed = True
        self.epoch += 1

    def _begin(self) -> None:
        """Nothing has happened yet."""
        self.clock.time = 0.0
        for process in self.processes:
            process.begin()
        self.update(0.0)
