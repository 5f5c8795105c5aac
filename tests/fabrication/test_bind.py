"""A bound medium or contact law leaves no number of a material in its UFL."""

from __future__ import annotations

import pytest

ufl = pytest.importorskip("ufl")
fem = pytest.importorskip("dolfinx.fem")

from joulestack.constants import GAS_CONSTANT  # noqa: E402
from joulestack.fabrication import contacts  # noqa: E402
from joulestack.fabrication.layers import fabricate  # noqa: E402
from joulestack.fabrication.specification import (  # noqa: E402
    ActivePart,
    Composite,
    Contact,
    Fabrication,
)
from joulestack.laws.state import State  # noqa: E402

LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
RECIPE = {"active": 0.7, "electrolyte": 0.27, "additive": 0.03}
COMMON = {"particle_radius": 2.5e-6, "open_circuit_voltage": 3.8}
SPECS = {
    "LPSCl": LPSCL,
    "LPSCl table, springback, argon": Fabrication(
        "Li6PS5Cl", 100e6,
        laws={"relative_density": "table", "springback": "elastic", "pore_gas": "argon"},
    ),
    "ball-milled, heckel, bruggeman": Fabrication(
        "Li6PS5Cl", 100e6, particle_class="ball-milled",
        laws={"relative_density": "heckel", "thermal_conductivity": "bruggeman",
              "ionic_conductivity": "maxwell"},
    ),
    "network with argon": Fabrication(
        "Li6PS5Cl", 100e6, overrides={"thermal_threshold": 0.2, "thermal_exponent": 1.6},
        laws={"thermal_conductivity": "general effective medium", "pore_gas": "argon"},
    ),
    "bruggeman, narrow pores": Fabrication(
        "Li6PS5Cl", 100e6, overrides={"pore_size": 1e-6},
        laws={"thermal_conductivity": "bruggeman", "pore_gas": "argon"},
    ),
    "loose": Fabrication(
        "Li6PS5Cl", 10e6,
        laws={"thermal_conductivity": "zehner-bauer-schluender", "pore_gas": "argon"},
    ),
    "Li7SiPS8": Fabrication("Li7SiPS8", 500e6, particle_class=">50 um"),
    "glass": Fabrication("LPS glass", 200e6, laws={"thermal_conductivity": "phi/tau^2"}),
    "um glass": Fabrication("LPS glass", 200e6, particle_class="um powder"),
    "glass-ceramic": Fabrication("Li3PS4", 200e6),
    "garnet": Fabrication("Ga-LLZO", sintering_temperature=1323.15),
    "brick layer": Fabrication("Al-LLZO", relative_density=0.98, grain_size=20e-6),
    "LGPS": Fabrication("LGPS", relative_density=0.85),
    "two branches": Fabrication("Li7SiPS8", 500e6, particle_class=">50 um"),
    "loading": Fabrication("LPSCl", 370e6, laws={"ionic_contact": "loading"}),
    "lithium": Fabrication("Li"),
    "copper": Fabrication("copper"),
    "argon": Fabrication("argon"),
    "NMC622 pressed": Composite("NMC622", LPSCL, RECIPE, "VGCF", moulding_pressure=370e6, **COMMON),
    "LCO porosity": Composite("LCO", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15,
                              stoichiometry=0.7, **COMMON),
    "NMC111 over decades": Composite("NMC111", LPSCL, {"active": 0.7, "electrolyte": 0.3},
                                     porosity=0.15, stoichiometry=0.65, **COMMON),
    "measured": Composite("NMC83", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.2,
                          laws={"thermal_conductivity": "Ketter table",
                                "ionic_conductivity": "Ketter table",
                                "electronic_conductivity": "Ketter table"}, **COMMON),
    "NMC622 with interface resistance": Composite(
        "NMC622", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15,
        overrides={"interface_resistance": 2e-6}, **COMMON,
    ),
    "fibres": Composite(
        "NMC622", LPSCL, RECIPE, "VGCF", porosity=0.15, **COMMON,
        laws={"thermal_conductivity": "nan spheroids"},
        overrides={"interface_resistance": 2e-6},
    ),
    "blend": Composite(
        (ActivePart("NMC811", 0.6), ActivePart("LiCoO2", 0.4)), LPSCL, RECIPE, "VGCF",
        moulding_pressure=370e6, state_of_charge=0.7,
    ),
    "NMC811 hashin": Composite("NMC811", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15,
                               stoichiometry=0.7,
                               laws={"thermal_conductivity": "hashin-shtrikman lower",
                                     "ionic_conductivity": "bruggeman"}),
}  # fmt: skip

METHODS = ("thermal_conductivity", "thermal_conductivity_in_plane", "volumetric_heat_capacity",
           "relative_density", "electronic_conductivity", "ionic_conductivity")  # fmt: skip

ALLOWED = {GAS_CONSTANT, 1e-12, 1e-300}
"""Constants of nature, and guards against 0/0."""

SERIES = {0.5, 10 / 9, 0.03**2, *(2 / ((j + 2) * (j + 3)) for j in range(8))}
"""Pure numbers in the law of loose packings."""


@pytest.fixture(scope="module")
def mesh():
    from dolfinx.mesh import create_unit_interval
    from mpi4py import MPI

    return create_unit_interval(MPI.COMM_SELF, 1)


def literals(expression):
    """Floating-point literals of a UFL expression."""
    from ufl.corealg.traversal import unique_pre_traversal

    found = set()
    for node in unique_pre_traversal(expression):
        if isinstance(node, ufl.constantvalue.FloatValue):
            found.add(abs(float(node)))
    return found


def value_of(mesh, expression):
    """Number that a UFL expression of constants stands for."""
    from dolfinx.fem import assemble_scalar, form

    return assemble_scalar(form(expression * ufl.dx(mesh, degree=0)))


def evaluate(medium, method, state):
    if "electronic" in method and not medium.conducts_electrons:
        return None
    if "ionic" in method and not medium.conducts_ions:
        return None
    return getattr(medium, method)(state)


@pytest.mark.parametrize("name", SPECS)
def test_ufl_equals_numpy_without_literals(name, mesh):
    medium = fabricate(SPECS[name])

    def wrap(v):
        return fem.Constant(mesh, v)

    bound = medium.bind(wrap)
    symbolic = State(T=wrap(333.0), p=wrap(60e6), p_max=wrap(80e6))
    plain = State(T=333.0, p=60e6, p_max=80e6)
    for method in METHODS:
        expected = evaluate(medium, method, plain)
        if expected is None:
            continue
        expression = evaluate(bound, method, symbolic)
        if isinstance(expression, (int, float)):
            assert (expression, method) == (1, "relative_density")
            continue
        expression = ufl.as_ufl(expression)
        assert literals(expression) <= ALLOWED | (SERIES if name == "loose" else set()), method
        assert value_of(mesh, expression) == pytest.approx(float(expected), rel=1e-12), method


CONTACTS = {
    "constant": ("thermal", {"resistance": 1e-5}),
    "table": ("ionic", {"pressures": (1e6, 5e6, 25e6), "resistances": (0.03, 0.005, 0.0003)}),
    "power": ("charge_transfer", {"reference_resistance": 0.0381, "reference_pressure": 1e6,
                                  "exponent": 1.55, "highest_pressure": 20e6,
                                  "kept": 0.386, "preload": 25e6, "factor": 2.0}),
    "cooper-mikic-yovanovich": ("thermal", {}),
    "mikic": ("ionic", {"modulus": 20e9, "kept": 0.5}),
    "pair-power": ("thermal", {"coefficient": 22810.0, "hardness": 2.5e9, "exponent": 1.08}),
}  # fmt: skip


@pytest.mark.parametrize("law", CONTACTS)
def test_contacts_too(law, mesh):
    transport, parameters = CONTACTS[law]
    metal = "Li6PS5Cl" if transport == "ionic" else "steel"
    pressure = 370e6 if transport == "ionic" else None
    media = (fabricate(Fabrication(metal, pressure)), fabricate(LPSCL))
    built = contacts.build(Contact(law, parameters), transport, media)

    def wrap(v):
        return fem.Constant(mesh, v)

    expression = built.bind(wrap).resistance(State(T=wrap(300.0), p=wrap(7e6)))
    assert literals(ufl.as_ufl(expression)) <= ALLOWED
    expected = float(built.resistance(State(T=300.0, p=7e6)))
    assert value_of(mesh, expression) == pytest.approx(expected, rel=1e-12)


def test_bound_laws_can_be_differentiated(mesh):
    """The solver differentiates with respect to T inside every law."""
    V = fem.functionspace(mesh, ("Lagrange", 1))
    T = fem.Function(V)
    T.x.array[:] = 320.0
    state = State(T=T, p=fem.Constant(mesh, 50e6))
    for name in ("LPSCl", "NMC622 pressed", "garnet", "copper"):
        medium = fabricate(SPECS[name]).bind(lambda v: fem.Constant(mesh, v))
        k = medium.thermal_conductivity(state)
        form = fem.form(ufl.derivative(k * ufl.dx(mesh, degree=1), T))
        slope = fem.assemble_vector(form).array.sum()
        plain = fabricate(SPECS[name])
        h = 1e-2
        difference = (
            plain.thermal_conductivity(State(T=320 + h, p=50e6))
            - plain.thermal_conductivity(State(T=320 - h, p=50e6))
        ) / (2 * h)
        assert slope == pytest.approx(float(difference), rel=1e-5, abs=1e-12)


def test_k_follows_lithium_smoothly(mesh):
    """x is an unknown of the solver: what heat conducts through has a derivative with it."""
    V = fem.functionspace(mesh, ("Lagrange", 1))
    x = fem.Function(V)
    recipe = {"active": 0.7, "electrolyte": 0.3}
    plain = fabricate(Composite("NMC622", LPSCL, recipe, porosity=0.15, **COMMON))
    bound = plain.bind(lambda v: fem.Constant(mesh, v))
    for at in (0.3, 0.9, 0.9999):
        x.x.array[:] = at
        k = bound.thermal_conductivity(State(T=fem.Constant(mesh, 300.0), x=x))
        form = fem.form(ufl.derivative(k * ufl.dx(mesh, degree=1), x))
        slope = fem.assemble_vector(form).array.sum()
        ends = [plain.thermal_conductivity(State(T=300.0, x=at + h)) for h in (-1e-5, 1e-5)]
        assert slope == pytest.approx(float(ends[1] - ends[0]) / 2e-5, rel=1e-3), at
