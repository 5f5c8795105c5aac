"""Programs of the single-ion half-cell by PyBaMM, written to tests/reference/half_cell_programs.

    python benchmarks/pybamm_programs.py                 # all, about 20 minutes
    python benchmarks/pybamm_programs.py cccv pulses     # these only

Holds, pulses, cycles, powers, jumps of the current, of half cells that differ in U(x), D(x) and
size. What is run stands in `PROGRAMS`, as plain data that is stored with the solutions; the cell in
`pybamm_model.py`. Each is solved on two meshes; how far these differ is stored beside it.
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

FOLDER = Path(__file__).parent.parent / "tests" / "reference" / "half_cell_programs"
FINE, COARSE = (24, 80, 160), (12, 40, 80)
"""Finite volumes in separator, cathode and particle."""
TOLERANCE = 1e-8
ROWS = 60
"""Of a step, about."""

OPEN_CIRCUITS: dict[str, dict[str, list[float]]] = {
    "NMC811": pm.CELL["cathode"]["open_circuit_voltage_V"],
    "flat": {
        "coefficients": [3.70, -0.03],
        "tanh_amplitudes": [-0.3, -0.2],
        "tanh_rates": [20.0, 20.0],
        "tanh_centres": [0.0, 1.0],
    },
    "staged": {
        "coefficients": [3.9, -0.3],
        "tanh_amplitudes": [-0.08, -0.08, -0.08],
        "tanh_rates": [40.0, 30.0, 40.0],
        "tanh_centres": [0.35, 0.5, 0.75],
    },
}
"""Sums of a polynomial and hyperbolic tangents; the last two are shapes, of no material."""

Step = dict[str, float]


@dataclass(frozen=True)
class Program:
    """A cell and what is done to it.

    A step says one of mA (discharge positive), V and mW, its longest duration s, and where it ends
    before: until_V or until_mA.
    """

    steps: list[Step]
    stoichiometry: float = 0.27
    diffusivity: str = "constant"
    open_circuit: str = "NMC811"
    radius_m: float = 2.5e-6
    thickness_m: float = 60e-6
    coefficient_W_per_m2_K: float | None = None
    """Of the lumped cell; None: isothermal."""


def mA(current: float, s: float, **end: float) -> Step:
    return {"mA": current, "s": s, **end}


def volts(V: float, s: float, **end: float) -> Step:
    return {"V": V, "s": s, **end}


def jumps() -> list[Step]:
    """Half an hour of currents that jump, charging among them, drawn once."""
    rng = np.random.default_rng(6)
    drawn = rng.choice([-7.0, -3.5, 0.0, 1.75, 3.5, 5.25, 7.0, 10.5, 14.0], 36)
    lengths = rng.choice([10.0, 20.0, 30.0, 60.0, 120.0], 36)
    return [mA(float(c), float(s)) for c, s in zip(drawn, lengths, strict=True)]


CYCLE = [
    mA(3.5, 7200, until_V=3.6), mA(0, 1800), mA(-3.5, 7200, until_V=4.2),
    volts(4.2, 7200, until_mA=0.175), mA(0, 1800),
]  # fmt: skip
PULSES = [
    mA(7, 10), mA(0, 40), mA(-3.5, 10), mA(0, 40), mA(14, 5), mA(0, 60), mA(3.5, 600), mA(0, 600),
    mA(-7, 30), mA(0, 60),
]  # fmt: skip
PROGRAMS = {
    "cccv": Program(
        [mA(-3.5, 7200, until_V=4.2), volts(4.2, 7200, until_mA=0.07), mA(0, 600)], 0.9
    ),
    "hold_discharge": Program([volts(4.0, 20000, until_mA=0.07), mA(0, 600)]),
    "hold_charge": Program([volts(4.0, 20000, until_mA=0.07), mA(0, 600)], 0.7),
    "pulses": Program(PULSES, 0.5),
    "pulses_decades_3um": Program(PULSES, 0.5, "decades", radius_m=3e-6),
    "cycle": Program(CYCLE),
    "cycle_decades": Program(CYCLE, diffusivity="decades"),
    "cycle_5um": Program(
        [s | {"mA": s["mA"] / 4, "s": 3 * s["s"]} if "mA" in s else s for s in CYCLE],
        radius_m=5e-6,
    ),
    "cycle_lumped": Program(CYCLE, coefficient_W_per_m2_K=2.5),
    "small_rise": Program([mA(1.75, 3600), mA(0, 300)], coefficient_W_per_m2_K=25.0),
    "fast_charge_lumped": Program(
        [mA(-14, 3600, until_V=4.3), volts(4.3, 3600, until_mA=0.35), mA(0, 600)], 0.9,
        coefficient_W_per_m2_K=10.0,
    ),
    "jumps_decades": Program(jumps(), 0.5, "decades", radius_m=3e-6),
    "jumps_lumped": Program(jumps(), 0.5, coefficient_W_per_m2_K=2.5),
    "thick_1um": Program([mA(7, 7200, until_V=3.6), mA(0, 900)], radius_m=1e-6, thickness_m=120e-6),
    "thin_8um": Program(
        [mA(0.4, 20000, until_V=3.6), mA(0, 1800)], radius_m=8e-6, thickness_m=20e-6
    ),
    "flat": Program([mA(3.5, 2700), mA(0, 900), mA(-3.5, 1800), mA(0, 900)], 0.1,
                    open_circuit="flat"),
    "staged": Program([mA(3.5, 2700), mA(0, 900), mA(-3.5, 1800), mA(0, 900)], 0.2,
                      open_circuit="staged"),
    "powers": Program([{"mW": 14.0, "s": 1800.0}, mA(0, 300), {"mW": -14.0, "s": 900.0},
                       {"mW": 40.0, "s": 60.0}, mA(0, 300)], 0.4),
    "titration": Program([mA(1.75, 300), mA(0, 900)] * 6, 0.35),
}  # fmt: skip


def open_circuit(name: str) -> Any:
    """U(x) [V] as PyBaMM takes it."""
    law = OPEN_CIRCUITS[name]

    def U(x: Any) -> Any:
        total = law["coefficients"][0] + law["coefficients"][1] * x
        lists = (law["tanh_amplitudes"], law["tanh_rates"], law["tanh_centres"])
        for a, b, c in zip(*lists, strict=True):
            total = total + a * pybamm.tanh(b * (x - c))
        return total

    return U


def step_of(step: Step) -> Any:
    """A step as PyBaMM takes it; its own sign of a charge is negative too."""
    ends = []
    if "until_V" in step:
        ends = [f"{step['until_V']:g} V"]
    if "until_mA" in step:
        ends = [f"{step['until_mA'] / 1e3:g} A"]
    period = max(step["s"] / ROWS, 0.5)
    if ends:
        period = min(period, 40.0)
    more: dict[str, Any] = {"duration": step["s"], "termination": ends, "period": period}
    if "V" in step:
        return pybamm.step.voltage(step["V"], **more)
    if "mW" in step:
        return pybamm.step.power(step["mW"] / 1e3, **more)
    return pybamm.step.current(step["mA"] / 1e3, **more)


def solve(program: Program, points: tuple[int, int, int]) -> list[Any]:
    """Solutions of the steps."""
    values = pm.parameters(program.stoichiometry, (0.5, 6.0), program.diffusivity)
    grown = program.thickness_m - pm.CELL["cathode"]["thickness_m"]
    values.update(
        {
            "Positive electrode OCP [V]": open_circuit(program.open_circuit),
            "Positive particle radius [m]": program.radius_m,
            "Positive electrode thickness [m]": program.thickness_m,
            "Cell volume [m3]": values["Cell volume [m3]"] + grown * pm.CELL["area_m2"],
        }
    )
    lumped = program.coefficient_W_per_m2_K is not None
    if lumped:
        values["Total heat transfer coefficient [W.m-2.K-1]"] = program.coefficient_W_per_m2_K
    built = pm.simulation(values, points, lumped, graded=True)
    simulation = pybamm.Simulation(
        built.model,
        parameter_values=values,
        experiment=pybamm.Experiment([step_of(s) for s in program.steps]),
        solver=pybamm.IDAKLUSolver(
            rtol=TOLERANCE, atol=TOLERANCE, options={"max_error_test_failures": 100}
        ),
        var_pts=built.var_pts,
        submesh_types=built.submesh_types,
    )
    solution = simulation.solve(calc_esoh=False)
    return [step for cycle in solution.cycles for step in cycle.steps]


COLUMNS = {
    "voltage_V": "Voltage [V]",
    "current_A": "Current [A]",
    "temperature_K": "Volume-averaged cell temperature [K]",
}


def make(name: str, program: Program, folder: Path) -> dict[str, Any]:
    """Solve, write the CSV, return the summary."""
    begun = time.perf_counter()
    fine, coarse = solve(program, FINE), solve(program, COARSE)
    rows: list[list[float]] = []
    lasted, charges, moved, apart = [], [], 0.0, 0.0
    for number, (step, other) in enumerate(zip(fine, coarse, strict=True), 1):
        t = step.t - step.t[0]
        found = {key: np.asarray(step[v].entries) for key, v in COLUMNS.items()}
        rows += [[number, *row] for row in zip(t, *found.values(), strict=True)]
        ampere_hours = step["Discharge capacity [A.h]"].entries
        charges.append(float(ampere_hours[-1] - ampere_hours[0]) * 1e3)
        lasted.append(float(t[-1]))
        inside = t[(t >= 1.0) & (t <= min(t[-1], other.t[-1] - other.t[0]))]
        if len(inside):
            a = np.interp(inside, t, found["voltage_V"])
            b = other["Voltage [V]"](inside + other.t[0])
            moved = max(moved, float(np.abs(a - b).max()))
        apart = max(apart, abs(lasted[-1] - float(other.t[-1] - other.t[0])) / lasted[-1])
    columns = ["step", "time_in_step_s", *COLUMNS]
    reference.write_table(folder / f"{name}.csv", columns, rows, digits=8)
    summary = asdict(program) | {
        "lasted_s": lasted,
        "charge_mAh": charges,
        "ended_by": [str(step.termination) for step in fine],
        "coarse_mesh_difference": {"voltage_V": moved, "lasted": apart},
    }
    print(f"{name}: {time.perf_counter() - begun:.0f} s, meshes {1e3 * moved:.3f} mV", flush=True)
    print("   ", summary["ended_by"], [round(v, 1) for v in lasted], flush=True)
    return summary


def main() -> None:
    names, folder = reference.asked(__doc__, PROGRAMS, FOLDER)
    path = folder / "programs.json"
    known = reference.made_before(path, "programs")
    for name in names:
        known[name] = make(name, PROGRAMS[name], folder)
        content = {
            "made_with": {
                **reference.versions(),
                "solver": f"IDAKLUSolver, rtol {TOLERANCE:g}, atol {TOLERANCE:g}",
                "finite_volumes": dict(
                    zip(("separator", "cathode", "particle"), FINE, strict=True)
                ),
            },
            "open_circuit_voltages_V": OPEN_CIRCUITS,
            "programs": {n: known[n] for n in PROGRAMS if n in known},
        }
        path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
