"""The quick part of the battery at "normal", and what its references are worth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.accuracy import bodies, half_cells, report
from tests.accuracy.battery import CASES
from tests.accuracy.level import Level
from tests.accuracy.lines import Face, Line, Slab
from tests.accuracy.record import Case, Figure, Outcome
from tests.accuracy.volumes import Body, graded

QUICK = [case.name for case in CASES.values() if case.quick]


@pytest.mark.parametrize("name", QUICK)
def test_quick_case(name: str) -> None:
    """Every figure within what "normal" is meant for."""
    outcome = CASES[name].run(Level("normal"))
    missed = [f for f in outcome.figures if not f.met("normal")]
    print(f"MEASURED {name}", *(f"{f.name} {report.error(f, f.error)}," for f in outcome.figures))
    assert outcome.figures
    assert not missed


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 30
    assert len(QUICK) >= 8


def test_a_level_is_what_a_case_gets() -> None:
    """Cells, tolerances and functions of [mesh] and [time] where a case says nothing."""
    from joulestack.case.settings.accuracy import LEVELS

    for name, numbers in LEVELS.items():
        level = Level(name)
        assert level.modes == numbers["mesh"]["radial_modes"]
        assert level.tolerances.relative == numbers["time"]["relative_tolerance"]
        assert level.mesh.refinement == numbers["mesh"]["refinement"]


def test_finite_volumes_on_a_line_follow_the_series() -> None:
    """Bi = 1 on one side, insulated on the other: zeta tan zeta = 1 (Incropera, 5.5)."""
    line = Line((Slab(0.02, 1.0, 2e6),), Face(), Face(50.0, ambient=lambda t: 300.0))
    times = (50.0, 400.0)
    means, hottest = line.solve(400.0, times)
    zeta = np.array([_root(n) for n in range(30)])
    C = 4 * np.sin(zeta) / (2 * zeta + np.sin(2 * zeta))
    for t, mean, most in zip(times, means[:, 0], hottest, strict=True):
        decay = C * np.exp(-(zeta**2) * 1.0 / 2e6 * t / 0.02**2)
        assert most == pytest.approx(300 + 100 * decay.sum(), abs=4e-3)
        assert mean == pytest.approx(300 + 100 * (decay * np.sin(zeta) / zeta).sum(), abs=2e-3)


def _root(n: int) -> float:
    """The n-th root of zeta tan zeta = 1."""
    from scipy.optimize import brentq

    low = n * math.pi + 1e-9
    return float(brentq(lambda z: z * math.sin(z) - math.cos(z), low, low + math.pi / 2))


def test_finite_volumes_around_an_axis_follow_the_closed_form() -> None:
    """A heated rod with a film in its jacket with a contact: resistances in series, and in time
    the lumped rod's exponential where it conducts well."""
    r, z = graded((0.0, 5e-3, 8e-3), (40, 40)), np.linspace(0.0, 1e-2, 4)
    region = np.ones((80, 3), dtype=np.int64)
    region[40:] = 2

    def film(axis, side, at, where):  # type: ignore[no-untyped-def]
        return np.full(len(where), 30.0 if axis == 0 else 0.0)

    rod = Body((r, z), region, {1: 2.0, 2: 0.5}, film, {(1, 2): 1e-3}, axis=True)
    power = np.where(rod.of == 1, 1e6, 0.0) * rod.volume
    total = power.sum()
    around = 2 * math.pi * 1e-2
    outer = 1 / (30.0 * around * 8e-3) + math.log(8 / 5) / (0.5 * around) + 1e-3 / (around * 5e-3)
    exact = total * outer + 1e6 * 5e-3**2 / (4 * 2.0)
    assert rod.hottest(rod.steady(power)) == pytest.approx(exact, rel=1e-4)
    good = Body((r, z), region, {1: 1e5, 2: 1e5}, film, axis=True)
    capacity = 2e6 * good.volume
    tau = capacity.sum() * 1 / (30.0 * around * 8e-3)
    u = good.after(100.0, power, capacity)
    lumped = total / (30.0 * around * 8e-3) * (1 - math.exp(-100.0 / tau))
    assert good.mean(u, 1) == pytest.approx(lumped, rel=1e-5)


@pytest.mark.parametrize("name", bodies.REFERENCES)
def test_stored_bodies_are_converged(name: str) -> None:
    """The extrapolation adds little: two fifths of the limit at most."""
    found = bodies.stored()[name]
    for when, row in found["extrapolated"].items():
        values = row if isinstance(row, dict) else {"voltage": row}
        fine = found["fine"][when] if isinstance(row, dict) else {"voltage": found["fine"][when]}
        most = max(values.values())
        for what, value in values.items():
            assert abs(value - fine[what]) < 2e-3 * most, (when, what)


def test_stored_programs_are_converged() -> None:
    """PyBaMM on half as many volumes: a fifth of the limit of the voltage and of times."""
    for name, given in half_cells.stored()["programs"].items():
        moved = given["coarse_mesh_difference"]
        assert moved["voltage_V"] < 0.1e-3, name
        assert moved["lasted"] < 1e-3, name


def test_a_figure_that_misses_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    case = Case("one", "none", "nothing", lambda level: outcome)
    outcome = Outcome((Figure("a [K]", 2e-2, 5e-3, "%", 1.0, 1.02, 1.5e-2),), 1.0, 3)
    good, bad = (report.Row(case, accuracy, outcome) for accuracy in ("draft", "normal"))
    assert good.met
    assert not bad.met
    assert not report.Row(case, "normal", None, "it failed").met
    report.shown([good, bad])
    said = capsys.readouterr().out
    assert said.count("MISSED") == 1
    assert "100 % within a factor of 3" in said
    assert "**0.5 %**" in report.markdown([bad])
