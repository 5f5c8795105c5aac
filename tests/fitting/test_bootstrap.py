"""Intervals by resampling: what they agree with, what they hold, and where there are none."""

from __future__ import annotations

import json

import numpy as np
import pytest

from joulestack.fitting.arrhenius import fit_arrhenius
from joulestack.fitting.bootstrap import RESAMPLINGS
from joulestack.fitting.regression import Parameter, fit
from joulestack.laws.densification import heckel

LINE = tuple(Parameter(n, "1", (1.0,), "linear", 0.1) for n in "ab")
X = np.linspace(0, 1, 40)


def line(v):
    return v["a"] + v["b"] * X


@pytest.mark.parametrize("sigma", [None, 0.1])
def test_it_agrees_with_the_covariance_where_the_law_is_straight(sigma):
    y = 2 + 3 * X + np.random.default_rng(0).normal(0, 0.1, len(X))
    given = None if sigma is None else np.full(len(X), sigma)
    own = fit(line, LINE, y, given, samples=2000)
    for e in own.estimates:
        low, high = e.bootstrap
        assert high - low == pytest.approx(e.high - e.low, rel=0.12)
        assert 0.5 * (low + high) == pytest.approx(e.value, abs=0.1 * (high - low))


def test_relative_fits_are_resampled_by_ratios():
    T = np.linspace(250.0, 350.0, 25)
    y = 3 * np.exp(-2 * (300 / T - 1)) * np.exp(np.random.default_rng(2).normal(0, 0.05, 25))
    parameters = (Parameter("s", "1", (1.0,)), Parameter("e", "1", (1.0,)))
    own = fit(lambda v: v["s"] * np.exp(-v["e"] * (300 / T - 1)), parameters, y, None, True,
              samples=1000)  # fmt: skip
    for e in own.estimates:
        low, high = e.bootstrap
        assert high / low == pytest.approx(e.high / e.low, rel=0.05)


def test_coverage():
    """About 95 % of intervals hold the truth, for a bent law with enough points."""
    p, rng, truth = np.linspace(60e6, 500e6, 24), np.random.default_rng(5), (400e6, 0.9)
    parameters = (Parameter("Py", "Pa", (400e6,)), Parameter("A", "1", (0.9,), "linear", 0.1))
    runs, hits = 60, np.zeros(2)
    for _ in range(runs):
        y = heckel(p, *truth) + rng.normal(0, 0.004, len(p))
        own = fit(lambda v: heckel(p, v["Py"], v["A"]), parameters, y, profile=False, samples=150)
        hits += [e.bootstrap[0] <= t <= e.bootstrap[1]
                 for e, t in zip(own.estimates, truth, strict=True)]  # fmt: skip
    # Expected 93-95 % of 60, and four standard deviations of the count.
    assert np.all(hits >= 0.94 * runs - 4 * (runs * 0.94 * 0.06) ** 0.5), hits
    assert np.any(hits < runs), "intervals that always hold the truth are too wide"


def test_it_is_repeatable_and_off_when_asked():
    y = 2 + 3 * X + np.random.default_rng(1).normal(0, 0.1, len(X))
    first, second = (fit(line, LINE, y, samples=50) for _ in range(2))
    assert first.estimates == second.estimates
    assert all(e.bootstrap is None for e in fit(line, LINE, y).estimates)


def test_as_many_numbers_as_points_cannot_be_resampled():
    own = fit(lambda v: v["a"] + v["b"] * X[:2], LINE, np.array([1.0, 2.0]), samples=20)
    assert all(e.bootstrap is None for e in own.estimates)


def test_it_reaches_the_files(tmp_path):
    T = np.linspace(280, 340, 9)
    sigma = 0.3 * 298.15 / T * np.exp(-4500 * (1 / T - 1 / 298.15))
    sigma = sigma * np.exp(np.random.default_rng(3).normal(0, 0.02, 9))
    rows = "\n".join(f"{t:.6g},{s:.6g}" for t, s in zip(T, sigma, strict=True))
    (tmp_path / "a.csv").write_text(f"temperature [K],conductivity [S/m]\n{rows}\n")
    result = fit_arrhenius(tmp_path / "a.csv", samples=RESAMPLINGS)
    result.write(tmp_path / "fit")
    found = json.loads((tmp_path / "fit.json").read_text())["parameters"]["activation_energy"]
    assert found["bootstrap"][0] < found["value"] < found["bootstrap"][1]
