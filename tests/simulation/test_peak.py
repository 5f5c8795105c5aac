"""The maximum in time lies between records: closed forms of a lumped body."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import joulestack as js
from joulestack.simulation.peak import Peak

TAU, OMEGA = 50.0, 0.02
"""[s], [1/s]."""
RATIOS = (1.0, 1.4, 0.6, 1.9, 0.8, 1.2, 0.7)
"""Of each step to the regular one: what an error control might take."""


def body(t: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """T' = (sin(w t) - T)/tau from 0: rise in parts of that of the steady heat."""
    s, turn = np.asarray(t, dtype=float), TAU * OMEGA
    swing = np.sin(OMEGA * s) - turn * np.cos(OMEGA * s) + turn * np.exp(-s / TAU)
    return np.asarray(swing / (1 + turn**2))


def true_peak() -> tuple[float, float]:
    t = np.linspace(60.0, 200.0, 2_000_001)
    rise = body(t)
    return float(t[rise.argmax()]), float(rise.max())


def irregular(step: float, end: float, shift: float = 0.0) -> npt.NDArray[np.float64]:
    steps = step * np.resize(RATIOS, int(2 * end / step))
    times = shift + np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(times[times <= end])


def peak(times: npt.ArrayLike, values: npt.ArrayLike, kinks: tuple[float, ...] = ()) -> Peak:
    found = Peak()
    for t, value in zip(np.asarray(times), np.asarray(values), strict=True):
        found.add(float(t), float(value), t in kinks)
    return found


@pytest.mark.parametrize("shift", [0.0, 1.7, 4.9, 8.3])
def test_sinusoidal_heat(shift: float) -> None:
    """Records are up to 4e-3 low; the crest is right to 1e-4, its time to a twentieth of a step."""
    times = irregular(15.0, 250.0, shift)
    t, rise = true_peak()
    at, found = peak(times, body(times)).largest()
    assert found >= body(times).max()
    assert found == pytest.approx(rise, rel=1e-4)
    assert at == pytest.approx(t, abs=0.75)


def test_the_error_falls_with_the_cube_of_the_step() -> None:
    _, rise = true_peak()
    errors = []
    for step in (16.0, 8.0, 4.0):
        # The worst of many places of the records about the crest.
        grids = [irregular(step, 250.0, shift * step) for shift in np.linspace(0.0, 7.6, 40)]
        errors.append(max(abs(peak(t, body(t)).largest()[1] - rise) for t in grids))
    assert errors[0] / errors[1] > 2**2.6
    assert errors[1] / errors[2] > 2**2.6


def test_nothing_is_made_up() -> None:
    """A kink is no crest, levelling off neither; a jump parts what is before from what is after."""
    times = np.array([0.0, 10.0, 15.0, 17.0, 27.0, 40.0])
    kinked = np.where(times < 17, times, 17 - 0.3 * (times - 17))
    assert peak(times, kinked, (17.0,)).largest() == (17.0, 17.0)
    steps = np.array([0.0, 1.0, 2.0, 3.5, 5.0, 8.0, 13.0])
    level = 1 - np.exp(-steps)
    at, found = peak(steps, level).largest()
    assert (at, found) == (13.0, level[-1])
    pulse = peak([0, 10, 20, 20, 21, 23, 29], [0, 3, 5, 5, 4, 3, 2])
    assert pulse.largest() == (20.0, 5.0)
    assert peak([0.0], [0.3]).largest() == (0.0, 0.3)
    assert peak(range(9), np.zeros(9)).largest()[1] == 0.0


def test_a_run_tells_when_it_was_hottest(tmp_path: Path) -> None:
    """An adiabatic body under q sin(w t): 2 q/(rho c w) at t = pi/w."""
    heat, rho_cp = 4e5, 2e6
    slab = js.GivenMedium("slab", k=1e4, rho_cp=rho_cp)
    setup = js.Setup(
        js.build(js.Line((js.LayerSpec("slab", 1e-3, cells=2),))), {"slab": slab}, 300.0,
        heat_sources={"slab": lambda t: heat * math.sin(OMEGA * t)},
    )  # fmt: skip
    result = js.run(
        setup, tmp_path / "body", until=250.0, progress=False, tolerances=js.Tolerances(1e-6, 1e-6)
    )
    rise = 2 * heat / rho_cp / OMEGA
    rows = result["Temperature max [K]"].entries.max() - 300.0
    found = result.summary["temperature_rise_max_K"]
    assert rise - rows > 1e-3 * rise
    assert found == pytest.approx(rise, rel=3e-5)
    assert result.summary["temperature_max_time_s"] == pytest.approx(math.pi / OMEGA, abs=0.5)
    assert found == pytest.approx(result.summary["temperature_max_K"] - 300.0, abs=1e-9)
