"""Reactions without and with a mesh to themselves, against closed forms and an integrator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI
from scipy.integrate import quad, solve_ivp

from joulestack.laws.runaway.reactions import Activated, Barrier, Reaction
from joulestack.mesh import LayerSpec, Line, build
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.simulation.simulation import Simulation
from joulestack.tolerances import Tolerances
from tests.media import filler
from tests.mpi import on_ranks

R = 8.314462618
RHO_CP = 2e6
HOT = "Temperature max [K]"


def adiabatic(
    start: float, *reactions: Reaction, comm: Any = MPI.COMM_SELF, rho_cp: Any = RHO_CP
) -> Setup:
    """Two layers of one medium, nothing leaves."""
    layers = (LayerSpec("a", 1e-3, 2), LayerSpec("b", 1e-3, 2))
    medium = filler(k=1.0, rho_cp=rho_cp, reactions=reactions)
    return Setup(
        build(Line(layers), comm), {"a": medium, "b": medium}, start,
        thickness={"a": 1e-3, "b": 1e-3}, area=1e-4,
    )  # fmt: skip


def values(simulation: Simulation) -> list[np.ndarray[Any, Any]]:
    """Of each block what is left of the reactants, shape (vertices, reactions)."""
    (state,) = (s for key, s in simulation.model.states.items() if key.startswith("reactions"))
    return [b.value.x.array.reshape(-1, b.size) for b in state.blocks]


def test_self_heating_in_closed_form() -> None:
    """ARC, first order: dT/dt = A exp(-E/RT) (T_end - T), and the time to any temperature."""
    A, E, start, rise = 1e10, 1.2e5, 440.0, 300.0
    reaction = Reaction("one", Activated(A, E), 1000.0, rise * RHO_CP / 1000.0)
    simulation = Simulation(adiabatic(start, reaction), Tolerances(1e-5, 1e-5, reactant=1e-7))
    simulation.advance(3000.0)
    end = start + rise

    def rate(T: float) -> float:
        return A * math.exp(-E / (R * T)) * (end - T)

    rows = [r for r in simulation.rows if start + 5 < r[HOT] < end - 5]
    assert len(rows) > 12
    assert simulation.row[HOT] == pytest.approx(end, abs=1e-3)
    for row in rows[::3]:
        exact, _ = quad(lambda T: 1 / rate(T), start, row[HOT], limit=200)
        assert row["Time [s]"] == pytest.approx(exact, rel=2e-4)
        heat = row["Heat decomposition [W]"] / (1e-4 * 2e-3)
        assert heat / RHO_CP == pytest.approx(rate(row[HOT]), rel=1e-3)


SEVERAL = (
    Reaction("auto", Activated(2e9, 1.1e5), 400.0, 2e5, autocatalysis=1.0, start=0.96),
    Reaction("slowed", Activated(1e9, 1.05e5), 300.0, 3e5, start=0.8, barrier=Barrier(0.03, 0.2)),
    Reaction("half", Activated(1e13, 1.4e5), 200.0, 4e5, order=0.5, gas=0.1),
    Reaction("limited", Activated(1e14, 1.3e5), 100.0, -1e5, limit=Activated(1.0, 2e4)),
)
BEGIN, END = 450.0, 800.0


@cache
def reference() -> tuple[float, list[float]]:
    """The same laws written once more, for an integrator: T and what is left at the end."""

    def rates(T: float, c: Any) -> list[float]:
        k = [
            2e9 * math.exp(-1.1e5 / (R * T)), 1e9 * math.exp(-1.05e5 / (R * T)),
            1e13 * math.exp(-1.4e5 / (R * T)), 1e14 * math.exp(-1.3e5 / (R * T)),
        ]  # fmt: skip
        most = math.exp(-2e4 / (R * T))
        return [
            k[0] * c[0] * (1 - c[0]),
            k[1] * c[1] * math.exp(-(0.03 + 0.8 - c[1]) / 0.2),
            k[2] * math.sqrt(max(c[2], 0.0)),
            c[3] / (1 / k[3] + 1 / most),
        ]

    heats = (400 * 2e5, 300 * 3e5, 200 * 4e5, -100 * 1e5)

    def slope(t: float, y: Any) -> list[float]:
        r = rates(y[0], y[1:])
        return [sum(h * x for h, x in zip(heats, r, strict=True)) / RHO_CP, *(-x for x in r)]

    found = solve_ivp(slope, (0, END), [BEGIN, 0.96, 0.8, 1, 1], "Radau", rtol=1e-9, atol=1e-11)
    T, *c = (float(v) for v in found.y[:, -1])
    return T, c


def several(comm: Any) -> Mapping[str, Any]:
    setup = adiabatic(BEGIN, *SEVERAL, comm=comm)
    simulation = Simulation(setup, Tolerances(1e-5, 1e-5, reactant=1e-6))
    simulation.advance(END)
    found = values(simulation)
    low = [
        comm.allreduce(min((v[:, k].min() for v in found if v.size), default=np.inf), op=MPI.MIN)
        for k in range(4)
    ]
    high = [
        comm.allreduce(max((v[:, k].max() for v in found if v.size), default=-np.inf), op=MPI.MAX)
        for k in range(4)
    ]
    return {
        "T": simulation.row[HOT],
        "low": [float(v) for v in low],
        "high": [float(v) for v in high],
        "balances": simulation.balances,
    }


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
def test_several_reactions(ranks: int) -> None:
    """Autocatalysis, a barrier, a broken order, a limit and one that takes up heat, at once."""
    found = on_ranks(2, several) if ranks == 2 else several(MPI.COMM_SELF)
    T, left = reference()
    assert 0.01 < left[0] < 0.9
    assert 0.01 < left[1] < 0.7
    assert found["T"] == pytest.approx(T, abs=0.02)
    assert found["low"] == pytest.approx(left, abs=2e-4)
    assert found["high"] == pytest.approx(found["low"], abs=1e-8)
    # What is gone and what has been released belong together, whatever the error in time.
    released = sum(r.heat * (r.start - c) for r, c in zip(SEVERAL, found["low"], strict=True))
    assert RHO_CP * (found["T"] - BEGIN) == pytest.approx(released, rel=1e-6)
    assert found["balances"]["power_balance_relative_max"] < 1e-6


def test_kissinger() -> None:
    """Heated at a constant rate b the peak of a first-order reaction is where E b/(R T^2) = k."""
    A, E, start, b = 1e12, 1.4e5, 420.0, 0.5
    reaction = Reaction("one", Activated(A, E), 1000.0, 10.0)
    layers = (LayerSpec("a", 1e-5, 2),)
    faces = {n: [FaceCondition(temperature=lambda t: start + b * t)] for n in ("bottom", "top")}
    medium = filler(k=100.0, rho_cp=RHO_CP, reactions=(reaction,))
    setup = Setup(build(Line(layers)), {"a": medium}, start, faces=faces, thickness={"a": 1e-5})
    simulation = Simulation(setup, Tolerances(1e-4, 1e-4, reactant=1e-6))
    simulation.advance(400.0)
    heat = simulation["Heat decomposition [W]"].entries
    T = simulation[HOT].entries
    i = int(np.argmax(heat))
    peak = -np.polyfit(T[i - 2 : i + 3], heat[i - 2 : i + 3], 2)
    at = float(-peak[1] / (2 * peak[0]))
    assert E * b / (R * at**2) == pytest.approx(A * math.exp(-E / (R * at)), rel=2e-2)
    assert 440 < at < 600
