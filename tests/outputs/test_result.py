from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.result import Result, load_result
from joulestack.outputs.summary import write_json
from joulestack.outputs.timeseries import TimeSeries
from tests.outputs.stand_in import fill, stand_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with TimeSeries(tmp_path / "timeseries.csv") as series:
        for t in (0.0, 10.0):
            series.append(
                {
                    "Time [s]": t,
                    "Voltage [V]": 4.0 - 0.01 * t,
                    "Temperature min [K]": 298.0,
                    "Temperature max [K]": 298.0 + t,
                    "separator temperature min [K]": 298.0,
                    "separator temperature mean [K]": 298.0 + 0.5 * t,
                    "separator temperature max [K]": 298.0 + t,
                }
            )
    model = stand_in("line")
    writer = FieldWriter(model, tmp_path / "fields.pvd")
    for t in (0.0, 10.0):
        fill(model, t)
        writer.write(t)
    write_json(tmp_path / "summary.json", {"steps": 1})
    return tmp_path


def test_series_summary_and_temperature(folder: Path) -> None:
    result = load_result(folder)
    assert isinstance(result, Result)
    assert result["Voltage [V]"].entries.tolist() == [4.0, 3.9]
    assert result["Voltage [V]"](5.0) == pytest.approx(3.95)
    assert result["Time [s]"].entries[-1] == 10.0
    assert result.summary == {"steps": 1}
    assert result.manifest == {}
    assert result.temperature.maximum == 308.0
    assert result.temperature_at(5.0).layers == {"separator": (298.0, 300.5, 303.0)}
    assert "separator  min 298.000  mean 303.000  max 308.000 K" in str(result.temperature)
    assert "3.9 at 10 s" in repr(result["Voltage [V]"])
    assert "Voltage [V]" in result


def test_unknown_name_names_the_nearest(folder: Path) -> None:
    with pytest.raises(KeyError, match=r"nearest: .*Voltage \[V\]"):
        load_result(folder)["voltage"]
    with pytest.raises(KeyError, match=r"known: Time \[s\]"):
        load_result(folder)["zzzz"]


def test_fields_at_a_time(folder: Path) -> None:
    pyvista = pytest.importorskip("pyvista")
    result = load_result(folder)
    assert result.field_times.tolist() == [0.0, 10.0]
    mesh = result.fields(9.0)
    assert isinstance(mesh, pyvista.UnstructuredGrid)
    assert np.array_equal(
        mesh.point_data["Temperature [K]"], result.snapshot().nodes["Temperature [K]"]
    )
    assert np.ptp(result.snapshot(0.0).nodes["Temperature [K]"]) == 0.0


def test_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="holds no results"):
        load_result(tmp_path)


def test_plot_gives_a_figure(folder: Path) -> None:
    result = load_result(folder)
    assert len(result.plot().axes) == 1
    assert len(result.plot(kind="profile", time=0.0).axes) == 2
    with pytest.raises(ValueError, match="temperature, profile, timeseries"):
        result.plot(kind="x")


def test_needs_no_dolfinx(folder: Path) -> None:
    script = (
        "import sys, joulestack.outputs.result as r; x = r.load_result(sys.argv[1]);"
        "x.plot(); x.summary;"
        "assert 'dolfinx' not in sys.modules and 'petsc4py' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)
