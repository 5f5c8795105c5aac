"""The eliminated Jacobian against finite differences of the residual, in 1D, (r, z) and 3D."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.kinetics import KINETICS
from joulestack.laws.solids.voids import VoidLaw
from joulestack.physics.context import Contacts
from joulestack.solver.static_condensation import StaticCondensation
from tests.verification.half_cell import half_cell, lithium_kinetics, media, particles
from tests.verification.harness import Run

Floats = npt.NDArray[np.float64]
SHIFT = 0.03
VOIDS = VoidLaw(
    capacity=30.0, closing_rate=2e-2, reference_pressure=1e6, exponent=1.9, activation_energy=4e4
)


def skewed() -> Any:
    """D(x), a film, an asymmetric Butler-Volmer law."""
    given = particles(0.4, "decades", 1e-4)
    return replace(
        given, kinetics=replace(given.kinetics, transfer_coefficient=0.35, film_resistance=2e-3)
    )


def other(law: str) -> Any:
    """A second population with another law."""
    given = particles(0.6)
    own = {"reorganisation_energy": 2e4} if law == "marcus" else {}
    kinetics = KINETICS[law](exchange_current_density=0.7, activation_energy=2e4, **own)
    return replace(given, radius=1e-6, fraction=0.1, kinetics=kinetics)


def interphase(law: VoidLaw | None = None) -> Contacts:
    """Lithium's kinetics with an interphase whose resistance depends on temperature; voids."""
    film = GivenResistance(lambda s: 1e-3 * (1 + 0.01 * (s.T - 298.15)))
    kinetics = replace(lithium_kinetics(), transfer_coefficient=0.6)
    thermal = GivenResistance(1e-1)
    return Contacts(thermal=thermal, charge_transfer=film, kinetics=kinetics, voids=law)


def differences(run: Run, x: Floats, rate: Floats) -> Floats:
    """dF/dx + shift dF/d(dx/dt), a column at a time, by central differences of fourth order."""
    system = run.model.system
    u, v, F = (system.vector.duplicate() for _ in range(3))
    columns = []
    for i in range(len(x)):
        h = 3e-4 * max(1.0, abs(x[i]))
        column = np.zeros_like(x)
        for step, weight in ((1, 8), (-1, -8), (2, -1), (-2, 1)):
            for vector, base, change in ((u, x, step * h), (v, rate, SHIFT * step * h)):
                vector.array[:] = base
                vector.array[i] += change
            system.residual(u, v, F)
            column += weight * F.array_r / (12 * h)
        columns.append(column)
    return np.array(columns).T


@pytest.mark.parametrize(
    ("kind", "law", "hollow"),
    [
        ("line", "linear", False),
        ("line", "marcus", True),
        ("pellet", "marcus", False),
        ("box", "linear", True),
    ],
)
def test_schur_complement_and_inverse(kind: str, law: str, hollow: bool) -> None:
    """S = A - E B^-1 C and B^-1 to 1e-6 of the largest entry of each pair of fields."""
    populations = [skewed(), other(law)]
    # Conductances of all layers of one size: else the differences drown in round-off.
    stuff = {
        name: replace(m, k=1e-3, sigma_s=None if m.sigma_s is None else 0.01)
        for name, m in media(populations).items()
    }
    setup = half_cell(
        None, lambda t: 100.0, kind=kind, cells=1, separator_cells=1, modes=3, media=stuff,
        contacts=interphase(VOIDS if hollow else None), in_plane=1 if kind == "box" else 2,
        lumped=True, pressure=lambda t: 2e6,
    )  # fmt: skip
    run = Run(setup, measured=False)
    system = run.model.system
    random = np.random.default_rng(1)
    x, rate = system.vector.duplicate(), system.vector.duplicate()
    for block in run.model.blocks:
        middle = {"T": 10.0, "phi_s": 0.0, "phi_e": -0.05}[block.info.key]
        noise = random.uniform(-1, 1, block.value.x.array.size)
        block.value.x.array[:] += middle + (5 if block.info.key == "T" else 0.02) * noise
    for points in system.points:
        rows = points.block.value.x.array.reshape(-1, points.size)
        rows[:, 1:-1] = 0.02 * random.uniform(-1, 1, rows[:, 1:-1].shape)
        rows[:, -1] = 0.5 * random.uniform(-1, 1, len(rows))
    system.write(x)
    rate.array[:] = 1e-3 * random.uniform(-1, 1, x.array.size)
    whole = differences(run, x.array_r.copy(), rate.array_r.copy())
    n = system.field_size
    A, E, C, B = whole[:n, :n], whole[:n, n:], whole[n:, :n], whole[n:, n:]
    expected = A - E @ np.linalg.solve(B, C)
    system.jacobian(x, rate, SHIFT)
    found = system.matrix.convert("dense").getDenseArray()
    for b, rows in system.field_parts:
        for c, columns in system.field_parts:
            block, other_block = expected[rows, columns], found[rows, columns]
            scale = np.abs(other_block).max()
            assert np.abs(block - other_block).max() <= 1e-6 * scale + 1e-14, (b.name, c.name)
    # A right-hand side that lives on points alone comes back through B^-1.
    elimination = StaticCondensation(system)
    b = np.zeros(len(whole))
    b[n:] = random.uniform(-1, 1, len(whole) - n)
    y = np.zeros_like(b)
    elimination.reduce(b)
    elimination.recover(np.zeros(n), b, y)
    assert y[n:] == pytest.approx(np.linalg.solve(B, b[n:]), rel=1e-5, abs=1e-6 * np.abs(y).max())
    reduced = elimination.reduce(b)
    direct = -E @ np.linalg.solve(B, b[n:])
    assert reduced == pytest.approx(direct, rel=1e-5, abs=1e-6 * np.abs(direct).max())
