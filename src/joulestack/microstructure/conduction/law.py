"""What conducts: from phases, conductivities and resistances to conductances of faces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.image import VoxelImage

CODES: dict[int, np.dtype[Any]] = {
    1: np.dtype(np.uint8),
    31: np.dtype(np.uint32),
    1023: np.dtype(np.uint64),
}
"""Type of a code by the number of different conductances it can tell apart."""

CONTRAST = 1e3
"""Largest ratio of conductances for single precision: where good conductors hang in a poor one,
their potentials differ by less than float32 can tell."""

Precision = Literal["auto", "single", "double"]
Resistances = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Law:
    """Conductances of faces between voxels, relative to a face inside the best conductor.

    A face between conductivities s1 and s2 behind a resistance R conducts
    1/(h/(2 s1) + R + h/(2 s2)) per area, h the edge of a voxel.

    Attributes:
        names: conducting phases; class c is names[c - 1], class 0 does not conduct.
        class_of: class of each label.
        conductivity: of each class over the reference.
        reference: the largest conductivity, in the caller's unit.
        pairs: number in `table` by (2 * doubled + grain boundary, class, class). The three
            classes after the last, `marks`, are pieces left out of the solution.
        table: different conductances; 0 first.
        grains: whether faces between particles of one phase have a conductance of their own.
    """

    names: tuple[str, ...]
    class_of: npt.NDArray[np.uint8]
    conductivity: npt.NDArray[np.float64]
    reference: float
    pairs: npt.NDArray[np.uint16]
    table: npt.NDArray[np.floating[Any]]
    grains: bool

    @property
    def marks(self) -> tuple[int, int, int]:
        """Classes of pieces that touch the first end only, the last end only, neither."""
        n = len(self.names)
        return n + 1, n + 2, n + 3

    @property
    def code(self) -> np.dtype[Any]:
        """Type of the six numbers of conductances of a red voxel."""
        return next(code for most, code in CODES.items() if len(self.table) - 1 <= most)

    @property
    def conductances(self) -> npt.NDArray[np.float64]:
        """By (grain boundary, class, class)."""
        return self.table.astype(np.float64)[self.pairs[:2]]


def law(
    image: VoxelImage,
    conductivity: Mapping[str, float],
    interface_resistance: Resistances,
    particle_resistance: float,
    staircase: float,
    doubled: bool,
    precision: Precision = "auto",
) -> Law:
    """Check the input and tabulate the conductances of faces.

    Args:
        image: phases and voxel size.
        conductivity: of each phase, 0 or more.
        interface_resistance: on faces between two phases [m2 / conductance unit].
        particle_resistance: on faces between different particles of one phase.
        staircase: area of voxel faces over area of the surfaces they stand for; multiplies the
            resistances.
        precision: of the table and of the values on the image's grid; "auto": by contrast.
        doubled: whether faces of twice a conductance occur (periodic sides of odd length).

    Raises:
        CaseError: everything that is wrong with the input.
    """
    problems = [*_wrong_conductivity(image, conductivity)]
    problems += _wrong_resistance(image, interface_resistance, particle_resistance)
    if not 1 <= staircase <= math.sqrt(3):
        remedy = "1 for flat faces along the axes, 1.5 for surfaces in all directions"
        problems.append(Problem("staircase", f"{staircase!r}", remedy))
    if problems:
        raise CaseError(problems, "voxel conduction")
    names = tuple(name for name in image.present if conductivity[name] > 0)
    class_of = np.zeros(256, np.uint8)
    for number, name in enumerate(names):
        class_of[image.label(name)] = number + 1
    absolute = np.array([0.0, *[float(conductivity[name]) for name in names]])
    reference = float(absolute.max()) or 1.0
    relative = absolute / reference
    unit = staircase * reference / image.voxel_size

    n = len(names)
    exact = np.zeros((4, n + 4, n + 4))
    for a in range(1, n + 1):
        for b in range(1, n + 1):
            pair = (names[a - 1], names[b - 1])
            between = interface_resistance.get(pair, interface_resistance.get(pair[::-1], 0.0))
            series = 0.5 / relative[a] + 0.5 / relative[b]
            exact[0, a, b] = 1 / (series + unit * between)
            exact[1, a, b] = 1 / (series + unit * (particle_resistance if a == b else between))
    exact[2:] = 2 * exact[:2]
    grains = particle_resistance > 0
    used = exact[[0, *([1] if grains else []), *([2] if doubled else []),
                  *([3] if grains and doubled else [])]]  # fmt: skip
    values = np.concatenate([[0.0, 1.0], used.ravel()])
    double = precision == "double" or (precision == "auto" and _contrast(values) > CONTRAST)
    kind = np.float64 if double else np.float32
    table = np.unique(values.astype(kind))
    if len(table) - 1 > max(CODES):
        what = f"{len(table) - 1} different conductances of faces"
        remedy = f"at most {max(CODES)}: some 40 conducting phases"
        raise CaseError(Problem("conductivity", what, remedy), "voxel conduction")
    nearest = np.searchsorted(table, exact.astype(kind))
    pairs = np.minimum(nearest, len(table) - 1).astype(np.uint16)
    return Law(names, class_of, relative, reference, pairs, table, grains)


def _contrast(values: npt.NDArray[np.float64]) -> float:
    """Largest conductance over the smallest above 0."""
    positive = values[values > 0]
    return float(positive.max() / positive.min())


def _wrong_conductivity(image: VoxelImage, conductivity: Mapping[str, float]) -> list[Problem]:
    """Phases without a value, values without a phase, values that are none."""
    problems = []
    known = list(image.phases.values())
    for name in image.present:
        if name not in conductivity:
            problems.append(Problem("conductivity", f"none for {name!r}", "a value; 0 insulates"))
    for name, value in conductivity.items():
        if name not in known:
            remedy = f"one of {', '.join(known)}"
            problems.append(Problem("conductivity", f"no phase {name!r} in the image", remedy))
        elif not (math.isfinite(value) and value >= 0):
            problems.append(Problem(f"conductivity.{name}", f"{value!r}", "a number, 0 or more"))
    return problems


def _wrong_resistance(image: VoxelImage, between: Resistances, particles: float) -> list[Problem]:
    """Resistances without a face, and values that are none."""
    problems = []
    known = list(image.phases.values())
    for (a, b), value in between.items():
        where = f"interface_resistance.{a}/{b}"
        if a not in known or b not in known:
            remedy = f"two of {', '.join(known)}"
            problems.append(Problem(where, "not two phases of the image", remedy))
        elif a == b:
            remedy = "particle_resistance is for boundaries inside a phase"
            problems.append(Problem(where, "a phase has no interface with itself", remedy))
        elif (b, a) in between:
            problems.append(Problem(where, "given for both orders", "give it once"))
        if not (math.isfinite(value) and value >= 0):
            problems.append(Problem(where, f"{value!r}", "a number, 0 or more"))
    if not (math.isfinite(particles) and particles >= 0):
        problems.append(Problem("particle_resistance", f"{particles!r}", "a number, 0 or more"))
    elif particles > 0 and image.particles is None:
        remedy = "an image with particle numbers"
        problems.append(Problem("particle_resistance", "the image knows no particles", remedy))
    return problems
