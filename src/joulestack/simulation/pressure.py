"""What presses on the stack, held from outside or by a fixture, and the highest seen so far."""

from __future__ import annotations

from typing import Any

import numpy as np
from dolfinx import fem

from joulestack.discretisation.domain import Domain
from joulestack.physics.base import Forms, Memory, Physics
from joulestack.physics.clamp import Clamp
from joulestack.physics.context import Context
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.thickness_change import ThicknessChange
from joulestack.simulation.clock import Clock
from joulestack.simulation.setup import Setup


class Pressure(Physics):
    """Stack pressure and its memory, for the forms and for records.

    Attributes:
        value, highest_value: what the forms read: now, and the highest seen [Pa].
        shape: P1 function, factor on the pressure where a map is given; None: even.
        field: P1 function of the pressure where it follows the columns of the face; None elsewhere.
        clamp: what answers in a fixture; None: the pressure is held.
    """

    def __init__(self, setup: Setup, domain: Domain, clock: Clock) -> None:
        """Declare what the forms read."""
        self._setup, self._clock = setup, clock
        self._axis, self._dimension = setup.tagged.stacking_axis, domain.tdim
        self._step: float | None = None
        self._seen = 0.0
        self.clamp: Clamp | None = None
        self._even = clock.follow(self.now), clock.follow(self.highest)
        self.value: Any
        self.highest_value: Any
        self.value, self.highest_value = self._even
        self.shape: fem.Function | None = None
        self.field: fem.Function | None = None
        if setup.clamping is not None and setup.clamping.balance != "mean":
            space = fem.functionspace(domain.mesh, ("Lagrange", 1))
            self.field = self.value = fem.Function(space, name="stack_pressure")
            self.highest_value = fem.Function(space, name="highest_pressure")
        elif setup.pressure_shape is not None:
            space = fem.functionspace(domain.mesh, ("Lagrange", 1))
            self.shape = shape = fem.Function(space, name="pressure_shape")
            shape.x.array[:] = setup.pressure_shape(space.tabulate_dof_coordinates())
            self.value, self.highest_value = (constant * shape for constant in self._even)

    def now(self, t: float) -> float:
        """Stack pressure at a time [Pa]; the mean of a map."""
        if self.clamp is not None and self.clamp.pressure is not None:
            return self.clamp.pressure
        return self._setup.pressure(t) if self._step is None else self._step

    def highest(self, t: float) -> float:
        """Highest stack pressure up to a time [Pa]."""
        given = (self._setup.highest_pressure or self._setup.pressure)(t)
        return max(given, self._seen, self.now(t))

    # -- as a process ------------------------------------------------------------

    def request(self, context: Context, forms: Forms) -> None:
        """Weights of the thickness, where a fixture answers to it."""
        setup = self._setup
        if setup.clamping is not None:
            fields = None if self.field is None else (self.field, self.highest_value)
            breathing = ThicknessChange(
                context, setup.clamping, setup.media, setup.thickness, forms
            )
            self.clamp = Clamp(breathing, setup.pressure(0.0), fields)

    def allocate(self) -> None:
        """Assemble the weights."""
        if self.clamp is not None:
            self.clamp.allocate(self._axis, self._dimension, self._setup.pressure_shape)

    def begin(self) -> None:
        """The stack as it was assembled; nothing is remembered but what the setup says."""
        self._step, self._seen = None, 0.0
        if self.clamp is not None:
            self.clamp.pressure = None
            self._seen = self.highest(0.0)
            self.clamp.begin(self._seen / self.clamp.assembly if self.clamp.assembly else 1.0)

    def follow(self, drive: Drive | None, surroundings: Surroundings, t: float) -> None:
        """A step may hold another pressure; what was there before it is remembered."""
        self._seen = self.highest(t)
        self._step = surroundings.stack_pressure
        if self.clamp is not None and self.clamp.breathing.clamping.fixture.holds:
            self._tighten(self.clamp.assembly if self._step is None else self._step)

    def tighten(self, pressure: float) -> None:
        """Set the fixture anew, to a mean stack pressure [Pa]; the clock's `update` must follow.

        A pressure that is held without a fixture that answers comes with `follow` instead.
        """
        if self.clamp is not None and not self.clamp.breathing.clamping.fixture.holds:
            self._tighten(pressure)

    def _tighten(self, pressure: float) -> None:
        assert self.clamp is not None
        self.clamp.tighten(pressure)
        self.close(self._clock.time)
        self.accept(self._clock.time)

    def close(self, t: float) -> None:
        """Let the fixture answer to the present iterate; see `Clamp`."""
        if self.clamp is None:
            return
        self.clamp.close()
        if self.field is None and self.clamp.pressure is not None:
            now, highest = self._even
            now.value, highest.value = self.now(t), self.highest(t)

    def accept(self, t: float) -> None:
        """What a step has ended with is remembered."""
        self._seen = self.highest(t)
        if self.clamp is not None:
            self.clamp.accept()

    def memory(self) -> Memory:
        """The highest pressure seen, the one that a step holds, and the fixture's own."""
        found = {} if self.clamp is None else self.clamp.memory()
        if self._step is not None:
            found["held"] = np.array([self._step])
        return {**found, "seen": np.array([self.highest(self._clock.time)])}

    def recall(self, memory: Memory) -> None:
        """Take it back and let the fixture answer."""
        self._step = float(memory["held"][0]) if "held" in memory else None
        self._seen = float(memory["seen"][0])
        if self.clamp is not None:
            self.clamp.recall(memory)
