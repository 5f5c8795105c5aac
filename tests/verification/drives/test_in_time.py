"""What is given in time, as numbers, functions and tables, against closed forms."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI
from scipy.integrate import solve_ivp

import joulestack as js
from joulestack.constants import STEFAN_BOLTZMANN
from joulestack.errors import CaseError
from joulestack.in_time import Profile
from joulestack.laws.state import State
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.sources import Pointwise
from joulestack.simulation.observe.balances import Balances
from joulestack.simulation.setup import Drive, FaceCondition, Setup
from joulestack.solver.stepper import Tolerances
from tests.measured import measured
from tests.media import filler
from tests.verification.harness import Run

START, LENGTH, RHO_CP = 298.15, 1e-3, 2e6
STORED = RHO_CP * LENGTH
"""J/(m2 K)."""
FINE = Tolerances(1e-4, 1e-7)
MAX, MIN = "Temperature max [K]", "Temperature min [K]"


def slab(k: float = 1e4, cells: int = 2, tolerances: Tolerances = FINE, **given: Any) -> Run:
    """One layer, of one temperature unless k says otherwise."""
    tagged = build(Line((LayerSpec("a", LENGTH, cells),)), MPI.COMM_SELF)
    return Run(
        Setup(tagged, {"a": filler(k=k, rho_cp=RHO_CP)}, START, **given), tolerances=tolerances
    )


def rises(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Times and hottest rise of every record."""
    return (
        np.array([row["Time [s]"] for row in run.rows]),
        np.array([row[MAX] - START for row in run.rows]),
    )


def closes(run: Run, limit: float = 1e-4) -> None:
    assert run.observer.balances(steady=False)["energy_balance_relative"] < limit


def test_ambient_that_swings() -> None:
    """c dT/dt = h (A sin(w t) - T) from rest: the lag, and what dies away."""
    h, A, w = 50.0, 10.0, 2 * math.pi / 300
    ambient = lambda t: START + A * math.sin(w * t)  # noqa: E731
    run = slab(faces={"top": [FaceCondition(coefficient=h, ambient=ambient)]})
    run.advance(900.0)
    t, T = rises(run)
    tau = STORED / h
    size, lag = A / math.hypot(1, w * tau), math.atan(w * tau)
    exact = size * (np.sin(w * t - lag) + math.sin(lag) * np.exp(-t / tau))
    assert np.abs(T - exact).max() < 2e-3 * size
    measured("ambient that swings", np.abs(T - exact).max() / max(T))
    assert max(T) > 0.9 * size
    closes(run, 1e-3)


def test_coefficient_and_emissivity_in_time() -> None:
    """A fan that slows down and a shutter that opens, against the equation by scipy."""
    h = Profile((0.0, 60.0, 60.0, 200.0), (80.0, 80.0, 20.0, 5.0))
    hot = 400.0

    def eps(t: float) -> float:
        return min(1.0, t / 300)

    run = slab(faces={"top": [FaceCondition(coefficient=h, emissivity=eps, ambient=hot)]})
    run.advance(300.0)
    t, T = rises(run)

    def rate(t: float, T: Any) -> Any:
        film = h.value(t) * (hot - T)
        return (film + eps(t) * STEFAN_BOLTZMANN * (hot**4 - T**4)) / STORED

    ends, state, exact = [0.0, 60.0, 200.0, 300.0], START, []
    for a, b in pairwise(ends):
        found = solve_ivp(
            lambda s, T, a=a: rate(max(s, a + 1e-9), T), (a, b), [state],
            rtol=1e-10, atol=1e-8, dense_output=True,
        )  # fmt: skip
        exact += [found.sol(s)[0] for s in t if (a < s <= b) or s == b == 0]
        state = found.y[0, -1]
    assert np.abs(T[t > 0] - (np.array(exact) - START)).max() < 1e-3 * max(T)
    closes(run, 1e-3)


def test_heat_source_that_jumps() -> None:
    """An adiabatic body: (q0 t1 + q1 t2)/(rho c_p), exact, for the jump is landed on."""
    q0, q1 = 2e5, -5e4
    run = slab(heat_sources={"a": Profile((0.0, 37.3, 37.3), (q0, q0, q1))})
    run.begin()
    jumped: list[float] = []
    run.stepper.advance(
        0.0, 100.0, [], lambda t: run._record(t, "step"),
        on_jump=lambda t: (jumped.append(t), run._record(t, "jump")),  # type: ignore[func-returns-value]
    )  # fmt: skip
    assert jumped == [37.3]
    t, T = rises(run)
    exact = (q0 * np.minimum(t, 37.3) + q1 * np.maximum(t - 37.3, 0.0)) / RHO_CP
    assert np.abs(T - exact).max() < 1e-9 * max(T)
    assert run.observer.heat["given"] == pytest.approx((q0 * 37.3 + q1 * 62.7) * LENGTH, rel=1e-9)
    closes(run, 1e-9)


def test_flux_that_ramps_through_a_slab() -> None:
    """Flux 2 s t, then q: the mean rises by the integral over c, the ends stand q L/(2k) apart."""
    s, k = 3.0, 0.5
    inflow = Profile((0.0, 100.0), (0, 200 * s))
    exactly = Tolerances(1e-6, 1e-7)  # integrals err as the steps do
    run = slab(k, 24, exactly, faces={"bottom": [FaceCondition(inflow=inflow)]})
    run.advance(150.0)
    mean, q = run.row["a temperature mean [K]"], 200 * s
    assert run.observer.integrals["removed"] == pytest.approx(-(s * 100**2 + q * 50), rel=1e-6)
    expected = (s * 100**2 + q * 50) / STORED
    assert mean - START == pytest.approx(expected, rel=1e-5)
    measured("flux that ramps, mean", abs((mean - START) / expected - 1))
    assert run.row[MAX] - START == pytest.approx(expected + q * LENGTH / (3 * k), rel=1e-4)
    assert run.row[MIN] - START == pytest.approx(expected - q * LENGTH / (6 * k), rel=1e-4)
    closes(run)


def test_held_temperature_follows_a_table() -> None:
    """A face that is warmed at b K/s: in a thin slab the other lags by L2/(2a) of b."""
    b, k = 0.1, 20.0
    table = Profile((0.0, 50.0), (START, START + b * 50))
    run = slab(k, 16, faces={"bottom": [FaceCondition(temperature=table)]})
    run.advance(50.0)
    assert run.row[MAX] - START == pytest.approx(b * 50, rel=1e-9)
    lag = b * LENGTH**2 * RHO_CP / (2 * k)
    assert run.row[MAX] - run.row[MIN] == pytest.approx(lag, rel=2e-3)


def test_heat_given_in_no_time_came_through_a_face() -> None:
    """2 W for 3 s, then 5 J at once to the nodes of a held face that jumps: nothing is lost."""
    balances = Balances()
    for t, removed, gained in ((0.0, -2.0, 0.0), (3.0, -2.0, 6.0), (3.0, 0.0, 5.0)):
        balances.energy(t, {}, removed, gained, (0.0, 0.0), None)
    assert balances.integrals["removed"] == -11.0
    assert balances.integrals["stored"] == 11.0
    assert balances.relative()["energy_balance_relative"] == 0.0


def test_heat_of_place_time_and_state() -> None:
    """q = g t x/L + rho c_p r T in a body of one temperature: dT/dt = g t/(2 rho c_p) + r T."""
    g, r = 4e5, 0.02
    source = Pointwise(lambda x, t, state: g * x[0] / LENGTH * t + RHO_CP * r * (state.T - START))
    run = slab(heat_sources={"a": source}, tolerances=Tolerances(1e-5, 1e-8))
    run.advance(60.0)
    t, T = rises(run)
    a = 0.5 * g / RHO_CP
    exact = a * (np.exp(r * t) - 1 - r * t) / r**2
    assert np.abs(T - exact).max() < 1e-4 * max(exact)
    measured("heat of place and state", np.abs(T - exact).max() / max(exact))
    closes(run, 1e-3)


def test_numbers_functions_and_tables_are_one() -> None:
    """The same constant in three ways gives the same run."""
    ends = []
    for of in (float, lambda v: lambda t: v, lambda v: Profile((0.0, 100.0), (v, v))):
        face = FaceCondition(coefficient=of(30.0), emissivity=of(0.5), ambient=of(310.0))
        held = FaceCondition(inflow=of(100.0))
        run = slab(faces={"top": [face], "bottom": [held]}, heat_sources={"a": of(1e4)})
        run.advance(40.0)
        ends.append(run.row[MAX] - START)
    assert ends[1:] == pytest.approx([ends[0]] * 2, rel=1e-6)


def test_a_drive_takes_numbers_functions_and_tables() -> None:
    table = Profile((0.0, 1.0, 1.0), (1.0, 2.0, 5.0))
    drive = Drive("bottom", "top", current=2, voltage=lambda t: None if t < 1 else 3.0, power=table)
    assert [drive.at("current", t) for t in (0, 9)] == [2.0, 2.0]
    assert [drive.at("voltage", t) for t in (0, 9)] == [None, 3.0]
    assert [drive.at("power", t) for t in (0.5, 1.0, 1.1)] == [1.5, 2.0, 5.0]
    assert Drive("bottom", "top").at("power", 0.0) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FaceCondition(coefficient=10.0), "needs an ambient"),
        (lambda: FaceCondition(ambient=300.0), "no effect"),
        (lambda: FaceCondition(temperature=300.0, inflow=1.0), "excludes"),
        (lambda: FaceCondition(inflow="1 W"), "no value in time"),  # type: ignore[arg-type]
        (lambda: FaceCondition(inflow=math.nan), "no value in time"),
        (lambda: Drive("a", "b", current=math.inf).at("current", 0.0), "no value in time"),
        (lambda: Profile((0, 1), (1,)), "2 times and 1 values"),
        (lambda: Profile((0, 2, 1), (1, 1, 1)), "not in order"),
        (lambda: Profile((0, 1, 1, 1), (1, 1, 1, 2)), "more than twice"),
        (lambda: Profile((0, math.nan), (1, 1)), "finite"),
        (lambda: slab(heat_sources={"b": 1.0}), 'unknown layer "b"'),
        (lambda: slab(heat_sources={"a": [1.0]}), "no value in time"),
    ],
)
def test_what_is_no_value_in_time_is_refused(make: Any, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        make()


# -- the same from a case file -------------------------------------------------------------------

CELL: dict[str, Any] = {
    "joulestack": 1,
    "cell": {
        "geometry": "line",
        "area": "1 cm^2",
        "start_temperature": "25 degC",
        "layers": [
            {
                "name": "a",
                "material": "copper",
                "thickness": "1 mm",
                "heat_source": {
                    "time": ["0 s", "1 min", "1 min"],
                    "heat_source": ["1 W/cm^3", "1 W/cm^3", 0],
                },
            }
        ],
    },
    "thermal": {
        "faces": {
            "bottom": {"kind": "heat flux", "flux": {"csv": "flux.csv"}},
            "top": {
                "kind": "convection",
                "coefficient": {"csv": "fan.csv"},
                "ambient": {"csv": "room.csv"},
            },
        }
    },
    "mesh": {"cells_per_layer": 2},
    "time": {"end": "3 min", "temperature_tolerance": "0.2 mK", "relative_tolerance": 1e-6},
}
FILES = {
    "flux.csv": "time [min],flux [W/cm^2]\n0,0\n2,0.05\n",
    "fan.csv": "time [s],coefficient [W/(m^2 K)]\n0,20\n90,20\n90,60\n100,60\n",
    "room.csv": "time [s],ambient [degC]\n0,25\n180,45\n",
}


def test_a_case_and_a_setup_give_the_same(tmp_path: Any) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    case = js.Case.from_dict(CELL, tmp_path, "in_time")
    result = js.run(case, tmp_path / "out", progress=False)
    found = result.temperature_at(180.0).maximum
    setup = Setup(
        build(Line((LayerSpec("a", 1e-3, 2),)), MPI.COMM_SELF),
        case.media(),
        298.15,
        faces={
            "bottom": [FaceCondition(inflow=Profile((0, 120), (0, 500)))],
            "top": [
                FaceCondition(
                    coefficient=Profile((0, 90, 90), (20, 20, 60)),
                    ambient=Profile((0, 180), (298.15, 318.15)),
                )
            ],
        },
        heat_sources={"a": Profile((0, 60, 60), (1e6, 1e6, 0))},
        area=1e-4,
    )
    run = Run(setup, tolerances=FINE)
    run.advance(180.0)
    assert found - START == pytest.approx(run.row[MAX] - START, rel=1e-4)
    assert result.summary["energy_balance_relative"] < 1e-3
    assert result.summary["heat_J"]["given"] == pytest.approx(1e6 * 60 * 1e-7, rel=1e-9)

    def rate(t: float, T: Any) -> Any:
        film = (20 if t < 90 else 60) * (298.15 + t / 9 - T)
        stored = 1e-3 * case.media()["a"].volumetric_heat_capacity(State(T=float(T[0])))
        return (1e3 * (t < 60) + 500 * min(t / 120, 1) + film) / stored

    T = START
    for a, b in ((0, 60), (60, 90), (90, 120), (120, 180)):
        inside = lambda s, T, a=a, b=b: rate(min(max(s, a + 1e-9), b - 1e-9), T)  # noqa: E731
        T = float(solve_ivp(inside, (a, b), [T], rtol=1e-9, atol=1e-7).y[0, -1])
    assert found - START == pytest.approx(T - START, rel=1e-3)


def test_a_step_of_a_protocol_wins_over_tables(tmp_path: Any) -> None:
    """For its minute; before and after it the tables hold, at the time of the run."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    own = {
        "step": "Rest for 1 min",
        "ambient": "0 degC",
        "cooling": {"top": "7 W/(m^2 K)"},
        "heat_flux": {"bottom": "300 W/m^2"},
    }
    changes = {
        "load": {"protocol": ["Rest for 1 min", own, "Rest for 1 min"]},
        "cell.stack_pressure": 0,
        "time": {"temperature_tolerance": "0.2 mK", "relative_tolerance": 1e-6},
    }
    case = js.Case.from_dict(CELL, tmp_path, "steps").replace(changes)
    result = js.run(case, tmp_path / "out", progress=False)
    bottom, top = (result[f"Heat removed {face} [W]"] for face in ("bottom", "top"))
    hottest = result["Temperature max [K]"]
    for t, flux, h, ambient in (
        (30.0, 125.0, 20.0, 298.15 + 30 / 9),
        (100.0, 300.0, 7.0, 273.15),
        (150.0, 500.0, 60.0, 298.15 + 150 / 9),
    ):
        assert bottom(t) == pytest.approx(-flux * 1e-4, rel=2e-3)
        assert top(t) == pytest.approx(h * (hottest(t) - ambient) * 1e-4, rel=1e-2)
    assert result.summary["energy_balance_relative"] < 1e-3
