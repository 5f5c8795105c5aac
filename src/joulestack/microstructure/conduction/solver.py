"""Steady conduction through a voxel image: heat, ions or electrons.

div(s grad u) = 0 with u = 1 and u = 0 on two opposite end faces of the box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.conduction.body import Body, oriented, restored, solve
from joulestack.microstructure.conduction.checkpoint import Checkpoint, fingerprint
from joulestack.microstructure.conduction.gradients import State
from joulestack.microstructure.conduction.grid import Floats, Periodic
from joulestack.microstructure.conduction.law import Law, Precision, Resistances, law
from joulestack.microstructure.conduction.memory import (
    bytes_per_voxel,
    refuse_if_too_large,
)
from joulestack.microstructure.conduction.pieces import keep_through
from joulestack.microstructure.image import VoxelImage

Sides = Literal["no-flux", "periodic"]
Follow = Callable[[int, float, float], None]
"""Called after every iteration with its number, the imbalance and the conductivity so far."""

CHECKPOINT_PERIOD = 30.0
"""Least time between two checkpoints [s]."""


@dataclass(frozen=True, eq=False)
class Conduction:
    """What came out.

    Attributes:
        conductivity: effective, in the unit of the phases' conductivities: mean flux density
            times length over difference of u. Exactly 0 if no piece joins both ends.
        axis: of the image, along the flux.
        fluxes: the same from the flux through each slice alone: the first end, between all
            planes, the last end.
        imbalance: largest deviation of a slice's flux from the mean, over the mean; measured on
            `potential`.
        iterations: number of them.
        potential: u, 1 at the first end and 0 at the last; float32, shape of the image. Pieces
            that touch one end only have its value; NaN where nothing conducts or nothing is joined.
        percolating: of each conducting phase, the fraction of its voxels in pieces that join
            both ends.
        history: (imbalance, conductivity) after each iteration.
        precision: of the values on the image's grid: "single", or "double" where conductances
            differ too much for it, or as asked for.
    """

    conductivity: float
    axis: int
    fluxes: npt.NDArray[np.float64]
    imbalance: float
    iterations: int
    potential: Floats
    percolating: dict[str, float]
    history: list[tuple[float, float]]
    precision: Literal["single", "double"]


def conduct(
    image: VoxelImage,
    conductivity: Mapping[str, float],
    *,
    axis: int = 2,
    sides: Sides = "no-flux",
    interface_resistance: Resistances | None = None,
    particle_resistance: float = 0.0,
    staircase: float = 1.0,
    tolerance: float = 1e-3,
    precision: Precision = "auto",
    progress: Follow | None = None,
    checkpoint: Path | None = None,
    checkpoint_period: float = CHECKPOINT_PERIOD,
    memory_limit: float | None = None,
) -> Conduction:
    """Effective conductivity of an image along one axis.

    Args:
        image: phases of voxels.
        conductivity: of every phase that occurs, 0 or more, in any unit [C].
        axis: 0, 1, 2 for x, y, z.
        sides: the four other faces: no flux, or each continued by the opposite one.
        interface_resistance: on the faces between two phases [m / C], e.g. m2 K/W for heat.
        particle_resistance: on the faces between different particles of one phase [m / C].
        staircase: area of voxel faces over area of the surfaces they stand for: 1 for flat layers,
            3/2 (mean of |nx| + |ny| + |nz|) for surfaces in all directions, such as particles'.
            Multiplies the resistances.
        tolerance: how far the flux through any slice may be from the mean, relatively.
        precision: of the values on the image's grid; "auto" is double where conductances of faces
            differ by more than a factor of 1000, which takes 14 more bytes a voxel.
        progress: called after each iteration.
        checkpoint: a file that keeps the state of a run; if it is there, the run goes on from it
            to the same result. Removed at the end.
        checkpoint_period: least time between two states [s].
        memory_limit: how much may be used [bytes]; None: what is available.

    Raises:
        CaseError: the input is wrong, or the solution does not fit into memory.
        ConvergenceError: the tolerance is not reached.
    """
    check(image, axis, sides, tolerance, precision)
    wrap = sides == "periodic"
    periodic: Periodic = (False, wrap, wrap)
    across = [n for a, n in enumerate(image.shape) if a != axis]
    rules = law(
        image,
        conductivity,
        interface_resistance or {},
        particle_resistance,
        staircase,
        doubled=wrap and any(n % 2 and n > 1 for n in across),
        precision=precision,
    )
    each = bytes_per_voxel(rules.code, rules.grains and axis != 0, rules.table.itemsize > 4)
    refuse_if_too_large(image.shape, each, memory_limit)

    used: Literal["single", "double"] = "double" if rules.table.itemsize > 4 else "single"
    classes = rules.class_of[oriented(image.labels, axis)]
    joined = keep_through(classes, (wrap, wrap), rules.marks)
    body = Body(image, rules, classes, axis, periodic)
    percolating = carrying(rules, image, classes)
    if not joined:
        nothing = np.full(classes.shape, np.nan, np.float32)
        potential = _potential(nothing, classes, rules, axis)
        slices = np.zeros(len(classes) + 1)
        return Conduction(0.0, axis, slices, 0.0, 0, potential, percolating, [], used)

    unit = rules.reference / (across[0] * across[1])
    keeper = None
    state = None
    if checkpoint is not None:
        problem = fingerprint(image.labels, image.particles if rules.grains else 0, rules.table,
                              rules.pairs, axis, sides)  # fmt: skip
        keeper = Checkpoint(Path(checkpoint), problem, checkpoint_period)
        state = keeper.load()

    def watch(now: State) -> None:
        if keeper is not None:
            keeper.offer(now)
        if progress is not None:
            imbalance, mean = now.history[-1]
            progress(len(now.history), imbalance, mean * unit)

    values, done = solve(body, tolerance, watch, state)
    fluxes = body.slice_fluxes(values) * unit
    mean = float((fluxes.sum() - 0.5 * (fluxes[0] + fluxes[-1])) / (len(fluxes) - 1))
    imbalance = float(np.abs(fluxes - mean).max() / mean)
    if keeper is not None:
        keeper.remove()
    history = [(a, b * unit) for a, b in done.history]
    potential = _potential(values, classes, rules, axis)
    return Conduction(
        mean, axis, fluxes, imbalance, len(history), potential, percolating, history, used
    )


def check(image: VoxelImage, axis: int, sides: str, tolerance: float, precision: str) -> None:
    """Everything that does not depend on the phases."""
    problems = []
    if axis not in (0, 1, 2):
        problems.append(Problem("axis", f"{axis!r}", "0, 1 or 2 for x, y, z"))
    elif image.shape[axis] < 2:
        what = f"{image.shape[axis]} voxel along the flux"
        problems.append(Problem("image", what, "at least 2"))
    if sides not in ("no-flux", "periodic"):
        problems.append(Problem("sides", f"{sides!r}", "no-flux or periodic"))
    if precision not in ("auto", "single", "double"):
        problems.append(Problem("precision", f"{precision!r}", "auto, single or double"))
    if not 1e-7 <= tolerance < 1:
        remedy = "a number below 1; single precision reaches some 1e-5"
        problems.append(Problem("tolerance", f"{tolerance!r}", remedy))
    if problems:
        raise CaseError(problems, "voxel conduction")


def carrying(rules: Law, image: VoxelImage, classes: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Of each conducting phase, the fraction of its voxels that are not marked."""
    counts = np.zeros(256, np.int64)
    for plane in classes:
        counts += np.bincount(plane.ravel(), minlength=256)
    return {
        name: float(counts[number + 1] / image.counts[image.label(name)])
        for number, name in enumerate(rules.names)
    }


def _potential(values: Floats, classes: npt.NDArray[np.uint8], rules: Law, axis: int) -> Floats:
    """From unknowns (in place) to u, in the image's order."""
    first, last, _ = rules.marks
    n = len(values)
    for i in range(n):
        plane = values[i]
        plane /= n
        plane += 1 - (i + 0.5) / n
        plane[classes[i] == first] = 1
        plane[classes[i] == last] = 0
    return restored(values.astype(np.float32, copy=False), axis)
