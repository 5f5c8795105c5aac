"""A full little cell (Li | electrolyte | composite) with every kind of contact, in 1D, 2D, 3D."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpi4py import MPI

from joulestack import xmath
from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.mesh import Geometry, LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, FaceCondition, Setup

START = 298.15
AREA = {"line": 1e-4, "pellet": 3.141592653589793 * 25e-6, "pouch": 24e-3 * 18e-3}
THICKNESS = {
    "Cu": 2e-3, "Li": 50e-6, "SE": 300e-6, "SE2": 100e-6, "cathode": 120e-6, "Al": 2e-3,
}  # fmt: skip
THIN = {"Cu": 20e-6, "Al": 20e-6}


def ionic(state: Any) -> Any:
    """Arrhenius, so that charge and heat are coupled both ways."""
    return 0.3 * xmath.exp(3500.0 * (1 / START - 1 / state.T))


def media() -> dict[str, GivenMedium]:
    """Electrolyte in two parts, a composite with both potentials, metals, a die."""
    return {
        "Cu": GivenMedium("Cu", k=390.0, rho_cp=3.4e6, sigma_s=5.9e7),
        "Li": GivenMedium("Li", k=85.0, rho_cp=1.9e6, sigma_s=1e7, electrode_potential=0.0),
        "SE": GivenMedium("SE", k=0.4, rho_cp=1.9e6, sigma_e=ionic),
        "SE2": GivenMedium("SE2", k=0.5, rho_cp=1.8e6, sigma_e=ionic),
        "cathode": GivenMedium(
            "cathode",
            k=lambda s: 0.5 * (1 - 5e-4 * (s.T - START)),
            rho_cp=lambda s: 2.4e6 * (1 + 1e-3 * (s.T - START)),
            sigma_s=5.0,
            sigma_e=lambda s: 0.2 * ionic(s),
            charge_transfer=VolumetricChargeTransfer(4e5, 5e-3, 3.8, -2e-4),
            k_in_plane=0.9,
        ),
        "Al": GivenMedium("Al", k=230.0, rho_cp=2.4e6, sigma_s=3.6e7),
        "die": GivenMedium("die", k=0.25, rho_cp=1.9e6),
    }


def warmer(R: float) -> Callable[[Any], Any]:
    """A resistance that falls with temperature."""
    return lambda s: R * xmath.exp(1500.0 * (1 / s.T - 1 / START))


def contacts() -> dict[tuple[str, str], Contacts]:
    found = {
        ("Cu", "Li"): Contacts(GivenResistance(2e-5), GivenResistance(1e-6)),
        ("Li", "SE"): Contacts(
            GivenResistance(4e-5), charge_transfer=GivenResistance(warmer(1e-3))
        ),
        ("SE", "SE2"): Contacts(GivenResistance(1e-5), ionic=GivenResistance(warmer(5e-4))),
        ("SE2", "cathode"): Contacts(GivenResistance(3e-5), ionic=GivenResistance(2e-4)),
        ("cathode", "Al"): Contacts(GivenResistance(5e-5), GivenResistance(3e-4)),
    }
    for layer in THICKNESS:
        found[(layer, "die")] = Contacts(GivenResistance(2e-4))
    return found


def spec(kind: str, cells: int = 3) -> Geometry:
    sizes = THICKNESS | (THIN if kind == "pouch" else {})
    layers = tuple(LayerSpec(n, t, cells) for n, t in sizes.items())
    if kind == "line":
        return Line(layers)
    if kind == "pellet":
        return Pellet(layers, 5e-3, (RingSpec("die", 4e-3, 6e-3, cells=3),), radial_cells=5)
    tabs = (TabSpec("left", "Cu", 6e-3, 3e-3), TabSpec("right", "Al", 6e-3, 3e-3))
    return Pouch(layers, 24e-3, 18e-3, tabs, in_plane_size=6e-3)


def full_cell(
    kind: str,
    comm: Any = MPI.COMM_SELF,
    density: float = 1000.0,
    cells: int = 3,
    current: Callable[[float], float | None] | None = None,
    voltage: Callable[[float], float | None] = lambda t: None,
    **changes: Any,
) -> Setup:
    """The cell at a discharge current density [A/m2], cooled at the bottom, losing heat on top."""
    given = current or (lambda t: density * AREA[kind])
    air = FaceCondition(coefficient=20.0, ambient=lambda t: START)
    faces: dict[str, Any] = {
        "bottom": [FaceCondition(temperature=lambda t: START)],
        "top": [air],
    }
    if kind == "pellet":
        faces["side"] = [FaceCondition(None, 10.0, 0.5, lambda t: START)]
    terminals = ("tab_negative", "tab_positive") if kind == "pouch" else ("bottom", "top")
    if kind == "pouch":
        faces["tab_positive"] = [FaceCondition(coefficient=100.0, ambient=lambda t: START)]
    arguments: dict[str, Any] = {
        "tagged": build(spec(kind, cells), comm),
        "media": media(),
        "start_temperature": START,
        "contacts": contacts(),
        "faces": faces,
        "drive": Drive(*terminals, given, voltage),
        "area": AREA[kind] if kind == "line" else 1.0,
        "thickness": THICKNESS | (THIN if kind == "pouch" else {}),
    }
    arguments |= changes
    if kind != "pellet":
        there = arguments["contacts"].items()
        arguments["contacts"] = {pair: met for pair, met in there if "die" not in pair}
    return Setup(**arguments)
