"""Derivatives of a run in memory and in files, and what first order makes of uncertainties."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.outputs import headline
from joulestack.outputs.plots import tornado
from joulestack.outputs.sensitivities import Differentiated, Sensitivities, read, said, write
from joulestack.simulation.sensitivity.series import Recorded, in_time

RISE = headline.LARGEST_RISE
NUMBERS = (
    Differentiated("cell.pressure", "MPa", 5.0, 0.5, 5.0, "case", "user"),
    Differentiated("A: k", "standard deviation", None, 1.0, 1 / 0.2, "Who2020", "primary"),
    Differentiated("A: c", "1", None, None, 1.0, "Who2020", "primary"),
    Differentiated("B: d", "1", None, None, 1.0, "", "unverified"),
    Differentiated("B: e", "standard deviation", None, 1.0, None, "", "primary", "left 0.1"),
)
FOUND = Sensitivities(
    NUMBERS,
    {RISE: 2.0},
    {RISE: (0.6, -0.4, 9.0, 0.2, 100.0)},
    np.array([0.0, 10.0]),
    ("Voltage [V]",),
    np.arange(10.0).reshape(5, 2, 1),
    np.arange(10.0).reshape(5, 2, 1),
    np.array([[0.0, 4.0], [0.0, 3.0], [0.0, 0.0], [0.0, 0.0], [0.0, 9.0]]),
)


def test_deviations_add_in_squares_and_lost_numbers_do_not_count() -> None:
    assert FOUND.deviation(RISE) == pytest.approx(np.hypot(0.3, 0.4))
    assert FOUND.shares(RISE) == pytest.approx({"A: k": 0.64, "cell.pressure": 0.36})
    assert FOUND.spread()[:, 0] == pytest.approx([0.0, np.hypot(2.0, 3.0)])
    assert FOUND.spread()[:, 1] == pytest.approx(np.hypot([0.0, 0.5], [2.0, 3.0]))
    told = FOUND.table({RISE: {"error": 0.01}})[RISE]
    assert told["relative"] == pytest.approx(0.25)
    assert told["numerical_error"] == 0.01


def test_a_number_without_source_comes_before_one_without_deviation() -> None:
    most = FOUND.unknown_most(RISE)
    assert most is not None
    assert (most[0].name, most[1]) == ("B: d", pytest.approx(0.02))
    lines = said(FOUND)
    assert "2 +- 0.5 K" in lines[0]
    assert "most of it by A: k" in lines[0]
    assert "B: d has no source and moves the largest rise most: +0.02 K for +10 %" in lines[1]
    assert "B: e: not to be trusted, left 0.1" in lines[2]


def test_files_hold_all_of_it(tmp_path: Path) -> None:
    write(FOUND, tmp_path)
    again = read(tmp_path)
    assert again.numbers == NUMBERS
    assert again.of("temperature_rise_max_K") == dict(
        zip([n.name for n in NUMBERS], FOUND.figures[RISE], strict=True)
    )
    assert again.of("Voltage [V]")["B: d"] == pytest.approx([6.0, 7.0])
    with pytest.raises(CaseError, match=r"did you mean \"Voltage"):
        again.of("Voltage [mV]")
    with (tmp_path / "sensitivities.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    first = next(row for row in rows if row["number"] == "cell.pressure")
    assert float(first["of one standard deviation"]) == pytest.approx(0.3)
    assert float(first["of +1 %"]) == pytest.approx(0.03)
    with pytest.raises(CaseError, match="has no sensitivities"):
        read(tmp_path / "elsewhere")


def test_pictures_show_what_is_known_and_what_is_not() -> None:
    axes = tornado.draw(FOUND).axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["B: d", "cell.pressure", "A: k", "A: c"]  # the largest on top
    assert [bool(bar.get_hatch()) for bar in axes.patches] == [True, False, False, True]
    table = {"Time [s]": FOUND.times, "Voltage [V]": np.array([4.0, 3.9])}
    assert len(tornado.draw_bands(FOUND, table).axes) == 1


def test_derivatives_at_fixed_times_and_at_fixed_shares() -> None:
    """y = -t up to an end at p, (t - p)^2 from there for 4 s, told along steps."""
    p, after = 10.0, [0.0, 1.0, 2.0, 4.0]
    records = [Recorded(t, {"y": -t}, order) for t, order in ((0.0, 0), (4.0, 1), (p, 1))]
    records += [Recorded(p + s, {"y": s * s}, min(n, 2)) for n, s in enumerate(after)]
    along = [{"Time [s]": 0.0, "y": 0.0}] * 2 + [{"Time [s]": 1.0, "y": -1.0}]
    along += [{"Time [s]": 1.0, "y": 0.0} for _ in after]
    found = in_time(records, [along])
    assert found.columns == ("y",)
    assert list(found.times) == [0.0, 4.0, p, *(p + s for s in after)]
    # The first step after the end is of order one: its slope is a difference.
    slopes = [1.0, 1.0, 4.0, 8.0]
    assert found.fixed[0, :, 0] == pytest.approx([0.0, 0.0, 0.0, *(-s for s in slopes)])
    assert found.later[0] == pytest.approx([0.0, 0.4, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert found.shared[0, :, 0] == pytest.approx([0.0, -0.4, -1.0, 0.0, 0.0, 0.0, 0.0])
