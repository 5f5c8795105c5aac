"""What the materials command prints and draws."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from joulestack.errors import CaseError
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.reports.material_tables import (
    law_text,
    list_materials,
    plot_material,
    show_material,
)

STATE = State(T=333.15, p=50e6)


def printed(function, *arguments):
    out = io.StringIO()
    function(*arguments, Console(file=out, width=240))
    return out.getvalue()


def test_list():
    text = printed(list_materials)
    assert "Li6PS5Cl" in text
    assert "ball-milled" in text
    assert "unverified" in text


def test_material_as_made():
    text = printed(show_material, "LPSCl", Fabrication("LPSCl", 200e6), STATE)
    parts = ["pressed at 200 MPa", "60 degC", "phi", "0.7793", "alpha", "sigma ionic", "mS/cm"]
    parts += ["Boeger2023", "37.63 kJ/mol", "10.1016/j.est.2025.119926", "49 MPa to 487 MPa"]
    for part in parts:
        assert part in text


def test_unverified_numbers_are_marked():
    text = printed(show_material, "alumina", None, STATE)
    assert "unverified: alumina: thermal_conductivity" in text
    assert "no source read" in text


def test_ranges_are_told():
    text = printed(show_material, "LPSCl", Fabrication("LPSCl", 900e6), STATE)
    assert "outside its range" in text
    assert "900 MPa" in text


def test_entry_without_fabrication_and_composite():
    assert '--moulding-pressure "200 MPa"' in printed(show_material, "LPSCl", None, STATE)
    assert "--sintering-temperature" in printed(show_material, "Ga-LLZO", None, STATE)
    assert "part of composite" in printed(show_material, "NMC622", None, STATE)
    spec = Composite("NMC622", Fabrication("LPSCl"), {"active": 0.7, "electrolyte": 0.3},
                     moulding_pressure=370e6)  # fmt: skip
    text = printed(show_material, "cathode", spec, STATE)
    assert "70 wt% active" in text
    assert "sigma electronic" in text


@pytest.mark.parametrize("name", ["LPSCl", "Ga-LLZO", "LPS glass"])
def test_plot(name, tmp_path):
    path = plot_material(name, None, STATE, tmp_path / "curves.png")
    assert path.stat().st_size > 20_000


def test_plot_of_a_metal(tmp_path):
    with pytest.raises(CaseError, match="not pressed or sintered"):
        plot_material("steel", None, STATE, tmp_path / "curves.png")


def test_laws_made_of_lists_name_their_variables():
    own = library.load("NMC811").properties
    assert law_text(own["open_circuit_voltage"]) == "sum in x"
    assert law_text(own["diffusivity"]).startswith("decades (value 2.961e-14 m^2/s")
