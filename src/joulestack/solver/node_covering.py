"""Few cells that touch every node: where a quantity of the nodes need not be taken in all cells."""

from __future__ import annotations

import numpy as np

from joulestack._compat import Indices

SEED = 1


def cover(nodes: Indices) -> Indices:
    """Choose cells so that every node belongs to one of them.

    First those without a node in common, then whatever the nodes left over need: in a grid of
    hexahedra about a fourth of the cells.

    Args:
        nodes: of each cell, a row for each.

    Returns:
        Rows of the chosen cells, sorted.
    """
    if not nodes.size:
        return np.zeros(0, dtype=np.int32)
    each = nodes.shape[1]
    free = np.zeros(int(nodes.max()) + 1, dtype=bool)
    free[nodes] = True
    rank = np.random.default_rng(SEED).permutation(len(nodes))
    chosen = np.zeros(len(nodes), dtype=bool)
    for wanted in range(each, 0, -1):
        while True:
            candidates = np.flatnonzero(free[nodes].sum(axis=1) >= wanted)
            if not candidates.size:
                break
            rows, ranks = nodes[candidates], rank[candidates]
            first = np.full(free.size, len(nodes))
            np.minimum.at(first, rows.ravel(), np.repeat(ranks, each))
            # Of candidates that share a free node the one of lowest rank.
            taken = ((first[rows] == ranks[:, None]) | ~free[rows]).all(axis=1)
            chosen[candidates[taken]] = True
            free[rows[taken]] = False
    return np.flatnonzero(chosen).astype(np.int32)
