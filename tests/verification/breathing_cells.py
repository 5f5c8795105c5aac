"""Li | Li6PS5Cl | composite | Al on a line, cycled in a fixture; media of the library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from joulestack.fabrication.composite.losses import IDEAL
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import ActivePart, Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.mechanics.clamping import Clamping
from joulestack.mechanics.fixtures import Fixture
from joulestack.mechanics.volume_change import volume_law
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, FaceCondition, Setup

START, AREA, ASSEMBLY = 298.15, 1e-4, 5e6
THICKNESS = {"Li": 50e-6, "SE": 100e-6, "cathode": 60e-6, "Al": 20e-6}
V_LI = 1.3e-5


@cache
def media(charge: float = 1.0, blend: float | None = None, contact: float = 1.0) -> dict[str, Any]:
    """Media; `blend` is the volume share of LCO in LCO + NMC622, None NMC622 alone."""
    se = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
    active: Any = "NMC622"
    if blend is not None:
        mass = {"LiCoO2": 5.05 * blend, "NMC622": 4.65 * (1 - blend)}
        active = tuple(ActivePart(n, m / sum(mass.values())) for n, m in mass.items())
    composite = Composite(
        active=active,
        electrolyte=se,
        mass_fractions={"active": 0.75, "electrolyte": 0.22, "additive": 0.03},
        additive="VGCF",
        porosity=0.15,
        particle_radius=1e-6,
        diffusivity=1e-13,
        charge_transfer_resistance=2e-3,
        state_of_charge=charge,
        contact_fraction=contact,
        laws=IDEAL,
    )
    lithium, al = fabricate(Fabrication("lithium")), fabricate(Fabrication("aluminium"))
    return {"Li": lithium, "SE": fabricate(se), "cathode": fabricate(composite), "Al": al}


def power_law(state: State) -> Any:
    """R_ct of Li | Li6PS5Cl falls with pressure; a softer law than Doux's, smooth at p = 0."""
    return 2e-3 * ((state.p + 1e4) / 5e6) ** -1.0


def cell(
    fixture: Fixture | None,
    rate: float = 1.0,
    comm: Any = None,
    cells: int = 4,
    charge: float = 1.0,
    blend: float | None = None,
    current: Callable[[float], float] | None = None,
    law: Callable[[State], Any] = power_law,
    **changes: Any,
) -> Setup:
    """The cell, discharged at `rate` times 1 mA/cm2."""
    from mpi4py import MPI

    found = media(charge, blend)
    populations = found["cathode"].particles
    clamping = None
    if fixture is not None:
        clamping = Clamping(fixture, {p.name: volume_law(p) for p in populations}, {"Li": V_LI})
    arguments: dict[str, Any] = {
        "tagged": build(
            Line(tuple(LayerSpec(n, t, cells) for n, t in THICKNESS.items())), comm or MPI.COMM_SELF
        ),
        "media": found,
        "start_temperature": START,
        "contacts": {("Li", "SE"): Contacts(charge_transfer=GivenResistance(law))},
        "faces": {"top": [FaceCondition(coefficient=20.0, ambient=lambda t: START)]},
        "drive": Drive("bottom", "top", current or (lambda t: rate * 10.0 * AREA)),
        "pressure": lambda t: ASSEMBLY,
        "area": AREA,
        "thickness": THICKNESS,
        "clamping": clamping,
    }
    return replace(Setup(**arguments), **changes)


def density(name: str) -> float:
    """Of a library material [kg/m3]."""
    return float(library.load(name).properties["density"](State(T=START)))
