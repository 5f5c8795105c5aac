"""Heat alone on a line: contacts, sources, radiation, ambients that swing, k(T), resistive heat."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from mpi4py import MPI
from scipy.integrate import solve_ivp

import joulestack as js
from joulestack.constants import GAS_CONSTANT
from tests.accuracy import record
from tests.accuracy.level import Level
from tests.accuracy.lines import Face, Line, Slab
from tests.accuracy.record import Case, Figure, Outcome

AIR = 298.15
Row = Mapping[str, float]


def simulate(
    level: Level, setup: js.Setup, times: Sequence[float], landings: Sequence[float] = ()
) -> tuple[list[Row], js.Simulation, float]:
    """Ours with records at the times asked for, and the seconds that it took."""
    ours = js.Simulation(setup, level.tolerances)
    ours.stepper  # noqa: B018  (compiles)
    begun = time.process_time()
    ours.advance(float(times[-1]), landings, at=list(times))
    rows = [next(r for r in ours.rows if math.isclose(r["Time [s]"], t)) for t in times]
    return rows, ours, time.process_time() - begun


def curve(name: str, ours: Any, reference: Any, start: float) -> Figure:
    """Largest difference, as a part of the largest rise (or fall)."""
    scale = float(np.abs(np.asarray(reference) - start).max())
    worst = float(np.abs(np.asarray(ours) - reference).max()) / scale
    return Figure(f"{name} [K]", worst, record.RISE, "%", scale)


def held_against(
    line: Line, start: float, times: Sequence[float], kinks: Sequence[float] = ()
) -> Callable[[Level], Outcome]:
    """The stack of a reference, as ours, against it."""

    def run(level: Level) -> Outcome:
        names = [f"slab{i}" for i in range(len(line.slabs))]
        thickness = {n: s.thickness for n, s in zip(names, line.slabs, strict=True)}
        geometry = level.geometry(geometry="line", area="1 cm^2", layers=thickness)
        media = {n: _medium(n, s) for n, s in zip(names, line.slabs, strict=True)}
        setup = js.Setup(
            js.build(geometry, MPI.COMM_SELF),
            media,
            start,
            {
                (names[i], names[i + 1]): js.Contacts(thermal=js.GivenResistance(R))
                for i, R in enumerate(line.contacts)
            },
            {"bottom": _conditions(line.bottom), "top": _conditions(line.top)},
            heat_sources={n: s.source for n, s in zip(names, line.slabs, strict=True)},
            area=1e-4,
        )
        rows, ours, seconds = simulate(level, setup, times, kinks)
        means, hottest = line.solve(start, times, kinks)
        mean = [[r[f"{n} temperature mean [K]"] for n in names] for r in rows]
        return Outcome(
            (
                curve("means", mean, means, start),
                curve("hottest", [r["Temperature max [K]"] for r in rows], hottest, start),
            ),
            seconds,
            ours.stepper.statistics.steps,
        )

    return run


def _medium(name: str, slab: Slab) -> js.GivenMedium:
    k: Any = slab.k
    return js.GivenMedium(
        name, k=(lambda s: k(s.T)) if callable(k) else k, rho_cp=slab.rho_cp, sigma_s=1.0
    )


def _conditions(face: Face) -> list[js.FaceCondition]:
    h, emissivity = face.coefficient or None, face.emissivity or None
    if h is emissivity is None:
        return []
    return [js.FaceCondition(coefficient=h, emissivity=emissivity, ambient=face.ambient)]


def films(h_bottom: float, h_top: float, ambient: float = AIR) -> tuple[Face, Face]:
    return Face(h_bottom, ambient=lambda t: ambient), Face(h_top, ambient=lambda t: ambient)


SWING = 900.0
"""Period of the ambient [s]."""


def swinging(t: float) -> float:
    return AIR + 10 * math.sin(2 * math.pi * t / SWING)


HEATER = js.Profile(
    (0, 60, 60, 300, 300, 360, 360, 600, 600, 660), (2e7, 2e7, 0, 0, 2e7, 2e7, 0, 0, 2e7, 2e7)
)
"""On for a minute every five [W/m3]."""

LINES: dict[str, tuple[str, Callable[[Level], Outcome]]] = {
    "slab_cooled": (
        "one slab from 400 K in a film, Bi = 1",
        held_against(
            Line((Slab(0.02, 1.0, 2e6),), *films(10.0, 50.0, 300.0)), 400.0, (20, 100, 400, 1500)
        ),
    ),
    "slabs_contact": (
        "two unlike slabs from 400 K with a contact as resistive as they",
        held_against(
            Line((Slab(6e-3, 0.5, 2e6), Slab(11e-3, 3.0, 0.9e6)), *films(20.0, 100.0, 300.0),
                 (8e-3,)),
            400.0, (10, 60, 300, 1200),
        ),
    ),
    "slabs_heated": (
        "three heated layers with contacts",
        held_against(
            Line((Slab(1e-3, 0.8, 1.9e6, lambda t: 1e6), Slab(0.5e-3, 0.4, 2.2e6, lambda t: 3e6),
                  Slab(2e-3, 15.0, 2.4e6)), *films(200.0, 15.0), (5e-4, 1e-3)),
            AIR, (5, 30, 60, 600),
        ),
    ),
    "slabs_pulsed": (
        "a source that is on for a minute of five, with jumps",
        held_against(
            Line((Slab(2e-3, 0.6, 2e6, HEATER), Slab(3e-3, 20.0, 2.5e6)), *films(30.0, 60.0),
                 (2e-4,)),
            AIR, (30, 60, 200, 360, 600, 660), (60, 300, 360, 600, 660),
        ),
    ),
    "slab_radiating": (
        "a slab from 800 K that radiates on both faces",
        held_against(
            Line((Slab(0.02, 2.0, 2.5e6),), Face(0, 0.8, lambda t: 300.0),
                 Face(0, 0.3, lambda t: 300.0)),
            800.0, (10, 100, 600, 3600),
        ),
    ),
    "plate_radiating": (
        "a metal plate from 800 K that radiates and is blown at",
        held_against(
            Line((Slab(5e-3, 400.0, 3.4e6),), Face(0, 0.9, lambda t: 300.0),
                 Face(12.0, 0.9, lambda t: 300.0)),
            800.0, (60, 300, 1200, 7200),
        ),
    ),
    "slab_in_swinging_air": (
        "films to an ambient that swings by 10 K, four periods",
        held_against(
            Line((Slab(0.01, 0.5, 2e6),), Face(40.0, ambient=swinging),
                 Face(8.0, ambient=swinging)),
            AIR, tuple(SWING * np.arange(0.25, 4.01, 0.25)),
        ),
    ),
    "slab_k_of_T": (
        "k that halves over 200 K, heated and cooled on one side",
        held_against(
            Line((Slab(0.01, lambda T: 1.5 / (1 + (T - 300.0) / 200.0), 2e6, lambda t: 8e5),),
                 *films(0.0, 100.0, 300.0)),
            300.0, (30, 120, 600, 6000),
        ),
    ),
}  # fmt: skip


def thermistor(level: Level) -> Outcome:
    """Resistive layers whose conductance rises with T, under a current: an ordinary equation."""
    area, density, h, energy = 1e-4, 200.0, 20.0, 30e3
    thickness = {"lower": 1e-4, "electrolyte": 5e-4, "upper": 1e-4}
    capacity = sum(thickness.values()) * 2e6

    def grown(T: Any, exp: Any) -> Any:
        return 0.05 * exp(energy / GAS_CONSTANT * (1 / AIR - 1 / T))

    metal = js.GivenMedium("metal", k=1e3, rho_cp=2e6, sigma_s=1e7, electrode_potential=0.0)
    salt = js.GivenMedium("salt", k=1e3, rho_cp=2e6, sigma_e=lambda s: grown(s.T, js.xmath.exp))
    contact = js.Contacts(charge_transfer=js.GivenResistance(2e-3))
    air = js.FaceCondition(coefficient=h, ambient=AIR)
    setup = js.Setup(
        js.build(level.geometry(geometry="line", area="1 cm^2", layers=thickness), MPI.COMM_SELF),
        {"lower": metal, "electrolyte": salt, "upper": metal},
        AIR,
        {(a, "electrolyte"): contact for a in ("lower", "upper")},
        {"top": [air]},
        drive=js.Drive("bottom", "top", current=density * area),
        area=area,
    )
    times = (5, 30, 120, 600)
    rows, ours, seconds = simulate(level, setup, times)
    found = solve_ivp(
        lambda t, T: (density**2 * (5e-4 / grown(T, np.exp) + 4e-3) - h * (T - AIR)) / capacity,
        (0, times[-1]), [AIR], "Radau", t_eval=times, rtol=1e-11, atol=1e-11,
    )  # fmt: skip
    T = found.y[0]
    volts = density * (5e-4 / grown(T, np.exp) + 4e-3 + 2e-4 / 1e7)
    off = np.abs([-r["Voltage [V]"] for r in rows] / volts - 1).max()
    return Outcome(
        (
            curve("hottest", [r["Temperature max [K]"] for r in rows], T, AIR),
            Figure("voltage [V]", float(off), record.VOLTAGE, "%", float(volts[0])),
        ),
        seconds,
        ours.stepper.statistics.steps,
    )


QUICK = ("slabs_heated", "slabs_contact", "slab_radiating")


def cases() -> Iterator[Case]:
    """All of them."""
    for name, (what, run) in LINES.items():
        yield Case(name, "heat on a line, finite volumes", what, run, name in QUICK)
    what = "resistive layers whose conductance rises as they warm, an ordinary equation"
    yield Case("thermistor", "heat on a line, finite volumes", what, thermistor)
