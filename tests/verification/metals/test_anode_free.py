"""Lithium plated on bare copper, and stripped to nothing: against a foil, by hand, on two ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mpi4py import MPI

from joulestack.constants import FARADAY
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.materials import library
from joulestack.mesh import LayerSpec, Pouch, build
from joulestack.simulation.exhaustion import STRIPPED, stripped_stop
from joulestack.simulation.setup import Drive, Setup
from tests.mpi import on_ranks
from tests.verification.breathing_cells import AREA, THICKNESS, V_LI, cell
from tests.verification.harness import Run
from tests.verification.pressure.test_fixtures import FRAME, TIGHT

WIDTH, LENGTH = 10e-3, 8e-3


def bare(setup: Setup, **stock: float) -> Setup:
    """The same cell with copper on the separator, and what lithium is on it at the start."""
    copper = replace(
        fabricate(Fabrication("copper")),
        potential=library.load("lithium").properties["electrode_potential"],
        plated="lithium",
    )
    assert setup.clamping is not None
    clamping = replace(setup.clamping, stock=stock or {"Li": 0.0})
    return replace(setup, media={**setup.media, "Li": copper}, clamping=clamping)


def cycle(t: float) -> float:
    """A quarter of an hour of charge at 1 mA/cm2, then discharge."""
    return (-10.0 if t < 900.0 else 10.0) * AREA


def test_plated_copper_is_a_lithium_electrode() -> None:
    """Voltage and pressure are those of a foil, and the lithium is V_Li/F of the charge."""
    foil = Run(cell(FRAME, -1.0, charge=0.3), tolerances=TIGHT)
    free = Run(bare(cell(FRAME, -1.0, charge=0.3)), tolerances=TIGHT)
    for run in (foil, free):
        run.advance(900.0)
    assert free.row["Lithium left [um]"] == pytest.approx(1e6 * V_LI * 9000.0 / FARADAY, rel=1e-6)
    assert "Lithium left [um]" not in foil.row  # nobody said how much there is
    for name in ("Voltage [V]", "Stack pressure [MPa]", "Li thickness change [um]"):
        assert free.row[name] == pytest.approx(foil.row[name], rel=1e-6), name


def end_of_lithium(comm: Any) -> list[float]:
    """When and where a charged and discharged cell has no lithium left."""
    run = Run(bare(cell(FRAME, comm=comm, charge=0.3, current=cycle)), tolerances=TIGHT)
    stop = stripped_stop(run.model)
    assert stop is not None
    assert run.advance(3600.0, [900.0], [stop])
    return [run.model.time, run.row["Lithium left [um]"], run.row["Voltage [V]"]]


def test_stripped_to_nothing_ends_the_run() -> None:
    """After as much discharge as charge, less than 0.2 uAh/cm2 later."""
    end, left, voltage = end_of_lithium(MPI.COMM_SELF)
    beyond = STRIPPED / V_LI * FARADAY / 10.0
    assert end == pytest.approx(1800.0 + beyond, abs=0.1 * beyond)
    assert left == 0.0
    assert 3.0 < voltage < 4.5


def test_foil_can_be_stripped_through() -> None:
    """1 um of lithium lasts for 0.206 mAh/cm2."""
    run = Run(bare(cell(FRAME), Li=1e-6 / V_LI))
    stop = stripped_stop(run.model)
    assert stop is not None
    assert run.advance(3600.0, (), [stop])
    assert run.model.time == pytest.approx(1e-6 / V_LI * FARADAY / 10.0, rel=2e-3)


def test_bare_somewhere_on_the_face() -> None:
    """Plated unevenly under an uneven clamp: where least of it is ends the run."""
    setup = bare(cell(FRAME, charge=0.3))
    assert setup.clamping is not None
    layers = tuple(LayerSpec(n, t, 2) for n, t in THICKNESS.items())
    setup = replace(
        setup,
        tagged=build(Pouch(layers, WIDTH, LENGTH, in_plane_size=5e-3), MPI.COMM_SELF),
        drive=Drive("bottom", "top", lambda t: cycle(t) / AREA * WIDTH * LENGTH),
        area=1.0,
        clamping=replace(setup.clamping, balance="points"),
        pressure_shape=lambda x: 1 + 0.4 * (2 * x[:, 0] / WIDTH - 1),
    )
    run = Run(setup)
    stop = stripped_stop(run.model)
    assert stop is not None
    assert "somewhere on the face" in stop.name
    assert run.advance(3600.0, [900.0], [stop])
    plated = max(run.rows, key=lambda row: row["Lithium left [um]"])
    assert plated["Lithium left min [um]"] < 0.99 * plated["Lithium left [um]"]
    assert plated["Lithium left [um]"] == pytest.approx(1.2127, rel=2e-3)
    assert run.row["Lithium left min [um]"] == 0.0
    assert run.model.time < 1801.0


@pytest.mark.mpi
def test_two_ranks_answer_as_one() -> None:
    one = end_of_lithium(MPI.COMM_SELF)
    assert on_ranks(2, end_of_lithium) == pytest.approx(one, rel=1e-7)
