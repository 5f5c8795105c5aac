"""Cases of cases/papers that breathe: the figures they come to, beside what they promise."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cases.papers.page import BREATHING, held_against_page
from tests.cases.test_shipped import CASES


@pytest.fixture(scope="module")
def load() -> Iterator[Any]:
    """Scripts of the papers, each imported once: what they solve they keep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(CASES / "papers"))
        yield importlib.import_module
    for name in (*BREATHING, "compare", "promises"):
        sys.modules.pop(name, None)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What scripts draw goes into a folder of the test."""
    monkeypatch.chdir(tmp_path)


def drawn(script: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """What a script prints; it draws a picture and keeps its promises."""
    assert all(row.kept for row in script.rows())
    script.main()
    picture = Path("results") / "papers" / f"{script.__name__}.png"
    assert picture.stat().st_size > 1e4
    return capsys.readouterr().out


def test_three_fixtures_side_by_side(load: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A fixed gap presses more, so the cell loses less: pressure against heat and temperature."""
    script = load("fixture_comparison")
    found = script.table()
    assert list(found) == ["constant pressure", "spring", "fixed gap"]
    heat, hottest = (
        [float(entries[key]) for entries in found.values()] for key in ("heat [J]", "hottest [mK]")
    )
    assert heat == pytest.approx([2.315, 2.284, 1.810], rel=0.03)
    assert hottest == pytest.approx([73.3, 72.7, 65.0], rel=0.03)
    means = [float(entries["mean on discharge [V]"]) for entries in found.values()]
    assert means == pytest.approx([3.694, 3.696, 3.727], abs=0.005)
    said = drawn(script, capsys)
    for column in ("pressure [MPa]", "thickness [um]", "voltage [V]", "heat [J]", "hottest [mK]"):
        assert column in said


def test_work_of_the_fixture(load: Any) -> None:
    """Neglected: 70 J/m2 at 5 MPa on charge, 160 in the gap; heat 23 and 18 kJ/m2."""
    script = load("fixture_comparison")
    held, gap = (script.work(script.result(name)) for name in ("constant_pressure", "fixed_gap"))
    series = script.result("fixed_gap")
    p, h = series["Stack pressure [MPa]"], series["Stack thickness change [um]"]
    assert gap[0] == pytest.approx(0.5 * (5.0 + p.max()) * h.max(), rel=2e-3)
    assert gap[0] == pytest.approx(161.0, rel=0.03)
    assert held[0] == pytest.approx(5e6 * 13.66e-6, rel=0.02)
    assert held[1] == pytest.approx(-5e6 * 2.0e-6, rel=0.05)
    charged = 36e3 * script.charge(series).max()  # C/m2
    assert gap[0] / charged < 1.5e-3  # V: what the cell would have to give more


def test_blend_that_does_not_breathe(load: Any, capsys: pytest.CaptureFixture[str]) -> None:
    script = load("zero_breathing_blend")
    share = script.predicted()
    assert share == pytest.approx(0.647, abs=0.01)
    nmc, lco, blend = (script.change(s)[1] for s in (0.0, 1.0, share))
    assert [nmc[-1], lco[-1]] == pytest.approx([-1.371, 0.694], rel=0.02)
    assert abs(blend[-1]) < 0.02
    assert blend.min() == pytest.approx(-0.23, abs=0.02)
    assert "on the way" in drawn(script, capsys)


def test_stack_of_many_cells(load: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Tens to hundreds of micrometres, linear in the number of cells."""
    script = load("stack_thickness")
    expansions = [script.estimated(n) for n in script.COUNTS]
    assert np.divide(expansions, script.COUNTS) == pytest.approx(14.25, rel=0.02)
    assert script.solved(1) == pytest.approx((11.40, 5.23), rel=0.02)
    assert script.solved(10) == pytest.approx((114.0, 7.25), rel=0.02)
    drawn(script, capsys)


def test_scan_of_stack_pressures(load: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """From 1 to 100 MPa the loss falls 13 times, the irreversible heat 14 times."""
    script = load("stack_pressure_scan")
    found = [script.solved(p) for p in (1.0, 10.0, 100.0)]
    assert [s.lost for s in found] == pytest.approx([420.3, 49.3, 32.0], rel=0.05)
    irreversible = [s.heat - s.reversible for s in found]
    assert irreversible == pytest.approx([4.139, 0.443, 0.276], rel=0.05)
    drawn(script, capsys)


def test_uneven_clamp_has_a_hot_spot(load: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Six tenths more current at the pressed edge; hottest there, by 12 of 361 mK."""
    script = load("uneven_clamping")
    run = script.solved()
    assert run.current[-1] / run.current[0] == pytest.approx(1.594, rel=0.03)
    assert (np.diff(run.current) > 0).all()
    assert np.ptp(run.rise) == pytest.approx(11.6, rel=0.05)
    assert abs(run.x[np.argmax(run.rise)] - script.WIDTH) < 0.2 * script.WIDTH
    drawn(script, capsys)


@pytest.mark.parametrize("name", BREATHING)
def test_figures_are_those_of_the_page(name: str, load: Any) -> None:
    """After the tests above, whose solves are kept."""
    held_against_page(load, name)
