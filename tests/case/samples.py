"""Small valid cases that tests change."""

from __future__ import annotations

import copy
from typing import Any

HELD = {"kind": "fixed temperature", "temperature": "25 degC"}
AIR = {"kind": "convection", "coefficient": "10 W/(m^2 K)", "ambient": "25 degC"}

_MATERIALS: dict[str, Any] = {
    "separator": {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"},
    "cathode": {
        "active": "NMC622",
        "electrolyte": "separator",
        "additive": "VGCF",
        "mass_fractions": {"active": 0.7, "electrolyte": 0.27, "additive": 0.03},
        "porosity": 0.15,
        "particle_radius": "2.5 um",
        "charge_transfer_resistance": "20 ohm cm^2",
        "open_circuit_voltage": "3.8 V",
    },
}


def _layer(name: str, material: str, thickness: str) -> dict[str, Any]:
    return {"name": name, "material": material, "thickness": thickness}


def line() -> dict[str, Any]:
    """Heat in two layers, steady."""
    return {
        "joulestack": 1,
        "cell": {
            "geometry": "line",
            "area": "1 cm^2",
            "layers": [
                {**_layer("hot", "copper", "1 mm"), "heat_source": "1e6 W/m^3"},
                _layer("cold", "aluminium", "2 mm"),
            ],
        },
        "thermal": {"faces": {"bottom": dict(HELD), "top": dict(AIR)}},
        "time": {"steady": True},
    }


def pellet() -> dict[str, Any]:
    """A cell between plungers in a die, discharged."""
    return {
        "joulestack": 1,
        "title": "pellet",
        "cell": {
            "geometry": "pellet",
            "diameter": "10 mm",
            "stack_pressure": "50 MPa",
            "layers": [
                _layer("bottom plunger", "stainless steel", "5 mm"),
                _layer("negative electrode", "lithium", "50 um"),
                _layer("separator", "separator", "500 um"),
                _layer("cathode", "cathode", "100 um"),
                _layer("top plunger", "stainless steel", "5 mm"),
            ],
            "die": [
                {
                    "name": "die",
                    "material": "PEEK",
                    "thickness": "5 mm",
                    "contact": "1e-4 m^2 K/W",
                }
            ],
        },
        "materials": copy.deepcopy(_MATERIALS),
        "interfaces": [
            {
                "between": ["separator", "cathode"],
                "thermal": {"law": "constant", "resistance": "1e-5 m^2 K/W"},
            }
        ],
        "load": {"current_density": "5 mA/cm^2"},
        "thermal": {"faces": {"bottom": dict(HELD), "side": dict(AIR)}},
        "time": {"end": "10 min"},
        "probes": [{"name": "middle", "layer": "separator"}],
    }


def pouch() -> dict[str, Any]:
    """A pouch cell with tabs, charged, in steps."""
    tab = {"edge": "back", "width": "8 mm", "length": "5 mm"}
    return {
        "joulestack": 1,
        "cell": {
            "geometry": "pouch",
            "width": "30 mm",
            "length": "40 mm",
            "stack_pressure": "5 MPa",
            "layers": [
                _layer("negative collector", "copper", "10 um"),
                _layer("negative electrode", "lithium", "20 um"),
                _layer("separator", "separator", "30 um"),
                _layer("cathode", "cathode", "80 um"),
                _layer("positive collector", "aluminium", "15 um"),
            ],
            "tabs": {
                "negative": {**tab, "layer": "negative collector", "offset": "2 mm"},
                "positive": {**tab, "layer": "positive collector", "offset": "20 mm"},
            },
        },
        "materials": copy.deepcopy(_MATERIALS),
        "load": {
            "steps": [
                {"current": "-20 mA", "duration": "5 min"},
                {"rest": True, "duration": "5 min"},
            ]
        },
        "thermal": {
            "faces": {
                "bottom": {
                    "kind": "cooling plate",
                    "temperature": "20 degC",
                    "contact_resistance": "1e-4 m^2 K/W",
                },
                "top": [dict(AIR), {"kind": "radiation", "emissivity": 0.8, "ambient": "25 degC"}],
            }
        },
        "mesh": {"cells_per_layer": 2, "in_plane": "5 mm"},
        "time": {},
    }


def mesh() -> dict[str, Any]:
    """A pouch cell from a file that the test makes."""
    table = pouch()
    cell = table["cell"]
    for key in ("width", "length", "tabs"):
        del cell[key]
    for layer in cell["layers"]:
        del layer["thickness"]
    cell["geometry"] = "mesh"
    cell["area"] = "10 cm^2"
    cell["terminals"] = {"negative": "tab_negative", "positive": "tab_positive"}
    table["mesh"] = {"file": "cell.msh", "scale": 1e-3}
    return table


SAMPLES = {"line": line, "pellet": pellet, "pouch": pouch, "mesh": mesh}
