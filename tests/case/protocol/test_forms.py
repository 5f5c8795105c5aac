"""Every form of [load] as a protocol: order, cycles, surroundings, tables, the older forms."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.case.protocol import End, Protocol, Step
from joulestack.case.protocol.estimate import Estimate, estimate, total
from joulestack.in_time import Profile
from tests.case.samples import SAMPLES


def case(load: Any, folder: Path | str = ".", **changes: Any) -> Case:
    table = {**SAMPLES["pellet"](), "load": load}
    time = {} if {"protocol", "steps", "table"} & set(load) else {"end": 100.0}
    return Case.from_dict({**table, "time": time}, folder).replace(changes)


def protocol(load: Any, **changes: Any) -> Protocol:
    return case(load, **changes).protocol


def flat(value: float) -> Profile:
    return Profile((0.0,), (value,))


def test_order_and_cycles() -> None:
    rest = [f"Rest for {i} s" for i in range(1, 6)]
    inner = {"repeat": 2, "steps": [rest[2]]}
    steps = protocol(
        {"protocol": [rest[0], {"repeat": 2, "steps": [rest[1], inner]}, rest[3]], "repeat": 2}
    ).steps
    once = ["1", "2", "3", "3", "2", "3", "3", "4"]
    assert [s.text.split()[2] for s in steps] == once * 2
    assert [s.cycle for s in steps] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
    assert [s.number for s in steps] == list(range(1, 17))
    assert [s.entry for s in steps[:4]] == [(0,), (1, 0), (1, 1, 0), (1, 1, 0)]


def test_cycles_of_repeated_pairs() -> None:
    pair = ["Charge at 1 mA for 1 s", "Discharge at 1 mA for 1 s"]
    plain = protocol({"protocol": pair, "repeat": 3}).steps
    group = protocol({"protocol": [{"repeat": 3, "steps": pair}, "Rest for 1 s"]}).steps
    assert [s.cycle for s in plain] == [1, 1, 2, 2, 3, 3]
    assert [s.cycle for s in group] == [1, 1, 2, 2, 3, 3, 4]


def test_surroundings_stops_and_end() -> None:
    around = {"stack_pressure": "10 MPa", "ambient": "10 degC", "cooling": {"side": "50 W/(m^2 K)"}}
    found = protocol(
        {"protocol": [{"step": "Charge at 1 mA for 1 h", **around}, "Rest for 1 h"]},
        **{
            "time.end": "90 min",
            "time.stop": {
                "temperature_above": "80 degC",
                "voltage_below": "2 V",
                "voltage_above": 5,
            },
        },
    )
    warm, rest = found.steps
    assert (warm.stack_pressure, warm.ambient, warm.cooling) == (1e7, 283.15, {"side": 50.0})
    assert (rest.stack_pressure, rest.ambient, rest.cooling) == (None, None, None)
    assert found.pressures == (1e7,)
    assert found.stops == (
        End("temperature", pytest.approx(353.15), True, "time.stop.temperature_above = 80 degC"),
        End("voltage", 2.0, False, "time.stop.voltage_below = 2 V"),
        End("voltage", 5.0, True, "time.stop.voltage_above = 5 V"),
    )
    assert found.longest == 5400.0
    assert found.largest_current == 1e-3


def test_constant_drives() -> None:
    area = math.pi * 0.25e-4
    assert protocol({"current_density": "5 mA/cm^2"}) == Protocol(
        (Step("Discharge at 3.92699 mA", "current", flat(50 * area), None),),
        (),
        100.0,
    )
    (held,) = protocol({"voltage": "3 V"}).steps
    assert (held.text, held.mode, held.value, held.duration) == (
        "Hold at 3 V",
        "voltage",
        flat(3.0),
        None,
    )
    (rate,) = protocol({"c_rate": "-C/2"}, **{"cell.capacity": "4 mA h"}).steps
    assert (rate.text, rate.mode) == ("Charge at 2 mA", "current")
    assert rate.value.values == pytest.approx((-2e-3,))
    assert (rate.ends, rate.must_end) == ((), False)


def test_heat_alone_is_an_endless_rest() -> None:
    found = Case.from_dict(SAMPLES["line"]())
    assert not found.driven
    assert found.protocol.steps == (Step("heat alone", "rest", flat(0.0), None),)


def test_steps() -> None:
    steps = [
        {"current": "-20 mA", "duration": "5 min"},
        {"rest": True, "duration": "1 min"},
        {"voltage": "4 V", "duration": "10 s"},
        {"current": 0, "duration": 5},
    ]
    found = case({"steps": steps, "repeat": 2})
    assert [(s.mode, s.value.values[0], s.duration) for s in found.protocol.steps] == [
        ("current", -0.02, 300.0),
        ("rest", 0.0, 60.0),
        ("voltage", 4.0, 10.0),
        ("current", 0.0, 5.0),
    ] * 2
    assert [s.text for s in found.protocol.steps[:4]] == [
        "Charge at 20 mA for 5 min",
        "Rest for 60 s",
        "Hold at 4 V for 10 s",
        "Rest for 5 s",
    ]
    assert [s.cycle for s in found.protocol.steps] == [1] * 4 + [2] * 4
    assert found.end_time == 750.0


def test_sentences_of_steps_mean_the_same() -> None:
    steps = [{"current": "-20 mA", "duration": "5 min"}, {"voltage": "4 V", "duration": "10 s"}]
    older = protocol({"steps": steps}).steps
    newer = protocol({"protocol": [s.text for s in older]}).steps
    for a, b in zip(older, newer, strict=True):
        assert (a.text, a.mode, a.duration, a.ends) == (b.text, b.mode, b.duration, b.ends)
        assert a.value.values == pytest.approx(b.value.values)


def test_table_with_jumps() -> None:
    table = {"time": [0, 10, 10, 20, 30], "current": [0, 1, 3, 3, 3]}
    found = case({"table": table})
    first, second = found.protocol.steps
    assert (first.value, first.duration) == (Profile((0.0, 10.0), (0.0, 1.0)), 10.0)
    assert (second.value, second.duration) == (flat(3.0), 20.0)
    assert [(s.number, s.part, s.mode) for s in (first, second)] == [
        (1, 0, "current"),
        (1, 1, "current"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("time [s],current [mA]\n0,1\n60,2\n100,1\n")
    (tmp_path / "steps of power.csv").write_text("time [min],power [mW]\n0,5\n1,5\n1,-2\n2,-2\n")
    (tmp_path / "v.csv").write_text("time,voltage [mV]\n0,3000\n10,3100\n")
    (tmp_path / "c.csv").write_text("time;c_rate\n0;1\n10;-2\n")
    return tmp_path


def run(sentence: str, folder: Path) -> tuple[Step, ...]:
    load = {"protocol": [sentence, "Rest for 1 s"]}
    return case(load, folder=folder, **{"cell.capacity": "2 mA h"}).protocol.steps[:-1]


def test_run_current(folder: Path) -> None:
    (step,) = run("Run a.csv (A) or until 2.5 V", folder)
    assert step.mode == "current"
    assert step.value.times == (0.0, 60.0, 100.0)
    assert step.value.values == pytest.approx((1e-3, 2e-3, 1e-3))
    assert step.duration == 100.0
    assert not step.must_end
    assert step.ends == (End("voltage", 2.5, None, "2.5 V"),)


def test_run_other_columns(folder: Path) -> None:
    (volts,) = run("run v.csv (v)", folder)
    assert (volts.mode, volts.value.values) == ("voltage", pytest.approx((3.0, 3.1)))
    (rates,) = run("Run c.csv (C)", folder)
    assert (rates.mode, rates.value.values) == ("current", pytest.approx((2e-3, -4e-3)))


def test_run_with_jumps(folder: Path) -> None:
    parts = run("Run 'steps of power.csv' (W) for 210 s", folder)
    assert [p.mode for p in parts] == ["power"] * 4
    assert [p.value.values for p in parts] == [
        pytest.approx((x,)) for x in (5e-3, -2e-3, 5e-3, -2e-3)
    ]
    assert [p.duration for p in parts] == [60.0, 60.0, 60.0, 30.0]
    assert [(p.number, p.part) for p in parts] == [(1, 0), (1, 1), (1, 2), (1, 3)]


def test_run_is_cut_and_repeated(folder: Path) -> None:
    (short,) = run("Run a.csv (A) for 30 s", folder)
    assert short.value.times == (0.0, 30.0)
    assert short.value.values == pytest.approx((1e-3, 1.5e-3))
    (long,) = run("Run a.csv (A) for 4 min", folder)
    assert long.value.times == (0.0, 60.0, 100.0, 160.0, 200.0, 240.0)
    assert long.value.values == pytest.approx((1e-3, 2e-3, 1e-3, 2e-3, 1e-3, 1e-3 * (1 + 40 / 60)))
    assert long.duration == 240.0
    (exact,) = run("Run a.csv (A) for 200 s", folder)
    assert exact.value.times == (0.0, 60.0, 100.0, 160.0, 200.0)


def test_an_end_skips_what_is_left_of_a_table(folder: Path) -> None:
    load = {"protocol": ["Run 'steps of power.csv' (W) or until 2 V", "Rest for 1 s"]}
    found = case(load, folder=folder).protocol
    assert [found.following(i, ended=False) for i in range(3)] == [1, 2, 3]
    assert [found.following(i, ended=True) for i in range(3)] == [2, 2, 3]


def test_files_belong_to_the_case(folder: Path) -> None:
    made = case({"protocol": ["Run a.csv (A)"]}, folder=folder)
    before = made.digest()
    (folder / "a.csv").write_text("time [s],current [mA]\n0,1\n60,2\n100,1.5\n")
    assert made.digest() != before
    (folder / "base.toml").write_text(made.to_toml())
    (folder / ".git").mkdir()  # in one repository, a case may read what lies beside its folder
    (folder / "sub dir").mkdir()
    (folder / "sub dir" / "case.toml").write_text('extends = "../base.toml"\ntitle = "moved"\n')
    moved = Case.load(folder / "sub dir" / "case.toml")
    assert moved.protocol.steps[0].value == made.replace({}).protocol.steps[0].value
    assert moved.protocol.steps[0].text == "Run ../a.csv (A)"


def test_a_drive_replaces_a_protocol() -> None:
    made = case({"protocol": ["Rest for 1 s"], "repeat": 3}, **{"time.end": 2})
    assert made.replace({"load.current": 1}).file.load.choices == ["current"]
    steps = made.replace({"load.steps": [{"rest": True, "duration": 1}], "load.repeat": 2})
    assert len(steps.protocol.steps) == 2
    other = made.replace({"load.protocol.0": "Rest for 2 s"})
    assert [s.duration for s in other.protocol.steps] == [2.0] * 3


def test_resolved_case_is_read_again() -> None:
    group = {"repeat": 2, "steps": [{"step": "Charge at 1C until 4.2 V", "ambient": "10 degC"}]}
    made = case({"protocol": [group, "Rest for 1 s"]})
    assert Case.from_dict(made.resolved()).protocol == made.protocol
    assert Case.from_dict(tomllib.loads(made.to_toml())).protocol == made.protocol


def step(load: str) -> Step:
    return protocol({"protocol": [load]}, **{"cell.capacity": "4 mA h"}).steps[0]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Rest for 10 min", Estimate(600.0, "")),
        ("Discharge at 1 mA for 2 h", Estimate(7200.0, "")),
        ("Discharge at 1 mA until 2 mAh", Estimate(7200.0, "")),
        ("Discharge at C/2 until 2.5 V", Estimate(7200.0, "about")),
        ("Discharge at C/2 for 1 h or until 2.5 V", Estimate(3600.0, "about")),
        ("Discharge at 3.7 mW until 2.5 V", Estimate(4 * 3600.0, "about")),
        ("Charge at 1C for 1 h or until 60 degC", Estimate(3600.0, "at most")),
        ("Hold at 4.2 V until C/20", Estimate(48 * 3600.0, "at most")),
    ],
)
def test_estimates(sentence: str, expected: Estimate) -> None:
    found = estimate(step(sentence), 4 * 3.6, 3.7)
    assert found.duration == pytest.approx(expected.duration)
    assert found.sureness == expected.sureness


def test_estimate_of_the_run() -> None:
    cycle = ["Charge at 1C until 4.2 V", "Rest for 1 h", "Discharge at C/2 until 2.5 V"]
    made = case({"protocol": cycle, "repeat": 2}, **{"cell.capacity": "4 mA h"})
    assert total(made.protocol, made.capacity) == Estimate(pytest.approx(8 * 3600.0), "about")
    assert made.end_time == pytest.approx(2 * 97 * 3600.0)
    assert made.output_times[1] == pytest.approx(8 * 60.0)
    capped = made.replace({"time.end": "1 h"})
    assert total(capped.protocol, capped.capacity) == Estimate(3600.0, "at most")
