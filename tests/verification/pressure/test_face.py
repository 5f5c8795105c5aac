"""Pressure that differs over the face: a cell with an uneven clamp, in a fixture that answers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.mechanics.clamping import Clamping
from joulestack.mechanics.fixtures import Fixture
from joulestack.mechanics.volume_change import volume_law
from joulestack.mesh import LayerSpec, Pouch, build
from joulestack.simulation.setup import Drive
from joulestack.solver.stepper import StepControl, Tolerances
from tests.mpi import on_ranks
from tests.verification.breathing_cells import ASSEMBLY, THICKNESS, V_LI, cell, media
from tests.verification.harness import Run

WIDTH, LENGTH = 10e-3, 8e-3
FRAME = Fixture("fixed gap", stiffness=8e11, compliance=sum(THICKNESS.values()) / 20e9)


def pouch(
    balance: str,
    comm: Any = MPI.COMM_SELF,
    tilt: float = 0.4,
    rate: float = 1.0,
    size: float = 2.5e-3,
    step: float | None = None,
    tolerances: Tolerances | None = None,
) -> Run:
    """A flat cell whose clamp presses `tilt` more on the right and less on the left."""
    (p,) = media()["cathode"].particles
    clamping = Clamping(FRAME, {p.name: volume_law(p)}, {"Li": V_LI}, balance=balance)
    layers = tuple(LayerSpec(n, t, 2) for n, t in THICKNESS.items())
    setup = replace(
        cell(None),
        tagged=build(Pouch(layers, WIDTH, LENGTH, in_plane_size=size), comm),
        drive=Drive("bottom", "top", lambda t: rate * 10.0 * WIDTH * LENGTH),
        area=1.0,
        clamping=clamping,
        pressure_shape=lambda x: 1 + tilt * (2 * np.asarray(x)[:, 0] / WIDTH - 1),
    )
    return Run(setup, tolerances=tolerances or Tolerances(), control=StepControl(largest=step))


def answers(comm: Any) -> dict[str, float]:
    run = pouch("points", comm)
    run.advance(300.0)
    return run.row


def test_points_start_from_the_map_and_follow_their_own_lithium() -> None:
    run = pouch("points")
    run.advance(900.0)
    clamp, first, row = run.model.pressure.clamp, run.rows[0], run.row
    assert clamp is not None
    assert clamp.face is not None
    assert len(clamp.face.at) == 5 * 5
    assert clamp.face.areas.sum() == pytest.approx(WIDTH * LENGTH, rel=1e-12)
    assert first["Stack pressure [MPa]"] == pytest.approx(ASSEMBLY / 1e6, rel=1e-6)
    assert first["Stack pressure min [MPa]"] == pytest.approx(0.6 * ASSEMBLY / 1e6, rel=1e-6)
    assert first["Stack pressure max [MPa]"] == pytest.approx(1.4 * ASSEMBLY / 1e6, rel=1e-6)
    grown = clamp.face.expansion()
    assert 1e6 * clamp.face.mean(grown) == pytest.approx(row["Stack thickness change [um]"])
    exact = clamp._map + grown * FRAME.response
    assert clamp.columns == pytest.approx(exact, rel=1e-6)
    # More current flows where the contact is better: more lithium is stripped there.
    order = np.argsort(clamp.face.at[:, 0])
    assert grown[order[0]] > grown[order[-1]]
    assert grown.max() < 0
    field = clamp.field
    assert field is not None
    assert field.x.array.min() == pytest.approx(clamp.columns.min())


def test_even_clamp_is_the_mean() -> None:
    """Without a map, points, plate and one number are the same."""
    found = []
    for balance in ("mean", "points", "plate", "tilting plate"):
        run = pouch(balance, tilt=0.0)
        run.advance(300.0)
        found.append((run.row["Stack pressure [MPa]"], run.row["Voltage [V]"]))
    for pressure, voltage in found[1:]:
        assert pressure == pytest.approx(found[0][0], rel=1e-6)
        assert voltage == pytest.approx(found[0][1], abs=1e-6)


def test_rigid_plate_levels_what_grows_unevenly() -> None:
    """Its mean is the fixture's; where less is stripped it presses more."""
    run = pouch("plate")
    run.advance(900.0)
    clamp = run.model.pressure.clamp
    assert clamp is not None
    assert clamp.face is not None
    grown = clamp.face.expansion()
    mean = FRAME.pressure(clamp.face.mean(grown), ASSEMBLY)
    assert clamp.face.mean(clamp.columns) == pytest.approx(mean, rel=1e-6)
    loose = np.argmin(clamp._map)
    expected = (grown[loose] - clamp.face.mean(grown)) / FRAME.compliance
    change = clamp.columns[loose] - clamp._map[loose] - (mean - ASSEMBLY)
    assert change == pytest.approx(expected, rel=1e-3, abs=10.0)
    assert math.isfinite(run.row["Voltage [V]"])


EXACT = Tolerances(1e-5, 1e-5, lithiation=1e-5)
"""Errors of steps are told apart from what is tested."""

ENDS = ("Stack pressure min [MPa]", "Stack pressure max [MPa]", "Voltage [V]")


def test_pressure_over_the_face_does_not_depend_on_the_mesh() -> None:
    """Columns of 5, 2.5 and 1.25 mm: first order at the edges, where a column is half as wide."""
    found = []
    for size in (5e-3, 2.5e-3, 1.25e-3):
        run = pouch("points", size=size, tolerances=EXACT)
        run.advance(600.0)
        found.append([run.row[name] for name in (*ENDS, "Stack pressure [MPa]")])
    coarse, middle, fine = np.array(found)
    assert (np.abs(fine - middle) < 0.6 * np.abs(middle - coarse) + 1e-7).all()
    assert fine[:2] == pytest.approx(middle[:2], rel=2e-3)
    assert fine[2:] == pytest.approx(middle[2:], rel=1e-5)
    change = 0.6 * ASSEMBLY / 1e6 - fine[0]
    assert change > 0.1  # the loose edge has moved by far more than the meshes differ


def test_pressure_over_the_face_does_not_depend_on_steps() -> None:
    """Half and a quarter of the step, under a stiff plate; lagged by a step: 2e-3."""
    found = []
    for step in (60.0, 30.0, 15.0):
        run = pouch("plate", step=step, tolerances=EXACT)
        run.advance(600.0)
        found.append([run.row[name] for name in ENDS])
    for other in found[1:]:
        assert other == pytest.approx(found[0], rel=1e-4)


@pytest.mark.mpi
def test_two_ranks_answer_as_one() -> None:
    one = answers(MPI.COMM_SELF)
    two = on_ranks(2, answers)
    for key in ("Stack pressure min [MPa]", "Stack pressure max [MPa]", "Voltage [V]"):
        assert two[key] == pytest.approx(one[key], rel=1e-7), key
