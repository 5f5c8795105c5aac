"""A microstructure that contradicts the laws of the same layer is told with both numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.fabrication.tabulated import KIND
from tests.case.samples import SAMPLES

DENSITIES = (0.7, 0.8, 0.9)


def warned(folder: Path, exponent: float, **overrides: Any) -> list[str]:
    """Of a separator with k and sigma as phi^exponent on a microstructure."""
    rows = [
        {
            "property": name,
            "axis": "z",
            "relative_density": phi,
            "relative": phi**exponent,
            "percolating": {"SE": True},
        }
        for name in ("thermal_conductivity", "ionic_conductivity")
        for phi in DENSITIES
    ]
    table = {"kind": KIND, "case": "x", "hash": "ab", "resistances": False, "rows": rows}
    (folder / "table.json").write_text(json.dumps(table))
    case = SAMPLES["pellet"]()
    case["materials"]["separator"]["effective"] = {"microstructure": "table.json"}
    found = evaluate(Case.from_dict(case, folder).replace(overrides)).warnings
    return [w for w in found if "by the microstructure" in w]


def test_both_numbers_and_the_spread_are_told(tmp_path: Path) -> None:
    """phi^0.5 for phi^2.9 at 83 %, and no factor 0.74 of grains: 2.1 times k, known to 6 %."""
    told = warned(tmp_path, 0.5)
    (heat,) = (w for w in told if "thermal" in w)
    assert heat.startswith("separator: thermal conductivity is ")
    ratio = float(heat.split(" times")[0].split()[-1])
    assert ratio == pytest.approx(0.83 ** (0.5 - 2.9) / 0.74, rel=0.1)
    assert "+- " in heat


def test_what_agrees_within_the_spread_says_nothing(tmp_path: Path) -> None:
    """sigma of Li6PS5Cl is stated to 50 %."""
    assert not [w for w in warned(tmp_path, 2.9) if "ionic" in w]
