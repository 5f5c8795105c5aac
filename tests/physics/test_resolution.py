"""How many radial functions are taken: the estimate against finite volumes, and what is said."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import joulestack as js
from joulestack.physics.radial import radial_basis
from joulestack.physics.resolution import BOUND, TAU, Resolution, Wave, chosen, exact, resolved
from joulestack.simulation.case_to_setup import setup_of
from tests.cases.test_shipped import CASES
from tests.physics.sphere import BOX, C_RATE, HOURS, LOW, MIDDLE, SPAN, box, missed, times
from tests.verification.half_cell import particles

CASE = js.Case.load(CASES / "nmc_lpscl_cell.toml")

CORNERS = (
    ((0.5e-6,), BOX[:1]), ((0.5e-6,), BOX[1:2]), ((2e-6,), BOX[2:3]), ((10e-6,), BOX[3:4]),
)  # fmt: skip
"""The rest of the box: python -m tests.physics.sphere."""


@pytest.mark.parametrize(("radii", "diffusivities"), CORNERS)
def test_the_voltage_is_kept(radii: tuple[float, ...], diffusivities: tuple) -> None:
    """From 1 ms to hours at 1C, dU/dx = 1 V: by more functions where six miss it."""
    ((sphere, wave),) = box(radii, diffusivities)
    basis = chosen(wave, 6)
    error, six = missed(sphere, basis), missed(sphere, radial_basis(6))
    told = f"{wave.error(basis):.1e} estimated, {error:.1e} found, {six:.1e} by six"
    print(f"MEASURED {len(basis.mass)} radial functions, R {radii[0]} m: {told}")
    assert error < 1.2 * BOUND
    assert six > 2 * BOUND
    assert len(basis.mass) > 6


def test_the_estimate_is_the_error_of_a_constant_diffusivity() -> None:
    """Neither more nor less: nothing bends the wave."""
    ((sphere, wave),) = box((2e-6,), ((MIDDLE, MIDDLE),))
    for modes in (4, 6):
        basis = radial_basis(modes)
        assert missed(sphere, basis) == pytest.approx(wave.error(basis), rel=0.1)


def test_finite_volumes_against_the_closed_form() -> None:
    ((sphere, _),) = box((2e-6,), ((LOW, LOW),))
    t = times()
    tau = LOW * t / sphere.radius**2
    unit = C_RATE * sphere.radius**2 / LOW
    rise = unit * np.exp(np.interp(np.log(tau), np.log(TAU), np.log(exact())))
    found = sphere.by_volumes(t) - 0.5
    there = ~np.isnan(found)
    assert 10 < there.sum() < len(t)  # it ends where the sphere is full
    assert found[there] == pytest.approx(rise[there], rel=2e-4)


def test_what_asks_for_more_gets_no_fewer() -> None:
    """More current, slower or larger particles, a tighter bound."""
    usual = Wave(2e-6, (1e-16, 1e-16), C_RATE, 1.0, SPAN, longest=HOURS)
    number = len(chosen(usual, 2).mass)
    for harder in (
        replace(usual, filling=5 * C_RATE),
        replace(usual, diffusivities=(1e-17, 1e-16)),
        replace(usual, radius=8e-6),
        replace(usual, slope=5.0),
    ):
        assert len(chosen(harder, 2).mass) > number
    assert len(chosen(usual, 2, BOUND / 5).mass) > number
    assert len(chosen(replace(usual, filling=0.0), 2).mass) == 2
    assert usual.error(chosen(usual, 2)) <= BOUND < usual.error(chosen(usual, 2, math.inf))


def test_a_number_that_is_given_is_taken_and_judged() -> None:
    population = replace(particles(), radius=5e-6)
    asked = Resolution(1 / 3600)
    few, said = resolved(population, [population], 3, replace(asked, fixed=True))
    assert len(few.mass) == 3
    enough, nothing = resolved(population, [population], 3, asked)
    assert not nothing
    assert said.startswith("3 radial functions may miss the voltage by ")
    assert said.endswith(f"mesh.radial_modes = {len(enough.mass)} is better")
    assert resolved(population, [population], len(enough.mass), replace(asked, fixed=True))[1] == ""
    assert resolved(population, [population], 3, None) == (radial_basis(3), "")


def test_cold_particles_are_slower() -> None:
    """A load is looked at where the particles start: at -10 degC waves are shallower."""
    asked = Resolution(1 / 3600)
    grains = CASE.media()["cathode"].particles[0]
    warm, cold = (replace(asked, temperature=T).wave(grains, [grains]) for T in (298.15, 263.15))
    assert cold.diffusivities[0] < 0.7 * warm.diffusivities[0]
    basis = radial_basis(11)
    assert cold.error(basis) > 1.5 * warm.error(basis)
    assert setup_of(CASE.replace({"cell.start_temperature": "-10 degC"})).resolution == replace(
        setup_of(CASE).resolution, temperature=263.15
    )
