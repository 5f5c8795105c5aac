"""What a mesh and radial functions leave out, where it is known."""

from __future__ import annotations

import numpy as np
import pytest

import joulestack as js
from joulestack.declarations import TEMPERATURE
from joulestack.discretisation.recovery import Gradients
from joulestack.physics.radial import radial_basis
from joulestack.simulation.errors.companions import Spheres
from joulestack.simulation.model import Model


def test_a_parabola_misses_what_its_chords_leave_out() -> None:
    """T = x^2 over cells of h: the slope 2x of a cell is off by up to h at its ends."""
    length, cells = 2e-3, 5
    setup = js.Setup(
        js.build(js.Line((js.LayerSpec("slab", length, cells=cells, grading=1.0),))),
        {"slab": js.GivenMedium("slab", k=1.0, rho_cp=2e6)},
        300.0,
    )
    model = Model(setup)
    block = model.fields[TEMPERATURE.key].blocks[0]
    x = block.space.tabulate_dof_coordinates()[:, 0]
    block.value.x.array[:] = x**2
    left_out, held = Gradients(model.domain, block, model.domain.regions[0]).misfit()
    h = length / cells
    assert left_out[:, 0] == pytest.approx(np.full(cells, h**2 / 3), rel=1e-9)
    middles = (np.sort(x)[:-1] + np.sort(x)[1:]) / 2
    assert np.sort(held[:, 0]) == pytest.approx((2 * middles) ** 2, rel=1e-9)


class Constant:
    """As much of `Particles` as a sphere asks for."""

    radius = 1e-6

    @staticmethod
    def effective_diffusivity(state: object) -> float:
        return 1e-14


@pytest.mark.parametrize("modes", [8, 24])
def test_a_companion_takes_lithium_as_a_sphere_does(modes: int) -> None:
    """Constant flux, after its transient: surface less mean is a fifth of the gradient (Crank)."""
    spheres = Spheres(Constant(), radial_basis(modes), np.array([0.2]))  # type: ignore[arg-type]
    rate, seconds = 1e-3, 1.0
    for _ in range(200):
        spheres.step(seconds, np.array([rate * seconds]), 298.15)
    gradient = rate * Constant.radius**2 / (3 * 1e-14)
    assert spheres.y[0, 0] == pytest.approx(0.4, rel=1e-12)
    assert spheres.surface[0] - 0.4 == pytest.approx(gradient / 5, rel=1e-6)
