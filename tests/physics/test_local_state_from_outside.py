"""Local states from outside the package: a decay that heats its cell, a film on an interface."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from mpi4py import MPI
from scipy.integrate import solve_ivp

from joulestack.declarations import TEMPERATURE, LocalState, Unknown
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, build
from joulestack.outputs.fields import FieldWriter
from joulestack.physics.base import Physics, Placed, SetupView
from joulestack.physics.context import Context
from joulestack.physics.local import Local
from joulestack.physics.sources import HeatSource, Origin
from joulestack.physics.terms import Terms
from joulestack.simulation.setup import Setup
from joulestack.tolerances import Tolerance, Tolerances
from tests.media import filler
from tests.mpi import on_ranks
from tests.verification.harness import Run, fixed

START, RHO_CP = 400.0, 2e6
RATE, BARRIER, HEAT = 2e7, 9000.0, 8e7
"""k = RATE exp(-BARRIER/T) [1/s], heat of all of it [J/m3]: +40 K."""
END = 120.0
PART = Tolerance("part", "-", 1e-6)
DECAY = LocalState("part", "undecomposed part", (Unknown("part", "-", PART, rate=True, start=1.0),))
HEATING = HeatSource("decomposition", Origin.REACTION)
KINDS = ("line", "pellet", "pouch")
LINEAR = ("direct", "iterative")
TIGHT = Tolerances(1e-5, 1e-7)


class Decay(Physics):
    """dc/dt = -k(T) c in the layer "reactive"; it heats by HEAT k c."""

    def local_states(
        self, setup: SetupView, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        yield Placed(DECAY, [r for r in domain.regions if r.layer == "reactive"])

    def contribute(self, context: Context, terms: Terms) -> None:
        for group in context.regions:
            if DECAY.key in group.states:
                here = Local(context, group, DECAY.key, [TEMPERATURE.key])
                T = context.reference_temperature + here.fields[TEMPERATURE.key]
                lost = RATE * ufl.exp(-BARRIER / T) * here.unknowns[0]
                here.obey(terms, [here.rates[0] + lost], heat={HEATING: HEAT * lost})


def cell(kind: str, comm: Any, **more: Any) -> Setup:
    """Adiabatic: one layer of the reactive medium."""
    layers = (LayerSpec("reactive", 1e-3, 2),)
    spec: Any = Line(layers)
    if kind == "pellet":
        spec = Pellet(layers, 5e-3, radial_cells=3)
    if kind == "pouch":
        spec = Pouch(layers, 4e-3, 3e-3, in_plane_size=1.5e-3)
    given: dict[str, Any] = {"physics": (Decay(),), "area": 1e-4 if kind == "line" else 1.0}
    return Setup(
        build(spec, comm), {"reactive": filler(rho_cp=RHO_CP)}, START,
        thickness={"reactive": 1e-3}, **(given | more),
    )  # fmt: skip


@cache
def closed_form() -> tuple[float, float]:
    """What is left and the temperature at the end: T = START + HEAT/RHO_CP (1 - c)."""

    def temperature(c: Any) -> Any:
        return START + HEAT / RHO_CP * (1 - c)

    found = solve_ivp(
        lambda t, c: -RATE * np.exp(-BARRIER / temperature(c)) * c,
        (0.0, END), [1.0], rtol=1e-12, atol=1e-14, method="Radau",
    )  # fmt: skip
    left = float(found.y[0, -1])
    return left, temperature(left)


def final(kind: str, linear: str, comm: Any) -> dict[str, float]:
    run = Run(cell(kind, comm), tolerances=TIGHT, linear=linear)
    run.advance(END)
    values = [b.value.x.array for b in run.model.states[DECAY.key].blocks]
    row, balances = run.row, run.observer.balances()
    return {
        "low": comm.allreduce(min(float(v.min(initial=np.inf)) for v in values), op=MPI.MIN),
        "high": comm.allreduce(max(float(v.max(initial=-np.inf)) for v in values), op=MPI.MAX),
        "volume": comm.allreduce(float(run.observer._volumes.cell_volumes.sum())),
        "T": row["Temperature max [K]"],
        "now": row["Heat decomposition [W]"],
        "stored": row["Heat stored [W]"],
        "heat": run.observer.heat["decomposition"],
        "power": balances["power_balance_relative_max"],
        "energy": balances["energy_balance_relative"],
    }


def everything(comm: Any) -> list[Any]:
    return [[kind, linear, final(kind, linear, comm)] for kind in KINDS for linear in LINEAR]


@cache
def on_two_ranks() -> Mapping[tuple[str, str], Any]:
    return {(kind, linear): found for kind, linear, found in on_ranks(2, everything)}


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
@pytest.mark.parametrize("linear", LINEAR)
@pytest.mark.parametrize("kind", KINDS)
def test_a_decay_that_heats_itself(kind: str, linear: str, ranks: int) -> None:
    found = on_two_ranks()[kind, linear] if ranks == 2 else final(kind, linear, MPI.COMM_SELF)
    left, T = closed_form()
    assert 0.1 < left < 0.9
    assert (found["low"], found["high"]) == pytest.approx((left, left), abs=1e-4)
    assert found["T"] == pytest.approx(T, abs=4e-3)
    # Whatever the error in time, heat and what is left belong together.
    exact = START + HEAT / RHO_CP * (1 - found["low"])
    assert found["T"] == pytest.approx(exact, abs=1e-5)
    assert found["now"] == pytest.approx(found["stored"], rel=1e-6)
    assert found["heat"] == pytest.approx(HEAT * (1 - left) * found["volume"], rel=1e-3)
    assert found["power"] < 1e-6
    assert found["energy"] < 1e-3


def test_files_show_it_and_a_restart_begins_again(tmp_path: Path) -> None:
    run = Run(cell("line", MPI.COMM_SELF), measured=False)
    run.advance(END)
    writer = FieldWriter(run.model, tmp_path / "fields.pvd")
    assert 0.1 < writer.snapshot(END).nodes["Part [-]"].max() < 0.9
    run.model.restart()
    assert writer.snapshot(0.0).nodes["Part [-]"] == pytest.approx(1.0, abs=0)
    hidden = replace(DECAY, shown=())
    assert hidden.columns == ()


def test_degree_two_is_refused() -> None:
    with pytest.raises(CaseError, match=r"(?s)undecomposed part.*degree = 1"):
        Run(cell("line", MPI.COMM_SELF, degree=2), measured=False)


THICKNESS = Unknown("thickness", "m", Tolerance("film", "m", 1e-12), rate=True, start=1e-9)
FILM = LocalState("film", "film", (THICKNESS,))
GROWTH, AREA = 1e-17, 1e-4
"""h dh/dt [m2/s] at 300 K and 1 % more for each kelvin."""


class Film(Physics):
    """A film that grows where the layers meet, dh/dt = K(T)/h with T of the upper layer."""

    def interface_states(
        self, setup: SetupView, interface: Interface
    ) -> Iterable[tuple[LocalState, int]]:
        yield FILM, 1

    def contribute(self, context: Context, terms: Terms) -> None:
        for group in context.interfaces:
            here = Local(context, group, FILM.key, [(1, "T")])
            speed = GROWTH * (1 + 0.01 * here.fields[1, "T"])
            (h,), (rate,) = here.unknowns, here.rates
            here.obey(terms, [(h * rate - speed) / GROWTH])


def film(kind: str, comm: Any) -> float:
    """Thickness after 1000 s where the faces are held at 300 and 310 K: 305 K between them."""
    layers = (LayerSpec("lower", 1e-3, 2), LayerSpec("upper", 1e-3, 2))
    spec: Any = Line(layers) if kind == "line" else Pellet(layers, 5e-3, radial_cells=3)
    setup = Setup(
        build(spec, comm), dict.fromkeys(("lower", "upper"), filler()), 300.0,
        faces={"bottom": fixed(300.0), "top": fixed(310.0)}, physics=(Film(),), area=AREA,
        thickness={"lower": 1e-3, "upper": 1e-3},
    )  # fmt: skip
    run = Run(setup, measured=False, linear="direct")
    run.advance(1000.0)
    (group,) = run.model.context.interfaces
    (points,) = run.model.system.points
    values = group.states["film"].value.x.array[: points.nodes][points.active]
    lowest = float(values.min(initial=np.inf))
    highest = float(values.max(initial=-np.inf))
    assert lowest == np.inf or highest - lowest < 1e-12
    return float(comm.allreduce(lowest, op=MPI.MIN))


def films(comm: Any) -> list[float]:
    return [film(kind, comm) for kind in ("line", "pellet")]


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
def test_a_film_grows_on_an_interface(ranks: int) -> None:
    """h2 = h0^2 + 2 K t."""
    exact = math.sqrt(1e-18 + 2 * 1.05 * GROWTH * 1000.0)
    found = on_ranks(2, films) if ranks == 2 else films(MPI.COMM_SELF)
    assert found == pytest.approx([exact] * 2, rel=2e-3)
