"""A line: one dimension through the layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from joulestack.mesh.coordinates import LINE
from joulestack.mesh.geometry import Layered, Span
from joulestack.mesh.grid import Layout, through_layers
from joulestack.mesh.layers import LayerSpec, stack_axis, with_finest


@dataclass(frozen=True)
class Line(Layered):
    """One-dimensional cut through the layers.

    Attributes:
        layers: from the negative terminal (z = 0) to the positive one.
        area: cross-section that it stands for [m2].
    """

    layers: tuple[LayerSpec, ...]
    area: float = 1.0

    coordinates = LINE.name
    face_names = ("bottom", "top")

    @property
    def face_area(self) -> float:
        """The cross-section."""
        return self.area

    @property
    def left_out(self) -> float:
        """The cross-section."""
        return self.area

    @property
    def bounds(self) -> tuple[Span, ...]:
        """The stack."""
        return ((0.0, self.height),)

    def refined(self, finest: Mapping[str, float]) -> Line:
        """Cells of one dimension are cheap."""
        return replace(self, layers=with_finest(self.layers, finest))

    def layout(self) -> Layout:
        """Intervals through the layers; faces bottom and top."""
        names = tuple(layer.name for layer in self.layers)
        return through_layers(*stack_axis(self.layers), names, self.ends, self.coordinates)
