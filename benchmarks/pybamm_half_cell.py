"""Reference solutions of the single-ion half-cell, written to tests/reference/half_cell.

    python benchmarks/pybamm_half_cell.py                 # every data set, about ten minutes
    python benchmarks/pybamm_half_cell.py iso_1c iso_5c   # these only
    python benchmarks/pybamm_half_cell.py --to elsewhere

Each data set is solved on two meshes; the difference of their voltages is stored beside it.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pybamm
import pybamm_model as pm
import pybamm_reference as reference

FOLDER = Path(__file__).parent.parent / "tests" / "reference" / "half_cell"
FINE, COARSE = (40, 80, 200), (20, 40, 100)
"""Finite volumes in separator, cathode and particle."""
MIXING_FINE, MIXING_COARSE = (24, 48, 80), (12, 24, 40)
"""With heat of mixing temperature feels every particle volume, and the solver is slow."""
ROWS = 200
NEARLY_FULL = 0.99
"""Surface stoichiometry beyond which regularisations at 0 and 1 decide the voltage."""

CONVENTIONS = [
    "discharge current > 0; V = phi_s at the positive collector minus phi_s at the negative one",
    "1C is nominal_capacity_Ah per hour; c_rate < 0 charges, null is the cycle of drive_cycle.csv",
    "Arrhenius: exp(Ea/R (1/T0 - 1/T)); U(x, T) = U(x) + (T - T0) dU/dT at the surface",
    "cathode: j = 2 i0 sinh(F eta/(2RT)), i0 = i0_half 2 sqrt(x (1-x)); a_s = 3 eps/R_p",
    "lithium: i = 2 i0 sinh(F eta/(2RT)), U = 0, on the separator's whole face",
    "PyBaMM adds an asymptote to U(x) and clips x at 1e-10: felt beyond smooth_until_s only",
    "lumped: C dT/dt = heat - h A_cool (T - T_amb), C = area sum(thickness rho c_p) of five layers",
    "reaction heat: a_s j eta in the cathode, i eta at the lithium; no contact resistance",
    "reversible heat: a_s j T dU/dT in the cathode; none at the lithium",
    "collectors add heat capacity and i2/sigma to the heat, no voltage; the lithium is ohmic",
    "heat of mixing (one data set): -F N int D (dc/dr)2 dU/dc 4 pi r2 dr, N = a_s/(4 pi R2)",
]


@dataclass(frozen=True)
class Run:
    """One data set."""

    c_rate: float | None
    """None: the drive cycle."""
    initial_stoichiometry: float = 0.27
    lumped: bool = False
    dUdT_V_per_K: float = 0.0
    diffusivity: str = "constant"
    heat_of_mixing: bool = False
    cutoffs_V: tuple[float, float] = (3.0, 4.3)


ENTROPIC = 1e-4
RUNS = {
    "iso_c10": Run(0.1),
    "iso_1c": Run(1.0),
    "iso_2c": Run(2.0),
    "iso_5c": Run(5.0),
    "iso_1c_decades": Run(1.0, diffusivity="decades"),
    "iso_2c_decades": Run(2.0, diffusivity="decades"),
    "iso_1c_charge": Run(-1.0, 0.9),
    "iso_drive": Run(None, 0.5),
    "lumped_1c": Run(1.0, lumped=True),
    "lumped_5c": Run(5.0, lumped=True),
    "lumped_drive": Run(None, 0.5, lumped=True),
    "lumped_1c_entropic": Run(1.0, lumped=True, dUdT_V_per_K=ENTROPIC),
    "lumped_5c_entropic": Run(5.0, lumped=True, dUdT_V_per_K=ENTROPIC),
    "lumped_drive_entropic": Run(None, 0.5, lumped=True, dUdT_V_per_K=ENTROPIC),
    "lumped_5c_mixing": Run(5.0, lumped=True, dUdT_V_per_K=ENTROPIC, heat_of_mixing=True),
}


def drive_cycle() -> np.ndarray:
    """Times [s] and C-rates of a 15 minute cycle: plateaus joined by ramps of 2 s."""
    plateaus = [
        (30, 0), (60, 1), (20, 3), (40, -1), (60, 0.5), (10, 5), (20, -2), (80, 1.5), (30, 0),
        (60, -1.5), (40, 2.5), (15, 4), (35, -0.5), (90, 1), (10, -3), (50, 2), (60, 0), (30, 3.5),
        (100, -1), (60, 1),
    ]  # fmt: skip
    points, now = [(0.0, 0.0)], 0.0
    for duration, rate in plateaus:
        points += [(now + 2, rate), (now + duration, rate)]
        now += duration
    return np.array(points)


def solve(run: Run, points: tuple[int, int, int]) -> tuple[pybamm.Simulation, pybamm.Solution]:
    """The data set on a mesh."""
    values = pm.parameters(
        run.initial_stoichiometry, run.cutoffs_V, run.diffusivity, run.dUdT_V_per_K
    )
    one_c = pm.CELL["nominal_capacity_Ah"]
    if run.c_rate is None:
        cycle = drive_cycle()
        times = cycle[:, 0]
        values["Current function [A]"] = pybamm.Interpolant(times, one_c * cycle[:, 1], pybamm.t)
    else:
        times = np.array([0.0, 1.5 * 3600 / abs(run.c_rate)])
        values["Current function [A]"] = one_c * run.c_rate
    sim = pm.simulation(values, points, run.lumped, run.heat_of_mixing, graded=True)
    return sim, sim.solve(times)


def sample_times(end: float, cycle: bool) -> np.ndarray:
    """Early times in geometric steps, then equal ones; the corners of the drive cycle too."""
    early = [0.0] if cycle else [0.0, *np.geomspace(0.1, 0.4 * end / ROWS, 8)]
    corners = drive_cycle()[:, 0] if cycle else np.array([end])
    even = np.linspace(0, end, ROWS - len(early) - (len(corners) if cycle else 0) + 1)[1:]
    return np.unique(np.concatenate([early, even, corners]).clip(0, end))


def columns(sim: pybamm.Simulation, solution: pybamm.Solution, t: np.ndarray) -> dict[str, Any]:
    """What is written, by column."""
    c_max = pm.CELL["cathode"]["maximum_concentration_mol_per_m3"]
    mesh = sim.mesh["positive electrode"]
    ends = mesh.edges[[0, -1]]

    def at_ends(name: str) -> np.ndarray:
        x, nodal = mesh.nodes, solution[name](t, x=mesh.nodes) / c_max
        return np.array(
            [
                nodal[i] + (nodal[j] - nodal[i]) * (end - x[i]) / (x[j] - x[i])
                for i, j, end in ((0, 1, ends[0]), (-1, -2, ends[1]))
            ]
        )

    mean = at_ends("R-averaged positive particle concentration [mol.m-3]")
    surface = at_ends("Positive particle surface concentration [mol.m-3]")
    current = solution["Current [A]"](t)
    lithium = current * solution["Lithium metal interface reaction overpotential [V]"](t)
    return {
        "time_s": t,
        "voltage_V": solution["Voltage [V]"](t),
        "current_A": current,
        "temperature_K": solution["Volume-averaged cell temperature [K]"](t),
        "x_mean_at_separator": mean[0],
        "x_surface_at_separator": surface[0],
        "x_mean_at_collector": mean[1],
        "x_surface_at_collector": surface[1],
        "heat_ohmic_W": solution["Ohmic heating [W]"](t),
        "heat_lithium_W": lithium,
        "heat_reaction_W": solution["Irreversible electrochemical heating [W]"](t) - lithium,
        "heat_reversible_W": solution["Reversible heating [W]"](t),
        "heat_mixing_W": solution["Heat of mixing [W]"](t),
    }


def energy_error(sim: pybamm.Simulation, solution: pybamm.Solution, t: np.ndarray) -> float:
    """Largest |I (U - V) - ohmic - reaction| over the largest ohmic + reaction heat.

    U is the mean weighted by local current: charge balances to 2e-5 of I only, and 2e-5 of I U is
    percents of the heat at C/10.
    """
    mesh = sim.mesh["positive electrode"]
    U = solution["Positive electrode open-circuit potential [V]"](t, x=mesh.nodes)
    source = "Positive electrode volumetric interfacial current density [A.m-3]"
    local = -pm.CELL["area_m2"] * mesh.d_edges[:, None] * solution[source](t, x=mesh.nodes)
    current = solution["Current [A]"](t)
    chemical = (local * (U - U.mean(axis=0))).sum(axis=0) + current * U.mean(axis=0)
    electrical = current * solution["Voltage [V]"](t)
    heat = solution["Ohmic heating [W]"](t)
    heat = heat + solution["Irreversible electrochemical heating [W]"](t)
    return float(np.abs(chemical - electrical - heat).max() / np.abs(heat).max())


def make(name: str, run: Run, folder: Path) -> dict[str, Any]:
    """Solve, write the CSV, return the summary."""
    start = time.perf_counter()
    points, halved = (MIXING_FINE, MIXING_COARSE) if run.heat_of_mixing else (FINE, COARSE)
    sim, fine = solve(run, points)
    _, coarse = solve(run, halved)
    t = sample_times(float(fine.t[-1]), run.c_rate is None)
    table = columns(sim, fine, t)
    rows = zip(*table.values(), strict=True)
    reference.write_table(folder / f"{name}.csv", table, rows, digits=10)
    x = np.array([table["x_surface_at_separator"], table["x_surface_at_collector"]])
    smooth = t[(x.max(axis=0) < NEARLY_FULL) & (x.min(axis=0) > 1 - NEARLY_FULL)]
    both = smooth[(smooth > 0) & (smooth < min(fine.t[-1], coarse.t[-1]))]
    salt = fine["Electrolyte concentration [mol.m-3]"](t)
    moved = {
        key: float(np.abs(fine[variable](both) - coarse[variable](both)).max())
        for key, variable in (
            ("voltage_V", "Voltage [V]"),
            ("temperature_K", "Volume-averaged cell temperature [K]"),
        )
    }
    end = float(fine.t[-1])
    summary = asdict(run) | {
        "finite_volumes": dict(zip(("separator", "cathode", "particle"), points, strict=True)),
        "end_s": end,
        "termination": fine.termination,
        "end_temperature_K": float(table["temperature_K"][-1]),
        "smooth_until_s": float(smooth[-1]),
        "delivered_Ah": float(fine["Discharge capacity [A.h]"](end)),
        "coarse_mesh_difference": {**moved, "end_s": float(fine.t[-1] - coarse.t[-1])},
        "energy_error": energy_error(sim, fine, smooth),
        "salt_drift": float(np.abs(salt / 1000 - 1).max()),
    }
    print(f"{name}: {time.perf_counter() - start:.0f} s {json.dumps(summary)}", flush=True)
    return summary


def write(folder: Path, runs: dict[str, Any]) -> None:
    """The JSON file with all numbers, and the drive cycle."""
    cycle = drive_cycle() * [1, pm.CELL["nominal_capacity_Ah"]]
    rows = "".join(f"{t:g},{current:g}\n" for t, current in cycle)
    (folder / "drive_cycle.csv").write_text("time_s,current_A\n" + rows)
    content = {
        "made_with": {
            **reference.versions(),
            "solver": "IDAKLUSolver, rtol 1e-8, atol 1e-8",
            "meshes": f"Chebyshev in x, exponential in r (stretch {pm.STRETCH:g} to the surface)",
        },
        "conventions": CONVENTIONS,
        "cell": pm.CELL,
        "runs": {name: runs[name] for name in RUNS if name in runs},
    }
    (folder / "half_cell.json").write_text(json.dumps(content, indent=1) + "\n")


def main() -> None:
    names, folder = reference.asked(__doc__, RUNS, FOLDER)
    runs = reference.made_before(folder / "half_cell.json", "runs")
    for name in names:
        runs[name] = make(name, RUNS[name], folder)
        write(folder, runs)


if __name__ == "__main__":
    main()
