"""Case files of microstructures, and the commands on them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from tomli_w import dumps as to_toml

from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import key_of
from joulestack.errors import CaseError
from joulestack.microstructure import run, vti
from joulestack.microstructure.powder import pressed, targets
from joulestack.microstructure.series import series

CASES = sorted((Path(__file__).parents[2] / "cases" / "microstructures").glob("*.toml"))

SMALL = {
    "joulestack": 1,
    "packing": {
        "width": "60 um", "particles": 150, "plates": False, "seed": 2,
        "species": [{"name": "SE", "diameter": "12 um"}],
    },
    "compaction": {"relative_density": [0.7, 0.8], "pressure": ["50 MPa", "200 MPa"]},
    "image": {"voxel_size": "2 um"},
    "transport": [{"property": "ionic_conductivity", "conductivity": {"SE": "1 mS/cm"}}],
}  # fmt: skip


def load(tmp_path, table=SMALL, **changes):
    (tmp_path / "small.toml").write_text(to_toml(table))
    return MicrostructureCase.load(tmp_path / "small.toml", changes)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_shipped_cases_are_valid(path):
    case = MicrostructureCase.load(path)
    assert case.file.title
    assert tomllib.loads(path.read_text())["joulestack"] == 1


def test_a_packing_goes_through_all_commands(tmp_path):
    case, out, cache = load(tmp_path), tmp_path / "out", tmp_path / "cache"
    made = run.generate(case, out, cache=cache)
    assert [s.name for s in made] == ["0.7000", "0.8000"]
    labels, size = vti.read(out / "image_0.8000.vti", "Phase")
    np.testing.assert_array_equal(labels, made[1].image.labels)
    assert size == pytest.approx(2e-6)
    assert labels.mean() == pytest.approx(0.8, rel=0.01)
    spheres = (out / "spheres_0.7000.csv").read_text().splitlines()
    assert len(spheres) == 151

    said = []
    run.analyse(case, out, cache=cache, progress=said.append)
    assert not any("pressed" in line for line in said)  # from the cache
    counted = json.loads((out / "statistics.json").read_text())["images"][1]
    assert counted["packing"]["relative_density_mass_conserving"] == pytest.approx(0.8)
    assert counted["packing"]["relative_density_union_of_spheres"] < 0.8
    assert counted["percolating_fraction"]["SE"]["z"] > 0.99
    assert sum(counted["volume_fraction"].values()) == pytest.approx(1)

    rows = run.conductivity(case, out, cache=cache, fields=True)
    assert 0.2 < rows[0].relative < rows[1].relative < 0.8
    assert rows[1].value == pytest.approx(0.1 * rows[1].relative)
    assert rows[1].tortuosity_factor == pytest.approx(rows[1].fraction / rows[1].relative)
    u, _ = vti.read(out / "ionic_conductivity_z_0.8000.vti", "Potential [V]")
    assert 0 <= np.nanmin(u) < np.nanmax(u) <= 1
    for name in ("conductivity.csv", "table.json", "conductivity.png", "profile.png",
                 "slices_0.8000.png", "statistics.csv", "statistics_0.8000.png",
                 "statistics.png"):  # fmt: skip
        assert (out / name).stat().st_size > 0
    again = series(case, cache)
    assert again.rows == rows
    with pytest.raises(CaseError, match="earlier run"):
        run.conductivity(case, out, cache=cache)
    (out / "slices_marked.png").write_text("mine")  # a name that a picture could have
    with pytest.raises(CaseError, match=r"slices_marked\.png, which no earlier run has written"):
        run.generate(case, out, overwrite=True, cache=cache)
    (out / "slices_marked.png").unlink()
    run.generate(case, out, overwrite=True, cache=cache)


def test_the_hash_follows_the_input_and_not_the_words(tmp_path):
    case = load(tmp_path)
    own = key_of(case.file, tmp_path)

    def other(**changes):
        return key_of(load(tmp_path, **changes).file, tmp_path)

    assert other(title="another") == own
    assert other(**{"analysis.chords": True}) == own
    assert other(**{"packing.seed": 3}) != own
    assert other(**{"image.voxel_size": "3 um"}) != own


def test_densities_from_thickness_and_from_the_library(tmp_path):
    case = load(tmp_path)
    height = pressed(case, None)[0].packing.height
    table = SMALL | {"compaction": {"thickness": [height]}}
    assert targets(load(tmp_path, table))[0][0] == pytest.approx(0.7)
    table = SMALL | {"compaction": {"pressure": ["15 MPa", "200 MPa"], "material": "LPS glass"}}
    assert targets(load(tmp_path, table))[0] == pytest.approx((0.524, 0.777), rel=0.02)


def test_measured_sizes(tmp_path):
    (tmp_path / "sizes.csv").write_text("diameter [um],count\n10,50\n12,100\n14,50\n")
    species = [{"name": "SE", "diameter": {"law": "measured", "csv": "sizes.csv"}}]
    case = load(tmp_path, SMALL | {"packing": SMALL["packing"] | {"species": species}})
    radii = pressed(case, None)[0].packing.radii
    assert 4.5e-6 <= radii.min() < radii.max() <= 7.5e-6
    assert radii.mean() == pytest.approx(6e-6, rel=0.01)


def test_an_image_from_a_file(tmp_path):
    rng = np.random.default_rng(1)
    truth = rng.random((20, 20, 20)) < 0.7
    grey = (100 * truth + rng.normal(50, 5, truth.shape)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "scan.tif", grey.transpose(2, 1, 0))
    table = {
        "joulestack": 1,
        "image": {"file": "scan.tif", "voxel_size": "0.5 um"},
        "segmentation": {"phases": ["pore", "SE"], "otsu": True},
        "transport": [{"property": "thermal_conductivity", "conductivity": {"SE": "1 W/(m K)"}}],
        "analysis": {"two_point": True, "chords": True, "geodesic": True},
    }
    case, out = load(tmp_path, table), tmp_path / "out"
    found = run.analyse(case, out, cache=None)[0]
    assert found["volume_fraction"]["SE"] == truth.mean()
    assert 1 < found["geodesic_tortuosity"]["SE"] < 1.3
    assert (out / "two_point_image.csv").is_file()
    assert (out / "chords_image.csv").is_file()
    (row,) = run.conductivity(case, out, cache=None)
    assert 0.3 < row.relative < truth.mean()


def test_what_does_not_percolate_conducts_nothing(tmp_path):
    labels = np.zeros((6, 6, 6), np.uint8)
    labels[:, :, :5] = 1
    np.save(tmp_path / "layers.npy", labels)
    table = {
        "joulestack": 1,
        "image": {"file": "layers.npy", "voxel_size": "1 um"},
        "segmentation": {"phases": ["pore", "SE"]},
        "transport": [
            {"property": "ionic_conductivity", "conductivity": {"SE": 1.0}, "axis": axis}
            for axis in ("x", "z")
        ],
    }
    case = load(tmp_path, table)
    along, across = series(case, tmp_path / "cache").rows
    assert along.relative == pytest.approx(5 / 6)
    assert across.relative == across.value == 0
    assert across.tortuosity is None
    assert series(case, tmp_path / "cache").rows == [along, across]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"packing.particles": None}, "how much powder"),
        ({"packing.porosity": 0.3}, "unknown key"),
        ({"packing.species.0.share": 0.4}, "add up to 0.4"),
        ({"packing.species.0.diameter": "12 g"}, "diameter"),
        ({"packing.species.0.diameter": {"law": "weibull"}}, "gamma"),
        ({"packing.species.0.name": "pore"}, "is taken"),
        ({"compaction": {}}, "ways to say"),
        ({"compaction.relative_density": [0.8, 0.7]}, "not in order"),
        ({"compaction.pressure": ["1 MPa"]}, "one for each"),
        ({"image.voxel_size": None}, "voxel_size"),
        ({"image.file": "a.tif"}, "both"),
        ({"segmentation": {"phases": ["a"]}}, "no effect"),
        ({"transport.0.conductivity": {"LPS": "1 mS/cm"}}, "no phase"),
        ({"transport.0.conductivity": {"SE": "1 W/(m K)"}}, "conductivity"),
        ({"transport.0.conductivity": {}}, "nothing conducts"),
        ({"transport.0.particle_resistance": "-1 ohm m^2"}, "negative"),
        ({"analysis.active": "CAM"}, "no phase"),
        ({"analysis.active": "SE"}, "set ionic and electronic"),
    ],
)
def test_wrong_cases_say_what_is_wrong(tmp_path, changes, said):
    with pytest.raises(CaseError, match=said):
        load(tmp_path, **changes)


def test_every_problem_is_named_at_once(tmp_path):
    with pytest.raises(CaseError) as error:
        load(tmp_path, **{"packing.particles": None, "transport.0.conductivity": {"a": "1 K"}})
    assert len(error.value.problems) >= 3


def test_the_command_line(tmp_path, capsys, monkeypatch):
    from typer.testing import CliRunner

    from joulestack.cli.microstructure import app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(to_toml(SMALL))
    words = ["conductivity", "small.toml", "-q", "-s", "compaction.relative_density=[0.7, 0.75]"]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    assert "ionic_conductivity along z at 0.7500 (200 MPa)" in answer.output
    assert "tortuosity factor" in answer.output
    assert (tmp_path / "results" / "small" / "table.json").is_file()
    assert list((tmp_path / "results" / "cache").glob("table_*.json"))


@pytest.mark.parametrize(("ratio", "precision"), [(10.0, "single"), (2e4, "double")])
def test_double_precision_is_chosen_by_contrast_and_told(tmp_path, ratio, precision):
    labels = np.ones((4, 4, 8), np.uint8)
    labels[:, :, 4:] = 2
    np.save(tmp_path / "layers.npy", labels)
    table = {
        "joulestack": 1,
        "image": {"file": "layers.npy", "voxel_size": "1 um"},
        "segmentation": {"phases": ["pore", "SE", "carbon"]},
        "transport": [
            {"property": "electronic_conductivity", "conductivity": {"SE": 1.0, "carbon": ratio}}
        ],
    }
    said = []
    (row,) = run.conductivity(
        load(tmp_path, table), tmp_path / "out", cache=None, progress=said.append
    )
    assert row.value == pytest.approx(2 / (1 + 1 / ratio), rel=1e-5)
    assert row.precision == precision
    assert any("float64" in line for line in said) == (precision == "double")
    assert precision in (tmp_path / "out" / "conductivity.csv").read_text()
