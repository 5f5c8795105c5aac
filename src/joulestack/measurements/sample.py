"""A sample in the measuring rig: a setup between its terminals, brought to the state to measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la

from joulestack.declarations import TEMPERATURE
from joulestack.discretisation.fields import Block
from joulestack.measurements.linear import Floats, Law, Linearised
from joulestack.simulation.load import POSITIVE
from joulestack.simulation.model import Model
from joulestack.simulation.observe.terminals import Terminals
from joulestack.simulation.setup import Drive, Setup
from joulestack.solver.forms import EXTERIOR
from joulestack.solver.solves import Solver
from joulestack.solver.stepper import Stepper


def constant_phase(exponent: float) -> Law:
    """s (s/s0)^(n-1) with s0 = 1/s: the capacitance is the one at 1 rad/s."""
    return lambda s: s**exponent


class Sample:
    """A finished model with its terminals.

    Attributes:
        model, stepper: of the setup.
        area: of the positive terminal [m2].
    """

    def __init__(self, setup: Setup, faces: Sequence[str] = ()) -> None:
        """Compile; a setup without a drive is measured by heat alone, on some faces."""
        self.model = Model(setup)
        self._terminals = None if setup.drive is None else Terminals(self.model)
        self._faces = {face: self._on_face(face) for face in faces}
        self.model.finish()
        flow: dict[str, Callable[[], float]] = dict.fromkeys(self.model.fields, self._current)
        self.stepper = Stepper(self.model, flow)
        self.area = 0.0
        if self._terminals is not None:
            self.area = float(self.model.domain.comm.allreduce(self._terminals.positive_area()))

    def _on_face(self, face: str) -> list[tuple[Block, Any]]:
        model = self.model
        facets = model.domain.face_facets(face)
        found = []
        for block in model.fields[TEMPERATURE.key].blocks:
            ids = [r.id for r in block.regions]
            mine = facets[np.isin(model.domain.cell_region[facets[:, 0]], ids)]
            data = {EXTERIOR: [(1, mine.ravel())]}
            found.append((block, model.forms.add(block.test * model.context.ds(1), data)))
        return found

    def face(self, name: str) -> Floats:
        """Integrals of the temperature's shape functions over a face [m2], in its rows."""
        return self._rows([(block, form[0].vector) for block, form in self._faces[name]])

    def _rows(self, given: Sequence[tuple[Block, Callable[[Floats], Any]]]) -> Floats:
        """A vector of all ranks from what each of them adds to local dofs of blocks, ghosts too."""
        out = np.zeros(self.model.system.field_size)
        parts = {b.name: part for b, part in self.model.system.field_parts}
        for block, add in given:
            work = fem.Function(block.space)
            add(work.x.array)
            work.x.scatter_reverse(la.InsertMode.add)
            out[parts[block.name]] += work.x.array[: block.owned]
        found: Floats = np.concatenate(self.model.domain.comm.allgather(out))
        return found

    def _current(self) -> float:
        value = self.model.load.current()
        return 0.0 if np.isnan(value) else abs(value)

    def settle(self, drive: Drive | None, steady: bool = False) -> None:
        """Bring potentials, or all fields if `steady`, into the state under a load at time zero."""
        self.model.follow(drive)
        self.model.update(0.0)
        solver: Solver = self.stepper
        if steady:
            solver.steady()
        else:
            solver.consistent()
            solver.evaluate()

    def linearised(self, isothermal: bool, laws: dict[str, Law] | None = None) -> Linearised:
        """The model about its state, with the current given at the positive terminal."""
        system = self.model.system
        held: list[npt.NDArray[np.integer]] = [np.zeros(0, dtype=np.int64)]
        parts = {b.name: part for b, part in system.field_parts}
        for condition in system.prescribed:
            if condition.name != POSITIVE:
                owned = condition.owned
                held.append(parts[condition.block.name].start + owned)
        if isothermal:
            held += [np.arange(s.start, s.stop) for s in system.rows(TEMPERATURE.key)]
        return Linearised(self.model, np.concatenate(held), laws)

    def load(self) -> Floats:
        """Weights of the potentials on the positive terminal: their mean is the voltage.

        Also what a discharge current of one ampere adds to the residual.
        """
        assert self._terminals is not None

        def adds(dofs: npt.NDArray[np.intp], weights: Floats) -> Callable[[Floats], None]:
            return lambda into: np.add.at(into, dofs, weights / self.area)

        return self._rows(
            [(block, adds(d, w)) for side, block, d, w in self._terminals.weights if side == 1]
        )


def at_rest(setup: Setup) -> Setup:
    """The same without current."""
    assert setup.drive is not None
    none: Any = lambda t: 0.0  # noqa: E731
    drive = Drive(setup.drive.negative, setup.drive.positive, current=none)
    return replace(setup, drive=drive)
