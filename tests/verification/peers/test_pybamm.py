"""Against PyBaMM's DFN of a lithium half cell with a single-ion electrolyte (tests/reference)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from joulestack.solver.stepper import Stop, Tolerances
from tests.verification.half_cell import FOLDER, START, half_cell, particles, reference
from tests.verification.harness import Run

Floats = npt.NDArray[np.float64]

ISOTHERMAL = ["iso_c10", "iso_1c", "iso_2c", "iso_5c", "iso_1c_charge", "iso_drive",
              "iso_1c_decades", "iso_2c_decades"]  # fmt: skip
LUMPED = ["lumped_1c", "lumped_5c", "lumped_drive", "lumped_1c_entropic", "lumped_5c_entropic",
          "lumped_drive_entropic"]  # fmt: skip
CUTOFF = {"discharge": 3.0, "charge": 4.3}


def table(name: str) -> dict[str, Floats]:
    """A data set by column."""
    rows = np.genfromtxt(FOLDER / f"{name}.csv", delimiter=",", names=True)
    return {key: rows[key] for key in rows.dtype.names}


@cache
def ours(name: str) -> dict[str, Any]:
    """The same run: voltage and temperature at the times of the data set, and how it ended."""
    given, area = reference()["runs"][name], reference()["cell"]["area_m2"]
    one_c = reference()["cell"]["nominal_capacity_Ah"] / area
    corners: list[float] = []
    if given["c_rate"] is None:
        cycle = table("drive_cycle")
        corners = list(cycle["time_s"][1:-1])

        def density(t: float) -> float:
            return float(np.interp(t, cycle["time_s"], cycle["current_A"])) / area
    else:

        def density(t: float) -> float:
            return float(given["c_rate"] * one_c)

    setup = half_cell(
        [particles(given["initial_stoichiometry"], given["diffusivity"], given["dUdT_V_per_K"])],
        density,
        cells=20,
        separator_cells=2,
        modes=10,
        lumped=given["lumped"],
    )
    fine = Tolerances(temperature=1e-4, relative=1e-5, lithiation=1e-5)
    run = Run(setup, tolerances=fine)
    discharge = (given["c_rate"] or 1.0) > 0
    sign, limit = (1.0, CUTOFF["discharge"]) if discharge else (-1.0, CUTOFF["charge"])
    stop = Stop("cut-off", lambda: sign * (run.observer.voltage() - limit), 1e-5)
    asked = table(name)["time_s"]
    got: list[tuple[float, float, float]] = []
    run.advance(
        900.0 if given["c_rate"] is None else 1.2 * given["end_s"],
        corners,
        [stop],
        outputs=list(asked[1:]),
        on_output=lambda t: got.append((t, run.observer.voltage(), run.observer.hottest())),
    )
    start, last = run.rows[0], run.rows[-1]
    first = (0.0, start["Voltage [V]"], start["Temperature max [K]"])
    t, V, T = np.array([first, *got]).T
    return {
        "t": t,
        "V": V,
        "T": T,
        "end": last["Time [s]"],
        "end_T": last["Temperature max [K]"],
        "steps": run.stepper.statistics.steps,
    }


def smooth(name: str) -> tuple[Floats, Floats, Floats]:
    """Our voltage less theirs [V], our rise less theirs [K], and their rise [K]."""
    mine, theirs = ours(name), table(name)
    keep = theirs["time_s"] <= reference()["runs"][name]["smooth_until_s"] * (1 + 1e-9)
    n = int(keep.sum())
    n = min(n, len(mine["t"]))  # our charge ends 0.05 s before the last row
    assert mine["t"][:n] == pytest.approx(theirs["time_s"][:n], rel=1e-9)
    dV = mine["V"][:n] - theirs["voltage_V"][:n]
    return dV, mine["T"][:n] - theirs["temperature_K"][:n], theirs["temperature_K"][:n] - START


@pytest.mark.parametrize("name", ISOTHERMAL + LUMPED)
def test_voltage(name: str) -> None:
    """Within 1 mV RMS; measured figures in docs/verification.md."""
    dV, _, _ = smooth(name)
    rms, worst = float(np.sqrt((dV**2).mean())), float(np.abs(dV).max())
    print(f"MEASURED {name} RMS {1e3 * rms:.3f} mV, worst {1e3 * worst:.3f} mV")
    assert rms < 0.5e-3
    assert worst < 2e-3


@pytest.mark.parametrize("name", LUMPED)
def test_temperature_rise(name: str) -> None:
    """Within 1 % of the largest rise at all times."""
    _, dT, rise = smooth(name)
    print(f"MEASURED {name} rise {100 * np.abs(dT).max() / np.abs(rise).max():.3f} %")
    assert np.abs(dT).max() < 0.01 * np.abs(rise).max()


@pytest.mark.parametrize("name", [n for n in ISOTHERMAL + LUMPED if "drive" not in n])
def test_cut_off(name: str) -> None:
    """When 3 V (or 4.3 V) is reached, to 1e-3 of itself."""
    end = reference()["runs"][name]["end_s"]
    print(f"MEASURED {name} end {ours(name)['end'] / end - 1:.2e}, {ours(name)['steps']} steps")
    assert ours(name)["end"] == pytest.approx(end, rel=1e-3)


def test_heat_of_mixing_is_what_is_left_out() -> None:
    """At 5C it would warm the cell by another fifth: a limit of the model, stated as a number."""
    theirs = reference()["runs"]["lumped_5c_mixing"]["end_temperature_K"]
    without = ours("lumped_5c_entropic")["end_T"]
    print(f"MEASURED mixing {theirs - without:.3f} K of {theirs - START:.3f} K")
    assert theirs - without == pytest.approx(2.9, abs=0.1)
