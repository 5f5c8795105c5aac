"""Cells that touch every node."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joulestack.solver.node_covering import cover


def grid(*cells: int) -> np.ndarray:
    """Corners of every cell of a grid, a row for each."""
    size = np.array(cells) + 1
    starts = np.stack(np.meshgrid(*map(np.arange, cells), indexing="ij"), axis=-1)
    corners = np.stack(np.meshgrid(*[[0, 1]] * len(cells), indexing="ij"), axis=-1)
    at = starts.reshape(-1, 1, len(cells)) + corners.reshape(1, -1, len(cells))
    return np.ravel_multi_index(tuple(np.moveaxis(at, -1, 0)), tuple(size)).astype(np.int32)


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3, unique=True), max_size=40))
def test_every_node_is_touched(rows: list[list[int]]) -> None:
    nodes = np.array(rows, dtype=np.int32).reshape(-1, 3)
    chosen = cover(nodes)
    assert set(nodes[chosen].ravel()) == set(nodes.ravel())
    assert len(set(chosen)) == len(chosen)


def test_few_cells_of_a_grid() -> None:
    """Every node of a grid of hexahedra needs an eighth of the cells at best, every cell eight."""
    nodes = grid(12, 12, 12)
    assert len(cover(nodes)) < 0.4 * len(nodes)
    line = grid(40)
    assert len(cover(line)) < 0.75 * len(line)
    assert list(cover(line)) == list(cover(line))
