"""What a case file gets at an accuracy, for setups of tests: mesh, tolerances, functions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from joulestack.case.settings.accuracy import Accuracy, settled
from joulestack.case.settings.numerics import Mesh, TimeControl
from joulestack.case.stack import geometries
from joulestack.case.stack.cell import Cell
from joulestack.mesh import Geometry
from joulestack.tolerances import Tolerances


@dataclass(frozen=True)
class Level:
    """An accuracy, with every number that a case leaves open."""

    name: Accuracy

    @cached_property
    def mesh(self) -> Mesh:
        """[mesh] of a case that says nothing there."""
        return settled(Mesh(), "mesh", self.name)

    @cached_property
    def tolerances(self) -> Tolerances:
        """[time] of a case that says nothing there."""
        return Tolerances(**settled(TimeControl(), "time", self.name).tolerances)

    @property
    def modes(self) -> int:
        """Functions in a particle."""
        return int(self.mesh.radial_modes)

    def geometry(self, **cell: Any) -> Geometry:
        """What a case file with these keys of [cell] is meshed as; layers as name -> thickness."""
        layers = [
            {"name": name, "material": name, "thickness": f"{1e6 * thickness:.10g} um"}
            for name, thickness in cell.pop("layers").items()
        ]
        given = Cell.model_validate(
            {"stack_pressure": "1 MPa", "layers": layers, "start_temperature": "25 degC", **cell}
        )
        return geometries.stated(given.geometry).make(given, self.mesh)
