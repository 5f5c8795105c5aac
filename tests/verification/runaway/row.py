"""A row of cells that a hot block sets on fire, one after the other.

    docker/joulestack python -m tests.verification.runaway.row      # 100, 50, 25 um; some minutes

A block of 973 K on three cells of 7 mm between adiabatic faces, contacts between them; each cell
has one reaction of first order. The layout is that of an example of LIM1TR (Kurzawski and others,
doi:10.1016/j.proci.2020.06.270); with A = 1e7 1/s and
E = 75 kJ/mol the front is steady. `TIMES` are those of independent finite volumes, extrapolated
from cells of 100, 50 and 25 um.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from mpi4py import MPI
from scipy.integrate import solve_ivp
from scipy.sparse import bmat, diags, identity

from joulestack.constants import GAS_CONSTANT
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.runaway.reactions import Activated, Reaction
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.base import Physics, SetupView
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Setup
from joulestack.solver.stepper import Stop
from joulestack.tolerances import Tolerances
from tests.media import filler
from tests.verification.harness import Run

TIMES = {"2": 6.67, "3": 11.91}
"""Cell -> when half of it has reacted [s]."""
HOT, COLD = 973.15, 294.15
WITHIN = 1800 * 0.35
"""Reactant [kg/m3]."""
RELEASED = 1.44e6
"""[J/kg]"""
FIRE = Reaction("fire", Activated(1e7, 75e3), WITHIN, RELEASED)
GENTLE = Reaction("fire", Activated(2e3, 40e3), WITHIN, RELEASED)
"""A front that is thicker (Zeldovich number 3.6), for meshes that cost little."""
BLOCK = 8
"""Cells of the mesh in the block."""


class HotBlock(Physics):
    """The block starts hot."""

    def start(self, setup: SetupView, domain: Domain, unknowns: Mapping[str, Field]) -> None:
        unknowns["T"].fill(domain, HOT - COLD, "block")


def row(size: float, comm: Any = MPI.COMM_SELF, fire: Reaction = FIRE) -> Setup:
    """The row with cells of the mesh of a size [m]."""
    number = round(7e-3 / size)
    layers = (
        LayerSpec("block", 2e-3, BLOCK),
        *(LayerSpec(name, 7e-3, number, grading=1.0) for name in "123"),
    )
    cell = filler(k=0.5, rho_cp=1800 * 800.0, reactions=(fire,))
    media = {"block": filler(k=237.0, rho_cp=2700 * 900.0), **dict.fromkeys("123", cell)}
    joined = zip(("block", "1", "2"), "123", (2e-3, 4e-3, 4e-3), strict=True)
    return Setup(
        build(Line(layers), comm), media, COLD,
        contacts={(a, b): Contacts(thermal=GivenResistance(R)) for a, b, R in joined},
        physics=(HotBlock(),),
        thickness={la.name: la.thickness for la in layers},
    )  # fmt: skip


def left(run: Run, layer: str) -> float:
    """Mean share of reactant left in a layer, by its vertices; one rank."""
    region = next(r for r in run.model.domain.regions if r.layer == layer)
    block = run.model.states["reactions0"].block(region)
    dofs = block.region_dofs(run.model.domain, [region])
    x = block.space.tabulate_dof_coordinates()[dofs, 0]
    order = np.argsort(x)
    c = block.value.x.array[dofs][order]
    return float(np.trapezoid(c, x[order]) / 7e-3)


def half_times(
    size: float, tolerances: Tolerances, fire: Reaction = FIRE
) -> tuple[list[float], Run]:
    """When half of cells 2 and 3 has reacted [s]."""
    run = Run(row(size, fire=fire), tolerances=tolerances, measured=False)
    run.stepper.begin(0.0)
    found = [0.0]
    for layer in TIMES:
        stop = Stop(f"half of {layer}", lambda n=layer: left(run, n) - 0.5, 1e-4)
        assert run.stepper.advance(found[-1], 60.0, [], lambda t: None, [stop])
        found.append(run.model.time)
    return found[1:], run


def finite_volumes(size: float, fire: Reaction, rtol: float = 1e-5) -> list[float]:
    """The same times [s] by finite volumes and an integrator of SciPy, written apart."""
    n = round(7e-3 / size)
    N = BLOCK + 3 * n
    dx = np.concatenate([np.full(BLOCK, 2e-3 / BLOCK), np.full(3 * n, size)])
    k = np.concatenate([np.full(BLOCK, 237.0), np.full(3 * n, 0.5)])
    stored = dx * np.concatenate([np.full(BLOCK, 2700 * 900.0), np.full(3 * n, 1800 * 800.0)])
    between = 0.5 * dx[:-1] / k[:-1] + 0.5 * dx[1:] / k[1:]
    for i, R in enumerate((2e-3, 4e-3, 4e-3)):
        between[BLOCK + i * n - 1] += R

    def slope(t: float, y: Any) -> Any:
        T, c = y[:N], y[N:]
        rate = fire.k.pre_exponential * np.exp(-fire.k.energy / (GAS_CONSTANT * T)) * c
        rate[:BLOCK] = 0.0
        flow = (T[:-1] - T[1:]) / between
        gain = WITHIN * RELEASED * rate * dx
        gain[:-1] -= flow
        gain[1:] += flow
        return np.concatenate([gain / stored, -rate])

    def half(cell: int) -> Any:
        first = N + BLOCK + cell * n
        return lambda t, y: y[first : first + n].mean() - 0.5

    ends = [half(1), half(2)]
    ends[1].terminal = True
    ones = [np.ones(N - 1), np.ones(N), np.ones(N - 1)]
    near, own = diags(ones, [-1, 0, 1]), identity(N)
    begin = [np.full(BLOCK, HOT), np.full(3 * n, COLD), np.ones(N)]
    found = solve_ivp(
        slope, (0, 60), np.concatenate(begin), "BDF", rtol=rtol, atol=1e-6, events=ends,
        jac_sparsity=bmat([[near, own], [own, own]]),
    )  # fmt: skip
    return [float(t[0]) for t in found.t_events]


def main() -> None:
    """Print times against cells and tolerances."""
    for relative in (1e-4, 1e-5):
        for size in (2e-4, 1e-4, 5e-5, 2.5e-5):
            begin = time.process_time()
            given = Tolerances(1e-3, relative, reactant=relative)
            found, run = half_times(size, given)
            steps, spent = run.stepper.statistics.steps, time.process_time() - begin
            told = ", ".join(f"{t:.4f}" for t in found)
            print(f"{relative:g}  {1e6 * size:5.0f} um  {told}  {steps} steps, {spent:.1f} s")


if __name__ == "__main__":
    main()
