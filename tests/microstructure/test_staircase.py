"""Resistances sit on surfaces, which voxel faces make too large: by how much, is measured."""

from __future__ import annotations

import numpy as np
import pytest
from tomli_w import dumps as to_toml

from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.microstructure.imaging import samples
from joulestack.microstructure.run import conductivity
from joulestack.microstructure.series import series
from joulestack.microstructure.staircase import measured, staircase
from tests.microstructure import exact

PHASES = ["matrix", "grain"]


def case_of(folder, labels, resistance, ratio, **transport):
    """An image file of two phases with a resistance [m2 K/W] between them, voxels of 1 m."""
    np.save(folder / "image.npy", np.asarray(labels, np.uint8))
    table = {
        "joulestack": 1,
        "image": {"file": "image.npy", "voxel_size": 1.0},
        "segmentation": {"phases": PHASES},
        "transport": [
            {
                "property": "thermal_conductivity",
                "conductivity": {"matrix": 1.0, "grain": ratio},
                "interface_resistance": [{"between": PHASES, "resistance": resistance}],
                "tolerance": 1e-4,
            }
            | transport
        ],
    }
    (folder / "case.toml").write_text(to_toml(table))
    return MicrostructureCase.load(folder / "case.toml")


def test_flat_layers_are_not_spoiled(tmp_path):
    labels = exact.layers((6, 6, 24), (6, 6, 6, 6), 2) % 2
    (row,) = series(case_of(tmp_path, labels, 3.0, 4.0), None).rows
    assert row.staircase == pytest.approx(1, abs=1e-6)
    assert row.value == pytest.approx(24 / (12 + 12 / 4 + 3 * 3.0), rel=1e-5)


def test_spheres_are_corrected_without_a_word(tmp_path):
    labels, radius = exact.sphere(64, 0.05)
    kapitza = 1.0  # radius of Kapitza over radius of the sphere
    case = case_of(tmp_path, labels, kapitza * radius, 10.0)
    (row,) = series(case, None).rows
    assert row.staircase == pytest.approx(1.5, rel=0.03)
    dilute = (10 * (1 - kapitza) - 1) / (10 * (1 + 2 * kapitza) + 2)  # Nan et al. 1997, Eq. 16
    expected = (1 + 2 * 0.05 * dilute) / (1 - 0.05 * dilute)
    assert row.value == pytest.approx(expected, rel=3e-3)
    raw = series(case_of(tmp_path, labels, kapitza * radius, 10.0, staircase=1.0), None).rows[0]
    assert abs(raw.value / expected - 1) > 3 * abs(row.value / expected - 1)
    (again,) = conductivity(case, tmp_path / "out", cache=None, fields=True)
    assert again == row


def test_inclined_layers(tmp_path):
    labels = exact.diagonal_laminate(48, 48)
    found = measured(exact.image(labels), [("a", "b")])
    assert found == pytest.approx(2**0.5, rel=0.03)


def test_particles_of_a_packing_have_all_directions(tmp_path):
    table = {
        "joulestack": 1,
        "packing": {
            "width": "30 um", "particles": 60, "plates": False, "filled": 0.5,
            "species": [{"name": "SE", "diameter": "9 um"}],
        },
        "compaction": {"relative_density": [0.8], "step": 0.1},
        "image": {"voxel_size": "1 um"},
        "transport": [{
            "property": "ionic_conductivity", "conductivity": {"SE": "1 mS/cm"},
            "particle_resistance": "1 ohm cm^2",
        }],
    }  # fmt: skip
    (tmp_path / "case.toml").write_text(to_toml(table))
    case = MicrostructureCase.load(tmp_path / "case.toml")
    (sample,) = samples(case, None)
    given = case.file.transport[0]
    assert staircase(sample, given) == 1.5
    assert staircase(sample, given.model_copy(update={"staircase": 1.2})) == 1.2
