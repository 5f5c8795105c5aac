"""What is where in a cell: its bodies, from bottom to top."""

from __future__ import annotations

from joulestack.case.stack.cell import Cell, Layer, Ring


def layers(cell: Cell) -> tuple[Layer, ...]:
    """Every layer from bottom to top, a repeated one once."""
    return (*cell.below, *cell.layers, *cell.above)


def bodies(cell: Cell) -> tuple[Layer | Ring, ...]:
    """Every layer and die ring."""
    return (*layers(cell), *cell.die)
