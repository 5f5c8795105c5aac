"""Measurements on two ranks give what one gives: the sample is spread over both."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.measurements.impedance import logarithmic, spectrum
from joulestack.measurements.polarisation import polarisation
from joulestack.measurements.thermal_wave import suited, thermal_wave
from tests.measurements import samples as s
from tests.mpi import on_ranks

FREQUENCY = logarithmic(1e-2, 1e5, 1)


def measured(comm: Any) -> dict[str, list[float]]:
    """Points at interfaces and in regions, a line and a pellet, temperatures free and held."""
    found = {
        "particles": spectrum(s.half_cell(comm=comm), FREQUENCY, isothermal=False),
        "blocking": spectrum(s.blocking_cell(True, comm=comm), FREQUENCY, exponent=0.9),
    }
    slab = s.sample({"pellet": (s.electrolyte, s.THICK, 8)}, True, comm, drive=None)
    wave = thermal_wave(slab, suited(0.5 / 1.8e6, s.THICK), s.THICK)
    held = polarisation(s.blocking_cell(True, comm=comm), 0.05, 1e-3, s.THICK)
    numbers = {name: [*z.impedance.real, *z.impedance.imag, z.area] for name, z in found.items()}
    numbers["thermal wave"] = [*wave.rear.real, *wave.rear.imag, *wave.heated.real]
    numbers["polarisation"] = [*held.current, held.area]
    return {name: [float(v) for v in values] for name, values in numbers.items()}


@cache
def on(ranks: int) -> Any:
    return measured(MPI.COMM_SELF) if ranks == 1 else on_ranks(ranks, measured)


@pytest.mark.mpi
@pytest.mark.parametrize("name", ["particles", "blocking", "thermal wave", "polarisation"])
def test_two_ranks_measure_as_one(name: str) -> None:
    one, two = (np.array(on(ranks)[name]) for ranks in (1, 2))
    assert one.shape == two.shape
    assert np.abs(two - one).max() < 1e-7 * np.abs(one).max()
    assert np.abs(two[-1] / one[-1] - 1) < 1e-7
