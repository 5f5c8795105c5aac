"""The electrical load: what is given at the terminals now, and what the terminals say of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from dolfinx import fem
from mpi4py import MPI

from joulestack._compat import Indices
from joulestack.declarations import ELECTRONIC
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.physics import charge
from joulestack.physics.base import Forms, Held, Memory, Physics, SetupView
from joulestack.physics.context import Context
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.terms import Terms
from joulestack.simulation.clock import Clock

NEGATIVE, POSITIVE = "negative terminal", "positive terminal"
"""Names of the potentials held there."""


class ElectricalLoad(Physics):
    """Current, voltage, power or resistance at the terminals, as the steps of a protocol change it.

    Attributes:
        drive: load now; None: none at all, as in a problem of heat alone.
    """

    def __init__(self, drive: Drive | None, domain: Domain, clock: Clock) -> None:
        """Take the load of a setup; None where it has no terminals."""
        self.drive = self._given = drive
        self._domain, self._clock = domain, clock
        self._area = 1.0
        self._faces: list[tuple[Block, int]] = []
        self._areas: list[list[Any]] = []
        self._potentials: list[list[Any]] = []
        self._positive: list[tuple[Block, Indices]] = []
        self._cutoff: fem.Constant | None = None
        clock.mind_changing(self._values)

    def _values(self) -> Iterator[object]:
        if self.drive is not None:
            drive = self.drive
            yield from (drive.current, drive.voltage, drive.power, drive.resistance)

    # -- equations ---------------------------------------------------------------

    def contribute(self, context: Context, terms: Terms) -> None:
        """Current that leaves through the positive terminal; see `charge.terminal`."""
        if self._given is None:
            return
        current, power = self._density(context, "current"), self._density(context, "power")
        conductance = context.clocked(self._conductance)
        self._cutoff = context.wrap(1.0)
        self._faces = context.on_face(self._given.positive, ELECTRONIC.key)
        for face in self._faces:
            charge.terminal(context, terms, *face, current, power, conductance, self._cutoff)

    def _density(self, context: Context, name: Literal["current", "power"]) -> fem.Constant:
        return context.clocked(
            lambda t: ((self.drive and self.drive.at(name, t)) or 0.0) / self._area
        )

    def _conductance(self, t: float) -> float:
        """Of the resistance between the terminals, per area [S/m2]."""
        R = None if self.drive is None else self.drive.at("resistance", t)
        return 1.0 / (R * self._area) if R else 0.0

    def held(self, setup: SetupView, fields: Collection[str]) -> Iterable[Held]:
        """Zero at the negative terminal; at the positive one a voltage, while one is given."""
        if self._given is None:
            return
        key = ELECTRONIC.key
        yield Held(self._given.negative, key, 0.0, name=NEGATIVE)
        yield Held(
            self._given.positive,
            key,
            lambda t: self._voltage(t) or 0.0,
            name=POSITIVE,
            active=lambda t: self._voltage(t) is not None,
        )

    def _voltage(self, t: float) -> float | None:
        return None if self.drive is None else self.drive.at("voltage", t)

    def request(self, context: Context, forms: Forms) -> None:
        """Area of the positive terminal, and integral of its potential."""
        if self._given is not None:
            facets = self._domain.face_facets(self._given.positive)
            blocks = context.fields[ELECTRONIC.key].blocks
            self._positive = [(block, block.facet_dofs(facets)) for block in blocks]
        for block, face in self._faces:
            self._areas.append(forms.add(context.weight * context.outer(face)))
            self._potentials.append(forms.add(block.value * context.ds(face)))

    def allocate(self) -> None:
        """Measure the terminal where phi_s exists: an insulator on it takes no current."""
        if self._areas:
            self._area = self._domain.total(sum(area[0].scalar() for area in self._areas))

    # -- while it runs -----------------------------------------------------------

    def begin(self) -> None:
        """The load of the setup."""
        self.drive = self._given

    def follow(self, drive: Drive | None, surroundings: Surroundings, t: float) -> None:
        """Another load, from now on."""
        self.drive = drive

    def memory(self) -> Memory:
        """The branch that a given power is on; see `cutoff`."""
        return {} if self._cutoff is None else {"cutoff": self._cutoff.value.reshape(1).copy()}

    def recall(self, memory: Memory) -> None:
        """Take the branch back."""
        if self._cutoff is not None:
            self._cutoff.value = float(memory["cutoff"][0])

    # -- what others ask -----------------------------------------------------------

    @property
    def there(self) -> bool:
        """Whether the terminals are loaded at all, be it by no current."""
        return self.drive is not None

    def current(self) -> float:
        """Given discharge current now [A]; nan while none is given."""
        value = None if self.drive is None else self.drive.at("current", self._clock.time)
        return math.nan if value is None else value

    @property
    def holds_voltage(self) -> bool:
        """Whether a voltage is given now."""
        return self._voltage(self._clock.time) is not None

    def power(self) -> float | None:
        """Given power now [W]; None while none is given."""
        return None if self.drive is None else self.drive.at("power", self._clock.time)

    @property
    def cutoff(self) -> float:
        """Voltage below which a given power draws no more current [V]; see `charge.terminal`."""
        assert self._cutoff is not None
        return float(self._cutoff.value)

    @cutoff.setter
    def cutoff(self, voltage: float) -> None:
        assert self._cutoff is not None
        self._cutoff.value = voltage

    @contextmanager
    def at_current(self, current: float) -> Iterator[None]:
        """Another load for a moment: a discharge current [A]."""
        given = self.drive
        assert given is not None
        self.drive = Drive(given.negative, given.positive, current=lambda t: current)
        self._clock.update(self._clock.time)
        try:
            yield
        finally:
            self.drive = given
            self._clock.update(self._clock.time)

    def voltage(self) -> float:
        """Mean voltage of the positive terminal; the negative one is at zero [V]."""
        whole = self._domain.total(sum(form[0].scalar() for form in self._potentials))
        return whole / self._area

    def lowest_voltage(self) -> float:
        """Lowest voltage anywhere on the positive terminal [V]."""
        lowest = math.inf
        for block, dofs in self._positive:
            lowest = min(lowest, float(block.value.x.array[dofs].min(initial=math.inf)))
        return float(self._domain.comm.allreduce(lowest, op=MPI.MIN))
