"""The same answer on one rank and on two, to 1e-8 (docs/verification.md)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from mpi4py import MPI

from joulestack.solver.stepper import Stop, Tolerances
from tests.mpi import on_ranks
from tests.verification.cells import START, full_cell
from tests.verification.half_cell import half_cell, particles
from tests.verification.harness import Run

VARIANTS = [("pellet", "direct", 1), ("pellet", "iterative", 1), ("pouch", "direct", 1),
            ("pouch", "iterative", 1), ("line", "direct", 2)]  # fmt: skip


def answers(kind: str, linear: str, degree: int, comm: Any) -> dict[str, dict[str, float]]:
    """Records of a steady state, and of 2 s from the start with a stop on the way."""
    run = Run(
        full_cell(kind, comm, degree=degree),
        tolerances=Tolerances(1e-4, 1e-4, newton=1e-6, potential=1e-12),
        linear=linear,
        options={"ksp_rtol": "1e-12"} if linear == "iterative" else {},
    )
    assert run.stepper.statistics.solver == linear
    limit = START + 0.5
    run.advance(2.0, stops=[Stop("hot", lambda: limit - run.observer.hottest())])
    found = {"start": run.rows[0], "end": run.rows[-1], "steps": {"count": float(len(run.rows))}}
    return found | {"steady": run.steady()}


PARTICLES = ["line", "pellet", "box"]


def with_particles(kind: str, comm: Any) -> dict[str, float]:
    """The last record of 10 s at 5C: particles, and kinetics on lithium."""
    setup = half_cell(
        [particles(0.3, dUdT=1e-4)],
        lambda t: 175.0,
        kind=kind,
        comm=comm,
        cells=4,
        separator_cells=2,
        modes=4,
        in_plane=3,
        lumped=True,
    )
    tight = Tolerances(1e-4, 1e-4, lithiation=1e-4, newton=1e-6, potential=1e-12)
    run = Run(setup, tolerances=tight)
    run.advance(10.0)
    return run.rows[-1] | {"steps": float(len(run.rows))}


def everything(comm: Any) -> list[Any]:
    """All variants in one launch."""
    found: list[Any] = [(variant, answers(*variant, comm)) for variant in VARIANTS]
    return found + [((kind,), with_particles(kind, comm)) for kind in PARTICLES]


@cache
def on_two_ranks() -> dict[tuple[Any, ...], Any]:
    return {tuple(variant): found for variant, found in on_ranks(2, everything)}


@pytest.mark.mpi
@pytest.mark.parametrize(("kind", "linear", "degree"), VARIANTS)
def test_two_ranks_answer_as_one(kind: str, linear: str, degree: int) -> None:
    """Temperatures as rises; balances (differences near round-off) as parts of the whole."""
    serial, parallel = answers(kind, linear, degree, MPI.COMM_SELF), on_two_ranks()
    other = parallel[kind, linear, degree]
    assert serial["steps"] == other["steps"]
    for moment in ("start", "end", "steady"):
        compare(serial[moment], other[moment])


@pytest.mark.mpi
@pytest.mark.parametrize("kind", PARTICLES)
def test_two_ranks_answer_as_one_with_particles(kind: str) -> None:
    compare(with_particles(kind, MPI.COMM_SELF), on_two_ranks()[(kind,)])


def compare(one: dict[str, float], two: dict[str, float]) -> None:
    assert one.keys() == two.keys()
    for key, value in one.items():
        scale = abs(value)
        if "[K]" in key and "jump" not in key:
            scale = max(abs(value - START), 1e-3)
        if "jump" in key:
            scale = max(scale, 1e-3)
        if key.startswith("Loss"):  # parts of the voltage, some of them zero
            scale = abs(one["Voltage [V]"])
        if "imbalance" in key or "error" in key or key.startswith("Heat removed"):
            scale = abs(one["Heat generated [W]"])
        if "eat" in key and "[W]" in key:  # collectors make 1e-10 of the heat, in round-off
            scale = max(scale, 1e-3 * abs(one["Heat generated [W]"]))
        assert two[key] == pytest.approx(value, abs=1e-8 * scale), key
