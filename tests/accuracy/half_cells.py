"""Half cells against PyBaMM: discharges, drives, cycles with holds, pulses, powers, titration."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

import joulestack as js
from joulestack.laws.composition import Sum
from joulestack.materials.extension import voltage
from tests.accuracy import record
from tests.accuracy.level import Level
from tests.accuracy.record import Case, Figure, Outcome
from tests.verification import half_cell as cell

Floats = npt.NDArray[np.float64]

REFERENCES = Path(__file__).resolve().parents[1] / "reference"
PROGRAMS = REFERENCES / "half_cell_programs"
AREA, ONE_C = 1e-4, 3.5
"""m2 of the reference's cell; mA that its C-rates count with."""
AFTER = 1.0
"""Seconds after a jump from which on voltages are compared."""
REACHED_V, REACHED = 1e-5, 1e-6
"""How near a step ends to a voltage [V] and to a current (relative), as in a protocol."""


@dataclass(frozen=True)
class Step:
    """A step of the reference: what is held or given, its longest duration, and what ends it.

    Attributes:
        kind: of drive: "current", "voltage" or "power".
        value: in SI, a number or a table in time.
        duration: at the longest [s].
        until: "V" or "mA" and the limit [V, A]; None: the duration.
        lasted: of the reference [s]; nan: not compared.
        t, V, T: of the reference since the step began [s], [V], [K].
    """

    kind: str
    value: Any
    duration: float
    until: tuple[str, float] | None
    lasted: float
    t: Floats
    V: Floats
    T: Floats


@dataclass(frozen=True)
class Program:
    """A cell and its steps; the charge of them all without sign [mAh], nan: not compared."""

    steps: tuple[Step, ...]
    charge: float
    stoichiometry: float
    diffusivity: str
    open_circuit: str
    radius: float
    thickness: float
    coefficient: float | None
    entropic: float = 0.0


@cache
def stored() -> Any:
    """The programs and what they are of."""
    return json.loads((PROGRAMS / "programs.json").read_text("utf-8"))


def program(name: str) -> Program:
    """A program of several steps."""
    given = stored()["programs"][name]
    rows = np.genfromtxt(PROGRAMS / f"{name}.csv", delimiter=",", names=True)
    steps = []
    for i, s in enumerate(given["steps"]):
        own = rows[rows["step"] == i + 1]
        key = next(k for k in ("mA", "V", "mW") if k in s)
        until = ("V", s["until_V"]) if "until_V" in s else None
        until = ("mA", 1e-3 * s["until_mA"]) if "until_mA" in s else until
        steps.append(
            Step(
                {"mA": "current", "V": "voltage", "mW": "power"}[key],
                s[key] * (1.0 if key == "V" else 1e-3),
                1.2 * s["s"] if until else s["s"],
                until,
                given["lasted_s"][i] if until else np.nan,
                own["time_in_step_s"], own["voltage_V"], own["temperature_K"],
            )
        )  # fmt: skip
    return Program(
        tuple(steps),
        float(np.abs(given["charge_mAh"]).sum()),
        given["stoichiometry"],
        given["diffusivity"],
        given["open_circuit"],
        given["radius_m"],
        given["thickness_m"],
        given["coefficient_W_per_m2_K"],
    )


def discharge(name: str) -> Program:
    """A discharge, a charge or the drive cycle of tests/reference/half_cell."""
    given = cell.reference()["runs"][name]
    rows = np.genfromtxt(cell.FOLDER / f"{name}.csv", delimiter=",", names=True)
    rows = rows[rows["time_s"] <= given["smooth_until_s"] * (1 + 1e-9)]
    rate, ends = given["c_rate"], given["end_s"]
    value, until = None, None
    if rate is None:
        cycle = np.genfromtxt(cell.FOLDER / "drive_cycle.csv", delimiter=",", names=True)
        value = js.Profile(tuple(cycle["time_s"]), tuple(cycle["current_A"]))
    else:
        value = 1e-3 * ONE_C * rate
        until = ("V", 3.0 if rate > 0 else 4.3)
    coefficient = cell.reference()["cell"]["cooling"]["heat_transfer_coefficient_W_per_m2_K"]
    step = Step(
        "current", value, 1.2 * ends if until else ends, until, ends if until else np.nan,
        rows["time_s"], rows["voltage_V"], rows["temperature_K"],
    )  # fmt: skip
    return Program(
        (step,), np.nan, given["initial_stoichiometry"], given["diffusivity"], "NMC811",
        2.5e-6, 60e-6, coefficient if given["lumped"] else None, given["dUdT_V_per_K"],
    )  # fmt: skip


def setup_of(what: Program, level: Level) -> js.Setup:
    """The cell with the mesh and the functions in particles of an accuracy."""
    grains = replace(
        cell.particles(what.stoichiometry, what.diffusivity, what.entropic), radius=what.radius
    )
    if what.open_circuit != "NMC811":
        law = stored()["open_circuit_voltages_V"][what.open_circuit]
        U = voltage(cell.law(Sum(**{k: tuple(v) for k, v in law.items()}), "V"))
        grains = replace(grains, open_circuit_voltage=U)
    thickness = cell.THICKNESS | {"cathode": what.thickness}
    tagged = js.build(
        level.geometry(geometry="line", area="1 cm^2", layers=thickness), MPI.COMM_SELF
    )
    held = js.FaceCondition(temperature=cell.START)
    faces = {"top": [held], "bottom": [held]}
    if what.coefficient is not None:
        air = js.FaceCondition(coefficient=what.coefficient, ambient=cell.START)
        faces = {"top": [air]}
    return cell.half_cell(
        [grains], modes=level.modes, tagged=tagged, thickness=thickness, faces=faces
    )


def run(what: Program, level: Level) -> Outcome:
    """Ours, step by step as a protocol goes, against the reference."""
    setup = setup_of(what, level)
    drives = [js.Drive("bottom", "top", **{s.kind: s.value}) for s in what.steps]
    ours = js.Simulation(replace(setup, drive=drives[0]), level.tolerances)
    ours.stepper  # noqa: B018  (compiles)
    begun = time.process_time()
    off: list[Floats] = []
    warmer: list[Floats] = []
    lasted: list[float] = []
    charge, largest = 0.0, 0.0
    observer = ours.observer
    for i, (step, drive) in enumerate(zip(what.steps, drives, strict=True)):
        if i:
            ours.follow(drive)
        start, before = ours.time, observer.charge() if i else 0.0
        got: list[tuple[float, float, float]] = []

        def note(t: float, start: float = start, got: Any = got) -> None:
            got.append((t - start, observer.voltage(), observer.hottest()))

        asked = step.t[(step.t >= AFTER) & (step.t < step.duration)]
        ours.advance(
            start + step.duration, stops=list(_stops(step, ours)), at=list(start + asked),
            on_state=note, exactly=False,
        )  # fmt: skip
        lasted.append(ours.time - start)
        charge += abs(observer.charge() - before)
        n = len(got)
        if n:
            t, V, T = np.array(got).T
            assert np.allclose(t, asked[:n], rtol=1e-6, atol=1e-6)
            kept = step.t >= AFTER
            theirs, rise = step.V[kept][:n], step.T[kept][:n]
            if step.kind != "voltage":
                off.append(V - theirs)
            warmer.append(T - rise)
        largest = max(largest, float(np.abs(step.T - cell.START).max()))
    seconds = time.process_time() - begun
    figures = _figures(what, np.concatenate(off), lasted, charge / 3.6)
    if what.coefficient is not None:
        worst = float(np.abs(np.concatenate(warmer)).max())
        figures.append(Figure("rise [K]", worst / largest, record.RISE, "%", largest))
    return Outcome(tuple(figures), seconds, ours.stepper.statistics.steps)


def _figures(what: Program, off: Floats, lasted: list[float], charge: float) -> list[Figure]:
    found = [
        Figure("voltage, RMS", float(np.sqrt((off**2).mean())), record.VOLTAGE_RMS, "mV"),
        Figure("voltage, worst", float(np.abs(off).max()), record.VOLTAGE_WORST, "mV"),
    ]
    for i, step in enumerate(what.steps, 1):
        if not np.isnan(step.lasted):
            name = f"step {i} lasts [s]"
            found.append(record.relative(name, lasted[i - 1], step.lasted, record.LASTS))
    if not np.isnan(what.charge):
        found.append(record.relative("charge [mAh]", charge, what.charge, record.CHARGE))
    return found


def _stops(step: Step, ours: js.Simulation) -> Iterator[js.Stop]:
    if step.until is None:
        return
    kind, limit = step.until
    observer = ours.observer
    if kind == "V":
        sign = 1.0 if step.value > 0 else -1.0
        yield js.Stop("voltage", lambda: sign * (observer.voltage() - limit), REACHED_V)
    else:
        yield js.Stop(
            "current", lambda: abs(observer.current()) - limit, REACHED * limit, flows=True
        )


DISCHARGES = {
    "iso_c10": "C/10", "iso_1c": "1C", "iso_2c": "2C", "iso_5c": "5C",
    "iso_1c_decades": "1C, D over decades", "iso_2c_decades": "2C, D over decades",
    "iso_1c_charge": "1C charge", "iso_drive": "drive cycle with charging",
    "lumped_1c": "1C, lumped", "lumped_5c": "5C, lumped", "lumped_drive": "drive cycle, lumped",
    "lumped_1c_entropic": "1C, lumped, dU/dT", "lumped_5c_entropic": "5C, lumped, dU/dT",
    "lumped_drive_entropic": "drive cycle, lumped, dU/dT",
}  # fmt: skip
WHAT = {
    "cccv": "charged at 1C to 4.2 V, held to C/50, rest",
    "hold_discharge": "held at 4.0 V from 4.27 V to C/50, rest",
    "hold_charge": "held at 4.0 V from 3.7 V to C/50, rest",
    "pulses": "pulses of 2C, -1C, 4C, 1C, -2C with rests",
    "pulses_decades_3um": "the same pulses, 3 um, D over decades",
    "cycle": "discharge, rest, charge with hold, rest",
    "cycle_decades": "the same cycle, D over decades",
    "cycle_5um": "the same cycle at C/4, 5 um",
    "cycle_lumped": "the same cycle, lumped",
    "small_rise": "C/2, cooled well: a rise of a tenth of a kelvin",
    "fast_charge_lumped": "charged at 4C to 4.3 V, held, lumped",
    "jumps_decades": "36 jumps of the current with charging, 3 um, D over decades",
    "jumps_lumped": "36 jumps of the current with charging, lumped",
    "thick_1um": "120 um, 1 um, 2C, rest",
    "thin_8um": "20 um, 8 um, 0.4 mA, rest",
    "flat": "a flat U(x): discharge, rest, charge, rest",
    "staged": "a U(x) with stages: discharge, rest, charge, rest",
    "powers": "14, -14, 40 mW with rests",
    "titration": "six pulses of C/2 with rests of 15 min",
}
QUICK = ("iso_2c", "cccv", "pulses", "small_rise")


def cases() -> Iterator[Case]:
    """All of them."""
    for name, what in DISCHARGES.items():
        yield Case(
            name, "half cell, PyBaMM", what, lambda a, n=name: run(discharge(n), a), name in QUICK
        )
    for name, what in WHAT.items():
        yield Case(
            name, "half cell, PyBaMM", what, lambda a, n=name: run(program(n), a), name in QUICK
        )
