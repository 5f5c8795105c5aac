"""Results as pandas, xarray and notebooks have them: the same numbers, and names as text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.outputs.result import Result
from tests.case.samples import SAMPLES
from tests.outputs.report.in_browser import HOSTILE
from tests.outputs.report.made import TIMES, made
from tests.outputs.stand_in import GRADIENT


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return made(tmp_path / "run", "pellet", HOSTILE)


def test_dataframe(result: Result) -> None:
    frame = result.to_dataframe()
    assert frame.index.name == "Time [s]"
    assert list(frame.columns) == result.names[1:]
    assert frame["Voltage [V]"].to_numpy().tolist() == result["Voltage [V]"].entries.tolist()
    steps = result.protocol.to_dataframe()
    assert steps["charge_mAh"].tolist() == [1.5]


def test_dataset_has_units_and_both_records_of_a_jump(tmp_path: Path) -> None:
    rows = "0,4\n10,3.9\n10,3.5\n20,3.4\n"
    (tmp_path / "timeseries.csv").write_text(f"Time [s],Voltage [V]\n{rows}")
    found = Result(tmp_path).to_xarray()
    voltage = found["Voltage [V]"]
    assert voltage.attrs == {"long_name": "Voltage", "units": "V"}
    assert voltage.where(found.time == 10, drop=True).values.tolist() == [3.9, 3.5]
    assert Result(tmp_path)["Voltage [V]"].to_xarray().identical(voltage)


def test_fields_are_where_they_belong(result: Result) -> None:
    found = result.fields_to_xarray()
    assert found.time.values.tolist() == list(TIMES)
    rise = found["Temperature rise [K]"].isel(time=-1)
    lower = rise.where(found.region == "lower", drop=True)
    expected = TIMES[-1] * (GRADIENT[0] * lower.r + GRADIENT[1] * lower.z)
    np.testing.assert_allclose(lower.values, expected.values, atol=1e-6)
    assert found["Temperature [K]"].attrs["units"] == "K"


def test_notebooks_show_text_whatever_it_is(result: Result) -> None:
    case = Case.from_dict(SAMPLES["pellet"]())
    shown = {
        "case": case._repr_html_(),
        "result": result._repr_html_(),
        "protocol": result.protocol._repr_html_(),
        "series": result["Voltage [V]"]._repr_html_(),
    }
    for html in shown.values():
        ET.fromstring(f"<div>{html}</div>")  # closes what it opens
        assert "<script" not in html
    assert all(layer.name in shown["case"] for layer in case.cell.layers)
    assert "of stripping" in shown["result"]
    assert shown["result"].count("contact is lost") == 1
    assert "numerical error, estimated: largest rise" in shown["result"]
    assert "Discharge at 2C until 2.8 V" in shown["protocol"]
    assert "<path" in shown["series"]


def test_what_holds_next_to_nothing_is_shown_too(tmp_path: Path) -> None:
    (tmp_path / "timeseries.csv").write_text("Time [s],Voltage [V]\n")
    empty = Result(tmp_path)
    for thing in (empty, empty.protocol, empty["Voltage [V]"]):
        ET.fromstring(f"<div>{thing._repr_html_()}</div>")
    assert len(empty.to_dataframe()) == 0
