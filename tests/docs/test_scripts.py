"""docs/scripts.md runs as it stands, and says what Ohm's law says."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "scripts.md"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What all scripts of the page leave behind, run one after another."""
    names: dict[str, Any] = {}
    with contextlib.chdir(tmp_path_factory.mktemp("scripts")):
        _run(names)
    names["result_of_setup"].path = names["folder"] / names["result_of_setup"].path
    return names


def _run(names: dict[str, Any]) -> None:
    names["folder"] = Path.cwd()
    for script in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        exec(script, names)
        if "symmetric" in script:
            names["result_of_setup"] = names["result"]


def test_the_page_imports_nothing_else_of_ours() -> None:
    imports = re.findall(r"^(?:import|from) (\S+)", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(imports) == {"joulestack", "math", "dataclasses", "ufl"}


def test_the_script_runs(found: dict[str, Any]) -> None:
    row = next(r for r in found["cell"].rows if r["Time [s]"] == 600.0)
    # 500 um at 0.1 S/m and two interfaces of 2e-3 Ohm m2 at 10 A/m2; warm electrolyte has less.
    warmer = row["Temperature max [K]"] / 298.15
    drop = 10.0 * (5e-3 / warmer + 4e-3)
    assert row["Voltage [V]"] == pytest.approx(-drop, rel=1e-4)
    assert row["Temperature max [K]"] > 298.15


def test_the_held_voltage_is_stopped_at_its_charge(found: dict[str, Any]) -> None:
    """-1 mA for 990 s and then what 50 mV drive, until 0.994 C are through."""
    cell = found["cell"]
    assert cell.row["Voltage [V]"] == pytest.approx(-0.05)
    assert cell.observer.integrals["charge"] == pytest.approx(0.994, rel=1e-5)
    ohms = 90.0 * (1 - 5 / 9 * (1 - 298.15 / cell.row["Temperature max [K]"]))
    assert cell.row["Current [A]"] == pytest.approx(0.05 / ohms, rel=1e-4)
    assert [s.time for s in cell.snapshots] == [700.0, 800.0, *range(901, 990)]


def test_the_folder_is_that_of_the_run_in_memory(found: dict[str, Any]) -> None:
    result, cell = found["result_of_setup"], found["cell"]
    assert result["Voltage [V]"](600.0) == pytest.approx(cell["Voltage [V]"](600.0), rel=1e-9)
    assert result.summary["completed"]
    assert result.summary["heat_J"]["Joule ionic"] == pytest.approx(0.03, rel=1e-4)
    assert len(result.field_times) == 61
    assert result.manifest["title"] == "Li | separator | Li"
    for name in ("temperature.png", "timeseries.png", "references.bib", "fields.pvd"):
        assert (result.path / name).is_file()


def test_the_decay_gives_its_heat(found: dict[str, Any]) -> None:
    """1e7 J/m3 in 500 um x 1 cm2, but for what is left."""
    left = found["hot"].model.states["part"].blocks[0].value.x.array.mean()
    assert 0.0 < left < 0.7
    released = found["hot"].heat["decomposition"]
    assert released == pytest.approx(1e7 * 500e-6 * 1e-4 * (1 - left), rel=2e-3)
