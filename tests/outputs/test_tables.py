from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.materials.citations import bibliography, parse
from joulestack.outputs import summary, timeseries
from joulestack.outputs.timeseries import TimeSeries


def test_time_series_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "timeseries.csv"
    with TimeSeries(path) as series:
        series.append({"Time [s]": 0.0, 'Heat "a", b [W]': 0.1 + 0.2})
        assert path.read_bytes().endswith(b"\r\n")  # already there while the run goes on
        series.append({"Time [s]": np.float64(1.5)})
    table = timeseries.read(path)
    assert list(table) == ["Time [s]", 'Heat "a", b [W]']
    assert table["Time [s]"].tolist() == [0.0, 1.5]
    assert table['Heat "a", b [W]'][0] == 0.1 + 0.2
    assert math.isnan(table['Heat "a", b [W]'][1])


def test_new_column_is_an_error(tmp_path: Path) -> None:
    with TimeSeries(tmp_path / "t.csv") as series:
        series.append({"Time [s]": 0.0})
        with pytest.raises(ValueError, match="columns not in the first record: Voltage"):
            series.append({"Time [s]": 1.0, "Voltage [V]": 3.0})


def test_cut_off_row_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"Time [s],Voltage [V]\r\n0.0,3.5\r\n1.0,3")
    assert timeseries.read(path)["Voltage [V]"].tolist() == [3.5]


def test_only_rank_zero_writes(tmp_path: Path) -> None:
    class Other:
        rank = 1

    with TimeSeries(tmp_path / "t.csv", Other()) as series:
        series.append({"Time [s]": 0.0})
    assert not list(tmp_path.iterdir())


def test_missing_time_series_is_a_case_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read as a time series"):
        timeseries.read(tmp_path / "none.csv")


def test_json_has_no_nan(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    table = {
        "a": math.nan,
        "b": np.array([1.0, math.inf]),
        "c": np.int64(3),
        "d": {"e": (True, None)},
        "f": Path("x"),
    }
    summary.write_json(path, table)
    assert json.loads(path.read_text()) == {
        "a": None, "b": [1.0, None], "c": 3, "d": {"e": [True, None]}, "f": "x",
    }  # fmt: skip
    assert [f.name for f in tmp_path.iterdir()] == ["summary.json"]


def test_manifest_names_versions_case_and_sources() -> None:
    found = summary.manifest({"cell": {}}, "abc", [{"property": "k", "source": "x"}], ranks=2)
    assert found["digest"] == "abc"
    assert found["ranks"] == 2
    assert {"python", "numpy", "joulestack"} <= set(found["versions"])
    assert found["sources"] == [{"property": "k", "source": "x"}]


BIB = """% comment
@article{one, title = {A {Nested} title}, year = 2020,
  note = {a, b}}
@comment{ignored, x}
@book{two,
  title = "B"
}
"""


def test_bibliography_holds_only_what_is_used() -> None:
    assert bibliography(parse(BIB), ["two"]) == ('@book{two,\n  title = "B"\n}\n', [])
    assert "{Nested} title" in bibliography(parse(BIB), {"one", "two"})[0]
    assert bibliography(parse(BIB), ["three"]) == ("\n", ["three"])


def test_references_of_the_case_itself_need_no_entry(tmp_path: Path, caplog) -> None:
    summary.write_references(tmp_path / "references.bib", parse(BIB), {"two", "user", ""})
    assert (tmp_path / "references.bib").read_text().startswith("@book{two")
    assert not caplog.records
    summary.write_references(tmp_path / "references.bib", parse(BIB), {"three"})
    assert "no entry for three" in caplog.text
