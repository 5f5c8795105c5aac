"""A run says where and when a material melts or leaves its window, and may stop there."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

import joulestack as js
from joulestack.errors import CaseError
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.materials.property import user_property

MELTS = 453.69
"""Lithium [K], JANAF."""


def foil(**changes: Any) -> js.Case:
    """A foil of lithium on copper, heated from above; nothing flows out below."""
    layers = [
        {"name": "copper", "material": "copper", "thickness": "10 um"},
        {"name": "lithium", "material": "lithium", "thickness": "200 um"},
    ]
    table = {
        "joulestack": 1,
        "cell": {
            "geometry": "line",
            "area": "1 cm^2",
            "layers": layers,
            "start_temperature": "170 degC",
        },
        "thermal": {"faces": {"top": {"kind": "heat flux", "flux": "10 kW/m^2"}}},
        "time": {"end": "2 s"},
        "outputs": {"pictures": False},
    }
    return js.Case.from_dict(table).replace(changes)


def told(caplog: pytest.LogCaptureFixture, text: str) -> list[str]:
    return [r.getMessage() for r in caplog.records if text in r.getMessage()]


def test_it_is_told_once_and_the_run_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = js.run(foil(), tmp_path / "on", progress=False)
    (message,) = told(caplog, "lithium melts at 180.5 degC: reached")
    assert "in lithium at z = 210 um" in message  # the heated end is the hottest
    assert "Chase1998" in message
    (found,) = result.summary["ceilings"]
    hottest = result["lithium temperature max [K]"]
    beyond = hottest.times[hottest.entries >= MELTS]
    assert found["time_s"] == beyond[0]
    assert found["furthest"] == pytest.approx(hottest.entries.max())
    assert result.summary["end_time_s"] == pytest.approx(2.0)
    assert result.summary["stopped_by"] is None


def test_a_run_stops_there_if_the_case_says_so(tmp_path: Path) -> None:
    """Its last state is that of the melting point; the time that of the heat that it takes."""
    case = foil(**{"time.stop.ceilings": ["melting"]})
    result = js.run(case, tmp_path / "stops", progress=False)
    assert result.summary["stopped_by"].startswith("lithium melts at 180.5 degC")
    hottest = result["lithium temperature max [K]"].entries
    assert hottest[-1] == pytest.approx(MELTS, abs=2e-4)
    assert hottest.max() < MELTS + 2e-4
    # Lumped: 10 kW/m2 into 200 um of lithium (2.2 MJ/(m3 K)) and 10 um of copper (3.45).
    assert result.summary["end_time_s"] == pytest.approx(
        (MELTS - 443.15) * (0.534e3 * 4200 * 200e-6 + 3.45e6 * 10e-6) / 1e4, rel=0.03
    )


def test_a_start_beyond_it_is_refused(tmp_path: Path) -> None:
    case = foil(**{"time.stop.ceilings": ["melting"], "cell.start_temperature": "200 degC"})
    with pytest.raises(CaseError, match="passed at the start already"):
        js.run(case, tmp_path / "hot", progress=False)


@pytest.mark.parametrize("degree", [1, 2])
def test_a_script_stops_at_a_ceiling_of_its_own(degree: int) -> None:
    """Even heating, nothing lost: 1 K takes rho c/q seconds."""
    law = user_property("decomposition_temperature", "K", 301.0, "slab")
    slab = js.GivenMedium("slab", k=1e4, rho_cp=2e6, ceilings=(law,))
    tagged = js.build(js.Line((js.LayerSpec("slab", 1e-3, cells=2),)))
    setup = js.Setup(tagged, {"slab": slab}, 300.0, heat_sources={"slab": 1e5}, degree=degree)
    simulation = js.Simulation(setup)
    ceilings = simulation.observer.ceilings
    (met,) = simulation.advance(100.0, stops=ceilings.stops(["decomposition"]))
    assert "slab decomposes at 27.85 degC, reached in slab" in met.name
    assert simulation.time == pytest.approx(20.0, abs=0.01)
    simulation.advance(30.0)
    assert len(ceilings.said()) == 1
    simulation.restart()
    assert ceilings.said() == []


def test_windows(caplog: pytest.LogCaptureFixture) -> None:
    """Of an electrolyte beside lithium, and all but at rest, U between electrons and ions."""
    window = (
        user_property("reduction_potential", "V", 1.71, "sulfide"),
        user_property("oxidation_potential", "V", 2.15, "sulfide"),
    )
    metal = js.GivenMedium("lithium", k=85.0, rho_cp=1.9e6, sigma_s=1e7, electrode_potential=0.0)
    separator = js.GivenMedium("sulfide", k=0.5, rho_cp=1.8e6, sigma_e=0.1, ceilings=window)
    reaction = VolumetricChargeTransfer(1e6, 1e-2, 3.8)
    cathode = js.GivenMedium(
        "composite", k=0.5, rho_cp=2e6, sigma_s=10.0, sigma_e=0.05, charge_transfer=reaction,
        ceilings=window,
    )  # fmt: skip
    layers = ("anode", 20e-6), ("separator", 30e-6), ("cathode", 50e-6)
    setup = js.Setup(
        js.build(js.Line(tuple(js.LayerSpec(n, size, cells=8) for n, size in layers))),
        {"anode": metal, "separator": separator, "cathode": cathode},
        298.15,
        drive=js.Drive("bottom", "top", current=-1.0),  # 1 A/m2
        faces={"bottom": [js.FaceCondition(temperature=298.15)]},
        contacts={("anode", "separator"): js.Contacts(charge_transfer=js.GivenResistance(1e-3))},
    )
    simulation = js.Simulation(setup)
    with caplog.at_level(logging.WARNING, "joulestack"):
        simulation.steady()
    assert len(told(caplog, "sulfide is reduced below 1.71 V")) == 1
    assert "in separator, touching lithium" in told(caplog, "is reduced")[0]
    found = {(w["layer"], w["event"]): w for w in simulation.observer.ceilings.summary()}
    assert set(found) == {("separator", "reduction"), ("cathode", "oxidation")}
    assert found["cathode", "oxidation"]["furthest"] == pytest.approx(3.8, abs=5e-3)


def test_a_resumed_run_tells_it_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = js.Simulation(js.setup_of(foil()))
    simulation.advance(1.5)
    simulation.save(tmp_path / "state.h5")
    assert len(simulation.observer.ceilings.said()) == 1
    caplog.clear()
    with caplog.at_level(logging.WARNING, "joulestack"):
        simulation.restore(tmp_path / "state.h5")
        simulation.advance(1.6)
    assert len(told(caplog, "lithium melts")) == 1
