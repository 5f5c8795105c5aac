"""Sentences and protocols that are refused: the message points, and says what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case.reading import Source, override
from joulestack.case.validation import validate
from joulestack.errors import CaseError, Problem
from tests.case.samples import SAMPLES

GRAMMAR = "A step reads: Discharge|Charge at <current, C-rate, power or resistance>"

SENTENCES: list[tuple[str, str, str]] = [
    ("Dischrage at 1C until 2.5 V", '"Dischrage" is not understood', 'did you mean "Discharge"?'),
    ("Fly to the moon", '"Fly" is not understood', GRAMMAR),
    ("", "the step is empty", GRAMMAR),
    ("Charge", "says no current, C-rate, power or resistance", '"Charge at C/3 until 4.2 V"'),
    ("Hold", "says no voltage and no end", '"Hold at 4.2 V until C/20"'),
    ("Rest 10 min", '"for" is missing before "10 min"', 'write "for 10 min"'),
    ("Discharge at 1C 2.5 V", '"until" is missing before "2.5 V"', 'write "until 2.5 V"'),
    ("Discharge at 1C for 1 h 2.5 V", '"until" is missing before "2.5 V"', "until 2.5 V"),
    ("Charge with 1C for 1 h", '"at" is missing before "with"', GRAMMAR),
    ("Charge at 1C untill 4.2 V", '"untill" is not understood', 'did you mean "until"?'),
    ("Charge at 1C until 4.2 V and 45 degC", '"and" is not understood', GRAMMAR),
    ("Charge at 1C fro 1 h", '"fro" is not understood', 'did you mean "for"?'),
    ("Charge at for 1 h", 'has nothing after "at"', 'a current ("50 mA")'),
    ("Charge at 1C until", 'has nothing after "until"', 'a voltage ("4.2 V")'),
    ("Charge at 1C for 1 h or", 'ends after "or"', GRAMMAR),
    ("Charge at 1C for 1 h or 4.2 V", '"until" is missing before "4.2"', GRAMMAR),
    ("Charge at 1C for 1 h for 2 h", '"for" is given twice', "keep one duration"),
    ("Rest for 10 minuts", 'unknown unit "minuts"', 'did you mean "minutes"?'),
    ("Rest for ten minutes", "does not start with a number", 'a time ("30 min")'),
    ("Rest for 10", '"10" has no unit', 'a time ("30 min")'),
    ("Rest for 5 min at 25 oC at 30 oC", '"at" is given twice', "keep one temperature"),
    ("Rest for 5 min at 4000 oC", "out of range", "3000 K"),
    ("Rest for 5 min (1 minit period)", '"1 minit" is no period', "(5 minute period)"),
    ("Rest for 5 min (period)", '"" is no period', "(5 minute period)"),
    ("Rest", '"Rest" has no end', 'add "for <time>"'),
    ("Rest for 0 s", "0 s is no duration", "above 0 s"),
    ("Rest for -5 min", "-5 min is no duration", "above 0 s"),
    ("Rest for 5 mA", '"5 mA" is a current', 'a time ("30 min")'),
    ("Rest until 1 mA", "there is no current", "until 2.5 V"),
    ("Rest until 1 mAh", "a rest moves no charge", "for 1 h"),
    ("Discharge at 1C", "has no end", "until 2.5 V"),
    ("Discharge at -1C for 1 h", "the verb gives the direction", '"Charge at 1C"'),
    ("Discharge at 0 A for 1 h", "0 A moves nothing", "Rest for 10 minutes"),
    ("Discharge at 3.7 V for 1 h", '"3.7 V" is a voltage', '"Hold at 3.7 V"'),
    ("Discharge at 5 m for 1 h", '"5 m" is a length', 'a current ("50 mA")'),
    ("Discharge at 5 for 1 h", '"5" has no unit', 'a C-rate ("C/3")'),
    ("Discharge at C/0 for 1 h", "divides by zero", "C-rate"),
    ("Discharge at 1 mA until 5 MPa", '"5 MPa" is a pressure', 'a voltage ("4.2 V")'),
    ("Discharge at 1 mA until 2 h", '"2 h" is a time', '"for 2 h"'),
    ("Discharge at 1 mA until 2 W", "which cannot end a step", 'a voltage ("4.2 V")'),
    ("Discharge at 1 mA until 2 mWh", '"2 mWh" is', 'a capacity ("2 mAh")'),
    ("Discharge at 1 mA until 2 mA", "the current is prescribed", '"until 2 mAh"'),
    ("Charge at 1C until 45 C", 'a temperature is "45 degC"', "until 2.5 V"),
    ("Discharge at 1 mA until 0 mAh", "is never reached", "above 0"),
    ("Discharge at 1 mA until 5000 degC", "out of range", "3000 K"),
    ("Discharge at 1 mA until 2.5 V or until 2 V", "2.5 V and at 2 V", "one end of each"),
    ("Discharge at 1 mA until 9 Ah", "is more than the cell holds", "give less"),
    ("Discharge at 1 mA until 20 degC", "is reached at the start", "25 degC"),
    ("Discharge at 1 mA until 80 %", '"80 %" is', 'a voltage ("4.2 V")'),
    ("Discharge at 1 mA until 2.5", '"2.5" has no unit', 'a voltage ("4.2 V")'),
    ("Discharge at 2,5 mA for 1 h", "a comma in its number", 'a decimal point: "2.5 mA"'),
    ("Discharge at 1C until 2,5 V", "a comma in its number", 'a decimal point: "2.5 V"'),
    ("Discharge at 1C for 1,5 h", "a comma in its number", 'a decimal point: "1.5 h"'),
    ("Discharge at 0,33C for 1 h", "a comma in its number", 'a decimal point: "0.33C"'),
    ("Hold at 4.2 V", '"Hold at 4.2 V" has no end', "until C/20"),
    ("Hold at 4.2 V until 4.3 V", "the voltage is held", "until C/20"),
    ("Hold at 4.2 V until 0 A", "is never reached", "above 0"),
    ("Hold at 5 mA for 1 h", "only a voltage or a resistance is held", '"Charge at 5 mA"'),
    ("Rest for 1 h;", '"h;" is not a unit', 'a time ("30 min")'),
    ("Rest for 1 h; then charge", 'ends after "Charge"', '"Charge at C/3 until 4.2 V"'),
    ("Rest for 1 h then Run cycle.csv (A)", "a run follows", "a line of its own"),
    ("Rest for 1 h then hold until C/20", "names no voltage", '"Hold at 4.2 V until C/20"'),
    ("Rest for 1e999 h", "is not a finite number", 'a time ("30 min")'),
    ("Rest for 1e300 h", "longer than a hundred years", "give less"),
    ("Discharge at 1e309 A for 1 h", "is not a finite number", 'a current ("50 mA")'),
    ("Discharge at C/2 until SOC 0.5", "no electrode has particles", "until 2.5 V"),
    ("Discharge at C/2 until 120 % SOC", "out of range", "20 % SOC"),
    ("Rest until 50 % SOC", "a rest moves no charge", "for 1 h"),
    ("CCCV at 1C to 4.2 V", "does not say what ends the hold", "CCCV at 1C to 4.2 V until C/50"),
    ("CCCV at 1C", "does not say current and voltage", "CCCV at 1C to 4.2 V until C/50"),
    ("Rest for 1 h x 0", "is repeated 0 times", "1 to 1000"),
    ("Discharge at <1 A for 1 h", '"<1 A" is a limit', "here a value"),
    ("Discharge at -4 Ohm for 1 h", "the verb gives the direction", '"Charge at 4 Ohm"'),
    ("Hold at 0 Ohm for 1 h", "is a short circuit", '"Hold at 0 V"'),
    ("Discharge at 4 Ohm until 2 Ohm", '"2 Ohm" is a resistance', 'a voltage ("4.2 V")'),
    ("Discharge at 50 MAh for 1 h", '"50 MAh" is', 'a current ("50 mA")'),
    ("Run", "names no file", GRAMMAR),
    ("Run for 5 min", "names no file", GRAMMAR),
    ("Run cycle.csv", "does not say what the file holds", '"Run cycle.csv (A)"'),
    ("Run cycle.csv (mA)", '"mA" is not what a file can hold', "(A), (C), (W), (V) or (Ohm)"),
    ("Run cycle.csv (V) until 3 V", "the voltage is held", "until C/20"),
    ("Run cycle.csv (A) until 3 A", "the current is prescribed", "until 2.5 V"),
    ("Run missing.csv (A)", "there is no file missing.csv", ""),
    (
        "Run cycle.csv (W)",
        '"power" is missing in cycle.csv, line 1, which has "time [s]", "current [mA]"',
        "wanted: time [s], power [W]",
    ),
    ("Run late.csv (A)", "late.csv starts at 5 s", "start at time 0"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cycle.csv").write_text("time [s],current [mA]\n0,1\n60,2\n")
    (tmp_path / "late.csv").write_text("time [s],current [mA]\n5,1\n60,2\n")
    return tmp_path


def problems(folder: Path, changes: dict[str, Any], name: str = "pellet") -> CaseError:
    base = {**SAMPLES[name](), "time": {}}
    with pytest.raises(CaseError) as error:
        validate(override(Source(base, folder, "case.toml"), changes))
    assert error.value.exit_code == 2
    return error.value


def place(problem: Problem) -> str:
    return problem.where.split(" (")[0]


@pytest.mark.parametrize(("text", "what", "remedy"), SENTENCES)
def test_sentence(folder: Path, text: str, what: str, remedy: str) -> None:
    (problem,) = problems(folder, {"load": {"protocol": [text]}}).problems
    assert place(problem) == "load.protocol[0]"
    assert what in str(problem), problem
    assert remedy in str(problem), problem


def test_there_are_enough() -> None:
    assert len({row[0] for row in SENTENCES}) == len(SENTENCES) >= 25


def test_the_wrong_word_is_marked(folder: Path) -> None:
    (problem,) = problems(folder, {"load": {"protocol": ["Rest fro 5 min"]}}).problems
    _, sentence, marks = problem.what.splitlines()
    assert sentence[marks.index("^") : marks.rindex("^") + 1] == "fro"


CHARGE, HOLD = "Charge at 1C until 4.2 V", "Hold at 4.1 V until C/20"
COLD = {"step": "Rest for 5 min", "ambient": "10 degC"}

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"protocol": []}, "load.protocol", "give at least 1"),
    ({"protocol": "Rest for 5 min"}, "load.protocol", "is not a list"),
    ({"protocol": [5]}, "load.protocol[0]", "write a sentence such as"),
    ({"protocol": [{}]}, "load.protocol[0].step", "is missing"),
    ({"protocol": [{"step": "Rest"}]}, "load.protocol[0]", "has no end"),
    (
        {"protocol": [{"step": "Rest for 1 s", "ambiant": 300}]},
        "load.protocol[0].ambiant",
        'did you mean "ambient"?',
    ),
    (
        {"protocol": [{"repeat": 2, "steps": [{"repeat": 2, "steps": [{**COLD, "colling": {}}]}]}]},
        "load.protocol[0].steps[0].steps[0].colling",
        'did you mean "cooling"?',
    ),
    ({"protocol": [{**COLD, "ambient": 20}]}, "load.protocol[0].ambient", "25 degC"),
    (
        {"protocol": [{"repeat": 0, "steps": ["Rest for 1 s"]}]},
        "load.protocol[0].repeat",
        "at least 1",
    ),
    ({"protocol": [{"repeat": 2}]}, "load.protocol[0].steps", "is missing"),
    (
        {"protocol": ["Rest for 1 s", {"repeat": 2, "steps": [CHARGE, "Rset for 1 s"]}]},
        "load.protocol[1].steps[1]",
        'did you mean "Rest"?',
    ),
    (
        {"protocol": [{"repeat": 1000, "steps": [CHARGE]}], "repeat": 1000},
        "load.repeat",
        "makes 1,000,000 steps",
    ),
    ({"protocol": [CHARGE, HOLD]}, "load.protocol[1]", "would discharge"),
    (
        {"protocol": ["Discharge at 1C until 2.5 V", "Hold at 3 V for 1 h"]},
        "load.protocol[1]",
        "would charge",
    ),
    # the repeat brings the hold after the charge
    (
        {"protocol": [{"repeat": 2, "steps": [HOLD, CHARGE]}]},
        "load.protocol[0].steps[0]",
        "until 4.1 V",
    ),
    ({"protocol": [CHARGE], "current": "1 A"}, "load", "is driven by current and protocol"),
    ({"protocol": [COLD], "steps": [{"rest": True, "duration": 1}]}, "load", "steps and protocol"),
    ({"current": "1 mA", "repeat": 2}, "load.repeat", "without steps or protocol"),
    (
        {"protocol": [{**COLD, "cooling": {"inside": 5}}]},
        "load.protocol[0].cooling.inside",
        "one of: bottom, top, side",
    ),
    (
        {"protocol": [{**COLD, "cooling": {"bottom": 5}}]},
        "load.protocol[0].cooling.bottom",
        "neither convection nor a cooling plate",
    ),
    (
        {"protocol": [{**COLD, "cooling": {"side": "-1 W/(m^2 K)"}}]},
        "load.protocol[0].cooling.side",
        "at least 0",
    ),
    ({"protocol": [{**COLD, "cooling": {}}]}, "load.protocol[0].cooling", "is empty"),
    (
        {"protocol": [{**COLD, "stack_pressure": "1e9 GPa"}]},
        "load.protocol[0].stack_pressure",
        "100 GPa",
    ),
    (
        {"protocol": [{**COLD, "heat_flux": {"side": "9 W/m^2"}}]},
        "load.protocol[0].heat_flux.side",
        "no heat flux",
    ),
    (
        {"protocol": [{**COLD, "heat_flux": {"sied": "9 W/m^2"}}]},
        "load.protocol[0].heat_flux.sied",
        'did you mean "side"?',
    ),
    (
        {"protocol": [{**COLD, "heat_flux": {"side": "9 W"}}]},
        "load.protocol[0].heat_flux.side",
        "W/m^2",
    ),
]


@pytest.mark.parametrize(("load", "where", "message"), CASES)
def test_protocol(folder: Path, load: dict[str, Any], where: str, message: str) -> None:
    error = problems(folder, {"load": load, "time.end": "1 h"})
    assert [place(p) for p in error.problems] == [where], error
    assert message in str(error.problems[0]), error


AROUND: list[tuple[dict[str, Any], str, str]] = [
    ({"time.steady": True}, "load.protocol", "in a steady run"),
    ({"time.stop": {"voltage_above": "4.1 V"}}, "load.protocol[0]", "voltage_above ends the run"),
    (
        {"time.stop": {"voltage_above": 4.2}, "load.protocol": ["Hold at 4.2 V until C/20"]},
        "load.protocol[0]",
        "voltage_above ends the run",
    ),
    ({"cell.capacity": "1000 A h"}, "cell.capacity", "times what the electrode holds"),
    ({"time.end": "1e300 h"}, "time.end", "out of range"),
    ({"time.stop": {"voltage_below": "4.3 V"}}, "load.protocol[0]", "voltage_below ends the run"),
    (
        {"thermal.faces": {}, "load.protocol": [COLD]},
        "load.protocol[0].ambient",
        "no face has surroundings",
    ),
    (
        {
            "cell.stack_pressure": {"time": [0, 5], "pressure": [1e6, 2e6]},
            "load.protocol": [{"step": CHARGE, "stack_pressure": 5e6}],
        },
        "load.protocol[0].stack_pressure",
        "excludes a cell.stack_pressure that is a table in time",
    ),
]


@pytest.mark.parametrize(("changes", "where", "message"), AROUND)
def test_what_is_around(folder: Path, changes: dict[str, Any], where: str, message: str) -> None:
    error = problems(folder, {"load": {"protocol": [CHARGE]}, **changes})
    assert [place(p) for p in error.problems] == [where], error
    assert message in str(error.problems[0]), error


UNKNOWN: list[tuple[dict[str, Any], str, str]] = [
    ({"protocol": [CHARGE]}, "load.protocol[0]", "a C-rate needs the capacity"),
    ({"protocol": ["Charge at 1 mA/cm2 for 1 s"]}, "load.protocol[0]", "needs the face area"),
    ({"protocol": ["Charge at 1 mA until 1 mAh/cm2"]}, "load.protocol[0]", "needs the face area"),
    ({"c_rate": 1}, "load", "a C-rate needs the capacity"),
    ({"steps": [{"c_rate": 1, "duration": 1}]}, "load", "a C-rate needs the capacity"),
]


@pytest.mark.parametrize(("load", "where", "message"), UNKNOWN)
def test_what_a_mesh_does_not_tell(
    folder: Path, load: dict[str, Any], where: str, message: str
) -> None:
    (folder / "cell.msh").write_text("$MeshFormat\nnot read here")
    error = problems(folder, {"load": load, "cell.area": None, "time.end": 1}, "mesh")
    assert [place(p) for p in error.problems] == [where], error
    assert message in str(error.problems[0]), error


def test_all_at_once(folder: Path) -> None:
    wrong = ["Rset for 5 min", CHARGE, "Hold at 4 V for 1 h", "Run b.csv (A)", {"step": "Rest"}]
    error = problems(folder, {"load": {"protocol": wrong}, "cell.diametre": 1})
    assert [place(p) for p in error.problems] == [
        "cell.diametre",
        *(f"load.protocol[{i}]" for i in (0, 4, 2, 3)),
    ]
