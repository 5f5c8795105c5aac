"""Voxel conduction against exact and published values."""

import itertools
import math

import numpy as np
import pytest

from joulestack.laws.inclusions import nan_spheres
from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.conduction.tensor import tensor
from tests.microstructure import exact


def along_x(labels, *values, **options):
    conductivity = dict(zip("abcdefgh", values, strict=False))
    return conduct(
        exact.image(labels), conductivity, axis=0, tolerance=1e-4, **options
    ).conductivity


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("thickness", [(4, 5), (3, 2, 6), (2, 2)])
def test_layers_in_series_and_parallel(axis, thickness):
    values = (1.0, 3.0, 0.25)[: len(thickness)]
    n = sum(thickness)
    labels = exact.layers((n, n, n), thickness, axis)
    given = dict(zip("abc", values, strict=False))
    image = exact.image(labels)
    series = n / sum(t / v for t, v in zip(thickness, values, strict=True))
    parallel = sum(t * v for t, v in zip(thickness, values, strict=True)) / n
    for direction in range(3):
        expected = series if direction == axis else parallel
        for sides in ("no-flux", "periodic"):
            found = conduct(image, given, axis=direction, sides=sides, tolerance=1e-5)
            assert found.conductivity == pytest.approx(expected, rel=2e-6)
            assert found.imbalance < 1e-5


def test_layers_of_very_different_conductivity():
    """Double precision by itself: float32 cannot tell the potentials of the good layer apart."""
    labels = exact.layers((12, 5, 7), (6, 6), 0)
    assert along_x(labels, 1.0, 1e-6) == pytest.approx(12 / (6 + 6e6), rel=1e-6)
    single = along_x(labels, 1.0, 1e-2, precision="single")
    assert single == pytest.approx(12 / (6 + 6e2), rel=1e-4)


def test_good_conductors_that_hang_in_a_poor_one():
    """Between Maxwell's law of perfect spheres, a lower bound, and that with 1.3 x the fraction."""
    labels = exact.spheres(40, 0.1, 5, seed=2)
    f = float(labels.mean())
    found = along_x(labels, 1e-5, 1.0, sides="periodic") / 1e-5
    low, high = ((1 + 2 * g) / (1 - g) for g in (f, 1.3 * f))
    assert low < found < high


def test_potential_is_that_of_resistors():
    labels = exact.layers((2, 2, 8), (4, 4), 2)
    found = conduct(exact.image(labels), {"a": 1.0, "b": 3.0}, tolerance=1e-5)
    resistance = np.cumsum(np.concatenate([[0.5], [1] * 3, [0.5 + 0.5 / 3], [1 / 3] * 3]))
    expected = 1 - resistance / (4 + 4 / 3)
    assert found.potential.shape == (2, 2, 8)
    assert np.allclose(found.potential, expected, atol=1e-5)


def test_laminate_at_45_degrees():
    """A staircase of voxels is off by the order of its steps; two sizes take that out."""
    a, b = 1.0, 10.0
    parallel, series = (a + b) / 2, 2 / (1 / a + 1 / b)
    exact_tensor = np.diag([(parallel + series) / 2] * 2 + [parallel])
    exact_tensor[0, 1] = exact_tensor[1, 0] = (series - parallel) / 2
    coarse, fine = (
        tensor(exact.image(exact.diagonal_laminate(n, 2)), {"a": a, "b": b}, tolerance=1e-5)
        for n in (32, 64)
    )
    assert np.abs(fine - exact_tensor).max() < 0.55 * np.abs(coarse - exact_tensor).max()
    assert np.allclose(2 * fine - coarse, exact_tensor, atol=1e-4 * parallel)


def test_plane_checkerboard_under_refinement():
    """sqrt(a b), Keller 1964 (J. Math. Phys. 5, 548)."""
    k = [along_x(exact.checkerboard(n, 2), 1.0, 10.0) for n in (64, 128, 256)]
    errors = [abs(value / math.sqrt(10) - 1) for value in k]
    assert errors[2] < 0.01
    assert errors[2] < 0.65 * errors[1] < 0.65**2 * errors[0] * 1.01
    limit = k[2] + (k[2] - k[1]) ** 2 / ((k[1] - k[0]) - (k[2] - k[1]))
    assert limit == pytest.approx(math.sqrt(10), rel=1e-3)


def test_solid_checkerboard():
    """Weak contrast: mean - variance/(3 mean) for every isotropic medium (Brown 1955)."""
    k = along_x(exact.checkerboard(64, 3), 1.0, 1.1)
    assert 1.05 - k == pytest.approx(0.05**2 / (3 * 1.05), rel=0.01)
    strong = along_x(exact.checkerboard(32, 3), 1.0, 10.0)
    low, high = 1 + 0.5 / (1 / 9 + 0.5 / 3), 10 + 0.5 / (-1 / 9 + 0.5 / 30)  # Hashin-Shtrikman
    assert low < strong < high


def test_rayleighs_method_stands_on_its_own():
    """Harmonics translate; dipoles alone are Maxwell's; order by order it converges."""
    x, y = np.array([0.1, -0.05, 0.12]), np.array([2.0, -1.0, 1.5])
    moved = 0.0
    for n in range(13):
        for m in range(-n, n + 1):
            # r^n P_n^m(cos theta) exp(-i m phi) / (n + m)!
            regular = np.conj(exact.irregular(n, m, x)) * np.linalg.norm(x) ** (2 * n + 1)
            regular /= math.factorial(n + m) * math.factorial(n - m)
            moved += (-1) ** n * regular * exact.irregular(3 + n, m - 2, -y)
    assert moved == pytest.approx(exact.irregular(3, -2, x - y), rel=1e-9)
    for f, ratio in ((0.1, 0.0), (0.3, 20.0)):
        pole = (ratio - 1) / (ratio + 2)
        maxwell = (1 + 2 * f * pole) / (1 - f * pole)
        assert exact.simple_cubic(f, ratio, order=1) == pytest.approx(maxwell, rel=1e-12)
    found = [exact.simple_cubic(0.4, 10.0, order) for order in (3, 7, 11, 15)]
    steps = np.abs(np.diff(found))
    assert steps[0] > 20 * steps[1] > 20**2 * steps[2]


@pytest.mark.parametrize(
    ("fraction", "ratio", "within"),
    [(0.2, 100.0, 0.005), (0.4, 10.0, 0.003), (0.4, 0.0, 0.012), (math.pi / 6, 3.0, 0.002)],
)
def test_simple_cubic_spheres(fraction, ratio, within):
    """Rayleigh's method, below contact and at contact (pi/6)."""
    labels, _ = exact.sphere(96, fraction)
    expected = exact.simple_cubic(float(labels.mean()), ratio)
    assert along_x(labels, 1.0, ratio) == pytest.approx(expected, rel=within)


def test_spheres_converge_under_refinement():
    errors = []
    for n in (24, 48, 96):
        labels, _ = exact.sphere(n, 0.4)
        errors.append(abs(along_x(labels, 1.0, 0.0) / exact.simple_cubic(labels.mean(), 0.0) - 1))
    assert errors[0] > 1.7 * errors[1] > 1.7**2 * errors[2]


def test_dilute_spheres():
    """Maxwell 1873."""
    labels, _ = exact.sphere(96, 0.02)
    f = float(labels.mean())
    for ratio in (0.0, 10.0):
        beta = (ratio - 1) / (ratio + 2)
        rise = along_x(labels, 1.0, ratio) - 1
        assert rise == pytest.approx((1 + 2 * f * beta) / (1 - f * beta) - 1, rel=0.05)


@pytest.mark.parametrize("kapitza", [0.1, 0.5, 1.0, 5.0])
def test_spheres_behind_a_resistance(kapitza):
    """Nan et al. 1997 (J. Appl. Phys. 81, 6692), Eq. 15, for a_K/a = R k_m/a."""
    labels, radius = exact.sphere(96, 0.05)
    f = float(labels.mean())
    resistance = kapitza * radius
    found = along_x(labels, 1.0, 10.0, interface_resistance={("a", "b"): resistance}, staircase=1.5)
    expected = nan_spheres([1 - f, f], [1.0, 10.0], [radius], [resistance])
    assert found == pytest.approx(expected, abs=0.002)


def test_resistance_between_layers_and_particles():
    labels = exact.layers((3, 4, 9), (4, 5), 2)
    image = exact.image(labels, size=2e-6)
    given = {"a": 1.0, "b": 3.0}
    for pair in (("a", "b"), ("b", "a")):
        found = conduct(image, given, interface_resistance={pair: 4e-6}, tolerance=1e-5)
        assert found.conductivity == pytest.approx(9 / (4 + 5 / 3 + 2), rel=1e-5)
    particles = (exact.layers((3, 4, 9), (2, 3, 4), 2)).astype(np.int32)  # numbers 0, 1, 2
    grains = exact.image(np.zeros((3, 4, 9)), size=2e-6, particles=particles)
    found = conduct(grains, {"a": 1.0}, particle_resistance=4e-6, tolerance=1e-5)
    assert found.conductivity == pytest.approx(9 / (9 + 2), rel=1e-5)  # 0 is no particle


def test_axes_are_alike():
    labels = exact.spheres(40, 0.7, 5, seed=4)[:, :37, :33]
    values = {"a": 0.05, "b": 1.0}
    for sides in ("no-flux", "periodic"):
        straight = conduct(exact.image(labels), values, axis=0, sides=sides, tolerance=1e-4)
        for order in itertools.permutations(range(3)):
            turned = exact.image(labels.transpose(order))
            axis = order.index(0)
            found = conduct(turned, values, axis=axis, sides=sides, tolerance=1e-4)
            assert found.conductivity == pytest.approx(straight.conductivity, rel=1e-5)
            assert np.allclose(found.potential, straight.potential.transpose(order), atol=1e-3)


def test_tensor_of_a_turned_image_is_turned():
    labels = exact.spheres(30, 0.6, 6, seed=5)[:, :25, :28]
    labels[:, :, 10:14] = 1
    k = tensor(exact.image(labels), {"a": 0.1, "b": 1.0}, tolerance=1e-5)
    order = (2, 0, 1)
    turned = tensor(exact.image(labels.transpose(order)), {"a": 0.1, "b": 1.0}, tolerance=1e-5)
    assert np.allclose(turned, k[np.ix_(order, order)], atol=2e-5)
    assert np.all(np.linalg.eigvalsh(k) > 0.1)
    assert np.all(np.linalg.eigvalsh(k) < 1.0)
