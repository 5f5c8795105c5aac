"""A segmented image: which phase, and which particle, fills each voxel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem

Labels = npt.NDArray[np.uint8]
Particles = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class VoxelImage:
    """Cubic voxels, each of one phase.

    Attributes:
        labels: phase label of each voxel, shape (nx, ny, nz); contiguous, z fastest.
        voxel_size: edge of a voxel [m].
        phases: name of each label; every label that occurs has one, no two share one.
        particles: particle number of each voxel, 0 for none (or None: not known). Faces between
            different numbers of one phase are grain boundaries.
        counts: number of voxels of each of the 256 labels.

    Raises:
        CaseError: the arrays or names do not make an image; lists everything that is wrong.
    """

    labels: Labels
    voxel_size: float
    phases: Mapping[int, str]
    particles: Particles | None = None
    counts: npt.NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        problems = [*_wrong_labels(self.labels), *_wrong_phases(self.phases)]
        if not (np.isfinite(self.voxel_size) and self.voxel_size > 0):
            problems.append(
                Problem("voxel_size", f"{self.voxel_size!r} is no length", "an edge in m, above 0")
            )
        if self.particles is not None:
            problems += _wrong_particles(self.particles, np.shape(self.labels))
        if problems:
            raise CaseError(problems, "voxel image")
        object.__setattr__(self, "labels", np.ascontiguousarray(self.labels))
        if self.particles is not None:
            object.__setattr__(self, "particles", np.ascontiguousarray(self.particles))
        object.__setattr__(self, "phases", {int(k): v for k, v in self.phases.items()})
        object.__setattr__(self, "counts", _count(self.labels))
        nameless = [int(i) for i in np.flatnonzero(self.counts) if int(i) not in self.phases]
        if nameless:
            what = f"label{'s' if len(nameless) > 1 else ''} {', '.join(map(str, nameless[:8]))}"
            raise CaseError(
                Problem("phases", f"{what} in the image without a name", "name every label"),
                "voxel image",
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along x, y, z."""
        nx, ny, nz = self.labels.shape
        return nx, ny, nz

    @property
    def size(self) -> tuple[float, float, float]:
        """Edges of the box [m]."""
        nx, ny, nz = self.shape
        return nx * self.voxel_size, ny * self.voxel_size, nz * self.voxel_size

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the phases that occur, by label."""
        return tuple(self.phases[k] for k in sorted(self.phases) if self.counts[k])

    def label(self, name: str) -> int:
        """Label of a phase.

        Raises:
            CaseError: there is no phase of that name.
        """
        for label, known in self.phases.items():
            if known == name:
                return label
        raise CaseError(
            Problem("phase", f"no phase {name!r}", f"one of {', '.join(self.phases.values())}"),
            "voxel image",
        )

    def fraction(self, name: str) -> float:
        """Volume fraction of a phase."""
        return float(self.counts[self.label(name)] / self.labels.size)


def _count(labels: Labels) -> npt.NDArray[np.int64]:
    """Voxels per label, slice by slice: bincount wants eight bytes a voxel."""
    counts = np.zeros(256, dtype=np.int64)
    for plane in labels:
        counts += np.bincount(plane.ravel(), minlength=256)
    return counts


def _wrong_labels(labels: Labels) -> list[Problem]:
    """What keeps an array from being labels."""
    if not isinstance(labels, np.ndarray):
        return [Problem("labels", f"a {type(labels).__name__}", "a numpy array (nx, ny, nz)")]
    problems = []
    if labels.dtype != np.uint8:
        problems.append(Problem("labels", f"type {labels.dtype}", "uint8, a label per voxel"))
    if labels.ndim != 3 or labels.size == 0:
        problems.append(Problem("labels", f"shape {labels.shape}", "(nx, ny, nz), none of them 0"))
    return problems


def _wrong_phases(phases: Mapping[int, str]) -> list[Problem]:
    """What is wrong with the names of the labels."""
    problems = []
    outside = [k for k in phases if not 0 <= k <= 255]
    if outside:
        problems.append(Problem("phases", f"label {outside[0]}", "labels from 0 to 255"))
    names = list(phases.values())
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        problems.append(
            Problem("phases", f"{twice[0]!r} names two labels", "one label for each phase")
        )
    return problems


def _wrong_particles(particles: Particles, shape: tuple[int, ...]) -> list[Problem]:
    """What keeps an array from being particle numbers."""
    if not isinstance(particles, np.ndarray) or particles.dtype != np.int32:
        return [Problem("particles", "not an int32 array", "a particle number per voxel, 0: none")]
    if particles.shape != shape:
        what = f"shape {particles.shape} beside labels {shape}"
        return [Problem("particles", what, "the same shape as the labels")]
    return []
