"""Fabricated media: densities, conductivities, composites, overrides, bad input, speed."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import ActivePart, Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library

ROOM = State(T=298.15, p=50e6)
SPLIT = {"active": 0.7, "electrolyte": 0.3}
LPSCL = Fabrication("LPSCl", moulding_pressure=370e6)


def composite(**changes):
    given = {"active": "NMC622", "electrolyte": LPSCL, "mass_fractions": SPLIT, "porosity": 0.15,
             "particle_radius": 2.5e-6, "open_circuit_voltage": 3.8}  # fmt: skip
    asked = {**given, **changes}
    # What a real electrode loses has its own tests; these are of volume fractions and mixing laws.
    return Composite(**{**asked, "laws": {"electron_network": "all", "formation": "all",
                                          **asked.get("laws", {})}})  # fmt: skip


def test_moulding_pressure_sets_density_k_and_sigma():
    loose, tight = (fabricate(Fabrication("LPSCl", p)) for p in (15e6, 200e6))
    still = State(T=298.15, p=0.0)
    assert loose.relative_density(still) == pytest.approx(0.625, rel=0.02)
    assert tight.relative_density(still) == pytest.approx(0.769, rel=0.02)
    for method in ("thermal_conductivity", "ionic_conductivity", "volumetric_heat_capacity"):
        assert getattr(tight, method)(ROOM) > getattr(loose, method)(ROOM)
    k = tight.thermal_conductivity(ROOM)
    alpha = tight.thermal_diffusivity(ROOM)
    assert alpha * tight.volumetric_heat_capacity(ROOM) == pytest.approx(k)
    rho_c = tight.relative_density(ROOM) * 1860 * 1020.2
    assert tight.volumetric_heat_capacity(ROOM) == pytest.approx(rho_c, rel=1e-4)


def test_the_highest_pressure_counts():
    medium = fabricate(Fabrication("LPSCl", 100e6))
    before = medium.relative_density(State(T=298.15, p=10e6))
    squeezed = medium.relative_density(State(T=298.15, p=300e6))
    released = medium.relative_density(State(T=298.15, p=10e6, p_max=300e6))
    assert squeezed > before
    assert released == squeezed
    elastic = fabricate(Fabrication("LPSCl", 100e6, laws={"springback": "elastic"}))
    # M = K + 4 G/3 = 39.5 GPa (Deng 2016).
    expected = squeezed * (1 - 290e6 / 39.5e9)
    assert elastic.relative_density(State(T=298.15, p=10e6, p_max=300e6)) == pytest.approx(expected)


def test_a_powder_class_may_spring_back_more(tmp_path):
    released = State(T=298.15, p=10e6, p_max=500e6)
    law = {"springback": "elastic"}
    base, own = (
        fabricate(Fabrication("Li7SiPS8", 500e6, laws=law, overrides=o))
        for o in ({}, {"springback_modulus": 20e9})
    )
    pressed = base.relative_density(State(T=298.15, p=500e6))
    assert own.relative_density(State(T=298.15, p=500e6)) == pressed
    assert 1 - own.relative_density(released) / pressed == pytest.approx(490e6 / 20e9)
    # K + 4 G/3 of the library: 40.1 GPa.
    assert 1 - base.relative_density(released) / pressed == pytest.approx(490e6 / 40.07e9, rel=1e-3)
    text = (
        (library.LIBRARY / "Li7SiPS8.toml")
        .read_text("utf-8")
        .replace(
            '[classes.">50 um".relative_density]',
            """[classes.">50 um".springback_modulus]
value = 60
unit = "GPa"
conditions = ""
uncertainty = "not stated"
range = "not stated"
source = "user"
status = "user"

[classes.">50 um".relative_density]""",
        )
    )
    (tmp_path / "Li7SiPS8.toml").write_text(text)
    large = fabricate(Fabrication("Li7SiPS8", 500e6, particle_class=">50 um", laws=law), [tmp_path])
    left = large.relative_density(released) / large.relative_density(State(T=298.15, p=500e6))
    assert 1 - left == pytest.approx(490e6 / 60e9)
    with pytest.raises(CaseError, match="springback_modulus: has no effect"):
        fabricate(Fabrication("Li7SiPS8", 500e6, overrides={"springback_modulus": 20e9}))


def test_ketter_pellet():
    """Ketter 2025: k = 0.32 +- 0.02 W/(m K) at a relative density of 0.879, cold-pressed."""
    medium = fabricate(Fabrication("LPSCl", relative_density=0.879))
    assert medium.thermal_conductivity(ROOM) == pytest.approx(0.32, abs=0.02)
    sintered = fabricate(Fabrication("LPSCl", 200e6, sintering_temperature=823.0))
    assert sintered.grain_contact is None


def test_classes_are_kept_apart():
    annealed = fabricate(LPSCL)
    milled = fabricate(Fabrication("LPSCl", 370e6, particle_class="ball-milled"))
    ratio = annealed.ionic_conductivity(State(T=298.15, p=100e6)) / milled.ionic_conductivity(
        State(T=298.15, p=100e6)
    )
    assert 2.5 < ratio < 4.5
    assert annealed.relative_density(ROOM) == milled.relative_density(ROOM)
    glass = fabricate(Fabrication("LPS glass", 300e6, particle_class="um powder"))
    assert glass.relative_density(ROOM) == pytest.approx(0.865, rel=0.03)


def test_pressure_regimes():
    """Compaction raises sigma, the activation volume lowers it: a maximum in between."""
    medium = fabricate(Fabrication("LPSCl", 1e9))
    p = np.linspace(1e6, 1e9, 2000)
    sigma = medium.ionic_conductivity(State(T=298.15, p=p))
    assert 100e6 < p[np.argmax(sigma)] < 600e6
    open_contacts = fabricate(Fabrication("LPSCl", 370e6, laws={"ionic_contact": "none"}))
    still = State(T=298.15, p=0.0)
    assert open_contacts.ionic_conductivity(still) == pytest.approx(0.4, rel=0.02)
    assert fabricate(LPSCL).ionic_conductivity(still) > 0


def test_metals_and_insulators():
    lithium, steel, peek = (fabricate(Fabrication(n)) for n in ("Li", "steel", "PEEK"))
    assert (lithium.electrode_potential, steel.electrode_potential) == (0.0, None)
    assert lithium.conducts_electrons
    assert not lithium.conducts_ions
    assert not peek.conducts_electrons
    # 304 and 316L: 14.3 to 14.4 W/(m K) at 298 K (Antoniadis 2020, Kaschnitz 2017).
    assert steel.thermal_conductivity(ROOM) == pytest.approx(14.4, abs=0.1)
    assert steel.charge_transfer is None
    assert fabricate(Fabrication("Cu")).thermal_conductivity(State(T=300.0)) == pytest.approx(
        400.7, abs=0.1
    )
    assert fabricate(Fabrication("Al")).volumetric_heat_capacity(State(T=300.0)) == pytest.approx(
        2702 * 898.5, rel=1e-3
    )
    with pytest.raises(ValueError, match="does not conduct electrons"):
        peek.electronic_conductivity(ROOM)


def test_composite_volume_fractions_area_capacity():
    medium = fabricate(composite())
    fractions = medium.fractions(ROOM)
    assert sum(fractions.values()) == pytest.approx(0.85)
    assert medium.relative_density(ROOM) == pytest.approx(0.85)
    transfer = medium.charge_transfer
    assert transfer.specific_area == pytest.approx(3 * fractions["active"] / 2.5e-6)
    assert transfer.open_circuit_voltage == 3.8
    assert transfer.resistance == pytest.approx(570e-4)  # coated, on the particles: Kim 2025
    density = fractions["active"] * 4650
    assert medium.active_mass_density == pytest.approx(density)
    assert medium.usable_capacity_density == pytest.approx(density * 175 * 3600)
    assert not medium.isotropic or medium.thermal_conductivity_in_plane(
        ROOM
    ) == medium.thermal_conductivity(ROOM)


@pytest.mark.parametrize(("vol", "electrons", "ions"), [
    (25, 0.0206, 0.408), (33, 0.236, 0.266), (42, 0.556, 0.166), (53, 1.11, 0.0345),
    (61, 1.43, 0.00306),
])  # fmt: skip
def test_minnmann_composites(vol, electrons, ions):
    """Minnmann 2021 [mS/cm]; ionic relative to the pellet (1.6); electronic within factor 2."""
    porosity, eps = 0.14, vol / 100
    mass = {"active": eps * 4650, "electrolyte": (1 - porosity - eps) * 1860}
    mass = {n: m / sum(mass.values()) for n, m in mass.items()}
    medium = fabricate(composite(mass_fractions=mass, porosity=porosity))
    state = State(T=298.15, p=40e6)
    assert medium.fractions(state)["active"] == pytest.approx(eps)
    share = medium.ionic_conductivity(state) / medium.electrolyte.ionic_conductivity(state)
    assert share == pytest.approx(ions / 1.6, rel=0.55)
    assert 0.45 < medium.electronic_conductivity(state) * 10 / electrons < 2.0


@pytest.mark.parametrize(("solids", "k", "porosity"), [
    (0.1, 0.32, 12.1), (20, 0.36, 15.6), (40, 0.40, 21.2), (60, 0.44, 22.4), (80, 0.50, 25.3),
])  # fmt: skip
def test_ketter_composites(solids, k, porosity):
    """Ketter 2025, NCM83: within 12 %; symmetric Bruggeman over pores too is 22-32 % high."""
    s = solids / 100
    mass = {"active": s * 4780, "electrolyte": (1 - s) * 1860}
    mass = {n: m / sum(mass.values()) for n, m in mass.items()}
    quiet = {"ionic_conductivity": 1.0, "electronic_conductivity": 1.0}
    given = {"active": "NMC811", "mass_fractions": mass, "porosity": porosity / 100}
    medium = fabricate(composite(**given, overrides=quiet))
    assert medium.thermal_conductivity(ROOM) == pytest.approx(k, rel=0.12)
    medium = fabricate(composite(**given, overrides=quiet,
                                 laws={"thermal_conductivity": "bruggeman"}))  # fmt: skip
    assert 1.2 < medium.thermal_conductivity(ROOM) / k < 1.33


def test_composite_pressed_to_its_porosity():
    medium = fabricate(composite(porosity=None, moulding_pressure=370e6))
    assert 0.14 < 1 - medium.relative_density(ROOM) < 0.25
    more = medium.relative_density(State(T=298.15, p=600e6))
    assert more > medium.relative_density(ROOM)


def test_carbon_adds_a_network():
    plain = fabricate(composite())
    carbon = fabricate(composite(additive="VGCF",
                                 mass_fractions={"active": 0.7, "electrolyte": 0.28,
                                                 "additive": 0.02}))  # fmt: skip
    assert carbon.electronic_conductivity(ROOM) > 10 * plain.electronic_conductivity(ROOM)
    assert "additive" in carbon.fractions(ROOM)


def test_open_circuit_voltage_of_the_library():
    made = fabricate(composite(active="NMC811", open_circuit_voltage=None, stoichiometry=0.5,
                               particle_radius=None))  # fmt: skip
    transfer = made.charge_transfer
    assert 3.6 < transfer.open_circuit_voltage < 4.0
    assert transfer.entropic_coefficient != 0
    assert transfer.specific_area == pytest.approx(3 * made.fractions(ROOM)["active"] / 5.22e-6)


def test_missing_kinetics_are_told_when_they_are_asked_for():
    made = fabricate(composite(open_circuit_voltage=None, particle_radius=None))
    assert made.thermal_conductivity(ROOM) > 0
    with pytest.raises(CaseError) as caught:
        _ = made.charge_transfer
    for part in ("particle_radius", "open_circuit_voltage", "3.8 V"):
        assert part in str(caught.value)


def test_overrides_replace_and_are_reported():
    medium = fabricate(Fabrication("LPSCl", 370e6, overrides={
        "thermal_conductivity": 0.5, "density": 1900.0, "ionic_exponent": 4.79,
    }))  # fmt: skip
    assert medium.thermal_conductivity(State(T=400.0)) == 0.5
    assert medium.isotropic
    assert medium.density(ROOM) == 1900.0
    assert medium.ionic_scaling.form.exponent == 4.79
    assert ("Li6PS5Cl: density", "user", "user", "given in the case") in medium.sources()
    assert not any("dense_thermal" in line[0] for line in medium.sources())
    tensor = fabricate(Fabrication("Li", overrides={"thermal_conductivity_in_plane": 100.0}))
    assert (tensor.isotropic, tensor.thermal_conductivity_in_plane(ROOM)) == (False, 100.0)


def test_laws_can_be_chosen():
    base, table, bruggeman, gas = (
        fabricate(Fabrication("LPSCl", 100e6, laws=laws)) for laws in (
            {}, {"relative_density": "table"}, {"thermal_conductivity": "bruggeman"},
            {"pore_gas": "argon"},
        )
    )  # fmt: skip
    assert table.relative_density(ROOM) == pytest.approx(0.738)
    phi = base.relative_density(ROOM)
    assert bruggeman.thermal_conductivity(ROOM) / bruggeman.solid_conductivity(
        ROOM
    ) == pytest.approx((3 * phi - 1) / 2)
    assert 1.0 < gas.thermal_conductivity(ROOM) / base.thermal_conductivity(ROOM) < 1.2
    power = fabricate(composite(laws={"ionic_conductivity": "power"}))
    eps = power.fractions(ROOM)["electrolyte"]
    assert power.ionic_conductivity(ROOM) == pytest.approx(
        power.electrolyte.ionic(ROOM, **power.electrolyte.pressed(ROOM)) * (eps / 0.84) ** 2.9
    )


def test_outside_is_told():
    medium = fabricate(Fabrication("LPSCl", 600e6))
    text = "\n".join(medium.outside(State(T=600.0, p=1e6)))
    for part in ("highest pressure 600 MPa is above 400 MPa", "temperature 600 K is above 523 K",
                 "stack pressure 1 MPa is below 49 MPa"):  # fmt: skip
        assert part in text
    assert not fabricate(LPSCL).outside(State(T=300.0, p=100e6))


def test_values_carry_uncertainty_and_sources():
    line = fabricate(LPSCL).values(ROOM)["thermal_conductivity"]
    assert line.unit == "W/(m K)"
    assert 0.02 < line.uncertainty / line.value < 0.2
    assert line.sources == ("Boeger2023", "Ketter2025")
    assert line.status == "secondary"
    assert fabricate(composite()).values(ROOM)["thermal_conductivity"].status == "unverified"


BAD = {
    "unknown material": (Fabrication("Li6PS5CI", 1e8), '"Li6PS5Cl"'),
    "not pressed": (Fabrication("LPSCl"), "moulding_pressure ="),
    "pressure without unit": (Fabrication("LPSCl", 370.0), '"370 MPa"'),
    "negative pressure": (Fabrication("LPSCl", -1e8), "is impossible"),
    "density above 1": (Fabrication("LPSCl", relative_density=85.0), "85 % is 0.85"),
    "two densities": (Fabrication("LPSCl", 1e8, relative_density=0.8), "give one"),
    "class": (Fabrication("LPSCl", 1e8, particle_class="anealed"), '"annealed"'),
    "no classes": (Fabrication("Ga-LLZO", sintering_temperature=1300.0, particle_class="a"),
                   "no particle classes"),
    "anneal": (Fabrication("LPSCl", 1e8, anneal_temperature=800.0), "has no effect"),
    "not sintered": (Fabrication("Ga-LLZO"), "sintering_temperature ="),
    "celsius": (Fabrication("Ga-LLZO", sintering_temperature=110.0), "kelvin"),
    "pressed garnet": (Fabrication("Ga-LLZO", 1e8, sintering_temperature=1300.0), "no effect"),
    "pressed steel": (Fabrication("steel", 1e8), "no effect"),
    "active material alone": (Fabrication("NMC622"), "describe a composite"),
    "carbon alone": (Fabrication("VGCF"), "additive"),
    "override name": (Fabrication("LPSCl", 1e8, overrides={"thermal_conductivty": 1.0}),
                      '"thermal_conductivity"'),
    "override without effect": (Fabrication("LPSCl", 1e8, overrides={"hardness": 1e9}),
                                "has no effect"),
    "impossible override": (Fabrication("LPSCl", 1e8, overrides={"relative_density": 1.2}),
                            "is impossible"),
    "negative override": (Fabrication("LPSCl", 1e8, overrides={"thermal_conductivity": -1.0}),
                          "is impossible"),
    "law name": (Fabrication("LPSCl", 1e8, laws={"thermal_conductivity": "maxwel"}), '"maxwell"'),
    "law without numbers": (Fabrication("LPSCl", 1e8, laws={"ionic_conductivity": "phi/tau"}),
                            "overrides.ionic_tortuosity"),
    "law of metals": (Fabrication("steel", laws={"thermal_conductivity": "power"}), "no effect"),
    "heckel of garnet": (Fabrication("Ga-LLZO", sintering_temperature=1300.0,
                                     laws={"relative_density": "heckel"}), "it holds table"),
    "springback of glass": (Fabrication("LPS glass", 1e8, laws={"springback": "elastic"}),
                            "bulk and shear modulus"),
    "fractions": (composite(mass_fractions={"active": 0.7, "electrolyte": 0.2}), "not 1"),
    "percent": (composite(mass_fractions={"active": 70.0, "electrolyte": 30.0}), "70 % is 0.7"),
    "no electrolyte": (composite(mass_fractions={"active": 1.0}), "is missing or zero"),
    "component name": (composite(mass_fractions={**SPLIT, "carbon": 0.0}), "unknown component"),
    "carbon without name": (composite(mass_fractions={"active": 0.7, "electrolyte": 0.28,
                                                      "additive": 0.02}), "is not named"),
    "carbon without share": (composite(additive="VGCF"), "no mass fraction"),
    "no porosity": (composite(porosity=None), "is missing"),
    "porosity": (composite(porosity=15.0), "15 % is 0.15"),
    "radius": (composite(particle_radius=-1.0), "is impossible"),
    "stoichiometry": (composite(stoichiometry=1.5), "between 0 and 1"),
    "contact": (composite(contact_fraction=0.0), "above 0"),
    "electrolyte as active": (composite(active="LPSCl"), "not active material"),
    "active as carbon": (composite(additive="NMC622", mass_fractions={
        "active": 0.7, "electrolyte": 0.28, "additive": 0.02}), "known: carbon black, VGCF"),
    "too little electrolyte": (composite(mass_fractions={"active": 0.95, "electrolyte": 0.05}),
                               "percolation"),
    "too little active": (composite(mass_fractions={"active": 0.2, "electrolyte": 0.8}),
                          "percolation"),
    "composite thermal law": (composite(laws={"thermal_conductivity": "power"}), "bruggeman"),
    "no percolation law": (composite(active="LCO", laws={"ionic_conductivity": "percolation"}),
                           "no percolation law"),
    "composite override": (composite(overrides={"density": 2000.0}), "has no effect"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_says_what_and_what_would_be_right(name):
    spec, message = BAD[name]
    with pytest.raises(CaseError) as caught:
        fabricate(spec, where="materials.mine")
    assert message in str(caught.value)
    assert all(p.remedy for p in caught.value.problems)
    assert all(p.where.startswith("materials.mine") for p in caught.value.problems)


MILLION = {
    "LPSCl": LPSCL,
    "copper": Fabrication("Cu"),
    "Li7SiPS8": Fabrication("Li7SiPS8", 500e6),
    "argon in pores": Fabrication(
        "LPSCl", 100e6, laws={"springback": "elastic", "pore_gas": "argon"}
    ),
    "two networks": Fabrication(
        "LPSCl", 100e6, overrides={"thermal_threshold": 0.2, "thermal_exponent": 1.6},
        laws={"thermal_conductivity": "general effective medium", "pore_gas": "argon"},
    ),
    "NMC622": composite(),
    "four phases by Bruggeman": composite(
        mass_fractions={"active": 0.7, "electrolyte": 0.27, "additive": 0.03}, additive="VGCF",
        porosity=None, moulding_pressure=370e6, laws={"thermal_conductivity": "bruggeman"},
    ),
    "blend": composite(
        active=(ActivePart("NMC811", 0.6), ActivePart("LiCoO2", 0.4)), open_circuit_voltage=None,
        state_of_charge=0.8, porosity=None, moulding_pressure=370e6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MILLION)
def test_a_million_states_within_a_second(name):
    medium = fabricate(MILLION[name])
    n = 1_000_000
    state = State(T=np.linspace(280, 360, n), p=np.linspace(1e6, 100e6, n))
    for method in ("thermal_conductivity", "volumetric_heat_capacity", "ionic_conductivity",
                   "electronic_conductivity", "relative_density",
                   "thermal_diffusivity"):  # fmt: skip
        if ("ionic" in method and not medium.conducts_ions) or (
            "electronic" in method and not medium.conducts_electrons
        ):
            continue
        # Time of this process: other work on the machine does not count.
        start = time.process_time()
        getattr(medium, method)(state)
        assert time.process_time() - start < 1.0, method


def test_materials_need_no_dolfinx():
    code = (
        "import sys; from joulestack.fabrication import contacts, layers; "
        "from joulestack.reports import material_tables; "
        "assert not [m for m in sys.modules if m.split('.')[0] in "
        "('dolfinx', 'ufl', 'basix', 'matplotlib', 'rich')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
