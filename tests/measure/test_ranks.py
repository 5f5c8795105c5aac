"""Measurements on two ranks give what one gives: the sample is spread over both."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.measure.impedance import logarithmic, spectrum
from joulestack.measure.polarisation import polarisation
from joulestack.measure.thermal_wave import suited, thermal_wave
from tests.measure import samples as s
from tests.mpi import run_ranks

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


SCRIPT = """
import json
from mpi4py import MPI
from tests.measure.test_ranks import measured
found = measured(MPI.COMM_WORLD)
if MPI.COMM_WORLD.rank == 0:
    print("RESULT", json.dumps(found), flush=True)
"""


@cache
def on_two_ranks() -> Any:
    (line,) = (x for x in run_ranks(2, SCRIPT).splitlines() if "RESULT" in x)
    return json.loads(line.removeprefix("RESULT "))


@cache
def on_one_rank() -> dict[str, list[float]]:
    return measured(MPI.COMM_SELF)


@pytest.mark.mpi
@pytest.mark.parametrize("name", ["particles", "blocking", "thermal wave", "polarisation"])
def test_two_ranks_measure_as_one(name: str) -> None:
    one, two = np.array(on_one_rank()[name]), np.array(on_two_ranks()[name])
    assert one.shape == two.shape
    assert np.abs(two - one).max() < 1e-7 * np.abs(one).max()
    assert np.abs(two[-1] / one[-1] - 1) < 1e-7
