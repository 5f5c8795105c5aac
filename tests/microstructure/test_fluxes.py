"""Flux densities from solved potentials."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.fluxes import flux_density
from joulestack.microstructure.image import VoxelImage

PHASES = {0: "a", 1: "b"}


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_layers_in_series_carry_one_flux(axis):
    labels = np.zeros((12, 12, 12), np.uint8)
    np.moveaxis(labels, axis, 0)[::3] = 1
    particles = labels.astype(np.int32)
    image = VoxelImage(labels, 0.5, PHASES, particles)
    s, between = {"a": 2.0, "b": 0.25}, {("a", "b"): 0.7}
    found = conduct(image, s, axis=axis, interface_resistance=between, staircase=1.5,
                    tolerance=1e-5)  # fmt: skip
    flux = flux_density(image, s, found.potential, axis=axis, interface_resistance=between,
                        staircase=1.5)  # fmt: skip
    np.testing.assert_allclose(flux[axis], found.conductivity / 6.0, rtol=1e-3)
    np.testing.assert_allclose(np.delete(flux, axis, 0), 0, atol=1e-4)


@pytest.mark.parametrize("sides", ["no-flux", "periodic"])
def test_the_mean_flux_of_noise_is_the_effective_conductivity(sides):
    labels = (np.random.default_rng(3).random((20, 18, 16)) < 0.6).astype(np.uint8)
    image = VoxelImage(labels, 1e-6, PHASES)
    s = {"a": 0.0, "b": 3.0}
    found = conduct(image, s, sides=sides, tolerance=1e-4)
    flux = flux_density(image, s, found.potential, sides=sides)
    inner = flux[2].mean(axis=(0, 1))
    np.testing.assert_allclose(inner, found.conductivity / 16e-6, rtol=2e-3)
    assert (flux[:, labels == 0] == 0).all()
