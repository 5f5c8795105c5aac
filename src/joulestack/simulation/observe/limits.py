"""Published limits of metal electrodes that a run exceeds, at the state that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from joulestack.estimates.limits import own_limit
from joulestack.estimates.stripping import written
from joulestack.materials.limits import (
    CURRENTS,
    STRIPPING,
    bears,
    beyond_pressure,
    borne_pressure,
    direction,
    limits_of,
    named,
)
from joulestack.materials.property import Property
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.cuts import Cut, Cuts
from joulestack.simulation.observe.sums import Floats

_MORE = 1e-3
"""What a moment must be worse by than the one before to be told instead of it."""

PRESSURES = ("highest_stack_pressure", "lowest_stack_pressure")


@dataclass
class Watch:
    """A limit of one pair, and the worst that a run has made of it.

    Attributes:
        pair: electrode | electrolyte, by layer.
        metal: layer whose temperature counts.
        limit: with its source.
        grain: grain size that it is asked at [m].
        since: when it was exceeded first [s]; None: never.
        worst: how many times it was exceeded at most.
        text: what is to be said of that moment.
    """

    REMEMBERS = ("since", "worst", "text")

    pair: str
    metal: str
    limit: Property
    grain: float | None = None
    since: float | None = None
    worst: float = 1.0
    text: str = ""

    def add(self, row: Row, currents: tuple[float, float], pressures: tuple[float, float]) -> None:
        """Take a record: largest stripping and plating [A/m2], least and largest pressure [Pa]."""
        t, (low, high) = row["Time [s]"], pressures
        cold, hot = (row[f"{self.metal} temperature {end} [K]"] for end in ("min", "max"))
        if self.limit.name in CURRENTS:
            word = direction(self.limit)
            found = currents[word != STRIPPING]
            most = bears(self.limit, cold, low, self.grain)
            ratio = found / most if most > 0 else float(found > 0) * np.inf
            if self._worse(t, ratio):
                beyond = named(self.limit, most, cold, low, self.grain)
                self.text = (
                    f"{written(found)} of {word} at t = {t:.6g} s is {ratio:.3g} times {beyond}"
                )
            return
        upper = self.limit.name == PRESSURES[0]
        T, p = (hot, high) if upper else (cold, low)
        end = bears(self.limit, T, p)
        if self._worse(t, beyond_pressure(self.limit, end, p)):
            self.text = f"at t = {t:.6g} s {borne_pressure(self.limit, end, T, p)}"

    def _worse(self, t: float, ratio: float) -> bool:
        """Whether a limit is exceeded more than ever before."""
        if not ratio > self.worst * (1 + _MORE):
            return False
        self.worst, self.since = ratio, t if self.since is None else self.since
        return True

    def said(self) -> str:
        """The worst moment, and since when; empty where the limit was kept."""
        if self.since is None:
            return ""
        return f"{self.pair}: {self.text}; exceeded from t = {self.since:.6g} s on"


class Limits:
    """Watches metal electrodes: densest current of any facet, coldest metal, least pressure."""

    REMEMBERS = ("_watched", "_told")

    def __init__(self, model: Model, cuts: Cuts) -> None:
        """Find what strips and plates. Collective.

        Args:
            model: what is measured.
            cuts: its interfaces.
        """
        self._cuts = cuts
        self._pairs: list[tuple[Cut, list[Watch]]] = []
        self._watched: dict[tuple[str, str], Watch] = {}
        self._told: dict[tuple[str, str], float] = {}
        self._spread = _spread(model)
        for cut in cuts.cuts:
            sides = {c.crossing.electrons for c in cut.currents} - {None}
            for side in sides:
                assert side is not None
                metal, other = (cut.interface.sides[k].layer for k in (side, 1 - side))
                watches = self._known(model, metal, other)
                if watches:
                    self._pairs.append((cut, watches))

    def _known(self, model: Model, metal: str, other: str) -> list[Watch]:
        electrode, electrolyte = model.setup.media[metal], model.setup.media[other]
        if electrode.electrode_potential is None or not electrolyte.conducts_ions:
            return []
        pair = f"{metal} | {other}"
        surface = getattr(electrode, "surface", electrode.name)
        found = [
            (limit, None)
            for limit in limits_of(surface, electrolyte.name)
            if limit.name in (*CURRENTS, *PRESSURES)
        ]
        own = own_limit(electrolyte) if surface == "lithium" else None
        watches = []
        for limit, grain in [*found, *([own] if own else [])]:
            if "grain_size" in limit.form.variables and grain is None:
                continue
            key = pair, f"{limit.name} {limit.source}"
            watches.append(self._watched.setdefault(key, Watch(pair, metal, limit, grain)))
        return watches

    def densities(self) -> Floats:
        """Largest stripping and plating on this rank's part of each pair [A/m2], one by one."""
        found = np.zeros((len(self._pairs), 2))
        for k, (cut, _) in enumerate(self._pairs):
            leaving = sum(
                c.crossing.into * self._cuts.density(cut, c)
                for c in cut.currents
                if c.crossing.electrons is not None
            )
            found[k] = np.max(leaving, initial=0.0), np.max(-leaving, initial=0.0)
        return found.ravel()

    def add(self, row: Row, densities: Floats) -> None:
        """Take a record, and the `densities` of all ranks."""
        if not self._pairs:
            return
        mean = row["Stack pressure [MPa]"]
        pressures = (
            1e6 * row.get("Stack pressure min [MPa]", mean * self._spread[0]),
            1e6 * row.get("Stack pressure max [MPa]", mean * self._spread[1]),
        )
        for (_, watches), (stripped, plated) in zip(
            self._pairs, densities.reshape(-1, 2).tolist(), strict=True
        ):
            for watch in watches:
                watch.add(row, (stripped, plated), pressures)

    def said(self) -> list[str]:
        """A line for each limit that was exceeded."""
        return [text for watch in self._watched.values() if (text := watch.said())]

    def news(self) -> Iterator[str]:
        """Those of them that have become worse since they were told."""
        for key, watch in self._watched.items():
            if watch.since is not None and watch.worst > self._told.get(key, 0.0):
                self._told[key] = watch.worst
                yield watch.said()

    def restart(self) -> None:
        """Forget all records."""
        self._told.clear()
        for watch in self._watched.values():
            watch.since, watch.worst, watch.text = None, 1.0, ""


def _spread(model: Model) -> tuple[float, float]:
    """Least and largest pressure of a map over its mean. Collective."""
    shape = model.pressure.shape
    if shape is None:
        return 1.0, 1.0
    own, comm = shape.x.array, model.domain.comm
    low = comm.allreduce(float(own.min(initial=np.inf)), MPI.MIN)
    return low, comm.allreduce(float(own.max(initial=0.0)), MPI.MAX)
