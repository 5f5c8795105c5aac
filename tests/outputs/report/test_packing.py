"""Arrays come back from text as they went in, fields within the step that is promised."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.outputs.report.packing import SCALE, pack, pack_field, unpack
from joulestack.outputs.report.series import KEY, chosen


@pytest.mark.parametrize("kind", ["f4", "f8", "u4"])
def test_arrays_come_back(kind: str) -> None:
    values = np.arange(12.0).reshape(3, 4)
    assert unpack(pack(values, kind)).tolist() == values.tolist()


def test_fields_are_off_by_half_a_step_at_most() -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(200, 3)) * [1e-9, 1.0, 1e6] + [298.15, 0.0, -5e6]
    columns[7] = np.nan
    found = unpack(pack_field(columns)).T
    span = np.nanmax(columns, axis=0) - np.nanmin(columns, axis=0)
    assert np.isnan(found[7]).all()
    kept = np.delete(np.arange(200), 7)
    away = np.abs(found - columns)[kept]
    assert (away <= 0.5 * span / SCALE + 1e-15 * np.abs(columns[kept])).all()


def test_fields_that_are_flat_or_nowhere() -> None:
    columns = np.array([[3.0, np.nan], [3.0, np.nan]])
    found = unpack(pack_field(columns))
    assert found[0].tolist() == [3.0, 3.0]
    assert np.isnan(found[1]).all()


def test_rows_that_are_left_out_take_no_extreme_with_them() -> None:
    t = np.linspace(0, 1000.0, 20001)
    spike = 4.0 + 0.1 * np.sin(t / 50)
    spike[12345] = 9.0
    table = {"Time [s]": t, KEY[0]: spike, "Step": np.floor(t / 250)}
    rows = chosen(table, 900)
    assert len(rows) < 1200
    assert {0, 12345, 20000} <= set(rows.tolist())
    jumps = np.flatnonzero(np.diff(table["Step"]))
    assert {*jumps, *(jumps + 1)} <= set(rows.tolist())
    straight = np.interp(t, t[rows], spike[rows])
    assert np.abs(straight - spike)[np.abs(t - t[12345]) > 5].max() < 2e-3
