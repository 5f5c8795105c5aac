"""`Case.load_profile`, until the solver follows protocols: what it was before there were any."""

from __future__ import annotations

import pytest

from joulestack.case import Case
from joulestack.case.profiles import Load, Profile, Segment
from joulestack.errors import CaseError
from tests.case.protocol.test_forms import case
from tests.case.samples import SAMPLES


def test_heat_alone() -> None:
    assert Case.from_dict(SAMPLES["line"]()).load_profile is None


def test_constant() -> None:
    flat = Profile((0.0,), (0.001,))
    found = case({"current": "1 mA"}).load_profile
    assert found == Load((Segment(0.0, float("inf"), "current", flat),))


def test_steps() -> None:
    steps = [
        {"current": "-20 mA", "duration": "5 min"},
        {"rest": True, "duration": "1 min"},
        {"voltage": "4 V", "duration": "10 s"},
        {"current": 0, "duration": 5},
    ]
    found = case({"steps": steps, "repeat": 2})
    assert found.load_profile == Load(
        (
            Segment(0.0, 300.0, "current", Profile((0.0,), (-0.02,))),
            Segment(300.0, 360.0, "rest", Profile((300.0,), (0.0,))),
            Segment(360.0, 370.0, "voltage", Profile((360.0,), (4.0,))),
            Segment(370.0, 375.0, "current", Profile((370.0,), (0.0,))),
            Segment(375.0, 675.0, "current", Profile((375.0,), (-0.02,))),
            Segment(675.0, 735.0, "rest", Profile((675.0,), (0.0,))),
            Segment(735.0, 745.0, "voltage", Profile((735.0,), (4.0,))),
            Segment(745.0, 750.0, "current", Profile((745.0,), (0.0,))),
        )
    )


def test_table_with_jumps() -> None:
    found = case({"table": {"time": [0, 10, 10, 20, 30], "current": [0, 1, 3, 3, 3]}})
    load = found.load_profile
    assert load is not None
    assert [load.current(t) for t in (0.0, 5.0, 10.0, 15.0)] == [0.0, 0.5, 3.0, 3.0]
    assert load.breakpoints == (10.0,)
    assert load.end == 30.0


def test_what_the_solver_cannot_follow_is_refused() -> None:
    made = case({"protocol": ["Charge at 1C until 4.2 V"]})
    with pytest.raises(CaseError, match="understood but not solved yet"):
        _ = made.load_profile
