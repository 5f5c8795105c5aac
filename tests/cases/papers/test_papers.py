"""Promises about the papers: what each is worth, whether it is kept, and that the page says so."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tests.cases.papers.page import BREATHING, FIGURES, held_against_page

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "cases" / "papers"
SERVE = ("compare", "promises")
NAMES = sorted(p.stem for p in SCRIPTS.glob("*.py") if p.stem not in SERVE)


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in (*NAMES, *SERVE):
        sys.modules.pop(name, None)


def test_every_script_stands_in_the_file():
    assert sorted(FIGURES) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BREATHING])
def test_figures_are_those_of_the_page(name, load):
    held_against_page(load, name)


def test_nothing_with_a_limit_is_left_out(load):
    """Rows that promise something belong to one promise of their script."""
    for name in ("composites", "heckel_slopes", "schneider_conductivity", "shi_size_ratio"):
        script = load(name)
        whole = [row.what for row in script.rows() if row.promised]
        used = [row.what for promise in script.promises() for row in promise.rows]
        assert set(whole) <= set(used)
        assert len(used) == len(set(used))


def test_every_promise_says_what_it_is_worth(load):
    worth = load("compare").Worth
    for records in FIGURES.values():
        for record in records:
            assert record["kind"] in {kind.value for kind in worth}
            assert record["source"]
            assert len(record["basis"].split()) > 1, "what was fitted to what, or why it holds"
            assert record["numbers"]
            assert all(number["limit"] for number in record["numbers"])


def test_what_holds_by_construction_is_kept():
    """A prediction may be missed, and says so; an identity may not."""
    for records in FIGURES.values():
        assert all(r["kept"] for r in records if r["kind"] == "identity")


def test_there_are_sixty_predictions(load):
    counts = load("promises").counts(FIGURES)
    assert counts["prediction"][0] >= 60


def test_the_page_is_written_from_the_file(load):
    promises = load("promises")
    text = promises.PAGE.read_text()
    assert promises.insert(text, promises.page(FIGURES)) == text


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
