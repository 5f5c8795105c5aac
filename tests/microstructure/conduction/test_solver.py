"""Voxel conduction: tolerance, memory, stopping and going on, and what it refuses."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.microstructure.conduction import memory
from joulestack.microstructure.conduction.progress import Bar
from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.conduction.tensor import tensor
from tests.microstructure import exact

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())
SOLID = {"a": 0.0, "b": 1.0}


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda c: f"{c['solid']}")
def test_same_as_taufactor_and_porespy(case):
    labels = exact.spheres(case["voxels"], case["solid"], case["radius"], case["seed"])
    assert labels.mean() == case["fraction"]
    found = conduct(exact.image(labels), SOLID, axis=0).conductivity
    assert found == pytest.approx(case["taufactor"], rel=1e-4)
    assert found == pytest.approx(case["porespy"], rel=5e-3)


def test_same_as_taufactor_with_three_phases():
    case = REFERENCE["three_phases"]
    n, radius, seed = case["voxels"], case["radius"], case["seed"]
    labels = exact.spheres(n, case["solid"][0], radius, seed)
    labels[exact.spheres(n, case["solid"][1], radius, seed + 1) > 0] = 2
    values = dict(zip("abc", case["conductivity"], strict=True))
    found = conduct(exact.image(labels), values, axis=0).conductivity
    assert found == pytest.approx(case["taufactor"], rel=5e-3)


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("sides", ["no-flux", "periodic"])
def test_flux_is_the_same_through_every_slice(tolerance, sides):
    labels = exact.spheres(61, 0.77, 8, seed=6)
    found = conduct(exact.image(labels), SOLID, sides=sides, tolerance=tolerance)
    assert found.fluxes.shape == (62,)
    assert np.abs(found.fluxes / found.conductivity - 1).max() < 1.2 * tolerance
    assert found.imbalance < 1.2 * tolerance
    assert found.iterations <= 20


def test_mean_settles_before_the_slices():
    labels = exact.spheres(64, 0.77, 8, seed=7)
    loose, tight = (
        conduct(exact.image(labels), SOLID, tolerance=t).conductivity for t in (1e-2, 1e-5)
    )
    assert loose == pytest.approx(tight, rel=1e-3)


def test_iterations_hardly_grow():
    few, more = (
        conduct(exact.image(exact.spheres(n, 0.77, 8, seed=0)), SOLID).iterations for n in (48, 128)
    )
    assert more <= few + 3 <= 14


def test_flux_is_found_where_slices_are_all_alike():
    """Every slice of this image holds the same phases: a uniform gradient has equal fluxes."""
    labels = exact.diagonal_laminate(32, 2)
    found = conduct(exact.image(labels), {"a": 1.0, "b": 10.0}, axis=0, sides="periodic")
    assert found.iterations > 3
    assert found.conductivity < 4.2  # the arithmetic mean is 5.5


def test_many_phases():
    labels = np.random.default_rng(1).integers(0, 8, (16, 12, 20))
    phases = dict(zip("abcdefgh", 0.5 * 1.3 ** np.arange(8), strict=True))  # 36 conductances
    found = conduct(exact.image(labels), phases, tolerance=1e-4)
    mean = np.mean(list(phases.values()))
    harmonic = 1 / np.mean([1 / v for v in phases.values()])
    assert harmonic < found.conductivity < mean
    assert found.imbalance < 1e-4


def test_conductivities_may_have_any_unit():
    labels = exact.spheres(32, 0.77, 6, seed=8)
    one, other = (
        conduct(exact.image(labels, size=h), {"a": 0.2 * s, "b": s},
                interface_resistance={("a", "b"): 2 * h / s})
        for s, h in ((1.0, 1.0), (3e-7, 5e-7))
    )  # fmt: skip
    assert other.conductivity == pytest.approx(3e-7 * one.conductivity, rel=1e-6)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_drawn_on_a_terminal_only():
    image = exact.image(exact.spheres(32, 0.77, 6, seed=8))
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        with Bar("cathode", 1e-3, stream) as bar:
            conduct(image, SOLID, progress=bar.update)
    assert "cathode" in terminal.getvalue()
    assert "imbalance" in terminal.getvalue()
    assert pipe.getvalue() == ""


class Stop(Exception):
    pass


def test_stopped_and_resumed_is_the_same(tmp_path):
    image = exact.image(exact.spheres(40, 0.77, 6, seed=9))
    straight = conduct(image, SOLID, tolerance=1e-4)
    file = tmp_path / "state.npz"

    def stop(number, imbalance, conductivity):
        if number == 4:
            raise Stop

    with pytest.raises(Stop):
        conduct(image, SOLID, tolerance=1e-4, progress=stop, checkpoint=file, checkpoint_period=0)
    assert [p.name for p in tmp_path.iterdir()] == ["state.npz"]
    with pytest.raises(CaseError, match="another image"):
        conduct(image, {"a": 0.0, "b": 1.0}, axis=0, checkpoint=file)
    numbers = []
    resumed = conduct(image, SOLID, tolerance=1e-4, checkpoint=file,
                      progress=lambda number, *_: numbers.append(number))  # fmt: skip
    assert numbers[0] == 5
    assert resumed.history == straight.history
    assert np.array_equal(resumed.potential, straight.potential, equal_nan=True)
    assert not file.exists()
    file.write_text("nonsense")
    with pytest.raises(CaseError, match="no checkpoint that can be read"):
        conduct(image, SOLID, checkpoint=file)


def test_too_large_is_refused_with_the_figure():
    image = exact.image(np.ones((50, 60, 70)))
    with pytest.raises(CaseError, match=r"50 x 60 x 70 voxels need 0\.00397 GB"):
        conduct(image, SOLID, memory_limit=1e6)
    with pytest.raises(CaseError, match="free"):
        tensor(image, SOLID, memory_limit=1e6)


def test_memory_stays_below_24_bytes_a_voxel():
    for code in (np.uint8, np.uint32, np.uint64):
        assert memory.bytes_per_voxel(np.dtype(code), particles=True) < 24
    assert memory.bytes_per_voxel(np.dtype(np.uint8), particles=False, double=True) < 34
    assert memory.available() > 1e8
    assert memory.available(Path("/nowhere")) == float("inf")


def test_all_that_is_wrong_is_said_at_once():
    image = exact.image(np.arange(8).reshape(2, 2, 2) % 3)
    with pytest.raises(CaseError) as error:
        conduct(
            image,
            {"a": -1.0, "b": float("nan"), "x": 1.0},
            interface_resistance={("a", "a"): 1.0, ("a", "y"): 1.0, ("a", "b"): -1.0},
            particle_resistance=1.0,
            staircase=3.0,
        )
    text = str(error.value)
    assert len(error.value.problems) == 9
    for part in ("none for 'c'", "no phase 'x'", "with itself", "not two phases", "no particles"):
        assert part in text
    with pytest.raises(CaseError) as error:
        conduct(image, {}, axis=3, sides="open", tolerance=0.0, precision="half")
    assert len(error.value.problems) == 4
    with pytest.raises(CaseError, match="1 voxel along the flux"):
        conduct(exact.image(np.zeros((3, 3, 1))), {"a": 1.0})
