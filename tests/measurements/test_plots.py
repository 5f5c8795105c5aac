"""Pictures of measurements: a semicircle looks like one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from joulestack.measurements import plots


@pytest.mark.parametrize("tail", [0.0, 2000.0])
def test_an_ohm_is_as_long_either_way_in_a_nyquist_plot(tail: float) -> None:
    frequency = np.logspace(6, -3, 60)
    omega = 2 * np.pi * frequency
    impedance = 5.0 + 10.0 / (1 + 1j * omega * 1e-2) + (1 / (1j * omega) if tail else 0.0)
    found: Any = SimpleNamespace(
        frequency=frequency, impedance=impedance, intercept=5.0, phase=np.angle(impedance, deg=True)
    )
    figure = plots.impedance(found)
    figure.draw_without_rendering()
    nyquist = figure.axes[0]
    origin, right, up = nyquist.transData.transform([(0, 0), (5, 0), (0, 5)])
    assert right[0] - origin[0] == pytest.approx(up[1] - origin[1], rel=1e-3)
    assert right[0] - origin[0] > 5  # px: it is to be seen
