"""Fire passes from cell to cell as fast as finite volumes say; see `row`, with its full version."""

from __future__ import annotations

import pytest

from joulestack.simulation.model import Model
from joulestack.tolerances import Tolerances
from tests.verification.runaway.row import GENTLE, finite_volumes, half_times, row


def test_row_of_cells() -> None:
    """Both methods are of second order in the size of the cells of the mesh."""
    coarse, fine = (
        half_times(size, Tolerances(1e-3, 1e-4), GENTLE)[0] for size in (1.75e-4, 8.75e-5)
    )
    apart = [finite_volumes(size, GENTLE) for size in (2e-4, 1e-4)]
    for a, b, c, d in zip(coarse, fine, *apart, strict=True):
        assert b + (b - a) / 3 == pytest.approx(d + (d - c) / 3, rel=2e-3)
        assert b == pytest.approx(d, rel=1e-2)


def test_no_two_groups_share_a_block() -> None:
    """Cells 1 and 3 do not touch; a process from outside tells layers of one medium apart."""
    model = Model(row(1.75e-3))
    assert len(model.context.regions) == 4
    blocks = [point.block.name for point in model.terms.points]
    assert len(blocks) == len(set(blocks)) == 3
