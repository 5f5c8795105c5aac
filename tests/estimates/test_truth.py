"""What `check` says of a case is what the case does: roles, durations, surroundings, sources."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from joulestack.case import Case
from joulestack.case.protocol.estimate import one_by_one
from joulestack.estimates import evaluate
from joulestack.estimates.report import print_report
from tests.case.protocol.test_forms import case
from tests.case.samples import SAMPLES

CELL = Path(__file__).parents[2] / "cases" / "nmc_lpscl_cell.toml"
GRAPHITE = {"materials.cathode.active": "graphite", "materials.cathode.coating": None}


def printed(made: Case) -> str:
    out = io.StringIO()
    print_report(made, evaluate(made), Console(file=out, width=200, highlight=False))
    return " ".join(out.getvalue().split())


def cell(soc: float, protocol: list[Any], **changes: Any) -> Case:
    given = {"load.protocol": protocol, "cell.state_of_charge": soc}
    return Case.load(CELL, given | changes)


def hours(made: Case) -> list[float]:
    figures = evaluate(made)
    found = one_by_one(made.protocol, made.capacity, figures.voltage, figures.left)
    return [e.duration / 3600 for e in found]


def test_a_small_current_is_given_its_time() -> None:
    made = cell(1.0, ["Discharge at C/100 until 3.0 V"])
    assert hours(made) == pytest.approx([100.0])
    assert made.protocol.steps[0].duration == pytest.approx(200 * 3600.0)
    assert "about 100 h" in printed(made)


def test_durations_count_from_where_the_cell_is() -> None:
    steps = ["Discharge at C/2 until 3 V", "Charge at C/4 until 4.2 V", "Discharge at C/2 for 1 h"]
    assert hours(cell(0.6, steps)) == pytest.approx([1.2, 4.0, 1.0])
    steps = ["Charge at C/2 until 90 % SOC", "Discharge at C/2 until SOC 0.2"]
    assert hours(cell(0.6, steps)) == pytest.approx([0.6, 1.4])


def test_lithium_and_graphite_are_charged_at_the_higher_voltage() -> None:
    """Graphite at the positive terminal: a charge of the cell takes lithium out of it."""
    steps = ["Charge at C/2 until 1 V", "Discharge at C/2 until 0.1 V"]
    made = cell(0.25, steps, **GRAPHITE)
    low, high = evaluate(made).voltage_window
    assert low == pytest.approx(0.09, abs=0.01)
    assert high == pytest.approx(1.06, abs=0.01)
    assert hours(made) == pytest.approx([0.5, 2.0])
    steps = ["Charge at C/2 until 10 % SOC", "Discharge at C/2 until 50 % SOC"]
    ends = [s.ends[0].rising for s in cell(0.25, steps, **GRAPHITE).protocol.steps]
    assert ends == [False, True]
    assert hours(cell(0.25, steps, **GRAPHITE)) == pytest.approx([0.3, 0.8])


def heated(flux: str, step_flux: str | None) -> Case:
    """A line without electricity but for a resting cell, a heater below, air above."""
    table = SAMPLES["pellet"]()
    air = {"kind": "convection", "coefficient": "50 W/(m^2 K)", "ambient": "25 degC"}
    table["thermal"]["faces"] = {"bottom": {"kind": "heat flux", "flux": flux}, "top": air}
    step: dict[str, Any] = {"step": "Rest for 1 h"}
    if step_flux is not None:
        step["heat_flux"] = {"bottom": step_flux}
    return Case.from_dict({**table, "load": {"protocol": [step]}, "time": {}})


def test_heat_fluxes_of_steps_count() -> None:
    """All of the flux leaves on top: a rise of q/h there, and q times what lies before it."""
    by_face = evaluate(heated("100 W/m^2", None))
    by_step = evaluate(heated("0 W/m^2", "100 W/m^2"))
    assert by_step.steady_rise == pytest.approx(by_face.steady_rise, rel=1e-12)
    behind = sum(la.thickness / la.thermal_conductivity for la in by_face.layers)
    resist = 1 / 50 + behind + sum(c.resistance for c in by_face.contacts if "th" in c.transport)
    assert 100 / 50 < by_step.steady_rise < 100 * resist
    assert by_step.rise_around == pytest.approx(by_step.steady_rise)
    assert "by surroundings and given heat fluxes alone" in printed(heated("0 W/m^2", "1 W/m^2"))
    assert evaluate(heated("0 W/m^2", None)).steady_rise == pytest.approx(0.0, abs=1e-9)


def test_a_rise_without_heat_is_that_of_the_surroundings() -> None:
    made = heated("0 W/m^2", None).replace({"thermal.faces.top.ambient": "99.9 degC"})
    figures = evaluate(made)
    assert figures.heat == 0
    assert figures.rise_around == figures.steady_rise == pytest.approx(74.9)
    assert "74.9 K by surroundings and given heat fluxes alone" in printed(made)


def test_an_ambient_of_the_step_counts() -> None:
    made = heated("0 W/m^2", None).replace({"load.protocol": ["Rest for 1 h at 35oC"]})
    assert evaluate(made).steady_rise == pytest.approx(10.0)


def test_numbers_that_are_overridden_are_not_listed_as_unsourced() -> None:
    table = SAMPLES["pellet"]()
    unsourced = next(w for w in evaluate(Case.from_dict(table)).warnings if "without a source" in w)
    assert "PEEK" not in unsourced  # a maker's sheet
    table["cell"]["die"][0]["material"] = "alumina"
    unsourced = next(w for w in evaluate(Case.from_dict(table)).warnings if "without a source" in w)
    assert "alumina: thermal_conductivity" in unsourced
    assert "alumina: density" not in unsourced
    table["materials"]["own alumina"] = {
        "material": "alumina",
        "overrides": {"thermal_conductivity": "30 W/(m K)"},
    }
    table["cell"]["die"][0]["material"] = "own alumina"
    own = next(w for w in evaluate(Case.from_dict(table)).warnings if "without a source" in w)
    assert "alumina" not in own


def test_molten_lithium_is_told() -> None:
    hot = Case.from_dict(SAMPLES["pellet"]()).replace({"cell.start_temperature": "200 degC"})
    assert any("lithium melts at 180.5 degC" in w for w in evaluate(hot).warnings)
    assert not any("melts" in w for w in evaluate(case({"protocol": ["Rest for 1 h"]})).warnings)


def test_a_resistor_at_the_start() -> None:
    figures = evaluate(case({"protocol": ["Discharge at 1 kOhm for 1 h"]}))
    inner = figures.resistance / figures.area
    assert figures.current == pytest.approx(figures.open_circuit_voltage / (1000 + inner), rel=1e-5)
    assert figures.voltage == pytest.approx(1000 * figures.current)
    assert not math.isnan(figures.heat)


def test_notes_of_sentences_are_told() -> None:
    made = case({"protocol": ["Rest for 1 h (5 minute period)"]})
    assert "the period of 5 minute is left aside" in printed(made)


def test_check_says_what_the_side_of_a_die_has() -> None:
    made = Case.from_dict(SAMPLES["pellet"]())
    assert "face side with die_bottom, die_top" in printed(made)
    table = SAMPLES["pellet"]()
    table["thermal"]["faces"] |= {"die_top": {"kind": "adiabatic"}}
    assert "face side with die_bottom" in printed(Case.from_dict(table))
