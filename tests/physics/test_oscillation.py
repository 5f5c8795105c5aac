"""Radial functions for an alternating current: closed forms, and what is taken."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.physics.oscillation import UNSEEN, Oscillation, answer, exact
from joulestack.physics.radial import radial_basis
from joulestack.physics.resolution import MOST, chosen, resolved
from tests.measurements import samples

GRAINS = samples.half_cell().media["cathode"].particles[0]
ASKED = Oscillation((1e-5, 1e7), samples.START, samples.C)


def test_the_sphere_between_its_limits() -> None:
    """Slow: what it holds and 1/5, the steady profile; fast: Warburg's half space."""
    slow, fast = np.array([1e-7j, 1e-3j]), np.array([1e8j])
    assert exact(slow) == pytest.approx(3 / slow + 0.2, rel=1e-7)
    assert exact(fast) == pytest.approx(1 / (np.sqrt(fast) - 1), rel=1e-12)
    between = 1j * np.geomspace(1e-6, 1e6, 60)
    assert answer(radial_basis(MOST), between) == pytest.approx(exact(between), rel=1e-5)


def test_a_surface_is_what_stands_in_series_and_beside() -> None:
    surface = ASKED.wave(GRAINS, [GRAINS])
    assert surface.transfer == pytest.approx(
        GAS_CONSTANT * samples.START / FARADAY / samples.I0, rel=1e-5
    )
    unit = samples.SLOPE * samples.RADIUS / (FARADAY * samples.C_MAX * samples.D)
    assert surface.diffusion == pytest.approx(unit, rel=1e-6)
    assert surface.rates[[0, -1]] == pytest.approx([2e-5 * math.pi, 2e7 * math.pi])


def test_what_asks_for_more_gets_no_fewer() -> None:
    def number(asked: Oscillation = ASKED, **more: object) -> int:
        grains = replace(GRAINS, **more)
        return len(resolved(grains, [grains], 6, asked)[0].mass)

    usual = number()
    assert usual > 6
    assert number(radius=10 * samples.RADIUS) > usual
    assert number(replace(ASKED, bound=UNSEEN / 100)) > usual
    assert number(replace(ASKED, frequencies=(1e-5, 1e-4))) == 6
    surface = ASKED.wave(GRAINS, [GRAINS])
    assert surface.error(chosen(surface, 6, UNSEEN)) <= UNSEEN


def test_a_number_that_is_given_is_taken_and_judged() -> None:
    basis, said = resolved(GRAINS, [GRAINS], 4, replace(ASKED, fixed=True))
    assert len(basis.mass) == 4
    assert said.startswith("4 radial functions may miss the impedance of grains by ")
    assert said.endswith("impedance.radial_modes = 15 is better")
