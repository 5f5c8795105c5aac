"""Abuse of a cell: an oven, or no way for heat to leave; when it runs away, and the critical oven.

A cell runs away where its reactions alone would heat it faster than a limit, 1 K/s unless another
is given: their heat over rho c_p, at the vertex where that is most. What an oven heats does not
count. Equations: docs/abuse.md.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.declarations import TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import State
from joulestack.physics.context import RegionGroup
from joulestack.physics.decomposition import REACTIONS
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.simulation.setup_run import Advance
from joulestack.simulation.simulation import Simulation
from joulestack.solver.stepper import Stop
from joulestack.tolerances import Tolerances

log = logging.getLogger("joulestack")

RUNAWAY_RATE = 1.0
"""Self-heating [K/s] above which a cell is taken to run away."""

OVER = 1e-3
"""Part of the limit below which a runaway is over."""

LATEST = 24 * 3600.0
"""When a test without runaway ends [s]."""

WIDTH_LEFT = 0.5
"""Width [K] to which the critical oven is found."""

MARGIN = 0.01
"""Part of the limit to which the time of a runaway is found."""


@dataclass
class Oven:
    """What surrounds the cell; a run reads it anew.

    Attributes:
        temperature: [K].
    """

    temperature: float

    def at(self, t: float) -> float:
        """Temperature [K] at a time [s]: the same from the start on."""
        return self.temperature


@dataclass(frozen=True)
class Runaway:
    """What a test came to.

    Attributes:
        time: when the cell ran away [s]; None: it did not.
        temperature: of its hottest point then [K].
        layer: where its self-heating was fastest then.
        peak, peak_time: highest temperature of the test [K], and when [s].
        end: of the test [s].
        reacted: by layer and reaction, the mean share of its reactant that is gone.
        gas: mass that reactions say to give off [kg].
    """

    time: float | None
    temperature: float | None
    layer: str | None
    peak: float
    peak_time: float
    end: float
    reacted: Mapping[str, float]
    gas: float


def in_oven(setup: Setup, oven: Oven) -> Setup:
    """The setup without a load, in an oven: what its faces exchange heat with is as hot as that.

    Raises:
        CaseError: no face exchanges heat, or no layer reacts.
    """
    faces = {face: [_around(c, oven) for c in found] for face, found in setup.faces.items()}
    if not any(c.ambient or c.temperature for found in faces.values() for c in found):
        what = "no face exchanges heat with its surroundings"
        remedy = 'give one a coefficient, or take --adiabatic: kind = "convection"'
        raise CaseError(Problem("thermal.faces", what, remedy))
    return replace(_reacting(setup), drive=None, faces=faces)


def adiabatic(setup: Setup, start: float | None = None) -> Setup:
    """The setup without a load, from whose faces nothing leaves.

    Args:
        setup: given.
        start: temperature of everything at the start [K]; None: the setup's.

    Raises:
        CaseError: no layer reacts.
    """
    begin = setup.start_temperature if start is None else start
    return replace(_reacting(setup), drive=None, faces={}, start_temperature=begin)


def _around(condition: FaceCondition, oven: Oven) -> FaceCondition:
    if condition.temperature is not None:
        return FaceCondition(temperature=oven.at)
    if condition.ambient is None:
        return condition
    return replace(condition, ambient=oven.at)


def _reacting(setup: Setup) -> Setup:
    if not any(medium.reactions for medium in setup.media.values()):
        what, remedy = "no layer has any", "[materials.NAME.reactions], see docs/abuse.md"
        raise CaseError(Problem("reactions", what, remedy))
    return setup


class SelfHeating:
    """How fast the reactions of a simulation alone would heat it, in its present state."""

    def __init__(self, simulation: Simulation) -> None:
        """Find the vertices of what reacts."""
        model = simulation.model
        self._setup, self._clock, self._comm = model.setup, model.clock, model.domain.comm
        self._places: list[tuple[Any, Any, Any, Any, str]] = []
        for group in model.context.regions:
            for block in group.states.values():
                if block.info.kind != REACTIONS:
                    continue
                T = group.blocks[TEMPERATURE.key]
                nodes, hot = (b.vertex_nodes(model.domain) for b in (block, T))
                there = (nodes >= 0) & (nodes < block.nodes) & (hot >= 0)
                layers = ", ".join(dict.fromkeys(r.layer for r in group.regions))
                medium = model.setup.media[group.layer]
                self._places.append((block, nodes[there], (T, hot[there]), medium, layers))

    def fastest(self) -> tuple[float, str]:
        """Self-heating [K/s] where it is most, and the layers there; collective."""
        found = [(0.0, "")]
        for block, nodes, (T, hot), medium, layers in self._places:
            if len(nodes):
                c = block.value.x.array.reshape(-1, block.size)[nodes]
                temperature = self._setup.start_temperature + T.value.x.array[hot]
                found.append((float(self._rate(medium, c, temperature).max()), layers))
        best = max(found)
        every = self._comm.allgather(best) if self._comm.size > 1 else [best]
        return max(every)

    def _rate(self, medium: Any, c: npt.NDArray[np.float64], T: Any) -> npt.NDArray[np.float64]:
        heat = sum(r.heat * r.consumption(c[:, k], T) for k, r in enumerate(medium.reactions))
        state = State(T=T, p=self._setup.pressure(self._clock.time))
        return np.asarray(heat / medium.volumetric_heat_capacity(state))

    def above(self, limit: float, name: str) -> Stop:
        """Where it grows beyond a limit [K/s]."""
        return Stop(name, lambda: math.log(limit / max(self.fastest()[0], 1e-300)), MARGIN)

    def below(self, limit: float, name: str) -> Stop:
        """Where it falls below one."""
        return Stop(name, lambda: math.log(max(self.fastest()[0], 1e-300) / limit), MARGIN)


def follow(simulation: Simulation, advance: Advance, limit: float = RUNAWAY_RATE) -> Runaway:
    """Go on to the runaway and through it, until the reactions are over.

    Args:
        simulation: of a setup as `in_oven` or `adiabatic` makes it, at its start.
        advance: goes on to the end of the test or a stop.
        limit: self-heating that counts as a runaway [K/s].
    """
    heating = SelfHeating(simulation)
    first = heating.above(limit, f"runaway: self-heating above {limit:g} K/s")
    time: float | None = None
    temperature: float | None = None
    layer: str | None = None
    if first in advance((first,)):
        time, layer = simulation.time, heating.fastest()[1]
        temperature = simulation.row["Temperature max [K]"]
        advance((heating.below(OVER * limit, "the reactions are over"),))
    hottest = simulation["Temperature max [K]"].entries
    at = int(np.argmax(hottest))
    return Runaway(
        time, temperature, layer, float(hottest[at]),
        float(simulation["Time [s]"].entries[at]), simulation.time, *reacted(simulation),
    )  # fmt: skip


def reacted(simulation: Simulation) -> tuple[dict[str, float], float]:
    """Mean share that is gone of each reactant, by "layer reaction", and gas [kg]; collective."""
    shares: dict[str, float] = {}
    gas = 0.0
    model = simulation.model
    for point in model.system.points:
        group = point.model.group
        if point.block.info.kind != REACTIONS or not isinstance(group, RegionGroup):
            continue
        layers = ", ".join(dict.fromkeys(r.layer for r in group.regions))
        left = point.block.value.x.array.reshape(-1, point.block.size)[: point.nodes]
        for k, reaction in enumerate(model.setup.media[group.layer].reactions):
            gone = float(point.weight @ (reaction.start - left[:, k]))
            lost, volume = model.domain.comm.allreduce(np.array([gone, point.weight.sum()]))
            name = f"{layers} {reaction.name}"
            shares[name] = float(lost / volume)
            gas += reaction.reactant * reaction.gas * float(lost)
    return shares, gas


@dataclass(frozen=True)
class Critical:
    """Between which ovens a cell begins to run away.

    Attributes:
        low, high: hottest oven without a runaway, coolest with one [K].
        trials: (oven [K], time of the runaway [s] or None), as they were made.
    """

    low: float
    high: float
    trials: tuple[tuple[float, float | None], ...]

    @property
    def temperature(self) -> float:
        """The middle [K]."""
        return 0.5 * (self.low + self.high)


def critical(
    setup: Setup,
    between: tuple[float, float],
    until: float = LATEST,
    close: float = WIDTH_LEFT,
    limit: float = RUNAWAY_RATE,
    tolerances: Tolerances | None = None,
) -> Critical:
    """The oven temperature from which on a cell runs away, by bisection of transients.

    Args:
        setup: given; its faces exchange heat.
        between: an oven without a runaway and one with [K].
        until: how long a cell is in the oven [s].
        close: width to which it is found [K].
        limit: self-heating that counts as a runaway [K/s].
        tolerances: of the runs.

    Raises:
        CaseError: the lower oven has a runaway already, or the upper one none.
        ConvergenceError: a run failed.
    """
    if not between[0] < between[1]:
        what = f"{between[0]:g} K is not below {between[1]:g} K"
        raise CaseError(Problem("critical oven", what, "the lower one first"))
    oven = Oven(between[0])
    simulation = Simulation(in_oven(setup, oven), tolerances)
    trials: list[tuple[float, float | None]] = []

    def runs_away(temperature: float) -> bool:
        oven.temperature = temperature
        if simulation.rows:
            simulation.restart()
        stop = SelfHeating(simulation).above(limit, "runaway")
        met = simulation.advance(until, stops=(stop,))
        trials.append((temperature, simulation.time if met else None))
        log.info("oven of %.2f degC: %s", temperature - 273.15, _said(trials[-1][1]))
        return bool(met)

    low, high = between
    wrong = ""
    with _each_said_once():
        if runs_away(low):
            wrong = f"the cell runs away at {low - 273.15:g} degC already"
        elif not runs_away(high):
            hours = f"{until / 3600:g} h"
            wrong = f"the cell does not run away at {high - 273.15:g} degC within {hours}"
        if wrong:
            remedy = "give an oven without a runaway and one with, the lower one first"
            raise CaseError(Problem("critical oven", wrong, remedy))
        while high - low > close:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if runs_away(middle) else (middle, high)
    return Critical(low, high, tuple(trials))


@contextmanager
def _each_said_once() -> Iterator[None]:
    """Runs that are alike warn alike: each warning is said of the first run that has it."""
    said: set[str] = set()

    def new(record: logging.LogRecord) -> bool:
        kind = re.sub(r"[-+]?\d[\d.e+-]*", "", record.getMessage())
        first = record.levelno < logging.WARNING or kind not in said
        said.add(kind)
        return first

    log.addFilter(new)
    try:
        yield
    finally:
        log.removeFilter(new)


def _said(time: float | None) -> str:
    return "no runaway" if time is None else f"runs away after {time:.4g} s"
