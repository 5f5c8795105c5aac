"""The main job: what was measured is as it was read, and its cell is the paper's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import joulestack as js

CASES = Path(__file__).parents[2] / "cases"


def test_measured_capacities_are_those_that_were_read() -> None:
    """Table 1 of Nam et al. 2018 stands in measured.toml; sentences and rates agree with it."""
    case = js.Case.load(CASES / "measured_pellet.toml")
    curves = tomllib.loads((CASES / "validation" / "measured.toml").read_text())["curves"]
    (curve,) = (c for c in curves if c["cell"] == "nam2018_thick")
    known = dict(zip(curve["rate"], curve["capacity"], strict=True))
    measured = case.file.load.measured  # type: ignore[union-attr]
    assert measured is not None
    assert measured.specific_capacity
    for number, charge in measured.specific_capacity.items():
        step = next(s for s in case.protocol.steps if s.number == int(number))
        rate = step.value.values[0] / (case.capacity / 3600)  # type: ignore[operator]
        assert charge / 3600 == pytest.approx(known[round(rate, 6)])


def test_the_separator_is_as_thick_as_measured() -> None:
    """150 mg in a die of 13 mm, pressed at 370 MPa: 730 um in the paper."""
    case = js.Case.load(CASES / "measured_pellet.toml")
    (separator,) = (layer for layer in case.cell.layers if layer.name == "separator")
    assert separator.thickness == pytest.approx(730e-6, rel=0.02)
