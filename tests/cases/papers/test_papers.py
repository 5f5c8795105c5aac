"""The papers' numbers come back out, within what each script of cases/papers promises."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[3] / "cases" / "papers"
NAMES = sorted(p.stem for p in SCRIPTS.glob("*.py") if p.stem != "compare")

PROMISED = {
    "cathode_conductivity": 4,
    "composites": 4,
    "debye_cell": 5,
    "fixture_comparison": 3,
    "heckel_slopes": 11,
    "lee_microstructure": 6,
    "lee_sintering": 3,
    "lee_table_1": 16,
    "mixed_conductor": 8,
    "pellet_impedance_pressure": 4,
    "pressed_powders": 5,
    "schneider_conductivity": 14,
    "schneider_microstructure": 1,
    "sharafi_grain_size": 5,
    "shi_size_ratio": 10,
    "stack_pressure_scan": 3,
    "stack_thickness": 3,
    "stripping_voids": 2,
    "uneven_clamping": 1,
    "utilisation_map": 2,
    "zero_breathing_blend": 1,
}
"""How many numbers each script promises: none is dropped unseen."""


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in (*NAMES, "compare"):
        sys.modules.pop(name, None)


def test_every_script_is_here():
    assert set(NAMES) == set(PROMISED)


@pytest.mark.parametrize("name", NAMES)
def test_promises_are_kept(name, load):
    rows = load(name).rows()
    promised = [row for row in rows if row.within is not None]
    assert len(promised) == PROMISED[name]
    broken = [f"{r.what}: {r.model:.4g} for {r.paper:.4g} {r.unit}" for r in rows if not r.kept]
    assert not broken


def test_promises_are_those_of_the_project(load):
    """Densities 2 %, ratios of k and alpha 10 %, Schneider's points 15 %, maximum 0.4-0.6 GPa."""
    lee, schneider = load("lee_table_1"), load("schneider_conductivity")
    assert {r.within for r in lee.densities()} == {0.02}
    ratios = {r.what: r for r in lee.ratios()}
    for material in ("LPS glass", "Li3PS4"):
        assert ratios[f"k ratio {material}, default"].within == 0.10
        assert ratios[f"alpha ratio {material}, default"].within == 0.10
    points = [r for r in schneider.rows() if r.unit == "mS/cm" and "cycle" not in r.what]
    assert len(points) == 8
    assert {r.within for r in points} == {0.15}
    for fraction in schneider.FRACTIONS:
        assert 400 < schneider.loading_maximum(fraction)[0] < 600
        assert 95 < schneider.release_maximum(fraction)[0] < 200


def test_li6ps5cl_of_lee_2026_contradicts_itself(load):
    """Kerrisk: k over alpha is the ratio of densities, 1.23 by Table 1, not 1.7/1.2."""
    lee = load("lee_table_1")
    k, alpha, _ = lee.RATIOS["Li6PS5Cl"]
    table = lee.TABLE_1["Li6PS5Cl"][-1] / lee.TABLE_1["Li6PS5Cl"][0]
    assert k / alpha == pytest.approx(1.42, abs=0.01)
    assert table == pytest.approx(1.23, abs=0.005)
    model = [lee.ratio("Li6PS5Cl", f"thermal_{m}") for m in ("conductivity", "diffusivity")]
    phi = lee.ratio("Li6PS5Cl", "relative_density")
    assert model[0] / model[1] == pytest.approx(phi, rel=1e-9)


def test_stack_pressure_series_of_schneider(load):
    """Fig. 5 in words: flat above 0.5 GPa at 100 MPa; at 10 MPa a plateau and then a rise."""
    schneider = load("schneider_conductivity")
    for fraction in schneider.FRACTIONS:
        high = schneider.series(fraction, 100, (500, 1000, 1700))
        assert high[-1] / high[0] < 1.10
        low = schneider.series(fraction, 10, (100, 300, 500, 1000, 1700))
        assert all(low[1:] >= low[:-1])
        assert all(low < schneider.series(fraction, 100, (100, 300, 500, 1000, 1700)))
    plateau = schneider.series(">50 um", 10, (10, 50, 100, 500))
    assert plateau[2] / plateau[0] < 1.05
    assert plateau[3] / plateau[2] > 1.3


@pytest.mark.parametrize("name", ["lee_sintering", "schneider_conductivity", "shi_size_ratio"])
def test_scripts_print_and_draw(name, load, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    load(name).main()
    said = capsys.readouterr().out
    assert "deviation" in said
    assert (tmp_path / "results" / "papers" / f"{name}.png").stat().st_size > 5000
