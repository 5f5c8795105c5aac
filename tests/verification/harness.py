"""Setup -> Model -> Observer -> Stepper, driven by hand, as the simulation does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.discretisation.fields import Block
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer, Row
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.solver.stepper import StepControl, Stepper, Stop, Tolerances

Floats = npt.NDArray[np.float64]


@dataclass
class Run:
    """A finished model with its observer and stepper.

    Attributes:
        rows: one record for each accepted step.
        measured: with an observer; without it fewer forms are compiled.
        kernels: number of distinct forms.
    """

    setup: Setup
    kind: type[Model] = Model
    tolerances: Tolerances = field(default_factory=lambda: Tolerances(potential=1e-9))
    control: StepControl = field(default_factory=StepControl)
    linear: str = "direct"
    options: Mapping[str, str] = field(default_factory=dict)
    measured: bool = True

    def __post_init__(self) -> None:
        self.rows: list[Row] = []
        self.model = self.kind(self.setup)
        self.before_finish()
        if self.measured:
            self.observer = Observer(self.model)
        self.kernels = self.model.finish()
        self.stepper = Stepper(
            self.model,
            {
                key: (lambda k=key: self.observer.flow(k) if self.measured else 0.0)
                for key in self.model.fields
            },
            tolerances=self.tolerances,
            control=self.control,
            linear_kind=self.linear,
            petsc_options=self.options,
        )

    def before_finish(self) -> None:
        """Ask for more forms here."""

    @property
    def row(self) -> Row:
        return self.observer.row

    def steady(self) -> Row:
        self.model.update(0.0)
        self.stepper.steady()
        return self._record(0.0, "steady")

    def begin(self) -> Row:
        self.stepper.begin(0.0)
        return self._record(0.0, "start")

    def advance(
        self, end: float, landings: Sequence[float] = (), stops: Sequence[Stop] = (), **more: Any
    ) -> bool:
        """From the start (made consistent and recorded) to the end."""
        self.begin()
        return self.stepper.advance(
            0.0, end, list(landings), lambda t: self._record(t, "step"), stops, **more
        )

    def _record(self, t: float, kind: Any) -> Row:
        if not self.measured:
            return {}
        self.rows.append(self.observer.measure(t, kind))
        return self.rows[-1]

    # -- values ---------------------------------------------------------------

    def block(self, key: str, layer: str) -> Block:
        region = next(r for r in self.model.domain.regions if r.layer == layer)
        return self.model.fields[key].block(region)

    def values(self, key: str, layer: str) -> tuple[Floats, Floats]:
        """Coordinates (n, 3) and values of a field's dofs on a layer, bottom first."""
        regions = [r for r in self.model.domain.regions if r.layer == layer]
        block = self.block(key, layer)
        dofs = block.region_dofs(self.model.domain, regions)
        points = block.space.tabulate_dof_coordinates()[dofs]
        order = np.argsort(points[:, self.setup.tagged.stacking_axis], kind="stable")
        return points[order], block.value.x.array[dofs][order]

    def profile(self, key: str, layer: str) -> tuple[Floats, Floats]:
        """Coordinate and value along a line."""
        points, values = self.values(key, layer)
        return points[:, 0], values


def fixed(temperature: float) -> list[FaceCondition]:
    return [FaceCondition(temperature=lambda t: temperature)]


def cooled(h: float, ambient: float) -> list[FaceCondition]:
    return [FaceCondition(coefficient=h, ambient=lambda t: ambient)]


def orders(errors: Sequence[float], ratio: float = 2.0) -> list[float]:
    """Observed orders between successive refinements by `ratio`."""
    return [float(np.log(a / b) / np.log(ratio)) for a, b in pairwise(errors)]
