"""Every shipped case runs and gives the figures that its description promises.

The three-dimensional ones run on a coarser mesh than they ship with; expected values belong to the
settings used here.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import joulestack as js
from tests.mpi import run_ranks

CASES = Path(__file__).parents[2] / "cases"
FILES = (
    "fields.pvd",
    "timeseries.csv",
    "summary.json",
    "manifest.json",
    "references.bib",
    "case.toml",
    "run.log",
    "temperature.png",
    "profile.png",
    "timeseries.png",
)


def run(name, folder, changes=None, power=1e-5, charge=1e-7):
    case = js.Case.load(CASES / f"{name}.toml", changes or {})
    result = js.run(case, output=folder, progress=False)
    for file in FILES:
        assert (folder / file).stat().st_size > 0, file
    summary = result.summary
    assert summary["completed"]
    assert summary["energy_balance_relative"] < 1e-5
    assert summary["power_balance_relative_max"] < power
    assert summary["charge_balance_relative"] < charge
    return result


@pytest.fixture(scope="module")
def pellet(tmp_path_factory):
    return run("pressed_pellet", tmp_path_factory.mktemp("pellet"))


def test_pressed_pellet(pellet):
    summary = pellet.summary
    assert summary["temperature_rise_max_K"] == pytest.approx(0.2083, rel=0.01)
    heat = summary["heat_J"]
    # Most is ionic; a sixth appears on the particles, another where lithium is touched.
    assert heat["Joule ionic"] / sum(heat.values()) == pytest.approx(0.677, abs=0.005)
    assert heat["charge transfer"] / sum(heat.values()) == pytest.approx(0.166, abs=0.005)
    assert heat["charge transfer metal"] / sum(heat.values()) == pytest.approx(0.147, abs=0.005)
    hottest = {
        name: pellet[f"{name} temperature max [K]"].entries.max()
        for name in ("negative electrode", "separator", "cathode", "die")
    }
    # Where separator and cathode meet.
    assert hottest["cathode"] == pytest.approx(hottest["separator"], abs=1e-3)
    assert max(hottest["die"], hottest["negative electrode"]) < hottest["separator"] - 0.006
    # What the layers make is all heat but that of the contacts.
    mean = " temperature mean [K]"
    names = [c.removesuffix(mean) for c in pellet if c.endswith(mean)]
    assert len(names) >= len(hottest)
    made = sum(pellet[f"{name} heat [W]"].entries for name in names)
    volume = ("Joule electronic", "Joule ionic", "charge transfer", "film", "reversible")
    by_source = sum(pellet[f"Heat {name} [W]"].entries for name in volume)
    assert made == pytest.approx(by_source, rel=1e-10)
    # 2C to 2.8 V, then 1C to 4.3 V and held until C/2.
    voltage, current = pellet["Voltage [V]"].entries, pellet["Current [A]"].entries
    assert voltage.min() == pytest.approx(2.8, abs=1e-4)
    assert voltage.max() == pytest.approx(4.3, abs=1e-4)
    assert pellet["Time [s]"].entries[voltage.argmin()] == pytest.approx(792, rel=0.01)
    # Hottest when the discharge ends: what the files and the map show, too.
    over = pellet["Time [s]"].entries[voltage.argmin()]
    assert np.abs(pellet.field_times - over).min() < 1e-6 * over
    assert current[-1] == pytest.approx(-0.25 * current[0], rel=1e-3)
    assert summary["end_time_s"] == pytest.approx(2013.5, rel=0.01)


def test_pressed_pellet_on_two_ranks_is_the_same(tmp_path):
    shorter = {
        "load.protocol": ["Discharge at 2C for 20 s", "Rest for 5 s"],
        "mesh.layers": {},
        "mesh.cells_per_layer": 4,
        "mesh.refinement": 0.5,
        "mesh.radial_modes": 4,
    }
    one = run("pressed_pellet", tmp_path / "one", shorter).summary
    script = (
        "import joulestack as js\n"
        f"case = {str(CASES / 'pressed_pellet.toml')!r}\n"
        f"case = js.Case.load(case, {shorter!r})\n"
        f"js.run(case, output={str(tmp_path / 'two')!r}, progress=False)\n"
    )
    run_ranks(2, script)
    two = json.loads((tmp_path / "two" / "summary.json").read_text())
    assert two["ranks"] == 2
    assert two["steps"] == one["steps"]
    rise = one["temperature_rise_max_K"]
    assert two["temperature_rise_max_K"] == pytest.approx(rise, rel=1e-8)
    assert two["voltage_V"] == pytest.approx(one["voltage_V"], rel=1e-8)
    for name, joules in one["heat_J"].items():
        assert two["heat_J"][name] == pytest.approx(joules, rel=1e-7, abs=1e-12), name


def test_moulding_pressure_pair(tmp_path):
    """Pressed at 15 MPa the separator is the worse conductor: hotter at the same current."""
    coarse = {"accuracy": "draft", "mesh.layers": {}}
    low = run("moulding_pressure_15MPa", tmp_path / "15", coarse)
    high = run("moulding_pressure_200MPa", tmp_path / "200", coarse)
    rises = [r.summary["temperature_rise_max_K"] for r in (low, high)]
    assert rises == pytest.approx([0.2790, 0.1824], rel=0.03)
    assert low["Voltage [V]"].entries[0] < high["Voltage [V]"].entries[0]


def test_pouch_fast_charge(tmp_path):
    result = run("pouch_fast_charge", tmp_path / "pouch", {"mesh.in_plane": "15 mm"}, power=3e-5)
    assert result.summary["temperature_rise_max_K"] == pytest.approx(1.799, rel=0.03)
    # Charging: negative current until 4.3 V, then less of it; the tab is colder than the middle.
    current, voltage = result["Current [A]"].entries, result["Voltage [V]"].entries
    # 3C of what the window holds, 0.926 A, less the 15 % that the first charge costs.
    assert current[0] == pytest.approx(-0.926 * 0.85, rel=1e-3)
    assert current[-1] == pytest.approx(-0.382, rel=0.03)
    assert voltage.max() == pytest.approx(4.3, abs=1e-4)
    middle = result["middle temperature [K]"].entries
    assert result["near the positive tab temperature [K]"].entries[-1] < middle[-1]


def test_pressure_map_makes_a_hot_spot(tmp_path):
    result = run("pressure_map", tmp_path / "map", {"mesh.in_plane": "8 mm", "time.end": "5 min"})
    fields = result.fields()
    current = np.abs(fields.cell_data["Ionic current density [A/m2]"][:, 2])
    pressure = fields.point_data["Stack pressure [MPa]"]
    separator = fields.cell_data["Region"] == 3
    assert pressure.max() / pressure.min() == pytest.approx(5.50, rel=0.03)
    # The median over the face: cells are smaller near tabs, so that each counts with its size.
    size = np.abs(fields.compute_cell_sizes()["Volume"])[separator]
    order = np.argsort(current[separator])
    share = np.cumsum(size[order]) / size.sum()
    median = current[separator][order][np.searchsorted(share, 0.5)]
    assert current[separator].max() / median == pytest.approx(1.057, rel=0.02)


def test_rates(tmp_path):
    """At 2C the cell gives less than its nominal capacity and gets warmer than at 1C."""
    spec = importlib.util.spec_from_file_location("c_rate_series", CASES / "c_rate_series.py")
    series = importlib.util.module_from_spec(spec)
    sys.modules["c_rate_series"] = series  # dataclasses look their module up
    spec.loader.exec_module(series)
    one, two = (series.discharge(f"{rate}C", float(rate), tmp_path) for rate in (1, 2))
    assert one.capacity == pytest.approx(0.793, abs=0.003)
    assert two.capacity == pytest.approx(0.586, abs=0.003)
    assert [one.rise, two.rise] == pytest.approx([0.281, 0.838], rel=0.02)
    assert one.voltage - two.voltage == pytest.approx(0.133, abs=0.005)
    series.picture([one, two], tmp_path / "rates.png")
    assert (tmp_path / "rates.png").stat().st_size > 1e4


def test_cold_start(tmp_path):
    """Insulated, the voltage comes back as the cell warms itself; on a cold plate it is used up."""
    warm = run("cold_start", tmp_path / "warm")
    t, voltage = warm["Time [s]"].entries, warm["Voltage [V]"].entries
    early = t < 150
    dip = voltage[early].min()
    assert dip == pytest.approx(3.128, abs=0.01)
    assert voltage[~early].max() == pytest.approx(3.173, abs=0.01)
    assert warm.summary["temperature_rise_max_K"] == pytest.approx(29.8, rel=0.02)
    plate = {"thermal.faces.bottom.coefficient": "500 W/(m^2 K)"}
    cold = run("cold_start", tmp_path / "cold", plate)
    assert cold["Voltage [V]"].entries[-1] == pytest.approx(2.5, abs=1e-4)
    assert cold.summary["end_time_s"] == pytest.approx(105.8, rel=0.02)


def test_imported_mesh(tmp_path):
    result = run("imported_mesh", tmp_path / "mesh", {"time.end": "2 min"})
    assert result.summary["temperature_rise_max_K"] == pytest.approx(0.545, rel=0.03)
    assert result["Voltage [V]"].entries[-1] == pytest.approx(4.151, abs=0.01)


def test_results_are_not_overwritten_silently(pellet):
    with pytest.raises(js.CaseError, match="overwrite"):
        js.run(CASES / "pressed_pellet.toml", output=pellet.path, progress=False)


def test_command_line_says_what_came_out(tmp_path):
    """Result and folder on standard output, warnings on standard error, nothing when quiet."""
    words = [
        sys.executable,
        "-m",
        "joulestack",
        "run",
        str(CASES / "moulding_pressure_200MPa.toml"),
    ]
    words += ["--output", str(tmp_path / "run"), "--set", "time.end=1 min"]
    words += ["--set", "accuracy=draft"]
    loud = subprocess.run(words, capture_output=True, text=True, check=True)
    rise = json.loads((tmp_path / "run" / "summary.json").read_text())["temperature_rise_max_K"]
    assert 1e-3 < rise < 0.18
    assert f"hottest: {25 + rise:.2f} degC" in loud.stdout
    assert str(tmp_path / "run") in loud.stdout
    assert "numbers without a source read" in loud.stderr
    words += ["--overwrite", "--quiet"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == ""


def test_failed_solve_keeps_the_last_good_state(tmp_path):
    """A current that no cell carries: the message names field and place, files stay readable."""
    changes = {"load.current_density": "9e6 A/m^2", "time.end": "30 min"}
    # Without particles the start can still be solved; the heat of it cannot.
    changes |= {
        "cell.state_of_charge": None,
        "materials.cathode.coating": None,
        "materials.cathode.charge_transfer_resistance": "50 ohm cm^2",
        "materials.cathode.open_circuit_voltage": "3.8 V",
    }
    case = js.Case.load(CASES / "pressed_pellet.toml", changes)
    with pytest.raises(js.ConvergenceError, match=r"failed at t = .*field"):
        js.run(case, output=tmp_path / "failed", progress=False)
    result = js.load_result(tmp_path / "failed")
    assert not result.summary["completed"]
    assert "field" in result.summary["failure"]
    assert len(result["Time [s]"].entries) >= 1
