"""Stack pressure over the face: tables, expressions, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from joulestack.case import Case
from joulestack.case.clamping.maps import PressureMap
from joulestack.case.clamping.pressure import pressure_of
from joulestack.case.settings.numerics import Mesh
from joulestack.case.stack.cell import Cell, PressureTable
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from joulestack.estimates.report import print_report
from tests.case.samples import SAMPLES, mesh

WIDTH, LENGTH = 0.04, 0.03


def sample(name: str, table: Any, folder: Path | str = ".") -> Case:
    size = {"cell.width": WIDTH, "cell.length": LENGTH} if name == "pouch" else {}
    return Case.from_dict(SAMPLES[name](), folder).replace({"cell.stack_pressure": table} | size)


def grey(path: Path, values: Any, kind: Any = np.uint8) -> None:
    """A picture whose rows go from the top."""
    Image.fromarray(np.asarray(values, dtype=kind)).save(path)


def test_expression_over_the_face() -> None:
    text = "4 MPa + 50 kPa/mm * (x - width/2) + 1 MPa*(2*y/length)^2"
    case = sample("pouch", {"expression": text})
    field = case.stack_pressure.map
    assert field is not None
    points = np.array([[0.0, 0.03, 1.0], [0.0, 0.015, -5.0], [0.0, 0.0, 0.0]])
    # Outside of the face it stays as at the edge: tabs stick out.
    assert field(points) == pytest.approx([3e6, 5.5e6, 5e6])
    assert case.stack_pressure.value(0.0) == pytest.approx(4e6 + 4e6 / 3, rel=1e-12)
    assert case.stack_pressure.range == pytest.approx((3e6, 9e6))


def test_expression_over_a_disc() -> None:
    """Mean of r^2 over a disc is R^2/2."""
    case = sample("pellet", {"expression": "6 MPa - 2 MPa * (r/radius)^2"})
    assert case.stack_pressure.value(0.0) == pytest.approx(5e6, rel=1e-12)
    assert case.stack_pressure.range == pytest.approx((4e6, 6e6))


def test_picture_over_the_face(tmp_path: Path) -> None:
    """The first row of a picture is its top: high y. Linear between the middles of pixels."""
    shown = [[255, 255, 0, 0], [0, 0, 0, 0], [0, 0, 0, 51]]
    grey(tmp_path / "film.png", shown)
    table = {"image": "film.png", "black": "1 MPa", "white": "6 MPa"}
    case = sample("pouch", table, tmp_path)
    field = case.stack_pressure.map
    assert field is not None
    middles = np.array([[0.005, 0.015, 0.035, 0.02], [0.025, 0.025, 0.005, 0.025], np.zeros(4)])
    assert field(middles) == pytest.approx([6e6, 6e6, 2e6, 3.5e6])
    assert case.stack_pressure.value(0.0) == pytest.approx(1e6 + 5e6 * 2.2 / 12, rel=0.02)
    assert case.stack_pressure.range == pytest.approx((1e6, 6e6))


@pytest.mark.parametrize(
    ("name", "kind", "white"),
    [("a.png", np.uint8, 255), ("a.tif", np.uint16, 65535), ("b.png", np.uint16, 65535)],
)
@pytest.mark.parametrize("turned", [False, True])
def test_formats(tmp_path: Path, name: str, kind: Any, white: int, turned: bool) -> None:
    """Pressure may fall with brightness, as on a film that darkens where it is pressed."""
    grey(tmp_path / name, np.full((6, 8), white // 5), kind)
    ends = ("0 MPa", "10 MPa") if not turned else ("10 MPa", "0 MPa")
    table = {"image": name, "black": ends[0], "white": ends[1]}
    case = sample("pouch", table, tmp_path)
    assert case.stack_pressure.value(0.0) == pytest.approx(8e6 if turned else 2e6, rel=1e-3)


def test_shares_in_floating_point(tmp_path: Path) -> None:
    grey(tmp_path / "a.tif", np.full((3, 3), 0.25), np.float32)
    table = {"image": "a.tif", "black": "0 MPa", "white": "8 MPa"}
    assert sample("pouch", table, tmp_path).stack_pressure.value(0.0) == pytest.approx(2e6)


def test_large_scan_keeps_its_mean_and_a_margin_is_cut_off(tmp_path: Path) -> None:
    """A scan with a margin lies over more than the face; only the face counts."""
    rng = np.random.default_rng(1)
    values = rng.integers(0, 256, (700, 1000))
    values[:, :250] = 0  # the margin at the left
    grey(tmp_path / "scan.png", values)
    over = [["-13.33333333 mm", "40 mm"], ["0 mm", "30 mm"]]
    table = {"image": "scan.png", "black": "0 MPa", "white": "1 MPa", "over": over}
    pressure = sample("pouch", table, tmp_path).stack_pressure
    assert pressure.value(0.0) == pytest.approx(values[:, 250:].mean() / 255 * 1e6, rel=2e-3)
    assert isinstance(pressure.map, PressureMap)
    assert pressure.map.extent[0] == (0.0, WIDTH)


def test_picture_of_a_disc_is_averaged_around_its_axis(tmp_path: Path) -> None:
    n = 201
    x = (np.arange(n) + 0.5) / n * 2 - 1
    radius = np.hypot(x[:, None], x[None, :])
    tilt = 40 * x[None, :]  # what has no mean around the axis
    grey(tmp_path / "disc.png", np.clip(200 - 100 * radius**2 + tilt, 0, 255))
    table = {"image": "disc.png", "black": "0 MPa", "white": "2.55 MPa"}
    pressure = sample("pellet", table, tmp_path).stack_pressure
    assert pressure.value(0.0) == pytest.approx(1.5e6, rel=0.01)
    assert pressure.range == pytest.approx((1e6, 2e6), rel=0.03)


def test_table_wider_than_the_face_is_cut_to_it() -> None:
    table = {
        "x": ["-1 cm", "2 cm", "5 cm"], "y": ["0 cm", "9 cm"],
        "pressure": [["9 MPa", "9 MPa"], ["2 MPa", "2 MPa"], ["2 MPa", "2 MPa"]],
    }  # fmt: skip
    pressure = sample("pouch", table).stack_pressure
    top = 2e6 + 7e6 * 2 / 3
    assert pressure.range == pytest.approx((2e6, top))
    assert pressure.value(0.0) == pytest.approx(2e6 + 0.5 * (top - 2e6) / 2)  # half of it slopes


def test_check_tells_mean_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    case = sample("pouch", {"expression": "4 MPa + 2 MPa * (2*x/width - 1)"})
    print_report(case, evaluate(case))
    said = " ".join(capsys.readouterr().out.split())
    assert "2 MPa to 6 MPa over the face, 4 MPa in the mean" in said


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("pouch", {"expression": "4 MPa + 1 MPa/mm * z"}, '"z" is no unit', "z"),
    ("pouch", {"expression": "4 MPa - 1 MPa/mm * x"}, "falls to -36 MPa at x = 40 mm", "max("),
    ("pouch", {"expression": "1 MPa * log(x/mm)"}, "not a finite number at x = 0 mm", "zero"),
    ("pouch", {"expression": "1 MPa * 1 mm / (x - 10 mm)"}, "not a finite number", "zero"),
    ("pouch", {"expression": "0 MPa * x/mm"}, "is zero all over the face", "value"),
    ("pouch", {"expression": "4 MPa", "x": ["0 m"]}, "do not make a table", "expression"),
    ("pouch", {"expression": "4 MPa * r/mm"}, '"r" is no unit', "x, y"),
    ("pellet", {"expression": "4 MPa * x/mm"}, '"x" is no unit', "r"),
    ("line", {"expression": "4 MPa"}, "no effect for a line", "value"),
    ("pouch", {"image": "film.png"}, "ends of grey", 'black = "0 MPa"'),
    ("pouch", {"image": "film.png", "white": "5 MPa"}, "ends of grey", "black"),
    ("pouch", {"black": "0 MPa", "white": "1 MPa"}, "do not make a table", "image"),
]
PICTURES: list[tuple[str, str, dict[str, Any], str]] = [
    ("pouch", "gone.png", {}, "there is no file gone.png"),
    ("pouch", "text.png", {}, "is not a picture"),
    ("pouch", "cut.png", {}, "is not a picture"),
    ("pouch", "colour.png", {}, "is a colour picture"),
    ("pouch", "clear.png", {}, "transparent in places"),
    ("pouch", "pages.tif", {}, "holds 2 pictures"),
    ("pouch", "large.tif", {}, "values outside 0 to 1"),
    ("pouch", "black.png", {}, "zero all over the face"),
    ("pouch", "grey.png", {"over": [["0 cm", "1 cm"], ["0 cm", "3 cm"]]}, "covers x from 0 to 10"),
    ("pouch", "grey.png", {"over": [["1 cm", "1 cm"], ["0 cm", "3 cm"]]}, "ends in x where it"),
    ("pellet", "grey.png", {}, "is not square"),
    ("pellet", "disc.png", {"over": [["0 cm", "1 cm"], ["0 cm", "3 cm"]]}, "over has no effect"),
    ("line", "grey.png", {}, "no effect for a line"),
]  # fmt: skip


def refused(name: str, table: dict[str, Any], folder: Path | str = ".") -> str:
    with pytest.raises(CaseError) as caught:
        sample(name, table, folder)
    (problem,) = caught.value.problems
    assert problem.where.startswith("cell.stack_pressure")
    assert problem.remedy
    return str(problem)


@pytest.mark.parametrize(("name", "table", "message", "remedy"), BROKEN)
def test_refused(name: str, table: dict[str, Any], message: str, remedy: str) -> None:
    text = refused(name, table)
    assert message in text
    assert remedy in text


@pytest.mark.parametrize(("name", "picture", "more", "message"), PICTURES)
def test_pictures_refused(
    tmp_path: Path, name: str, picture: str, more: dict[str, Any], message: str
) -> None:
    grey(tmp_path / "grey.png", np.full((4, 6), 100))
    grey(tmp_path / "disc.png", np.full((8, 8), 100))
    grey(tmp_path / "black.png", np.zeros((4, 6)))
    grey(tmp_path / "colour.png", np.arange(48).reshape(4, 4, 3))
    grey(tmp_path / "clear.png", np.full((4, 4, 4), 9))
    grey(tmp_path / "large.tif", np.full((4, 4), 3.0), np.float32)
    (tmp_path / "text.png").write_text("no picture")
    whole = (tmp_path / "grey.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    page = Image.new("L", (4, 4), 9)
    page.save(tmp_path / "pages.tif", save_all=True, append_images=[page])
    table = {"image": picture, "black": "0 MPa", "white": "1 MPa", **more}
    assert message in refused(name, table, tmp_path)


def test_a_map_on_an_axisymmetric_file_goes_by_radius() -> None:
    """The mean of 1 to 4 MPa over a disc, weighted with r: 1 + 3 (2/3) MPa."""
    along_r = {"r": ["0 mm", "5 mm"], "pressure": ["1 MPa", "4 MPa"]}
    cell = Cell.model_validate({**mesh()["cell"], "stack_pressure": along_r})
    found = pressure_of(cell, Path(), Mesh(coordinates="axisymmetric"))
    assert found.value(0.0) == pytest.approx(3e6, rel=1e-12)
    for settings in (Mesh(), Mesh(coordinates="line")):
        with pytest.raises(
            ValueError, match=r"these keys do not make a table|no effect for a mesh"
        ):
            pressure_of(cell, Path(), settings)
    drawn = cell.model_copy(update={"stack_pressure": PressureTable(expression="1 MPa + r")})
    with pytest.raises(ValueError, match="does not know the radius"):
        pressure_of(drawn, Path(), Mesh(coordinates="axisymmetric"))
