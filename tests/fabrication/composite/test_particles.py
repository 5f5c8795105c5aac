"""Particles of composite electrodes: what a recipe and the library say, and what they do not."""

from __future__ import annotations

import time

import numpy as np
import pytest

from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.errors import CaseError
from joulestack.fabrication.charge_transfer import KineticsRecipe
from joulestack.fabrication.composite.losses import IDEAL
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import ActivePart, Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.extension import INSET, levelled, voltage

LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
SPLIT = {"active": 0.7, "electrolyte": 0.3}
ROOM = State(T=ROOM_TEMPERATURE)


def recipe(**changes):
    given = {"active": "NMC811", "electrolyte": LPSCL, "mass_fractions": SPLIT, "porosity": 0.15,
             "state_of_charge": 0.8, "laws": IDEAL}  # fmt: skip
    return Composite(**{**given, **changes})


def problems(**changes):
    medium = fabricate(recipe(**changes))
    assert medium.particles is None
    with pytest.raises(CaseError) as caught:
        _ = medium.charge_transfer
    assert tuple(caught.value.problems) == medium.reaction.missing
    return str(caught.value)


def at(x, T=ROOM_TEMPERATURE):
    return State(T=T, x=x)


def test_a_recipe_with_a_state_of_charge_has_particles():
    medium = fabricate(recipe())
    (p,) = medium.particles
    assert p.name == "NMC811"
    assert p.fraction == pytest.approx(medium.fractions(ROOM)["active"])
    # 4.78 g/cm3 over the 97.28 g/mol of LiNi0.8Mn0.1Co0.1O2.
    assert (p.radius, p.maximum_concentration) == pytest.approx((5.22e-6, 49137), rel=1e-4)
    assert p.window == (0.27, 0.91)
    assert p.start == pytest.approx(0.91 - 0.8 * 0.64)
    assert p.state_of_charge == pytest.approx(0.8)
    assert p.kinetics.law == "butler-volmer"
    sites = FARADAY * 49137 * p.fraction
    assert medium.theoretical_capacity_density == pytest.approx(sites)
    assert medium.usable_capacity_density == pytest.approx(0.64 * sites)
    # The phases take x from there, too.
    assert medium.mixture.stoichiometry == {"active": p.start}


def test_placeholders_are_said():
    shown = {line[0]: line[2] for line in fabricate(recipe()).sources()}
    pair = "NMC811, LiNbO3 | Li6PS5Cl: charge_transfer_"
    assert shown[f"{pair}resistance"] == shown[f"{pair}activation_energy"] == "secondary"
    other = fabricate(recipe(active="graphite"))  # of which nothing was found
    shown |= {line[0]: line[2] for line in other.sources()}
    assert shown["composites: charge_transfer_resistance"] == "unverified"
    assert shown["composites: charge_transfer_activation_energy"] == "unverified"
    assert shown["NMC811: open_circuit_voltage"] == "primary-code"
    own = KineticsRecipe(exchange_current_density=2.0, activation_energy=3e4,
                         transfer_coefficient=0.4)  # fmt: skip
    (p,) = fabricate(recipe(kinetics=own)).particles
    assert p.kinetics.exchange_current_density == 2.0
    assert not any("composites" in line[0] for line in fabricate(recipe(kinetics=own)).sources())


def test_resistance_and_exchange_current_say_the_same():
    (given,) = fabricate(recipe(kinetics=KineticsRecipe(charge_transfer_resistance=1e-3))).particles
    i0 = GAS_CONSTANT * ROOM_TEMPERATURE / FARADAY / 1e-3
    assert given.kinetics.exchange_current_density == pytest.approx(i0)
    (above,) = fabricate(recipe(charge_transfer_resistance=1e-3)).particles
    assert above.kinetics == given.kinetics


def test_linearised_start():
    medium = fabricate(recipe(kinetics=KineticsRecipe(charge_transfer_resistance=1e-3,
                                                film_resistance=2e-4)))  # fmt: skip
    (p,), linear = medium.particles, medium.charge_transfer
    assert linear.resistance == pytest.approx(1.2e-3)
    assert linear.specific_area == pytest.approx(3 * p.fraction / p.radius)
    assert linear.open_circuit_voltage == pytest.approx(float(p.open_circuit_voltage(at(p.start))))


def test_a_constant_voltage_stays_linear():
    medium = fabricate(recipe(state_of_charge=None, open_circuit_voltage=3.8))
    assert medium.particles is None
    assert medium.reaction.missing == ()
    assert medium.charge_transfer.open_circuit_voltage == 3.8
    assert medium.theoretical_capacity_density is None


@pytest.mark.parametrize(("changes", "words"), [
    ({"active": "NMC622"}, "particle_radius: is missing"),
    ({"state_of_charge": None, "kinetics": KineticsRecipe()}, "state_of_charge: is missing"),
    ({"stoichiometry": 0.5}, "stoichiometry says it already"),
    ({"window": (0.5, 0.5)}, "window: 0.5 to 0.5 is impossible"),
    ({"kinetics": KineticsRecipe("marcus")}, "reorganisation_energy: is missing"),
    ({"kinetics": KineticsRecipe(reorganisation_energy=2e4)}, "has no effect on law"),
    ({"kinetics": KineticsRecipe("linear", transfer_coefficient=0.5)}, "has no effect on law"),
    ({"kinetics": KineticsRecipe("tafel")}, "butler-volmer, linear, marcus"),
    ({"kinetics": KineticsRecipe(exchange_current_density=1.0, charge_transfer_resistance=1.0)},
     "keep one"),
    ({"kinetics": KineticsRecipe(exchange_current_density=1.0), "charge_transfer_resistance": 1.0},
     "keep one"),
])  # fmt: skip
def test_what_is_missing_or_contradicts_itself(changes, words):
    assert words in problems(**changes)


def test_a_material_without_a_voltage_says_so(tmp_path):
    text = (library.LIBRARY / "NMC811.toml").read_text("utf-8")
    head, tail = text.split("[open_circuit_voltage]")
    own = head.replace('"NMC811"', '"NMC9"') + tail[tail.index("[entropic_coefficient]") :]
    (tmp_path / "NMC9.toml").write_text(own)
    medium = fabricate(recipe(active="NMC9"), [tmp_path])
    assert [p.where for p in medium.reaction.missing] == ["open_circuit_voltage"]


@pytest.mark.parametrize("name", ["kinetics", "state_of_charge", "window", "diffusivity"])
def test_no_effect_beside_a_constant_voltage(name):
    value = {"kinetics": KineticsRecipe(), "window": (0.2, 0.9)}.get(name, 0.5)
    given = {"state_of_charge": None, "open_circuit_voltage": 3.8, name: value}
    with pytest.raises(CaseError, match=f"{name}: has no effect"):
        fabricate(recipe(**given))


def laws():
    for name in library.names():
        own = library.load(name).properties
        if "open_circuit_voltage" in own:
            yield name, own


@pytest.mark.parametrize(("name", "own"), list(laws()))
def test_voltages_are_smooth_beyond_their_range(name, own):
    """C1 and finite on [-0.01, 1.01], itself inside, and falling outside what was measured."""
    law = own["open_circuit_voltage"]
    U = voltage(law)
    low, high = law.ranges.get("x", (0.0, 1.0))
    x = np.linspace(-0.01, 1.01, 200001)
    u = np.broadcast_to(U(at(x)), x.shape)
    assert np.all(np.isfinite(u))
    inside = (x >= max(low, INSET)) & (x <= min(high, 1 - INSET))
    assert np.array_equal(u[inside], np.broadcast_to(law(at(x)), x.shape)[inside])
    beyond = np.diff(u)[((x[1:] <= low) | (x[:-1] >= high)) & ((x[1:] <= 0) | (x[:-1] >= 1))]
    assert np.all(beyond < 0), name
    for end in (low, high, 0.0, 1.0):
        h = 1e-7
        left, middle, right = (float(U(at(end + d))) for d in (-h, 0, h))
        jump = (right - middle) - (middle - left)
        assert abs(jump) < 1e-3 * abs(right - left) + 1e-9, (name, end)


@pytest.mark.parametrize(("name", "own"), list(laws()))
def test_voltages_fall_with_lithium(name, own):
    """Between the ends of the window U never rises by more than the fit's own ripple (5 mV)."""
    ends = [float(own[n](ROOM)) for n in ("charged_stoichiometry", "discharged_stoichiometry")]
    x = np.linspace(min(ends), max(ends), 2001)
    u = np.broadcast_to(own["open_circuit_voltage"](at(x)), x.shape)
    assert np.max(u - np.minimum.accumulate(u)) < 5e-3


def test_slopes_and_diffusivities_level_off():
    own = library.load("NMC811").properties
    dU, D = levelled(own["entropic_coefficient"]), levelled(own["diffusivity"])
    x = np.linspace(-0.5, 1.5, 4001)
    assert np.all(D(at(x)) > 1e-17)
    assert np.max(np.abs(dU(at(x)))) < 1e-3
    assert dU(at(0.27)) == own["entropic_coefficient"](at(0.27))
    assert abs(D(at(1.5)) / D(at(1.02)) - 1) < 0.2


INCOMPLETE = {"LiFePO4": "specific_heat_capacity", "Li4Ti5O12": "specific_heat_capacity"}
"""Of which the library says what is known; the rest a user adds."""
ACTIVES = [
    n for n in library.names() if library.load(n).kind == "active material" and n not in INCOMPLETE
]


@pytest.mark.parametrize(("name", "missing"), INCOMPLETE.items())
def test_what_is_missing_of_a_material_is_named(name, missing):
    with pytest.raises(CaseError, match=f"{name} has no {missing}"):
        fabricate(recipe(active=name, particle_radius=2e-6))


@pytest.mark.parametrize("name", ACTIVES)
def test_every_active_material_makes_particles(name):
    medium = fabricate(recipe(active=name, particle_radius=2e-6))
    (p,) = medium.particles
    assert p.state_of_charge == pytest.approx(0.8)
    per_mass = medium.usable_capacity_density / medium.active_mass_density / 3600
    low, high = {"graphite": (330, 372), "silicon": (2000, 3580), "NMC532": (155, 170),
                 "NMC622": (155, 175), "NMC111": (140, 165), "LiCoO2": (130, 150),
                 "NCA": (140, 200)}.get(name, (150, 240))  # fmt: skip
    assert low < per_mass < high, (name, per_mass)
    charged, discharged = (p.open_circuit_voltage(at(x)) for x in p.window)
    negative = name in ("graphite", "silicon", "lithium-indium powder")
    assert (p.window[0] > p.window[1]) == negative
    assert charged <= discharged if negative else charged > discharged


def test_a_blend_shares_one_voltage():
    blend_ = (ActivePart("NMC622", 0.7, 2e-6), ActivePart("LiCoO2", 0.3))
    for charge in (0.0, 0.4, 0.97, 1.0):
        medium = fabricate(recipe(active=blend_, state_of_charge=charge))
        nmc, lco = medium.particles
        voltages = [float(p.open_circuit_voltage(at(p.start))) for p in (nmc, lco)]
        assert voltages[0] == pytest.approx(voltages[1], abs=1e-4)
        held = sum(p.theoretical_capacity_density * p.start for p in (nmc, lco))
        ends = [sum(p.theoretical_capacity_density * p.window[i] for p in (nmc, lco))
                for i in (0, 1)]  # fmt: skip
        assert held == pytest.approx(ends[1] + charge * (ends[0] - ends[1]), rel=1e-6)
    assert lco.radius == pytest.approx(3e-6)
    masses = [p.fraction * library.load(p.name).properties["density"](ROOM) for p in (nmc, lco)]
    assert masses[0] / sum(masses) == pytest.approx(0.7)
    assert sum(medium.shares.values()) == pytest.approx(1.0)
    assert set(medium.phases) == {"active", "active 2"}
    assert medium.fractions(ROOM)["active 2"] == pytest.approx(lco.fraction)


def test_a_blend_lies_between_its_materials():
    single = [fabricate(recipe(active=n, particle_radius=2e-6)) for n in ("NMC622", "LiCoO2")]
    parts = (ActivePart("NMC622", 0.5, 2e-6), ActivePart("LiCoO2", 0.5, 2e-6))
    mixed = fabricate(recipe(active=parts))
    state = State(T=298.15, p=50e6)
    for name in ("thermal_conductivity", "electronic_conductivity", "volumetric_heat_capacity"):
        ends = sorted(float(getattr(m, name)(state)) for m in single)
        assert ends[0] <= getattr(mixed, name)(state) <= ends[1], name
    ends = sorted(float(m.usable_capacity_density) for m in single)
    assert ends[0] < mixed.usable_capacity_density < ends[1]
    assert not mixed.outside(State(T=298.15, p=50e6)) or all(
        "particle" not in m for m in mixed.outside(state)
    )


def test_size_classes_of_one_material_are_one_phase():
    parts = (ActivePart("NMC811", 0.25, 1e-6), ActivePart("NMC811", 0.75, 5e-6))
    medium = fabricate(recipe(active=parts))
    whole = fabricate(recipe())
    small, large = medium.particles
    assert list(medium.phases) == ["active"]
    assert small.start == large.start == whole.particles[0].start
    assert small.fraction / (small.fraction + large.fraction) == pytest.approx(0.25)
    assert medium.usable_capacity_density == pytest.approx(whole.usable_capacity_density)
    state = State(T=298.15, p=50e6)
    assert medium.thermal_conductivity(state) == whole.thermal_conductivity(state)
    area = sum(3 * p.fraction / p.radius for p in (small, large))
    assert medium.charge_transfer.specific_area == pytest.approx(area)


@pytest.mark.parametrize(("changes", "words"), [
    ({"active": (ActivePart("NMC811", 0.6), ActivePart("LiCoO2", 0.3))}, "= 0.9, not 1"),
    ({"active": (ActivePart("NMC811", 0.6), ActivePart("LiCoO2", 0.4)), "stoichiometry": 0.5,
      "state_of_charge": None}, "does not say x of each material of a blend"),
    ({"active": (ActivePart("NMC811", 0.6), ActivePart("LiCoO2", 0.4)), "state_of_charge": None,
      "open_circuit_voltage": 3.8}, "cannot tell the materials of a blend apart"),
    ({"active": (ActivePart("NMC811", 0.6), ActivePart("Li6PS5Cl", 0.4))},
     "active\\[1\\].material: Li6PS5Cl is of the kind solid electrolyte"),
])  # fmt: skip
def test_blends_that_say_too_little(changes, words):
    with pytest.raises(CaseError, match=words):
        _ = fabricate(recipe(**changes)).charge_transfer


def test_particles_in_the_solver_carry_no_numbers():
    ufl = pytest.importorskip("ufl")
    fem = pytest.importorskip("dolfinx.fem")
    from dolfinx.mesh import create_unit_interval
    from mpi4py import MPI

    mesh = create_unit_interval(MPI.COMM_SELF, 1)
    parts = (ActivePart("NMC811", 0.5, 2e-6), ActivePart("LiCoO2", 0.3), ActivePart("NCA", 0.2))
    medium = fabricate(recipe(active=parts))
    bound = medium.bind(lambda v: fem.Constant(mesh, v))
    V = fem.functionspace(mesh, ("Lagrange", 1))
    x = fem.Function(V)
    for number, (p, b) in enumerate(zip(medium.particles, bound.particles, strict=True)):
        assert isinstance(b.maximum_concentration, fem.Constant), number
        assert isinstance(b.kinetics.exchange_current_density, fem.Constant)
        assert (b.start, b.window, b.kinetics.law) == (p.start, p.window, p.kinetics.law)
        for law, own in zip(b.laws(), p.laws(), strict=True):
            for value in (-0.01, 0.3, 0.7, 1.01):
                x.x.array[:] = value
                expression = law(State(T=fem.Constant(mesh, 310.0), x=x)) * ufl.dx(mesh, degree=1)
                found = fem.assemble_scalar(fem.form(expression))
                assert found == pytest.approx(float(own(at(value, 310.0))), rel=1e-9)
                slope = fem.form(ufl.derivative(expression, x))
                assert np.all(np.isfinite(fem.assemble_vector(slope).array))


def test_voltages_of_a_million_states_take_less_than_a_second():
    x = np.linspace(0.0, 1.0, 1_000_000)
    for p in fabricate(recipe()).particles:
        for law in p.laws():
            start = time.perf_counter()
            law(at(x))
            assert time.perf_counter() - start < 1.0, law.name


@pytest.mark.parametrize("name", [n for n in ACTIVES if n != "lithium-indium powder"])
def test_volumes_follow_the_lithium(name):
    """Deysher 2022: NMC shrinks on charge, LiCoO2 grows; graphite and silicon swell."""
    own = library.load(name).properties
    V, window = own["relative_volume"], fabricate(recipe(active=name, particle_radius=1e-6))
    charged, discharged = (float(V(at(x))) for x in window.particles[0].window)
    change = charged / discharged - 1
    # NMC811 and NMC111: unit cells of Kondrakov 2017; NCA of Kang 2023.
    expected = {"LiCoO2": 0.018, "graphite": 0.082, "silicon": 3.7 / 1.3 - 1, "NMC111": -0.012,
                "NMC532": -0.0235, "NMC622": -0.035, "NCA": -0.059}.get(name, -0.051)  # fmt: skip
    assert change == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize("name", ACTIVES)
def test_thermodynamics_of_every_active_material(name):
    """U falls as lithium goes in, over the window; dU/dT is there and below 0.6 mV/K."""
    own = library.load(name).properties
    window = [float(own[f"{end}_stoichiometry"](ROOM)) for end in ("charged", "discharged")]
    x = np.linspace(min(window), max(window), 400)
    U = np.broadcast_to(own["open_circuit_voltage"](at(x)), x.shape)
    assert np.all(np.diff(U) <= 0), (name, np.diff(U).max())
    slope = np.broadcast_to(own["entropic_coefficient"](at(x)), x.shape)
    assert np.all(np.abs(slope) < 0.6e-3), (name, np.abs(slope).max())
    diffusivity = np.broadcast_to(own["diffusivity"](at(x)), x.shape)
    assert np.all((diffusivity > 1e-17) & (diffusivity < 1e-10))
    warm = np.broadcast_to(own["diffusivity"](at(x, 330.0)), x.shape)
    assert np.all(warm >= diffusivity * (1 - 1e-12))


def test_electrons_of_layered_oxides_fall_with_lithium():
    """Amin 2015, 2016: four to five decades for NMC111 and NMC532, two for NCA."""
    for name, decades in (("NMC111", 4.5), ("NMC532", 3.5), ("NCA", 1.9)):
        law = library.load(name).properties["electronic_conductivity"]
        low, high = law.ranges["x"]
        sigma = law(at(np.linspace(low, high, 50)))
        assert np.all(np.diff(sigma) < 0)
        assert np.log10(sigma[0] / sigma[-1]) > decades
    electrode = {n: fabricate(recipe(active="NCA", state_of_charge=1.0 - n)) for n in (0.0, 1.0)}
    charged, discharged = (electrode[n].electronic_conductivity(ROOM) for n in (0.0, 1.0))
    assert charged > 10 * discharged


def test_dU_dT_of_the_library_enters_the_electrode():
    for name in ("NMC111", "NMC532", "NMC622", "NCA", "silicon", "lithium-indium powder"):
        medium = fabricate(recipe(active=name, particle_radius=2e-6))
        assert medium.charge_transfer.entropic_coefficient != 0.0
        assert not any("reversible heat" in said for said in medium.remarks)


def test_what_has_no_reversible_heat_says_so():
    still = fabricate(recipe(state_of_charge=None, open_circuit_voltage=3.8))
    assert "reversible heat counts as zero at a constant" in "".join(still.remarks)
    given = fabricate(recipe(state_of_charge=None, open_circuit_voltage=3.8,
                             overrides={"entropic_coefficient": -1e-4}))  # fmt: skip
    assert not any("reversible" in r for r in given.remarks)
    alloy, lithium = (fabricate(Fabrication(n)) for n in ("Li-In", "lithium"))
    assert alloy.electrode_entropic_coefficient == pytest.approx(-0.24e-3)
    assert lithium.electrode_entropic_coefficient == 0.0
    assert any(line[0].endswith("entropic_coefficient") for line in alloy.sources())
