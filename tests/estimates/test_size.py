"""Memory that `check` announces against what runs have taken (docs/benchmarks.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.estimates import size
from joulestack.estimates.evaluate import evaluate

POUCH = Path(__file__).parents[2] / "cases" / "pouch_fast_charge.toml"
TAKEN = [(4, "6 mm", 377e6), (8, "5 mm", 713e6)]
"""Unit cells, size of mesh cells in the plane, highest resident memory of a run [bytes]."""


@pytest.mark.parametrize(("cells", "in_plane", "taken"), TAKEN)
def test_memory_is_known_within_a_factor_of_two(cells: int, in_plane: str, taken: float) -> None:
    case = Case.load(POUCH, {"cell.unit_cells": cells, "mesh.in_plane": in_plane})
    assert 0.5 < evaluate(case).memory / taken < 2.0


def test_what_does_not_fit_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case.load(POUCH)
    assert not any("of memory" in w for w in evaluate(case).warnings)
    monkeypatch.setattr(size, "physical_memory", lambda: 100e6)
    (said,) = (w for w in evaluate(case).warnings if "of memory" in w)
    assert "this machine has 0.1 GB" in said
    assert "mesh.in_plane" in said
