"""Laws at places inside points: their sums and derivatives, by numbers and by differences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from joulestack.discretisation.fields import Block
from joulestack.laws.state import State
from joulestack.physics.radial import radial_basis
from tests.verification.half_cell import START, half_cell, particles
from tests.verification.harness import Run

MODES = 5


def test_diffusion_along_the_radius_and_its_derivatives() -> None:
    """D(x, T) that varies by decades: the residual by NumPy, B and C by central differences."""
    population = particles(D="decades")
    system = Run(half_cell([population], cells=2, modes=MODES), measured=False).model.system
    (points,) = (p for p in system.points if p.model.inside is not None)
    rng = np.random.default_rng(5)
    block, basis = points.block, radial_basis(MODES)
    assert block.rate is not None
    state = block.value.x.array.reshape(points.nodes, points.size)
    state += rng.uniform(-0.05, 0.05, state.shape)
    state[:, -1] = rng.uniform(-1.0, 1.0, points.nodes)
    block.rate.x.array[:] = 0.0
    (*_, (heat, _)) = points.model.inputs
    assert isinstance(heat, Block)
    rise = heat.value.x.array
    rise[:] = 5.0

    def residual() -> npt.NDArray[np.float64]:
        points._forms.residual()
        return (points._rows.values[:, : points.size] * points._own[:, None]).copy()

    now = residual()
    for row, y in zip(now, state[:, :-1], strict=True):
        values = basis.values @ y
        D = [float(population.diffusivity(State(T=START + 5.0, x=x))) for x in values]
        spread = np.tensordot(D, basis.stiffness, 1) @ y / population.radius**2
        inflow = row[0] * basis.mass[0]  # the mean has it alone
        assert row[:-1] == pytest.approx((spread + inflow) / basis.mass, rel=1e-9, abs=1e-12)

    def slopes(entries: npt.NDArray[np.float64], step: float) -> npt.NDArray[np.float64]:
        entries += step
        up = residual()
        entries -= 2 * step
        down = residual()
        entries += step
        return (up - down) / (2 * step)

    B, C, _, _ = (d.copy() for d in points.derivatives())
    for k in range(points.size):
        assert slopes(state[:, k], 1e-6) == pytest.approx(B[:, :, k], rel=2e-5, abs=1e-7)
    assert slopes(rise, 1e-3) == pytest.approx(C[:, :, -1], rel=1e-5, abs=1e-9)
