"""A tab on a foil: resistance of the current that turns into it, against the closed form."""

from __future__ import annotations

import math

import pytest
from mpi4py import MPI

from joulestack.case.stack.pouch import SIDE_CELLS
from joulestack.fabrication.constant_media import GivenMedium
from joulestack.mesh import LayerSpec, Pouch, TabSpec, build
from joulestack.simulation.setup import Drive, FaceCondition, Setup
from joulestack.simulation.simulation import Simulation

WIDTH, LENGTH, FOIL, SIGMA = 60e-3, 80e-3, 10e-6, 5e7
START = 300.0


def exact(tab: float, reach: float) -> float:
    """Resistance in squares from the edge opposite to the end of a tab in the middle of its edge.

    A strip of width a that widens to b on one side adds
    ((q^2+1)/q ln((1+q)/(1-q)) - 2 ln(4q/(1-q^2)))/pi squares, q = a/b (conformal map; Hall 1968,
    Thin Solid Films 1, 277). A tab in the middle is two of them, in parallel. Pieces are longer
    than they are wide, so that the current is even at both ends.
    """
    q = tab / WIDTH
    widening = (q * q + 1) / q * math.log((1 + q) / (1 - q)) - 2 * math.log(4 * q / (1 - q * q))
    return LENGTH / WIDTH + reach / tab + 0.5 * widening / math.pi


def found(tab: float, reach: float, cells: int) -> float:
    """The same of the solver, with so many cells along the longer side."""
    spec = Pouch(
        (LayerSpec("Cu", FOIL, 1),),
        WIDTH,
        LENGTH,
        (TabSpec("back", "Cu", tab, reach),),
        in_plane_size=LENGTH / cells,
    )
    tagged = build(spec, MPI.COMM_SELF)
    end = next(face for face in tagged.faces if face.startswith("tab"))
    setup = Setup(
        tagged=tagged,
        media={"Cu": GivenMedium("Cu", k=400.0, rho_cp=3.4e6, sigma_s=SIGMA)},
        start_temperature=START,
        contacts={},
        faces={"front": [FaceCondition(temperature=lambda t: START)]},
        drive=Drive("front", end, lambda t: 1e-3, lambda t: None),
        area=1.0,
        thickness={"Cu": FOIL},
    )
    return abs(Simulation(setup).steady()["Voltage [V]"]) / 1e-3 * SIGMA * FOIL


@pytest.mark.parametrize(("tab", "limit"), [(6e-3, 4e-3), (15e-3, 2.5e-3), (40e-3, 1e-3)])
def test_tab_of_default_cells(tab: float, limit: float) -> None:
    """Equal cells are off by 0.6 % at 15 mm."""
    reach = max(tab, 10e-3)
    assert found(tab, reach, SIDE_CELLS) == pytest.approx(exact(tab, reach), rel=limit)


def test_error_at_the_corner_is_of_second_order() -> None:
    """On equal cells it is of order 4/3, and Richardson's estimate with order 2 a third of it."""
    tab = reach = 15e-3
    off = [1 - found(tab, reach, n) / exact(tab, reach) for n in (SIDE_CELLS, 2 * SIDE_CELLS)]
    assert math.log2(off[0] / off[1]) == pytest.approx(2.0, abs=0.2)
