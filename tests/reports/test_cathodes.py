"""The seven quantities of every cathode, walked one by one, and the table that prints them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.reports.cathodes import NEEDS, evaluated, molar_mass, row, show_cathodes
from tests.laws.test_lattice import own_material

CATHODES = ("LiCoO2", "NMC111", "NMC532", "NMC622", "NMC811", "NMC83", "NCA")
LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)

ONE_NUMBER = {
    "dU/dT [mV/K]": {"NMC111", "NMC532", "NMC622"},
    "D [m^2/s]": {"LiCoO2", "NCA"},
    "c_max [mol/m^3]": set(CATHODES),
}
"""What does not depend on x in the library; docs/materials.md lists the same."""


@pytest.mark.parametrize("name", CATHODES)
@pytest.mark.parametrize("column", NEEDS)
def test_every_cell_is_known_and_says_where_from(name, column):
    cell = row(library.load(name))[column]
    assert cell is not None
    assert np.isfinite([cell.charged, cell.discharged]).all()
    assert cell.constant == (name in ONE_NUMBER.get(column, set()))
    for used in cell.used:
        if used.status == "unverified":
            assert used.note, "it must say why"
        else:
            assert used.source
        if not used.records:
            assert used.note, "it must say where it was read"


@pytest.mark.parametrize("name", CATHODES)
def test_charged_oxides_conduct_electrons(name):
    """A charged electrode does not have the conductivity of the lithiated insulator."""
    law = library.load(name).properties["electronic_conductivity"]
    sigma = law(State(T=298.15, x=np.linspace(0.4, 1.0, 61)))
    assert np.all(np.diff(sigma) <= 0)
    assert sigma[0] > 0.1  # 1 mS/cm
    small = law(State(T=313.15, x=0.4)) / law(State(T=298.15, x=0.4))
    assert 1.0 <= small < 1.4


def test_charged_licoo2_is_a_metal():
    """Motohashi 2011 (abstract): metallic for 0.75 >= x >= 0.35; Wang 2018 at x = 1."""
    law = library.load("LiCoO2").properties["electronic_conductivity"]
    assert law(State(T=293.15, x=1.0)) == pytest.approx(5e-6)
    cold, warm = (law(State(T=T, x=0.6)) for T in (280.0, 340.0))
    assert cold == pytest.approx(warm)
    assert law.status == "unverified"
    assert (law.uncertainty.kind, law.uncertainty.size) == ("factor", 10.0)
    recipe = {"active": 0.7, "electrolyte": 0.3}
    made = fabricate(Composite("LiCoO2", LPSCL, recipe, porosity=0.15))
    x = np.array([0.5, 0.985])
    charged, full = made.electronic_conductivity(State(T=298.15, p=50e6, x=x))
    assert charged > 1e6 * full
    assert any("that of the metal" in line[3] for line in made.sources())


def test_molar_volume():
    """97.87 g/mol over 5.06 g/cm3; charged LiCoO2 is larger, charged NMC smaller."""
    lco, nmc = library.load("LiCoO2"), library.load("NMC811")
    assert molar_mass(lco) == pytest.approx(97.87e-3, rel=1e-4)
    assert evaluated(lco, "V [cm^3/mol]", 1.0) == pytest.approx(97.87 / 5.06, rel=1e-4)
    for material, grows in ((lco, True), (nmc, False)):
        cell = row(material)["V [cm^3/mol]"]
        assert (cell.charged > cell.discharged) is grows


def test_table_names_units_and_what_is_unverified(tmp_path):
    own_material(tmp_path, "Ni0.7Mn0.15Co0.15")
    out = io.StringIO()
    show_cathodes(Console(file=out, width=200), [tmp_path])
    text = out.getvalue()
    for part in (*NEEDS, *CATHODES, "my NMC", "*", "unverified"):
        assert part in text, part
    line = next(line for line in text.splitlines() if line.startswith("LiCoO2"))
    assert "3.67 to 5.18" in line
