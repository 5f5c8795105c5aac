"""The fixture's answer to the values now in the unknowns: one pressure, or one for each column.

The pressure is not an unknown. It is a function of them, evaluated with every residual, so that
what Newton's method finds solves both. Its derivative is left out of the Jacobian: the coupling is
weak within a step, so that costs iterations at most, never accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from joulestack.mechanics.fixtures import TOUCH, lost
from joulestack.mechanics.plates import Tightening, spread
from joulestack.physics.columns import Face
from joulestack.physics.thickness_change import ThicknessChange

Floats = npt.NDArray[np.float64]


class Clamp:
    """Keeps the stack pressure in step with the thickness.

    Attributes:
        breathing: thickness of the layers.
        assembly: mean pressure at assembly [Pa].
        pressure: mean over the face now [Pa]; None while it is held from outside.
        face: columns; None where one pressure holds everywhere.
        columns: pressure of each column [Pa].
        field, highest: P1 functions with the pressure now and the highest seen, where it varies.
    """

    def __init__(self, breathing: ThicknessChange, assembly: float, fields: Any = None) -> None:
        """Take what the pressure follows from.

        Args:
            breathing: not yet allocated.
            assembly: mean pressure at assembly [Pa].
            fields: (now, highest) where the pressure varies over the face.
        """
        self.breathing, self.assembly = breathing, assembly
        self._mean, self._grown = assembly, 0.0
        self._last: Tightening | None = None
        self.field: fem.Function | None
        self.highest: fem.Function | None
        self.field, self.highest = fields or (None, None)
        self.pressure: float | None = None
        self.face: Face | None = None
        self.columns: Floats = np.zeros(0)

    def allocate(self, axis: int, dimension: int, shape: Callable[[Any], Any] | None) -> None:
        """Assemble weights, find columns.

        Args:
            axis: through the stack.
            dimension: of the mesh.
            shape: map of assembly over its mean, at points (n, 3).
        """
        self.breathing.allocate()
        if self.field is None or self.highest is None:
            return
        self.face = Face(self.breathing, axis, dimension, self.field)
        relative = 1.0 if shape is None else np.asarray(shape(self.face.points()))
        self._map: Floats = self.assembly * relative * np.ones(len(self.face.at))

    def begin(self, seen: float) -> None:
        """Answer to the start, with no memory of a run before.

        Args:
            seen: highest pressure before the start, over that of assembly.
        """
        self.pressure = None
        self._mean, self._grown, self._last = self.assembly, 0.0, None
        if self.field is not None:
            self._kept: Floats = np.zeros(len(self.field.x.array))
            self.close()
            self._kept = seen * np.array(self.field.x.array)

    def tighten(self, mean: float) -> None:
        """Set the fixture to a mean pressure [Pa], as the stack is now; growth counts from here."""
        self.breathing.measure()
        self._mean, self._grown = mean, self.breathing.stack
        if self.face is not None:
            self._last = Tightening(mean, self.face.expansion())

    def close(self) -> None:
        """Answer to the values now in the blocks."""
        self.breathing.measure()
        clamping = self.breathing.clamping
        if self.face is None:
            if not clamping.fixture.holds:
                grown = self.breathing.stack - self._grown
                self.pressure = float(clamping.fixture.pressure(grown, self._mean))
            return
        assert self.field is not None
        assert self.highest is not None
        face = self.face
        self.columns = spread(
            clamping.balance, clamping.fixture, face.expansion(), self._map, face.areas, face.at,
            self._last,
        )  # fmt: skip
        self.pressure = face.mean(self.columns)
        self.field.x.array[:] = self.columns[face.of_dofs]
        self.highest.x.array[:] = np.maximum(self._kept, self.field.x.array)

    def accept(self) -> None:
        """Remember the highest pressure of a step that is taken.

        Inside a step it is the larger of what was remembered and of the present iterate, which is
        continuous; it becomes memory only here.
        """
        if self.highest is not None:
            self._kept = np.array(self.highest.x.array)

    def memory(self) -> dict[str, Floats]:
        """What it remembers beside the unknowns: how it was tightened, what it has seen.

        Names as in `recall`; parts that are not there are left out.
        """
        found: dict[str, Floats] = {"tightened": np.array([self._mean, self._grown])}
        if self._last is not None:
            found["tightened_mean"] = np.array([self._last.pressure])
            found["tightened_at"] = np.array(self._last.expansion)
        if self.highest is not None:
            found["highest"] = self._kept.copy()
        return found

    def recall(self, memory: Mapping[str, Floats]) -> None:
        """Take back what `memory` gave; `close` must follow."""
        self._mean, self._grown = map(float, memory["tightened"])
        self._last = None
        if "tightened_at" in memory:
            mean = float(memory["tightened_mean"][0])
            self._last = Tightening(mean, np.array(memory["tightened_at"]))
        if self.highest is not None:
            self._kept = np.array(memory["highest"])

    @property
    def left(self) -> float:
        """Thickness of lithium on each metal electrode where it is least [m]; inf: not known."""
        if self.face is None:
            return self.breathing.left
        return float(self.breathing.remaining(self.face.lithium).min())

    def thickness(self, mean: float) -> float:
        """Of all identical cells under a mean pressure [m]: grown, and squeezed since assembly."""
        fixture, breathing = self.breathing.clamping.fixture, self.breathing
        grown = fixture.cells * float(breathing.sizes.sum() + breathing.changes.sum())
        return grown - fixture.compliance * (mean - self.assembly)

    @property
    def lost(self) -> float:
        """Share of the face on which nothing presses any more."""
        if self.face is not None:
            return self.face.mean((self.columns < 0.5 * TOUCH).astype(float))
        fixture = self.breathing.clamping.fixture
        grown = self.breathing.stack - self._grown
        return float(lost(fixture.elastic(grown, self._mean)))
