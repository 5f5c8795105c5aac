"""Forms of PyBaMM's `pybamm.step` and `pybamm.Experiment`, and what becomes of each.

Sentences are those of its documentation (`pybamm.step.string`, the tutorials on experiments);
keywords are those of its step classes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.case.protocol import Step
from joulestack.case.protocol.build import count, read_entry
from joulestack.case.protocol.grammar import SentenceError
from joulestack.case.protocol.semantics import GUARD, CellFacts, steps_of
from joulestack.errors import CaseError
from tests.case.protocol.test_forms import case, protocol
from tests.case.samples import AIR, SAMPLES

C = 5e-3
FACTS = CellFacts(2e-4, lambda: C * 3600, lambda: C * 3600, Path())
Meaning = tuple[str, float, float, tuple[tuple[str, float, bool | None], ...]]


def meant(text: str) -> list[Step]:
    return [step for sentence in read_entry(text).sentences for step in steps_of(sentence, FACTS)]


def short(step: Step) -> Meaning:
    ends = tuple((e.quantity, pytest.approx(e.value), e.rising) for e in step.ends)
    return step.mode, pytest.approx(step.value.values[0]), pytest.approx(step.duration), ends


def volts(value: float, rising: bool | None) -> tuple[tuple[str, float, bool | None], ...]:
    return (("voltage", value, rising),)


ACCEPTED: list[tuple[str, Meaning]] = [
    ("Discharge at 1C for 0.5 hours", ("current", C, 1800.0, ())),
    ("Discharge at C/20 for 1h (2 minute period)", ("current", C / 20, 3600.0, ())),
    ("Discharge at C/20 for 0.5 hours", ("current", C / 20, 1800.0, ())),
    ("Charge at 0.5 C for 45 minutes", ("current", -C / 2, 2700.0, ())),
    ("Discharge at 1 A for 0.5 hours", ("current", 1.0, 1800.0, ())),
    ("Charge at 200 mA for 45 minutes", ("current", -0.2, 2700.0, ())),
    ("Discharge at 1W for 0.5 hours", ("power", 1.0, 1800.0, ())),
    ("Charge at 200mW for 45 minutes", ("power", -0.2, 2700.0, ())),
    ("Rest for 10 minutes", ("rest", 0.0, 600.0, ())),
    ("Rest for 10 minutes (5 minute period)", ("rest", 0.0, 600.0, ())),
    ("Hold at 1V for 20 seconds", ("voltage", 1.0, 20.0, ())),
    ("Charge at 1 C until 4.1V", ("current", -C, GUARD, volts(4.1, True))),
    ("Hold at 4.1 V until 50mA", ("voltage", 4.1, GUARD, (("current", 0.05, False),))),
    ("Hold at 3V until C/50", ("voltage", 3.0, GUARD, (("current", C / 50, False),))),
    (
        "Discharge at C/3 for 2 hours or until 2.5 V",
        ("current", C / 3, 7200.0, volts(2.5, False)),
    ),
    ("Discharge at 4 Ohm for 1 h", ("resistance", 4.0, 3600.0, ())),
    ("Discharge at 4Ohm until 3 V", ("resistance", 4.0, GUARD, volts(3.0, False))),
    ("Hold at 4 Ohm for 10 min", ("resistance", 4.0, 600.0, ())),
    ("Charge at 4 Ohm for 10 min", ("resistance", -4.0, 600.0, ())),
    ("Discharge at 800 ohm cm2 for 10 min", ("resistance", 400.0, 600.0, ())),
    ("Discharge at 1C until <2.5V", ("current", C, GUARD, volts(2.5, False))),
    ("Charge at 1C until >4.1V", ("current", -C, GUARD, volts(4.1, True))),
    ("Charge at 1C until < 4.1 V", ("current", -C, GUARD, volts(4.1, False))),
    ("Discharge at 1C for 5 m", ("current", C, 300.0, ())),
    ("Discharge at 1C for 1 hour 30 minutes", ("current", C, 5400.0, ())),
    ("Discharge at 1C for 1h30min", ("current", C, 5400.0, ())),
    ("Discharge at 1/3 C for 90 min", ("current", C / 3, 5400.0, ())),
    ("Discharge at 0.33C for 1.5 h", ("current", 0.33 * C, 5400.0, ())),
    ("Discharge at 50 ma until 2.5v", ("current", 0.05, GUARD, volts(2.5, False))),
    (
        "Discharge at 1C until 20% SOC",
        ("current", C, GUARD, (("state of charge", 0.2, False),)),
    ),
    (
        "Charge at 1C until SOC 0.8",
        ("current", -C, GUARD, (("state of charge", 0.8, True),)),
    ),
]


@pytest.mark.parametrize(("text", "meaning"), ACCEPTED)
def test_accepted(text: str, meaning: Meaning) -> None:
    (step,) = meant(text)
    assert short(step) == meaning


REFUSED: list[tuple[str, str]] = [
    ("Discharge at 1 A at 2 hours", '"2 hours" is a time'),
    ("Run at 1 A for 2 hours", "does not say what the file holds"),
    ("Play at 1 A for 2 hours", '"Play" is not understood'),
    ("Do at 1 A", '"Do" is not understood'),
    ("Cell Charge at 1 A for 2 hours", '"Cell" is not understood'),
    ("Discharge at 1 B for 2 hours", '"1 B"'),
    ("Discharge at 1 A", "has no end"),
    ("Discharge for 1 h", '"at" is missing'),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_refused(text: str, said: str) -> None:
    with pytest.raises(SentenceError) as error:
        meant(text)
    assert said in str(error.value)


@pytest.mark.parametrize("around", ["35oC", "35 degC", "308.15 K", "35 oC"])
def test_temperature(around: str) -> None:
    first, second = protocol({"protocol": [f"Rest for 1 h at {around}", "Rest for 1 h"]}).steps
    assert first.ambient == pytest.approx(308.15)
    assert second.ambient is None
    (early,) = meant(f"Discharge at 1C at {around} until 2.5 V")
    assert (early.ambient, early.duration) == (pytest.approx(308.15), GUARD)


def test_a_temperature_that_nothing_takes_up_is_told() -> None:
    with pytest.raises(CaseError, match="at 35oC has no effect: no face has surroundings"):
        case({"protocol": ["Rest for 1 h at 35oC"]}, **{"thermal.faces": {}})
    with pytest.raises(CaseError, match="stands here and as ambient"):
        case({"protocol": [{"step": "Rest for 1 h at 35oC", "ambient": "30 degC"}]})


def test_tags() -> None:
    tables = [
        "Rest for 1 h [tag1]",
        "Rest for 1 h [tag1, tag 2]",
        {"step": "Rest for 1 h [own]", "tags": "tag1"},
        {"step": "Rest for 1 h", "tags": ["tag1", "tag2"]},
        "Rest for 1 h",
    ]
    steps = protocol({"protocol": tables}).steps
    assert [s.tags for s in steps] == [
        ("tag1",), ("tag1", "tag 2"), ("own", "tag1"), ("tag1", "tag2"), (),
    ]  # fmt: skip
    assert {s.text for s in steps} == {"Rest for 1 h"}


def test_a_period_is_told() -> None:
    steps = protocol({"protocol": ["Rest for 1 h (5 minute period)", "Rest for 1 h"]}).steps
    assert "the period of 5 minute is left aside; outputs.every" in steps[0].notes[0]
    assert steps[1].notes == ()


CCCV = [
    ("current", -C, GUARD, volts(4.2, True)),
    ("voltage", 4.2, GUARD, (("current", C / 50, False),)),
]


@pytest.mark.parametrize(
    "text",
    [
        "Charge at 1C until 4.2 V then hold until C/50",
        "Charge at 1C until 4.2 V, then hold at 4.2 V until C/50",
        "CCCV at 1C to 4.2 V until C/50",
        "CCCV charge at 1C until 4.2 V, then hold until C/50",
        "CC-CV at 1C until 4.2V until C/50",
    ],
)
def test_cccv(text: str) -> None:
    assert [short(step) for step in meant(text)] == CCCV
    load = {"protocol": ["Rest for 1 s", text, "Rest for 1 s"]}
    steps = protocol(load, **{"cell.capacity": "4 mA h"}).steps
    assert [s.number for s in steps] == [1, 2, 3, 4]
    assert [s.entry for s in steps] == [(0,), (1,), (1,), (2,)]
    assert [s.text.split()[0] for s in steps] == ["Rest", "Charge", "Hold", "Rest"]


@pytest.mark.parametrize("said", ["x 3", "x3", "(x 3)", "repeat 3", "repeat 3 times", "3 times"])
def test_repeats(said: str) -> None:
    text = f"Discharge at 1 mA for 1 s then rest for 1 s {said}"
    made = case({"protocol": ["Rest for 9 s", text, "Rest for 9 s"]})
    pair = ["Discharge at 1 mA for 1 s", "Rest for 1 s"]
    group = {"repeat": 3, "steps": pair}
    same = case({"protocol": ["Rest for 9 s", group, "Rest for 9 s"]}).protocol.steps
    steps = made.protocol.steps
    assert [(s.text, s.number, s.cycle) for s in steps] == [
        (s.text, s.number, s.cycle) for s in same
    ]
    assert made.file.load is not None
    assert count(made.file.load) == 5


def test_ends_of_both_sides() -> None:
    (step,) = meant("Discharge at 1C until <2.5 V or until >4.1 V for 1 h")
    assert short(step)[3] == (*volts(2.5, False), *volts(4.1, True))


def test_a_drive_cycle_of_resistances(tmp_path: Path) -> None:
    """`pybamm.step.resistance(drive_cycle)`."""
    (tmp_path / "r.csv").write_text("time [s],resistance [Ohm]\n0,100\n10,200\n")
    (step,) = case({"protocol": ["Run r.csv (Ohm)"]}, folder=tmp_path).protocol.steps
    assert (step.mode, step.value.values) == ("resistance", (100.0, 200.0))
    (tmp_path / "r.csv").write_text("time [s],resistance [Ohm]\n0,100\n10,0\n")
    with pytest.raises(CaseError, match="not above 0"):
        case({"protocol": ["Run r.csv (Ohm)"]}, folder=tmp_path)


KEYWORDS = [
    ("duration", 3600, 'in the sentence: "Discharge at 1C for 1 h"'),
    ("termination", ["2.5 V", "C/20"], "until 2.5 V or until 45 degC"),
    ("period", "1 minute", "outputs.every"),
    ("temperature", "25oC", "ambient ="),
    ("start_time", "2020-01-01", "a rest between them"),
    ("direction", "Discharge", "the verb gives it"),
    ("skip_ok", True, "is passed over"),
    ("description", "a step", "tags name a step"),
]


@pytest.mark.parametrize(("key", "value", "said"), KEYWORDS)
def test_keywords_of_steps(key: str, value: Any, said: str) -> None:
    with pytest.raises(CaseError) as error:
        case({"protocol": [{"step": "Rest for 1 h", key: value}]})
    (problem,) = error.value.problems
    assert problem.where.startswith(f"load.protocol[0].{key}")
    assert said in problem.remedy


@pytest.mark.parametrize("key", ["period", "temperature", "termination"])
def test_keywords_of_experiments(key: str) -> None:
    table = {**SAMPLES["pellet"](), "load": {"protocol": ["Rest for 1 h"], key: "1 min"}}
    table["thermal"]["faces"]["bottom"] = dict(AIR)
    with pytest.raises(CaseError) as error:
        Case.from_dict({**table, "time": {}})
    (problem,) = error.value.problems
    assert problem.remedy
    assert "one of" not in problem.remedy


def test_cycles_as_tuples_are_groups_here() -> None:
    """`pybamm.Experiment([("Discharge ...", "Rest ...")] * 10)`."""
    with pytest.raises(CaseError, match="repeat = 3, steps"):
        protocol({"protocol": [("Discharge at 1 mA for 1 s", "Rest for 1 s")]})
