"""Values of a key: as people write them, refused where they can be read in two ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.studies import sampling
from joulestack.studies.values import parse, parse_word


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2,5,10 MPa", ["1 MPa", "2 MPa", "5 MPa", "10 MPa"]),
        ("1, 2 MPa, 300 kPa", ["1 MPa", "2 MPa", "300 kPa"]),
        ("0.5, 1.5", [0.5, 1.5]),
        ("C/2, 1C", ["C/2", "1C"]),
        ("0.2, 0.5 mA/(cm^2)", ["0.2 mA/(cm^2)", "0.5 mA/(cm^2)"]),
        ("draft, fine", ["draft", "fine"]),
        ("true, false", [True, False]),
        ("25 degC", ["25 degC"]),
        ('[["Rest for 1 s", "Rest for 2 s"], ["Rest for 3 s"]]',
         [["Rest for 1 s", "Rest for 2 s"], ["Rest for 3 s"]]),
        ("1 : 3 MPa in 3", ["1.0 MPa", "2.0 MPa", "3.0 MPa"]),
        ("100 kPa : 10 MPa in 3 log", ["0.1 MPa", "1.0 MPa", "10.0 MPa"]),
        ("-10 : 30 degC in 2", ["-10.0 degC", "30.0 degC"]),
    ],
)  # fmt: skip
def test_text(text: str, values: list[Any]) -> None:
    assert list(parse("k", text).values) == values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "takes no value"),
        ("1,5 MPa", "can be read in two ways"),
        ("0,5", "can be read in two ways"),
        ("5 MPa, 10", "10 has no unit where others have one"),
        ("1, , 2 MPa", "a comma beside which nothing stands"),
        ("1, 1 MPa", "takes 1 MPa twice"),
        ("5 : 1 MPa in 3", "is no range"),
        ("1 mm : 3 MPa in 3", "is no range"),
        ("1 : 3 MPa in 1", "in 1 values"),
        ("-1 : 3 K in 3 log", "has no logarithm"),
        ("[1, 2", "is no list of TOML"),
    ],
)
def test_text_that_is_refused(text: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        parse("k", text)


def test_word() -> None:
    assert parse_word("a.b=1, 2 K").key == "a.b"
    for word in ("a.b", "=1"):
        with pytest.raises(CaseError, match="is not KEY=VALUES"):
            parse_word(word)


def test_column_has_the_unit_of_the_first() -> None:
    one = parse("p", "1 MPa, 500 kPa, 2e5 Pa")
    assert one.column == "p [MPa]"
    assert [one.entry(v) for v in one.values] == [1.0, 0.5, 0.2]
    assert parse("p", [1, 2.5]).column == "p"
    mixed = parse("T", ["25 degC", "300 K"])
    assert mixed.unit is None
    assert [mixed.entry(v) for v in mixed.values] == ["25 degC", "300 K"]
    assert parse("T", "-10, 25 degC").column == "T [degC]"
    assert parse("law", [[1], True]).unit is None


def test_grid_and_list() -> None:
    a, b = parse("a", [1, 2]), parse("b", ["x", "y", "z"])
    found = sampling.grid([a, b])
    assert [tuple(p.values()) for p in found.points][:4] == [(1, "x"), (1, "y"), (1, "z"), (2, "x")]
    assert len(found.points) == 6
    with pytest.raises(CaseError, match="a 2, b 3"):
        sampling.listed([a, b])
    assert sampling.listed([a, parse("c", [5, 6])]).points == ({"a": 1, "c": 5}, {"a": 2, "c": 6})
    with pytest.raises(CaseError, match="varied twice"):
        sampling.grid([a, a])


def test_random_points_meet_every_part_of_a_range_once() -> None:
    ranges = {"p": ("1 MPa", "100 MPa", True), "x": (0.0, 1.0, False)}
    found = sampling.at_random(ranges, [parse("law", ["a", "b"])], 10, seed=3)
    p, x, law = found.varied
    assert p.unit == "MPa"
    for shares in (
        np.log10([float(p.entry(v)) for v in p.values]) / 2,
        np.array([float(x.entry(v)) for v in x.values]),
    ):
        assert sorted(np.floor(10 * shares)) == list(range(10))
    assert sorted(law.values) == ["a"] * 5 + ["b"] * 5
    assert found == sampling.at_random(ranges, [parse("law", ["a", "b"])], 10, seed=3)
    assert found != sampling.at_random(ranges, [parse("law", ["a", "b"])], 10, seed=4)


def test_points_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "# mine\ncell.stack_pressure [MPa],mesh.refinement,accuracy\n5,1,draft\n7,2,fine\n"
    )
    found = sampling.from_table(path)
    assert found.points[1] == {
        "cell.stack_pressure": "7 MPa", "mesh.refinement": 2, "accuracy": "fine"
    }  # fmt: skip
    path.write_text("a,b\n1,2\n3\n")
    with pytest.raises(CaseError, match="point 2 has not a value for each key"):
        sampling.from_table(path)
    with pytest.raises(CaseError, match="cannot be read"):
        sampling.from_table(tmp_path / "none.csv")
