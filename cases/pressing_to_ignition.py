"""Does a cell that was pressed harder heat less in use, and does it run away later? Lee 2026, 3.4.

    docker/joulestack python cases/pressing_to_ignition.py [FOLDER]

The same masses of LiCoO2 composite and Li6PS5Cl on lithium, pressed at 15 to 500 MPa and then held
at 5 MPa: heat and rise in a minute at 1C, and the oven from which on a stack of four such cells
runs away. No number of the reaction knows the moulding pressure; what does are densities,
thicknesses, conductivities and contacts. The kinetics are those of LiCoO2 in a liquid cell
(Hatchard et al. 2001), so that the trend is meant and not the temperature. Two minutes;
pressing.csv and pressing.png.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

import joulestack as js
from joulestack.measurements.abuse import Critical, critical
from joulestack.outputs.plots import style

PRESSURES = (15, 50, 150, 500)
"""[MPa]"""
BETWEEN, CLOSE = (413.15, 453.15), 0.05
"""Ovens that enclose the critical one, and how closely it is found [K]."""
COLUMNS = (
    "Moulding pressure [MPa]", "Cathode density [-]", "Cathode k [W/(m K)]", "Thickness [um]",
    "Heat at 1C [W/m2]", "Rise at 1C [K]", "Critical oven low [degC]", "Critical oven high [degC]",
)  # fmt: skip


def cell(pressure: float, driven: bool) -> js.Case:
    """A unit cell at 1C, or a stack of four in an oven; pressed at a pressure [MPa]."""
    air = {"kind": "convection", "coefficient": "2 W/(m^2 K)", "ambient": "25 degC"}
    layers: list[dict[str, Any]] = [
        {"name": "negative collector", "material": "copper", "thickness": "10 um"},
        {"name": "negative electrode", "material": "lithium", "thickness": "30 um"},
        {"name": "separator", "material": "separator", "areal_mass": "5 mg/cm^2"},
        {"name": "cathode", "material": "cathode", "areal_mass": "20 mg/cm^2"},
        {"name": "positive collector", "material": "aluminium", "thickness": "15 um"},
    ]
    shape: dict[str, Any] = {"geometry": "line", "area": "6 cm^2"}
    if not driven:
        shape = {"geometry": "pouch", "width": "20 mm", "length": "30 mm", "unit_cells": 4}
    table: dict[str, Any] = {
        "joulestack": 1,
        "cell": shape | {
            "stack_pressure": "5 MPa", "start_temperature": "25 degC", "layers": layers,
        },
        "materials": {
            "separator": {"material": "Li6PS5Cl", "moulding_pressure": f"{pressure} MPa"},
            "cathode": {
                "active": "LiCoO2", "electrolyte": "separator", "additive": "VGCF",
                "mass_fractions": {"active": 0.75, "electrolyte": 0.22, "additive": 0.03},
                "state_of_charge": 1.0, "coating": "LiNbO3", "moulding_pressure": f"{pressure} MPa",
            },
        },
        "thermal": {"faces": {"bottom": air, "top": air}},
    }  # fmt: skip
    if driven:
        table["load"] = {"protocol": ["Discharge at 1C for 1 minute"]}
    else:
        table["materials"]["cathode"]["reactions"] = {"oxygen": "LiCoO2"}
        table |= {"time": {"end": "1 h"}, "mesh": {
            "cells_per_layer": 1, "layers": {"cathode": 2}, "in_plane": "30 mm"}}  # fmt: skip
    return js.Case.from_dict(table, name=f"pressed at {pressure} MPa")


def used(pressure: float, folder: Path) -> tuple[float, float]:
    """Mean heat [W/m2] and largest rise [K] of a minute at 1C."""
    summary = js.run(cell(pressure, True), folder, overwrite=True, progress=False).summary
    heat = sum(summary["heat_J"].values()) / summary["end_time_s"] / 6e-4
    return heat, summary["temperature_rise_max_K"]


def ignited(pressure: float, between: tuple[float, float] = BETWEEN) -> Critical:
    """From which oven on the stack runs away."""
    setup = js.setup_of(cell(pressure, False))
    return critical(setup, between, until=12 * 3600.0, close=CLOSE)


def row(pressure: float, folder: Path, between: tuple[float, float]) -> list[float]:
    """Figures of one pressure, in the order of `COLUMNS`."""
    case = cell(pressure, False)
    cathode, state = case.media()["cathode"], js.State(T=298.15, p=5e6)
    thick = sum(layer.thickness or 0.0 for layer in case.cell.layers)
    heat, rise = used(pressure, folder / f"pressed_{pressure:g}MPa")
    found = ignited(pressure, between)
    return [
        pressure, float(cathode.relative_density(state)),
        float(cathode.thermal_conductivity(state)), 1e6 * thick, heat, rise,
        found.low - 273.15, found.high - 273.15,
    ]  # fmt: skip


def draw(table: np.ndarray[Any, Any], path: Path) -> None:
    """Heat in use and critical oven against the moulding pressure."""
    with style.applied():
        figure = style.figure(5.4, 3.2)
        axes = figure.subplots()
        axes.semilogx(table[:, 0], table[:, 4], "o-", ms=3, color=style.IONIC)
        axes.set(xlim=(10, 700), xlabel="moulding pressure (MPa)", ylabel="heat at 1C (W/m$^2$)")
        oven = axes.twinx()
        middle, half = 0.5 * (table[:, 6] + table[:, 7]), 0.5 * (table[:, 7] - table[:, 6])
        oven.errorbar(table[:, 0], middle, half, fmt="s--", ms=3, color=style.TEMPERATURE)
        oven.set_ylim(middle.mean() - 2.0, middle.mean() + 2.0)  # no structure where none is
        oven.set_ylabel("critical oven (degC), dashed", color=style.TEMPERATURE)
        oven.spines.right.set_visible(True)
        style.save(figure, path)


def main(folder: Path) -> None:
    """All pressures, one after another; the first bracket serves the next ones."""
    rows: list[list[float]] = []
    between = BETWEEN
    for pressure in PRESSURES:
        rows.append(row(pressure, folder, between))
        between = rows[-1][6] + 273.15 - 3.0, rows[-1][7] + 273.15 + 3.0
        print(" ".join(f"{value:.5g}" for value in rows[-1]), flush=True)
    table = np.array(rows)
    header = ",".join(COLUMNS)
    np.savetxt(folder / "pressing.csv", table, "%.6g", ",", header=header, comments="")
    draw(table, folder / "pressing.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/pressing_to_ignition"))
