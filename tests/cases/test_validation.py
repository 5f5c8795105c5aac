"""Published cells: every curve has its case, and one is predicted from end to end."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case

FOLDER = Path(__file__).parents[2] / "cases" / "validation"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.delitem(__import__("sys").modules, "run", raising=False)
    return importlib.import_module("run")


def test_every_cell_is_measured_and_every_curve_has_its_cell(script: Any) -> None:
    cells = {curve["cell"] for curve in script.curves()}
    assert cells == {p.stem for p in FOLDER.glob("*.toml")} - {"measured"}
    for curve in script.curves():
        case = Case.load(FOLDER / f"{curve['cell']}.toml")
        assert len(curve["rate"]) == len(curve["capacity"])
        assert curve["doi"].startswith("10.")
        case.replace({"load.protocol": script.protocol(curve, curve["rate"][0])})
        assert case.cell.specific_capacity is not None  # or "C" would be the library's


def test_names_choose_cells(script: Any) -> None:
    assert {c["cell"] for c in script.curves(["nam2018"])} == {"nam2018_thin", "nam2018_thick"}


def test_figures_of_known_ratios(script: Any) -> None:
    """Ratios 2, 1/2 and 1: the median of 100 %, 50 % and 0 % is 50 %, rms ln 2 sqrt(2/3)."""
    points = [script.Point("a", 1.0, 100.0, p) for p in (200.0, 50.0, 100.0, math.nan)]
    told = script.figures(points)
    assert "3 discharges: median error 50 %" in told
    assert f"{math.log(2) * math.sqrt(2 / 3):.2f}" in told
    assert "1 failed" in told


def test_one_is_predicted(script: Any, tmp_path: Path) -> None:
    """Not more than the 277 mAh/g of all lithium of NMC622, and most of what it is used for."""
    (curve,) = script.curves(["minnmann2021_42"])
    assert 50 < script.predict(curve, 1.0, tmp_path) < 277
