"""Critical ovens against Semenov and Frank-Kamenetskii; a runaway between adiabatic faces."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from joulestack.errors import CaseError
from joulestack.laws.runaway.reactions import Activated, Reaction
from joulestack.measurements import abuse
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, build
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.simulation.simulation import Simulation
from joulestack.tolerances import Tolerances
from tests.media import filler

R = 8.314462618
RHO_CP = 2e6
COARSE = Tolerances(1e-3, 1e-3)


def endless(E: float, at: float, heat: float) -> Reaction:
    """Nothing is consumed: a rate so small that its enthalpy is as large; heat [W/m3] at a T."""
    A = 1e-15 * math.exp(E / (R * at))
    return Reaction("endless", Activated(A, E), 1.0, heat / 1e-15)


def slab(reaction: Reaction, k: float, face: FaceCondition, start: float, cells: int = 2) -> Setup:
    """1 cm, of which one face is symmetric."""
    medium = filler(k=k, rho_cp=RHO_CP, reactions=(reaction,))
    spec = Line((LayerSpec("a", 0.01, cells, grading=1.0),))
    return Setup(build(spec), {"a": medium}, start, faces={"top": [face]}, thickness={"a": 0.01})


def test_semenov() -> None:
    """Well mixed: the critical oven is where the line of cooling touches the curve of heat."""
    E, T0, heat, h, L = 1.2e5, 430.0, 2e4, 20.0, 0.01
    reaction = endless(E, T0, heat)

    def q(T: float) -> float:
        return heat * math.exp(E / (R * T0) - E / (R * T))

    touching = brentq(lambda T: q(T) * L - h * R * T * T / E, 300.0, 500.0)
    exact = touching - R * touching**2 / E
    setup = slab(reaction, 1e5, FaceCondition(coefficient=h, ambient=T0), exact - 20)
    found = abuse.critical(
        setup, (exact - 8.0, exact + 9.0), 1e7, close=0.05, limit=1.0, tolerances=COARSE
    )
    assert found.low <= found.temperature <= found.high
    assert found.temperature == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize(("shape", "exact"), [("slab", 0.878458), ("cylinder", 2.0)])
def test_frank_kamenetskii(shape: str, exact: float) -> None:
    """Critical delta for exp(theta); with Arrhenius' law it is larger by about 1.05 R T/E."""
    L, k, T0 = 0.01, 1.0, 400.0
    deltas = []
    for small in (0.02, 0.01):
        E = R * T0 / small
        # delta = E q L^2/(R T0^2 k) is the exact one, 1 + 1.05 R T/E aside, near T0.
        heat = exact * small * T0 * k / L**2
        face = FaceCondition(temperature=T0)
        if shape == "slab":
            setup = slab(endless(E, T0, heat), k, face, T0, cells=24)
        else:
            layers = (LayerSpec("a", 0.01, 1),)
            medium = filler(k=k, rho_cp=RHO_CP, reactions=(endless(E, T0, heat),))
            spec = Pellet(layers, L, radial_cells=24)
            setup = Setup(build(spec), {"a": medium}, T0, faces={"side": [face]})
        width = small * T0
        found = abuse.critical(
            setup, (T0 - 0.02 * width, T0 + 0.05 * width), 1e7, close=1e-3 * width,
            limit=1.0, tolerances=COARSE,
        ).temperature  # fmt: skip
        there = R * found / E
        q = heat * math.exp(E / (R * T0) - E / (R * found))
        deltas.append(q * L**2 / (k * found * there))
    assert deltas[0] / exact == pytest.approx(1 + 1.05 * 0.02, abs=3e-3)
    assert 2 * deltas[1] - deltas[0] == pytest.approx(exact, rel=2e-3)


def burning(start: float = 450.0) -> Setup:
    reaction = Reaction("one", Activated(1e10, 1.2e5), 1000.0, 300.0 * RHO_CP / 1e3, gas=0.2)
    setup = slab(reaction, 1.0, FaceCondition(coefficient=5.0, ambient=300.0), start)
    return abuse.adiabatic(setup)


def test_a_runaway_between_adiabatic_faces() -> None:
    """First order: the temperature at 1 K/s and at the end are known."""
    A, E, start, end = 1e10, 1.2e5, 450.0, 750.0
    simulation = Simulation(burning(start))
    found = abuse.follow(simulation, lambda stops: simulation.advance(1e5, stops=stops))
    T = brentq(lambda T: A * math.exp(-E / (R * T)) * (end - T) - 1.0, start, 600.0)
    assert found.temperature == pytest.approx(T, abs=0.1)
    assert found.layer == "a"
    assert found.time is not None
    assert 0 < found.time < found.peak_time <= found.end < 1e5
    assert found.peak == pytest.approx(end, abs=0.1)
    gone = (found.peak - start) / (end - start)
    assert found.reacted == {"a one": pytest.approx(gone, rel=1e-4)}
    assert found.gas == pytest.approx(0.2 * 1000.0 * 0.01 * gone, rel=1e-4)
    hottest = simulation["Temperature max [K]"].entries
    assert np.all(np.diff(hottest) >= 0)


def test_what_is_refused() -> None:
    setup = burning()
    with pytest.raises(CaseError, match="no face exchanges heat"):
        abuse.in_oven(setup, abuse.Oven(400.0))
    with pytest.raises(CaseError, match=r"reactions: no layer has any"):
        abuse.adiabatic(replace(setup, media={"a": filler()}))
    cooled = replace(setup, faces={"top": [FaceCondition(coefficient=5.0, ambient=300.0)]})
    with pytest.raises(CaseError, match="500 K is not below 400 K"):
        abuse.critical(cooled, (500.0, 400.0), 1e5)
    with pytest.raises(CaseError, match=r"runs away at 226\.85 degC already"):
        abuse.critical(cooled, (500.0, 600.0), 1e5)
    with pytest.raises(CaseError, match=r"does not run away at 66\.85 degC"):
        abuse.critical(replace(cooled, start_temperature=300.0), (330.0, 340.0), 1e3)


def test_a_runaway_stays_as_uniform_as_it_is() -> None:
    """Four columns that know nothing of each other ignite together and are not hotter than may be.

    Heat that is made at vertices and stored elsewhere would set them apart by hundreds of kelvins.
    """
    reaction = Reaction("one", Activated(1e10, 1.2e5), 1000.0, 300.0 * RHO_CP / 1e3)
    names = ("a", "hot", "b")
    layers = tuple(LayerSpec(n, 1e-4, 2, grading=1.0) for n in names)
    media = {n: filler(k=1.0, rho_cp=RHO_CP) for n in names}
    media["hot"] = replace(media["hot"], reactions=(reaction,))
    setup = Setup(build(Pouch(layers, 0.02, 0.03, in_plane_size=0.03)), media, 450.0)
    simulation = Simulation(abuse.adiabatic(setup))
    found = abuse.follow(simulation, lambda stops: simulation.advance(1e5, stops=stops))
    assert found.peak == pytest.approx(450.0 + 100.0, abs=1.0)
    assert simulation.row["Temperature min [K]"] == pytest.approx(550.0, abs=1.0)
    assert found.reacted["hot one"] > 0.99
    assert simulation.balances["energy_balance_relative"] < 1e-5
