"""Materials that the papers name: what they say of them, and that they can be made into layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from joulestack.constants import FARADAY
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import ROOM, State
from joulestack.materials import library
from joulestack.materials.missing_properties import gaps

HEAT = {"specific_heat_capacity": 900.0, "density": 2500.0, "dense_thermal_conductivity": 0.6}


def electrolyte(name: str, **how: object):
    lacking = {k: v for k, v in HEAT.items() if k not in library.load(name).properties}
    return fabricate(Fabrication(name, relative_density=1.0, overrides=lacking, **how))


def test_heat_treatment_of_70li2s_30p2s5() -> None:
    """Milan 2023, section 4.2 (Seino 2014): 1.4 mS/cm cold-pressed at 94 MPa, 17 mS/cm after 2 h at
    280 degC, and 17 kJ/mol."""
    pressed = electrolyte("70Li2S-30P2S5", particle_class="cold-pressed")
    treated = electrolyte("70Li2S-30P2S5", particle_class="heat-treated")
    assert 10 * pressed.ionic_conductivity(ROOM) == pytest.approx(1.4)
    assert 10 * treated.ionic_conductivity(ROOM) == pytest.approx(17)
    warm = treated.ionic_conductivity(State(T=333.15)) / treated.ionic_conductivity(ROOM)
    assert np.log(warm * 333.15 / 298.15) * 8.314462618 == pytest.approx(
        17e3 * (1 / 298.15 - 1 / 333.15)
    )


def test_halide_of_scandium() -> None:
    """Wang 2021: 1.25 mS/cm and 0.31 eV, 1.38e-9 S/cm of electrons; nothing of its heat."""
    assert 10 * electrolyte("Li3ScCl6").ionic_conductivity(ROOM) == pytest.approx(1.25)
    assert {"density", "specific_heat_capacity"} <= set(gaps(library.load("Li3ScCl6")))


@pytest.mark.parametrize(
    ("name", "molar_mass", "lithium", "capacity"),
    [("LiFePO4", 157.757, 1, 170), ("Li4Ti5O12", 459.09, 3, 175)],
)
def test_sites_are_those_of_the_formula(name, molar_mass, lithium, capacity) -> None:
    """mAh/g by density and sites, and by the formula."""
    own = library.load(name).properties
    held = own["maximum_concentration"](ROOM) * FARADAY / own["density"](ROOM) / 3600
    assert held == pytest.approx(capacity, rel=0.005)
    assert held == pytest.approx(lithium * FARADAY / molar_mass / 3.6, rel=0.005)


def test_plateaus() -> None:
    U = library.load("LFP").properties["open_circuit_voltage"]
    x = np.linspace(0, 1, 300)
    assert np.all(np.diff(U(State(T=298.15, x=x))) <= 1e-12)
    assert U(State(T=298.15, x=np.array([0.25, 0.4, 0.6]))) == pytest.approx(3.4323, abs=1e-9)
    assert library.load("LTO").properties["open_circuit_voltage"](ROOM) == pytest.approx(1.55)


MORE = """
[{key}]
value = {value}
conditions = "a number of the user's"
uncertainty = "not stated"
range = "not stated"
source = ""
status = "unverified"
"""


@pytest.mark.parametrize("name", ["LiFePO4", "Li4Ti5O12"])
def test_gaps_are_filled_by_a_copy_of_the_file(name: str, tmp_path: Path) -> None:
    """What no paper read has, a user adds; what the library has stays."""
    given = {"specific_heat_capacity": 800.0, "dense_thermal_conductivity": 1.5}
    if name == "Li4Ti5O12":
        given |= {"electronic_conductivity": 1e-3, "diffusivity": 1e-15, "particle_radius": 5e-7}
    text = (library.LIBRARY / f"{name}.toml").read_text("utf-8").replace(name, f"my {name}", 1)
    text += "".join(MORE.format(key=k, value=v) for k, v in given.items())
    (tmp_path / "own.toml").write_text(text)
    made = fabricate(
        Composite(f"my {name}", Fabrication("LPSCl", 370e6),
                  {"active": 0.6, "electrolyte": 0.4}, porosity=0.15, stoichiometry=0.5),
        [tmp_path],
    )  # fmt: skip
    (particles,) = made.particles
    U = float(particles.open_circuit_voltage(State(T=298.15, x=0.5)))
    assert pytest.approx({"LiFePO4": 3.4323, "Li4Ti5O12": 1.55}[name]) == U
