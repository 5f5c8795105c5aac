"""Cells built and solved with `import joulestack as js` alone, against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js

START, AREA, L, FOIL = 298.15, 1e-4, 500e-6, 50e-6
SIGMA, R, H, FLOW = 0.1, 2e-3, 100.0, 10.0
MAX, MIN = "Temperature max [K]", "Temperature min [K]"
VOLTAGE = -FLOW * (L / SIGMA + 2 * R)
"""[V]: ohmic, of constant properties."""

lithium = js.GivenMedium("metal", k=85.0, rho_cp=1.9e6, sigma_s=1e7, electrode_potential=0.0)
separator = js.GivenMedium("separator", k=0.5, rho_cp=1.8e6, sigma_e=SIGMA)


def cell(**changes: Any) -> js.Setup:
    layers = js.LayerSpec("below", FOIL), js.LayerSpec("separator", L), js.LayerSpec("above", FOIL)
    met = js.contact(lithium, separator, charge_transfer=R)
    given: dict[str, Any] = {
        "media": {"below": lithium, "separator": separator, "above": lithium},
        "start_temperature": START,
        "contacts": {("below", "separator"): met, ("separator", "above"): met},
        "faces": {"bottom": [js.FaceCondition(coefficient=H, ambient=START)]},
        "drive": js.Drive("bottom", "top", current=FLOW * AREA),
        "area": AREA,
    }
    return js.Setup(js.build(js.Line(layers)), **(given | changes))


def test_steady_symmetric_cell() -> None:
    """All heat leaves through the film; inside the separator's Joule heat bends the profile."""
    found = js.solve(cell())
    joule, interface = FLOW**2 * L / SIGMA, FLOW**2 * R
    assert found.row["Voltage [V]"] == pytest.approx(VOLTAGE, rel=1e-6)
    # W/m2: from above come one interface's heat, and what the separator makes beyond x.
    film = (joule + 2 * interface) / H
    below = (joule + 2 * interface) * FOIL / 85.0
    inside = interface * L / 0.5 + joule * L / 2 / 0.5
    assert found.row[MAX] - START == pytest.approx(film + below + inside, rel=1e-6)
    drop = (joule + 2 * interface) * (1 / H)
    assert found.row[MIN] - START == pytest.approx(drop, rel=1e-6)
    assert max(found.balances.values()) < 1e-8


def test_a_slab_with_a_film_in_time() -> None:
    """Lumped: the rise is q L/h (1 - exp(-t h/(rho c L)))."""
    slab = js.GivenMedium("slab", k=1e4, rho_cp=2e6)
    q, length = 1e5, 1e-3
    setup = js.Setup(
        js.build(js.Line((js.LayerSpec("slab", length, cells=2),))), {"slab": slab}, START,
        faces={"top": [js.FaceCondition(coefficient=H, ambient=START)]}, heat_sources={"slab": q},
    )  # fmt: skip
    found = js.solve(setup, until=40.0, tolerances=js.Tolerances(1e-5, 1e-7))
    t = found["Time [s]"].entries
    exact = q * length / H * (1 - np.exp(-t * H / (2e6 * length)))
    rise = found[MAX].entries - START
    assert np.abs(rise - exact).max() < 1e-3 * exact.max()
    assert exact.max() > 0.8


@pytest.mark.parametrize("continued", [[150.0, 600.0], [60.0, 61.0, 400.0, 600.0]])
def test_going_on_is_one_go(continued: list[float]) -> None:
    """The rise and the heat to 1e-4 of themselves."""
    whole, parts = js.solve(cell(), until=600.0), js.Simulation(cell())
    for until in continued:
        assert parts.advance(until) == ()
    rise = whole.row[MAX] - START
    assert parts.row[MAX] - START == pytest.approx(rise, rel=1e-4)
    assert parts.heat == pytest.approx(whole.heat, rel=1e-4)
    assert parts.balances["energy_balance_relative"] < 2e-3


def test_a_function_and_its_table_agree() -> None:
    """Of the current, the coefficient and the flux, in one run."""
    fine = {"tolerances": js.Tolerances(1e-5, 1e-6)}
    table = {
        "current": js.Profile((0, 100, 200), (0, FLOW * AREA, FLOW * AREA)),
        "coefficient": js.Profile((0, 200), (50, 150)),
        "inflow": js.Profile((0, 100, 100), (0, 0, 20)),
    }
    function = {
        "current": lambda t: FLOW * AREA * min(1.0, t / 100),
        "coefficient": lambda t: 50 + t / 2,
        "inflow": lambda t: 0.0 if t <= 100 else 20.0,
    }
    ends = []
    for given in (table, function):
        film = js.FaceCondition(coefficient=given["coefficient"], ambient=START)
        faces = {"bottom": [film], "top": [js.FaceCondition(inflow=given["inflow"])]}
        drive = js.Drive("bottom", "top", current=given["current"])
        landings = () if given is table else (100.0,)
        setup = cell(faces=faces, drive=drive)
        ends.append(js.solve(setup, until=200.0, landings=landings, **fine))
    first, second = ends
    assert first.row["Voltage [V]"] == pytest.approx(VOLTAGE, rel=1e-6)
    rise = first.row[MAX] - START
    assert rise > 0.03
    assert second.row[MAX] - START == pytest.approx(rise, rel=1e-4)
    assert first["Time [s]"].entries.tolist().count(100.0) == 2  # before and after the jump


def test_a_steady_state_stays() -> None:
    found = js.solve(cell())
    before = found.row[MAX] - START
    found.advance(500.0)
    assert found.row[MAX] - START == pytest.approx(before, rel=1e-8)


def test_another_load_and_another_start() -> None:
    """A voltage held gives the current of Ohm's law; a restart gives the first run again."""
    found = js.Simulation(cell())
    found.advance(600.0)
    first = found.row[MAX]
    found.follow(js.Drive("bottom", "top", voltage=2 * VOLTAGE))
    assert found.row["Current [A]"] == pytest.approx(2 * FLOW * AREA, rel=1e-6)
    kernels = found.kernels
    found.restart()
    found.advance(600.0)
    assert found.row[MAX] == pytest.approx(first, abs=1e-10)
    assert found.kernels == kernels


def test_stops_end_it_and_are_told() -> None:
    found = js.Simulation(cell())
    hot = js.Stop("warm", lambda: START + 0.005 - found.observer.hottest(), 1e-6)
    assert found.advance(1e4, stops=[hot]) == (hot,)
    assert found.row[MAX] == pytest.approx(START + 0.005, abs=2e-6)
    assert found.time == found["Time [s]"].entries[-1] < 1e4


def test_measurements_of_a_setup(tmp_path: Path) -> None:
    """Impedance from the electrolyte's resistance to all of it; both by a plateau of current."""
    bulk, whole = L / SIGMA / AREA, -VOLTAGE / FLOW / AREA
    ends = (1e-3, 1e4)  # below the arc of the dielectric, 1.8 GHz
    found = js.impedance(cell(), tmp_path, frequencies=ends, double_layer="10 uF/cm^2")
    assert found.direct == pytest.approx(whole, rel=1e-6)
    # Two charge transfers R of a double layer C in parallel each.
    s = 2j * math.pi * found.frequency
    exact = bulk + 2 * R / AREA / (1 + s * R * 0.1)
    assert np.abs(found.impedance - exact).max() < 1e-4 * whole
    assert (tmp_path / "impedance.png").is_file()
    dc = js.polarisation(cell(), voltage="50 mV", duration="10 s")
    assert dc.current[-1] == pytest.approx(0.05 / whole, rel=1e-6)


def test_thermal_wave_of_a_setup() -> None:
    slab = js.GivenMedium("slab", k=0.6, rho_cp=1.5e6)
    mesh = js.build(js.Line((js.LayerSpec("slab", 1e-3),)))
    found = js.thermal_wave(js.Setup(mesh, {"slab": slab}, START))
    np.testing.assert_allclose(found.diffusivity, 0.6 / 1.5e6, rtol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cell(media={"below": lithium}), r"media\['separator'\]: is missing"),
        (lambda: cell(faces={"botom": []}), 'unknown face "botom".*did you mean "bottom"'),
        (lambda: cell(contacts={("below", "seperator"): js.Contacts()}), "did you mean .separator"),
        (lambda: cell(heat_sources={"anode": 1.0}), 'unknown layer "anode"'),
        (lambda: js.solve(cell(drive=js.Drive("bottom", "top"))), "says no load"),
        (lambda: js.solve(cell(), until=0.0), "give a later time"),
        (lambda: js.solve(cell(), at=[1.0]), "no effect on a steady state"),
        (lambda: js.impedance(cell(), layer="anode"), 'unknown layer "anode"'),
        (lambda: js.polarisation(cell(), voltage="50 mV"), "duration: is missing"),
        (lambda: js.impedance(cell(drive=None)), "names the terminals"),
        (lambda: js.run(cell()), "a setup has no name"),
        (lambda: js.run("case.toml", until=3.0), "a case says itself"),
        (lambda: js.material("Li6PS5Cl", moulding_presure=1e8), "moulding_presure: unknown key"),
        (lambda: js.material("Li6PS5Cl"), "nothing says how hard"),
        (lambda: js.contact(lithium, separator, electronic=1.0), "no effect between"),
    ],
)  # fmt: skip
def test_bad_input(call: Any, message: str) -> None:
    with pytest.raises(js.CaseError, match=f"(?s){message}"):
        call()


def test_a_drive_of_other_terminals() -> None:
    with pytest.raises(js.CaseError, match="has bottom and top"):
        js.Simulation(cell()).follow(js.Drive("top", "bottom", current=0.0))


def test_materials_of_the_library_are_those_of_a_case() -> None:
    """Pressed at 370 MPa: by name and by a case."""
    table: dict[str, Any] = {
        "joulestack": 1,
        "cell": {
            "geometry": "line", "area": "1 cm^2", "stack_pressure": "50 MPa",
            "layers": [{"name": "a", "material": "se", "thickness": "500 um"}],
        },
        "materials": {"se": {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"}},
        "thermal": {"faces": {}},
        "time": {"end": "1 s"},
    }  # fmt: skip
    by_case = js.Case.from_dict(table).media()["a"]
    by_name = js.material("Li6PS5Cl", moulding_pressure="370 MPa")
    state = js.State(T=310.0, p=60e6, p_max=60e6)
    for name in ("ionic_conductivity", "thermal_conductivity", "relative_density"):
        assert getattr(by_name, name)(state) == getattr(by_case, name)(state)
    loose = js.material("Li6PS5Cl", moulding_pressure=1e8)
    assert loose.relative_density(state) < by_name.relative_density(state)


def test_pressed_cell_of_the_library_by_script_and_by_case(tmp_path: Path) -> None:
    """One cell twice: media, contacts, conditions."""
    case = js.Case.from_dict(
        {
            "joulestack": 1,
            "cell": {
                "geometry": "line", "area": "1 cm^2", "stack_pressure": "10 MPa",
                "layers": [
                    {"name": "below", "material": "lithium", "thickness": "50 um"},
                    {"name": "separator", "material": "se", "thickness": "500 um"},
                    {"name": "above", "material": "lithium", "thickness": "50 um"},
                ],
            },
            "materials": {"se": {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"}},
            "load": {"current_density": "1 mA/cm^2"},
            "interfaces": [{"between": ["below", "separator"], "voids": "none"}],
            "thermal": {"faces": {"bottom": {
                "kind": "convection", "coefficient": "100 W/(m^2 K)", "ambient": "25 degC"}}},
            "time": {"end": "5 min"},
            "outputs": {"pictures": False},
        }
    )  # fmt: skip
    by_case = js.run(case, tmp_path / "case", progress=False)
    metal, pressed = js.material("lithium"), js.material("Li6PS5Cl", moulding_pressure="370 MPa")
    met = js.contact(metal, pressed)
    by_script = js.solve(
        cell(
            media={"below": metal, "separator": pressed, "above": metal},
            contacts={("below", "separator"): met, ("separator", "above"): met},
            pressure=lambda t: 10e6,
        ),
        until=300.0,
    )
    assert by_script.row["Voltage [V]"] == pytest.approx(by_case["Voltage [V]"](300.0), rel=1e-6)
    rise = by_case[MAX](300.0) - START
    assert by_script.row[MAX] - START == pytest.approx(rise, rel=1e-5)
    own = js.solve(replace(js.setup_of(case), drive=by_script.setup.drive), until=300.0)
    assert own.row["Voltage [V]"] == pytest.approx(by_script.row["Voltage [V]"], rel=1e-6)


def test_a_failed_run_keeps_its_records(tmp_path: Path) -> None:
    """A coefficient that breaks off at 50 s: the folder has what was before, and says why."""

    def breaks(t: float) -> float:
        return 100.0 if t < 50.0 else math.nan

    faces = {"bottom": [js.FaceCondition(coefficient=breaks, ambient=START)]}
    with pytest.raises(js.ConvergenceError):
        js.run(cell(faces=faces), tmp_path / "run", until=100.0, progress=False)
    result = js.load_result(tmp_path / "run")
    assert not result.summary["completed"]
    assert result.summary["failure"]
    assert 0.0 < result["Time [s]"].entries[-1] < 50.0
