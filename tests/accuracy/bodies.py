"""Heat in bodies: a pellet in its die, a pouch with tabs, against finite volumes that are stored.

    docker/joulestack python -m tests.accuracy.bodies

solves the references on two grids and writes tests/reference/bodies.json (some minutes).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

import joulestack as js
from tests.accuracy import record
from tests.accuracy.heat_lines import AIR, simulate
from tests.accuracy.level import Level
from tests.accuracy.record import Case, Figure, Outcome
from tests.accuracy.volumes import Body, Floats, Outer, graded, joule

STORED = Path(__file__).resolve().parents[1] / "reference" / "bodies.json"

# -- a pellet between steel plungers in a die that is shorter than they are -----------------------

PELLET = {"lower": 4e-3, "separator": 0.8e-3, "cathode": 0.3e-3, "upper": 4e-3}
RADIUS, WALL, HEIGHT = 5e-3, 6e-3, 6.1e-3
K = {"lower": 16.0, "separator": 0.6, "cathode": 1.5, "upper": 16.0, "die": 0.9}
RHO_CP = {"lower": 3.9e6, "separator": 1.9e6, "cathode": 2.4e6, "upper": 3.9e6, "die": 2.1e6}
SOURCE = {"separator": 8e6, "cathode": 3e6}
ENDS, SIDE = 150.0, 12.0
"""Films of both ends and of everything beside [W/(m2 K)]."""
R_DIE, R_STACK = 3e-4, 1e-4
"""Contacts of the die with the layers, and of the plungers with the pellet [m2 K/W]."""
PELLET_TIMES = (10.0, 60.0, 300.0)


def pellet_reference(n: int) -> dict[str, Any]:
    """On a grid with n cells in each stretch."""
    names = [*PELLET, "die"]
    ends = np.concatenate([[0.0], np.cumsum([*PELLET.values()])])
    foot, head = 0.5 * (ends[-1] - HEIGHT), 0.5 * (ends[-1] + HEIGHT)
    stops = np.unique(np.round([*ends, foot, head], 12))
    z = graded(stops, [n] * (len(stops) - 1))
    r = graded((0.0, RADIUS, RADIUS + WALL), (2 * n, 2 * n))
    middle_r, middle_z = 0.5 * (r[:-1] + r[1:]), 0.5 * (z[:-1] + z[1:])
    region = np.zeros((len(middle_r), len(middle_z)), dtype=np.int64)
    inside = middle_r < RADIUS
    for i, (low, high) in enumerate(pairwise(ends), 1):
        region[np.ix_(inside, (middle_z > low) & (middle_z < high))] = i
    region[np.ix_(~inside, (middle_z > foot) & (middle_z < head))] = 5

    def film(axis: int, side: int, at: Any, where: Any) -> Floats:
        end = (axis == 1) & (at[0] < RADIUS) & (where < 5)
        return np.where(end, ENDS, SIDE)

    contacts = {(i, 5): R_DIE for i in range(1, 5)} | {(1, 2): R_STACK, (3, 4): R_STACK}
    body = Body(
        (r, z), region, {i: K[m] for i, m in enumerate(names, 1)}, film, contacts, axis=True
    )
    per = np.array([0.0, *(SOURCE.get(m, 0.0) for m in names)])
    power = per[body.of] * body.volume
    capacity = np.array([0.0, *(RHO_CP[m] for m in names)])[body.of] * body.volume
    found: dict[str, Any] = {}
    for t in (*PELLET_TIMES, None):
        u = body.steady(power) if t is None else body.after(t, power, capacity)
        found["steady" if t is None else f"{t:g}"] = {
            "hottest": body.hottest(u), "die": body.mean(u, 5), "separator": body.mean(u, 2)
        }  # fmt: skip
    return found


def pellet_setup(level: Level) -> js.Setup:
    """Ours."""
    geometry = level.geometry(
        geometry="pellet", diameter=f"{2e3 * RADIUS} mm", layers=PELLET,
        die=[{"name": "die", "material": "die", "thickness": f"{1e3 * WALL} mm",
              "height": f"{1e3 * HEIGHT} mm"}],
    )  # fmt: skip

    def joint(R: float) -> js.Contacts:
        return js.Contacts(thermal=js.GivenResistance(R))

    ends = js.FaceCondition(coefficient=ENDS, ambient=AIR)
    return js.Setup(
        js.build(geometry, MPI.COMM_SELF),
        {n: js.GivenMedium(n, k=K[n], rho_cp=RHO_CP[n], sigma_s=1.0) for n in K},
        AIR,
        {(n, "die"): joint(R_DIE) for n in PELLET}
        | {("lower", "separator"): joint(R_STACK), ("cathode", "upper"): joint(R_STACK)},
        {"bottom": [ends], "top": [ends],
         "side": [js.FaceCondition(coefficient=SIDE, ambient=AIR)]},
        heat_sources=SOURCE,
    )  # fmt: skip


# -- a pouch of two foils and what is between, with tabs on opposite edges -------------------------

POUCH = {"negative": 0.2e-3, "between": 1e-3, "positive": 0.3e-3}
WIDTH, LENGTH, TAB, REACH = 30e-3, 20e-3, 8e-3, 6e-3
SIGMA = {"negative": 1e6, "between": 300.0, "positive": 6e5}
POUCH_K = {"negative": 300.0, "between": 1.2, "positive": 180.0}
POUCH_RHO_CP = {"negative": 3.4e6, "between": 2.0e6, "positive": 2.4e6}
R_ELECTRIC, R_THERMAL = 1.5e-6, 4e-4
CURRENT, AIR_FILM, TAB_FILM = 10.0, 40.0, 800.0
POUCH_TIMES = (30.0,)


def pouch_reference(n: int) -> dict[str, Any]:
    """On a grid with about n cells in each stretch; half of it, for both are alike."""
    x = graded((-REACH, 0.0, WIDTH, WIDTH + REACH), (n, 3 * n, n))
    y = graded((0.0, 0.5 * (LENGTH - TAB), 0.5 * LENGTH), (n, n))
    ends = np.concatenate([[0.0], np.cumsum([*POUCH.values()])])
    z = graded(ends, (max(n // 4, 3), n // 2, max(n // 4, 3)), 3.0)
    mx, my, mz = (0.5 * (a[:-1] + a[1:]) for a in (x, y, z))
    region = np.zeros((len(mx), len(my), len(mz)), dtype=np.int64)
    flat, tab_y = (mx > 0) & (mx < WIDTH), my > 0.5 * (LENGTH - TAB)
    for i, (low, high) in enumerate(pairwise(ends), 1):
        through = (mz > low) & (mz < high)
        region[np.ix_(flat, np.ones_like(my, bool), through)] = i
        if i == 1:
            region[np.ix_(mx < 0, tab_y, through)] = i
        if i == 3:
            region[np.ix_(mx > WIDTH, tab_y, through)] = i
    left, right = -REACH, WIDTH + REACH

    def tips(axis: int, at: Any) -> Any:
        return (axis == 0) & (np.isclose(at[0], left) | np.isclose(at[0], right))

    def electric(axis: int, side: int, at: Any, where: Any) -> Floats:
        return np.where(tips(axis, at), np.inf, 0.0)

    def air(axis: int, side: int, at: Any, where: Any) -> Floats:
        """Films on the faces below and above (without the tabs') and on the tips of the tabs."""
        face = (axis == 2) & (at[0] > 0) & (at[0] < WIDTH)
        outer = face & (np.isclose(at[2], 0.0) | np.isclose(at[2], ends[-1]))
        return np.where(tips(axis, at), TAB_FILM, np.where(outer, AIR_FILM, 0.0))

    names = [*POUCH]
    pairs = {(1, 2): R_ELECTRIC, (2, 3): R_ELECTRIC}
    wire = Body((x, y, z), region, {i: SIGMA[m] for i, m in enumerate(names, 1)}, electric, pairs)
    drive = np.zeros(len(wire.k))
    for o in wire.outer:
        own = wire.of[o.a] == 3
        np.add.at(drive, o.a[own], 1 / o.half[own])
    phi = wire.steady(drive)

    def held(o: Outer) -> Floats:
        return (wire.of[o.a] == 3).astype(float)

    heat, conductance = joule(wire, phi, held)
    drop = CURRENT / (2 * conductance)
    power = heat * drop**2
    pairs = {(1, 2): R_THERMAL, (2, 3): R_THERMAL}
    body = Body((x, y, z), region, {i: POUCH_K[m] for i, m in enumerate(names, 1)}, air, pairs)
    capacity = np.array([0.0, *(POUCH_RHO_CP[m] for m in names)])[body.of] * body.volume
    found: dict[str, Any] = {"voltage": drop}
    for t in (*POUCH_TIMES, None):
        u = body.steady(power) if t is None else body.after(t, power, capacity)
        found["steady" if t is None else f"{t:g}"] = {
            "hottest": body.hottest(u), **{m: body.mean(u, i) for i, m in enumerate(names, 1)}
        }  # fmt: skip
    return found


def pouch_setup(level: Level) -> js.Setup:
    """Ours."""

    def tab(layer: str, edge: str) -> dict[str, Any]:
        return {"edge": edge, "layer": layer, "width": f"{1e3 * TAB} mm",
                "length": f"{1e3 * REACH} mm"}  # fmt: skip

    geometry = level.geometry(
        geometry="pouch", width=f"{1e3 * WIDTH} mm", length=f"{1e3 * LENGTH} mm", layers=POUCH,
        tabs={"negative": tab("negative", "left"), "positive": tab("positive", "right")},
    )  # fmt: skip
    met = js.Contacts(js.GivenResistance(R_THERMAL), js.GivenResistance(R_ELECTRIC))
    air = js.FaceCondition(coefficient=AIR_FILM, ambient=AIR)
    tip = js.FaceCondition(coefficient=TAB_FILM, ambient=AIR)
    return js.Setup(
        js.build(geometry, MPI.COMM_SELF),
        {n: js.GivenMedium(n, k=POUCH_K[n], rho_cp=POUCH_RHO_CP[n], sigma_s=SIGMA[n])
         for n in POUCH},
        AIR,
        {("negative", "between"): met, ("between", "positive"): met},
        {"bottom": [air], "top": [air], "tab_negative": [tip], "tab_positive": [tip]},
        drive=js.Drive("tab_negative", "tab_positive", current=CURRENT),
    )  # fmt: skip


# -- ours against them -------------------------------------------------------------------------


@cache
def stored() -> Any:
    """References by case: on the finer grid, and how far they are from the coarser one."""
    return json.loads(STORED.read_text("utf-8"))


def compared(
    name: str, make: Callable[[Level], js.Setup], times: tuple[float, ...]
) -> Callable[[Level], Outcome]:
    """In time, then at rest."""

    def run(level: Level) -> Outcome:
        right = stored()[name]["extrapolated"]
        setup = make(level)
        rows, ours, seconds = simulate(level, setup, times)
        begun = time.process_time()
        ours.steady()
        seconds += time.process_time() - begun
        by_time = dict(zip((f"{t:g}" for t in times), rows, strict=True)) | {"steady": ours.row}
        figures = []
        for when, row in by_time.items():
            at = "steady" if when == "steady" else f"{when} s"
            largest = right[when]["hottest"]
            for what, exact in right[when].items():
                key = "Temperature max [K]" if what == "hottest" else (
                    f"{what} temperature mean [K]"
                )  # fmt: skip
                rise = row[key] - AIR
                figures.append(
                    Figure(f"{what}, {at} [K]", (rise - exact) / largest, record.RISE, "%",
                           exact, rise)
                )  # fmt: skip
        if "voltage" in right:
            V, exact = abs(ours.row["Voltage [V]"]), right["voltage"]
            figures.append(record.relative("voltage [V]", V, exact, record.VOLTAGE))
        return Outcome(tuple(figures), seconds, ours.stepper.statistics.steps)

    return run


def cases() -> Iterator[Case]:
    """All of them."""
    family = "heat in bodies, finite volumes"
    yield Case(
        "pellet_in_die", family, "heated pellet between plungers in a shorter die, contacts",
        compared("pellet_in_die", pellet_setup, PELLET_TIMES),
    )  # fmt: skip
    yield Case(
        "pouch_with_tabs", family, "current through foils with tabs, contacts, Joule heat",
        compared("pouch_with_tabs", pouch_setup, POUCH_TIMES),
    )  # fmt: skip


REFERENCES: dict[str, tuple[Callable[[int], dict[str, Any]], int, int]] = {
    "pellet_in_die": (pellet_reference, 24, 48),
    "pouch_with_tabs": (pouch_reference, 10, 16),
}


def extrapolated(coarse: Any, fine: Any, ratio: float) -> Any:
    """What cells of no size would give, for an error of second order."""
    if isinstance(fine, dict):
        return {k: extrapolated(coarse[k], v, ratio) for k, v in fine.items()}
    return fine + (fine - coarse) / (ratio**2 - 1)


def main() -> None:
    """Make what is asked for, or all."""
    found = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    for name in sys.argv[1:] or REFERENCES:
        make, few, many = REFERENCES[name]
        coarse, fine = make(few), make(many)
        found[name] = {
            "cells_in_each_stretch": [few, many],
            "coarse": coarse,
            "fine": fine,
            "extrapolated": extrapolated(coarse, fine, many / few),
        }
        print(name, json.dumps(found[name], indent=1))
        STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
