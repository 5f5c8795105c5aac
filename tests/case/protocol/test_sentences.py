"""Sentences and what they mean in SI."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.case.protocol import Step
from joulestack.case.protocol.amounts import read
from joulestack.case.protocol.build import read_entry
from joulestack.case.protocol.grammar import SentenceError
from joulestack.case.protocol.semantics import GUARD, CellFacts, steps_of
from joulestack.case.root import json_schema
from tests.case.test_schema import nodes

AREA, CAPACITY = 2e-4, 18.0
FACTS = CellFacts(AREA, lambda: CAPACITY, lambda: 20.0, Path())
C = CAPACITY / 3600.0
Ends = tuple[tuple[str, float, bool | None], ...]


def meant(text: str) -> Step:
    (step,) = steps_of(read_entry(text).sentences[0], FACTS)
    return step


def v(value: float, rising: bool | None) -> Ends:
    return (("voltage", value, rising),)


ROWS: list[tuple[str, str, float, float, Ends]] = [
    ("Discharge at C/3 for 2 hours or until 2.5 V", "current", C / 3, 7200, v(2.5, False)),
    ("Discharge at 1C for 0.5 hours", "current", C, 1800, ()),
    ("Discharge at 2C until 2.5 V", "current", 2 * C, GUARD, v(2.5, False)),
    ("Discharge at C for 1 hour", "current", C, 3600, ()),
    ("Discharge at 0.5 C for 1 h", "current", C / 2, 3600, ()),
    ("Discharge at .5C for 1 h", "current", C / 2, 3600, ()),
    ("Discharge at C / 2 for 1 h", "current", C / 2, 3600, ()),
    ("discharge at c/20 for 10 min", "current", C / 20, 600, ()),
    ("DISCHARGE AT 1C FOR 10 MIN", "current", C, 600, ()),
    ("Discharge at 1 A for 90 seconds", "current", 1.0, 90, ()),
    ("Discharge at 1A for 90s", "current", 1.0, 90, ()),
    (
        "Discharge at 20 mA for 1 h or until 2 mAh",
        "current",
        0.02,
        3600,
        (("capacity", 7.2, True),),
    ),
    ("Discharge at 20 mA until 2 mA h", "current", 0.02, GUARD, (("capacity", 7.2, True),)),
    ("Discharge at 20 mA until 0.002 A.h", "current", 0.02, GUARD, (("capacity", 7.2, True),)),
    ("Discharge at 20 mA until 5 coulomb", "current", 0.02, GUARD, (("capacity", 5.0, True),)),
    ("Discharge at 20 mA until 1 mAh/cm^2", "current", 0.02, GUARD, (("capacity", 7.2, True),)),
    ("Discharge at 1e-3 A for 1e2 s", "current", 1e-3, 100, ()),
    ("Discharge at 500 uA for 1 hr", "current", 5e-4, 3600, ()),
    ("Discharge at 500 µA for 1 day", "current", 5e-4, 86400, ()),
    ("Charge at 1 mA/cm2 until 4.2 V", "current", -2e-3, GUARD, v(4.2, True)),
    ("Charge at 1 mA/cm^2 until 4200 mV", "current", -2e-3, GUARD, v(4.2, True)),
    ("Charge at 1 mA cm-2 until 4.2 V", "current", -2e-3, GUARD, v(4.2, True)),
    ("Charge at 10 A/m^2 until 4.2V", "current", -2e-3, GUARD, v(4.2, True)),
    ("Charge at 0.01 kA/(m m) until 4.2 V", "current", -2e-3, GUARD, v(4.2, True)),
    (
        "Charge at 1C until 4.2 V or until 45 degC",
        *("current", -C, GUARD),
        (*v(4.2, True), ("temperature", 318.15, True)),
    ),
    (
        "Charge at 1C until 4.2 V or 45 °C",
        *("current", -C, GUARD),
        (*v(4.2, True), ("temperature", 318.15, True)),
    ),
    (
        "Charge at 1C for 1 h or until 318.15 K or until 4.2 V",
        *("current", -C, 3600),
        (("temperature", 318.15, True), *v(4.2, True)),
    ),
    ("Charge at 200mA for 45 minutes", "current", -0.2, 2700, ()),
    ("Charge at 200 mA until 113 degF", "current", -0.2, GUARD, (("temperature", 318.15, True),)),
    ("Charge at 200 mA until 4.2 V for 45 minutes", "current", -0.2, 2700, v(4.2, True)),
    ("Charge at 2 W for 10 min", "power", -2.0, 600, ()),
    ("Discharge at 2 W for 10 min", "power", 2.0, 600, ()),
    ("Discharge at 200 mW until 2.5 V", "power", 0.2, GUARD, v(2.5, False)),
    ("Discharge at 10 mW/cm^2 for 1 min", "power", 0.02, 60, ()),
    ("Discharge at 2 W for 1 h or until 1 A", "power", 2.0, 3600, (("current", 1.0, None),)),
    ("Hold at 4.2 V until C/20", "voltage", 4.2, GUARD, (("current", C / 20, False),)),
    ("Hold at 4.2 V for 30 min or until 50 mA", "voltage", 4.2, 1800, (("current", 0.05, False),)),
    (
        "Hold at 4.2 V until 0.1 mA/cm2",
        *("voltage", 4.2, GUARD, (("current", 2e-4, False),)),
    ),
    ("Hold at 1 V for 20 seconds", "voltage", 1.0, 20, ()),
    ("Hold at -50 mV for 1 h", "voltage", -0.05, 3600, ()),
    ("Hold at 4.2 V until 1 mAh", "voltage", 4.2, GUARD, (("capacity", 3.6, True),)),
    ("Discharge at 1 mA for 1 h or until -0.2 V", "current", 1e-3, 3600, v(-0.2, False)),
    ("Rest for 10 minutes", "rest", 0.0, 600, ()),
    ("  rest  for   10   min. ", "rest", 0.0, 600, ()),
    ("Rest for 10 h or until 30 degC", "rest", 0.0, 36000, (("temperature", 303.15, None),)),
    ("Charge at 6.4516 mA/inch^2 until 4.2 V", "current", -2e-3, GUARD, v(4.2, True)),
    ("Rest for 1 week", "rest", 0.0, 604800, ()),
    ("Rest until 3.0 V", "rest", 0.0, GUARD, v(3.0, None)),
]


@pytest.mark.parametrize(("text", "mode", "value", "duration", "ends"), ROWS)
def test_meaning(text: str, mode: str, value: float, duration: float, ends: Ends) -> None:
    step = meant(text)
    assert step.text == text.strip()
    assert step.mode == mode
    assert step.value.values == pytest.approx((value,), rel=1e-12)
    assert step.duration == pytest.approx(duration, rel=1e-12)
    assert step.must_end == (" for " not in f" {' '.join(text.lower().split())} ")
    assert [(e.quantity, e.rising) for e in step.ends] == [(q, r) for q, _, r in ends]
    assert [e.value for e in step.ends] == pytest.approx([x for _, x, _ in ends], rel=1e-9)


def test_editors_accept_them() -> None:
    group = json_schema()["$defs"]["ProtocolGroup"]["properties"]["steps"]["items"]
    texts = [c for c in nodes(group) if c.get("type") == "string"]
    assert len(texts) == 1
    assert all(re.match(texts[0]["pattern"], row[0]) for row in ROWS)
    assert not re.match(texts[0]["pattern"], "Dischrage at 1C for 1 h")


def test_there_are_enough() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 40


NUMBERS = st.floats(1e-6, 1e6).map(lambda x: float(f"{x:.6g}"))
SPELLINGS = st.sampled_from(("{:g}", "{:.6e}", "{:E}", "+{:g}"))
BLANKS = st.sampled_from(("", " ", "   "))
UNITS = {
    "current": {"A": 1.0, "mA": 1e-3, "uA": 1e-6, "kA": 1e3, "ampere": 1.0},
    "current density": {"A/m^2": 1.0, "mA/cm2": 10.0, "mA/cm²": 10.0, "uA/cm**2": 1e-2},
    "voltage": {"V": 1.0, "mV": 1e-3, "volt": 1.0},
    "power": {"W": 1.0, "mW": 1e-3, "V A": 1.0},
    "time": {"s": 1.0, "min": 60.0, "minutes": 60.0, "h": 3600.0, "Hours": 3600.0, "hr": 3600.0},
    "capacity": {"mAh": 3.6, "A h": 3600.0, "A.h": 3600.0, "mA min": 0.06},
    "C-rate": {"C": 1.0, "c": 1.0},
}


@given(st.data(), NUMBERS, SPELLINGS, BLANKS)
def test_numbers_and_units(data: st.DataObject, number: float, spelling: str, blank: str) -> None:
    kind = data.draw(st.sampled_from(sorted(UNITS)))
    unit = data.draw(st.sampled_from(sorted(UNITS[kind])))
    shown = spelling.format(number)
    amount = read(f"{shown}{blank}{unit}")
    assert amount.kind == kind
    assert amount.value == pytest.approx(float(shown) * UNITS[kind][unit], rel=1e-9)


@given(NUMBERS, BLANKS)
def test_divided_rates(number: float, blank: str) -> None:
    assert read(f"C{blank}/{blank}{number:g}").value == pytest.approx(1 / float(f"{number:g}"))


WORDS = "Discharge Charge Hold Rest Run at for until or 1C C/ 5 mA 4.2 V min -1 degC a.csv (A)"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SentenceError):
        step = meant(text)
        assert step.text
        assert step.duration is not None
        assert step.duration > 0
