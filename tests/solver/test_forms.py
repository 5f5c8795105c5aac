"""Coefficients packed by table against DOLFINx's own packing."""

from __future__ import annotations

import numpy as np
import pytest
from dolfinx import cpp

from joulestack.solver import forms
from tests.verification.cells import full_cell
from tests.verification.harness import Run


@pytest.mark.parametrize("kind", ["line", "pellet"])
def test_tables_move_what_dolfinx_packs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells, outer faces and both sides of interfaces, at a state where no two numbers agree."""
    system = Run(full_cell(kind)).model.system
    random = np.random.default_rng(3)
    before = [f.x.array.copy() for b in system.state for f in (b.value,)]
    asked = [(system._cellwise.residual, 9), (system._cellwise.jacobian, 9)]
    for (assembled,), least in asked:
        cpp_form = assembled.form._cpp_object
        pack = forms.packing(cpp_form)
        for block, values in zip(system.state, before, strict=True):
            assert block.value.x.array == pytest.approx(values, abs=0)  # asking leaves no trace
        for _ in range(2):
            for f in cpp_form.coefficients:
                f.x.array[:] = random.uniform(1, 2, f.x.array.size)
            mine, theirs = pack(), cpp.fem.pack_coefficients(cpp_form)
            assert mine.keys() == theirs.keys()
            assert len(mine) >= least
            assert all(np.array_equal(mine[key], theirs[key]) for key in theirs)
        before = [b.value.x.array.copy() for b in system.state]
        monkeypatch.setattr(forms, "MOST_TABULATED", 1)
        other = forms.packing(cpp_form)()
        monkeypatch.undo()
        assert all(np.array_equal(other[key], theirs[key]) for key in theirs)
