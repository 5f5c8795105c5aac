"""Recipes of composites: sufficient sets agree, inconsistent ones are errors; measured tables."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.fabrication.composite.size_ratio import utilisation
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from tests.case.samples import SAMPLES

ROOM = State(T=298.15, p=40e6)
LPSCL = Fabrication("LPSCl", 370e6)
MASS = {"active": 0.7, "electrolyte": 0.3}


def composite(**changes):
    given = {"active": "NMC622", "electrolyte": LPSCL, "mass_fractions": MASS,
             "particle_radius": 2.5e-6, "open_circuit_voltage": 3.8}  # fmt: skip
    return Composite(**{**given, **changes})


def test_every_sufficient_set_says_the_same():
    base = fabricate(composite(porosity=0.15))
    f = base.fractions(ROOM)
    loading = 50e-6 * f["active"] * 4650
    ways = [
        composite(loading=loading, thickness=50e-6),
        composite(mass_fractions={}, volume_fractions=f),
        composite(volume_fractions=f, porosity=0.15),
        composite(porosity=0.15, loading=loading, thickness=50e-6),
        composite(mass_fractions={}, volume_fractions=f, loading=loading, thickness=50e-6),
    ]
    for spec in ways:
        made = fabricate(spec)
        assert made.pores(ROOM) == pytest.approx(0.15)
        assert made.fractions(ROOM) == pytest.approx(f)
        assert made.ionic_conductivity(ROOM) == pytest.approx(base.ionic_conductivity(ROOM))


@pytest.mark.parametrize(("changes", "message"), [
    ({"loading": 0.105, "thickness": 50e-6, "porosity": 0.15}, "says a porosity of 15.0 %"),
    ({"loading": 0.3, "thickness": 50e-6}, "denser than the solids"),
    ({"loading": 0.1}, "without a thickness"),
    ({"loading": 0.1, "thickness": 50e-6, "moulding_pressure": 370e6}, "leave the layer"),
    ({"volume_fractions": {"active": 0.2, "electrolyte": 0.6}}, "the volume fractions say"),
    ({"volume_fractions": {"active": 0.6, "electrolyte": 0.6}}, "add up to 1"),
    ({"volume_fractions": {"active": 0.4, "electrolyte": 0.4, "additive": 0.02}}, "add up to 1"),
    ({"mass_fractions": {}, "porosity": 0.15}, "mass_fractions: is missing"),
])  # fmt: skip
def test_inconsistent_sets_are_errors(changes, message):
    with pytest.raises(CaseError) as caught:
        fabricate(composite(**changes), where="materials.cathode")
    assert message in str(caught.value)
    assert all(p.remedy and p.where.startswith("materials.cathode") for p in caught.value.problems)


def test_loading_and_thickness_in_a_case():
    case = Case.from_dict(SAMPLES["pellet"]())
    medium = case.media()["cathode"]
    thickness = next(la.thickness for la in case.cell.layers if la.name == "cathode")
    loading = float(medium.active_mass_density) * thickness
    recipe = case.to_dict()["materials"]["cathode"]
    changed = {k: v for k, v in recipe.items() if k not in ("porosity", "moulding_pressure")}
    again = case.replace({"materials.cathode": changed | {"loading": f"{100 * loading} mg/cm^2"}})
    state = State(T=298.15)
    assert again.media()["cathode"].pores(state) == pytest.approx(float(medium.pores(state)))
    with pytest.raises(CaseError, match="denser than the solids"):
        again.replace({"cell.layers.cathode.thickness": thickness / 2})


def test_measured_tables_are_laws():
    """Ketter 2025 and Minnmann 2021."""
    eps = {"active": 0.42, "electrolyte": 0.44}
    tables = {"ionic_conductivity": "Minnmann table", "electronic_conductivity": "minnmann table"}
    made = fabricate(composite(mass_fractions={}, volume_fractions=eps, laws=tables))
    assert 10 * made.ionic_conductivity(ROOM) == pytest.approx(0.166)
    assert 10 * made.electronic_conductivity(ROOM) == pytest.approx(0.556)
    assert made.values(ROOM)["ionic_conductivity"].sources == ("Minnmann2021",)
    shares = {"active": 0.6 * 0.776, "electrolyte": 0.4 * 0.776}
    ketter = {n: "Ketter table" for n in ("thermal_conductivity", "ionic_conductivity",
                                         "electronic_conductivity")}  # fmt: skip
    made = fabricate(composite(active="NMC83", mass_fractions={}, volume_fractions=shares,
                               laws=ketter))  # fmt: skip
    assert made.thermal_conductivity(ROOM) == pytest.approx(0.44)
    assert 10 * made.ionic_conductivity(ROOM) == pytest.approx(0.00926)
    assert 10 * made.electronic_conductivity(ROOM) == pytest.approx(1.121)
    hot = made.outside(State(T=333.0, p=40e6))
    assert any("ionic_conductivity: temperature 333 K is above" in m for m in hot)


@pytest.mark.parametrize(("changes", "message"), [
    ({"laws": {"ionic_conductivity": "Ketter table"}}, "measured on NMC83"),
    ({"laws": {"thermal_conductivity": "Minnmann table"}}, "Ketter table"),
    ({"laws": {"ionic_conductivity": "Minnmann table"}, "additive": "VGCF",
      "mass_fractions": {"active": 0.7, "electrolyte": 0.28, "additive": 0.02}}, "without carbon"),
])  # fmt: skip
def test_tables_of_other_materials_are_refused(changes, message):
    with pytest.raises(CaseError) as caught:
        fabricate(composite(porosity=0.15, **changes))
    assert message in str(caught.value)


def test_advice_on_utilisation():
    loose = fabricate(composite(porosity=0.25))
    assert "less than 20 % (Deysher2022" in "".join(loose.remarks)
    dense = fabricate(composite(porosity=0.15)).remarks
    assert not any("utilisation" in said or "ions reach" in said for said in dense)
    coarse = fabricate(composite(porosity=0.15, electrolyte_particle_size=20e-6))
    assert "size ratio 0.25" in "".join(coarse.remarks)
    assert "Schlautmann2023" in "".join(coarse.remarks)
    fine = fabricate(composite(porosity=0.15, electrolyte_particle_size=1e-6))
    assert "ions reach 100 +- 8 %" in "".join(fine.remarks)


def test_utilisation_is_a_number_with_uncertainty_and_status():
    """Shi 2020: 75 wt% at a size ratio of 2.1 reaches 98 %; the law never leaves [0, 1]."""
    mass = {"active": 75 / 95, "electrolyte": 20 / 95}
    made = fabricate(composite(active="NMC532", porosity=0.15, mass_fractions=mass,
                               particle_radius=2.5e-6, electrolyte_particle_size=2.4e-6,
                               electrolyte=Fabrication("LPS glass", 200e6)))  # fmt: skip
    line = made.values(ROOM)["utilisation"]
    assert line.value == pytest.approx(0.98, abs=0.09)  # the law: 0.90, one deviation 0.08
    assert 0 < line.uncertainty <= 0.08
    assert (line.sources, line.status) == (("Shi2020",), "secondary")
    assert "utilisation" not in fabricate(composite(porosity=0.15)).values(ROOM)
    v, r = np.meshgrid(np.linspace(0.0, 1.0, 50), np.geomspace(0.05, 50, 50))
    reached = utilisation()(ROOM, fraction=v, size_ratio=r)
    assert np.all((reached >= 0) & (reached <= 1))
    assert np.all(np.diff(reached, axis=1) <= 1e-12)


def test_comparison_with_the_default_laws():
    from joulestack.reports.comparison import compare, rows

    found = rows("NMC622")
    ions = [r for r in found if r.name == "ionic_conductivity"]
    assert [r.fraction for r in ions] == [0.25, 0.33, 0.42, 0.53, 0.61]
    ratio = np.array([r.law / r.measured for r in ions])
    assert np.all((ratio > 0.8) & (ratio < 1.6))
    last = [r for r in rows("NMC83") if r.name == "ionic_conductivity"][-1]
    assert np.isnan(last.law)  # 80 vol% of the solids is below the percolation threshold
    out = io.StringIO()
    compare("NMC83", Console(file=out, width=160))
    for part in ("Ketter table", "0.44", "ionic_conductivity", "solids"):
        assert part in out.getvalue()
    with pytest.raises(CaseError, match="no measured composite"):
        compare("LCO", Console(file=out, width=160))


def test_what_ions_do_not_reach_takes_no_part_if_asked():
    given = {"porosity": 0.15, "electrolyte_particle_size": 5e-6, "open_circuit_voltage": None,
             "state_of_charge": 0.5}  # fmt: skip
    whole = fabricate(composite(**given))
    part = fabricate(composite(**given, laws={"utilisation": "size ratio"}))
    share = part.values(ROOM)["utilisation"].value
    assert 0.5 < share < 0.95
    for name in ("usable_capacity_density", "theoretical_capacity_density"):
        assert getattr(part, name) == pytest.approx(share * getattr(whole, name))
    assert part.utilisation.share == pytest.approx(share)
    assert part.fractions(ROOM) == whole.fractions(ROOM)
    assert "All takes part" in "".join(whole.remarks)
    assert "Only that takes part" in "".join(part.remarks)
    given["electrolyte_particle_size"] = None
    with pytest.raises(CaseError, match="needs electrolyte_particle_size"):
        fabricate(composite(**given, laws={"utilisation": "size ratio"}))
    with pytest.raises(CaseError, match="ions reach"):
        fabricate(composite(porosity=0.15, electrolyte_particle_size=1e-6,
                            mass_fractions={"active": 0.93, "electrolyte": 0.07},
                            overrides={"ionic_conductivity": 1.0},
                            laws={"utilisation": "size ratio"}))  # fmt: skip
