"""The cells of the benchmark: geometry and constant numbers, shared by both sides.

Heat and both potentials, a thermal resistance at every interface, electronic contacts, charge
transfer on lithium and in the cathode, Joule heat; every property is constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from joulestack.mesh import Geometry, LayerSpec, Pellet, Pouch, RingSpec, TabSpec

START = 298.15
OPEN_CIRCUIT = 3.7
SPECIFIC_AREA, RESISTANCE = 4e5, 2e-3
"""Active area per volume of the cathode [1/m] and resistance on it [Ohm m2]."""
TEMPERATURE_TOLERANCE, RELATIVE_TOLERANCE, POTENTIAL_TOLERANCE = 1e-4, 1e-4, 1e-9
NEWTON_SHARE = 1e-2
"""Part of the temperature tolerance that Newton may leave."""


@dataclass(frozen=True)
class Stuff:
    """k [W/(m K)], rho c_p [J/(m3 K)], sigma_s and sigma_e [S/m] (None: insulates)."""

    k: float
    rho_cp: float
    sigma_s: float | None = None
    sigma_e: float | None = None


STUFF = {
    "steel": Stuff(15.0, 4.0e6, 1.4e6),
    "Cu": Stuff(390.0, 3.4e6, 5.9e7),
    "Li": Stuff(85.0, 1.9e6, 1.1e7),
    "SE": Stuff(0.5, 1.9e6, None, 0.3),
    "cathode": Stuff(0.8, 2.4e6, 50.0, 0.06),
    "Al": Stuff(230.0, 2.4e6, 3.6e7),
    "PEEK": Stuff(0.25, 1.9e6),
}


@dataclass(frozen=True)
class Cell:
    """One problem.

    Attributes:
        spec: what to mesh.
        stuff: layer -> key of STUFF.
        thermal, electronic, charge_transfer: (layer, layer) -> resistance; else perfect.
        film: face -> h [W/(m2 K)] towards START.
        cold: faces held at START.
        terminals: negative and positive face.
        current: of discharge [A].
        end, first_step: [s].
        blocks: how somebody would split the fields by hand: field -> groups of layers.
        direct: small enough for MUMPS.
    """

    spec: Geometry
    stuff: dict[str, str]
    thermal: dict[tuple[str, str], float]
    electronic: dict[tuple[str, str], float]
    charge_transfer: dict[tuple[str, str], float]
    film: dict[str, float]
    cold: tuple[str, ...]
    terminals: tuple[str, str]
    current: float
    end: float
    first_step: float
    blocks: dict[str, list[tuple[str, ...]]]
    direct: bool


def pellet(cells: int = 10, radial: int = 14) -> Cell:
    """Li | SE | composite between steel plungers in a PEEK die."""
    layers = (
        LayerSpec("minus", 15e-3, cells),
        LayerSpec("Li", 50e-6, max(cells // 2, 2)),
        LayerSpec("SE", 500e-6, cells),
        LayerSpec("cathode", 100e-6, cells),
        LayerSpec("plus", 15e-3, cells),
    )
    pairs = [("minus", "Li"), ("Li", "SE"), ("SE", "cathode"), ("cathode", "plus")]
    die = {(layer.name, "die"): 1e-4 for layer in layers}
    return Cell(
        spec=Pellet(layers, 5e-3, (RingSpec("die", 10e-3, 20e-3, cells=cells),), radial),
        stuff={
            "minus": "steel", "Li": "Li", "SE": "SE", "cathode": "cathode", "plus": "steel",
            "die": "PEEK",
        },
        thermal={pair: 3e-5 for pair in pairs} | die,
        electronic={("minus", "Li"): 1e-6, ("cathode", "plus"): 2e-5},
        charge_transfer={("Li", "SE"): 1e-3},
        film={"bottom": 10.0, "top": 10.0, "side": 10.0},
        cold=(),
        terminals=("bottom", "top"),
        current=200.0 * pi * 5e-3**2,
        end=1800.0,
        first_step=0.1,
        blocks={
            "T": [("minus", "SE", "plus"), ("Li", "cathode"), ("die",)],
            "phi_s": [("minus", "cathode"), ("Li", "plus")],
            "phi_e": [("SE", "cathode")],
        },
        direct=True,
    )  # fmt: skip


def pouch(in_plane: float, cells: int = 4, end: float = 20.0, first_step: float = 1.0) -> Cell:
    """Cu | Li | SE | composite | Al on a cooling plate, both tabs held cold."""
    layers = (
        LayerSpec("Cu", 10e-6, cells),
        LayerSpec("Li", 20e-6, cells),
        LayerSpec("SE", 30e-6, cells),
        LayerSpec("cathode", 80e-6, 2 * cells),
        LayerSpec("Al", 15e-6, cells),
    )
    tabs = (
        TabSpec("back", "Cu", 15e-3, 10e-3, 8e-3),
        TabSpec("back", "Al", 15e-3, 10e-3, 37e-3),
    )
    pairs = [("Cu", "Li"), ("Li", "SE"), ("SE", "cathode"), ("cathode", "Al")]
    return Cell(
        spec=Pouch(layers, 60e-3, 80e-3, tabs, in_plane_size=in_plane),
        stuff={name: name for name in ("Cu", "Li", "SE", "cathode", "Al")},
        thermal={pair: 3e-5 for pair in pairs},
        electronic={("Cu", "Li"): 1e-6, ("cathode", "Al"): 2e-5},
        charge_transfer={("Li", "SE"): 1e-3},
        film={"bottom": 25.0, "top": 5.0},
        cold=("tab_negative", "tab_positive"),
        terminals=("tab_negative", "tab_positive"),
        current=-120.0 * 60e-3 * 80e-3,
        end=end,
        first_step=first_step,
        blocks={
            "T": [("Cu", "SE", "Al"), ("Li", "cathode")],
            "phi_s": [("Cu", "cathode"), ("Li", "Al")],
            "phi_e": [("SE", "cathode")],
        },
        direct=False,
    )


CELLS = {
    "pellet": pellet,
    "pouch-20k": lambda: pouch(4.7e-3),
    "pouch-100k": lambda: pouch(2.0e-3),
    "pouch-1M": lambda: pouch(0.61e-3, end=2.0, first_step=0.5),
    # For the kernel cache only: the same forms on a handful of cells.
    "pellet-warm": lambda: pellet(2, 2),
    "pouch-warm": lambda: pouch(20e-3, 2, 2.0),
}
