"""Two-point correlation by FFT, and chord lengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.image import VoxelImage

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class TwoPoint:
    """Probability that two points at a distance are both in a phase.

    Attributes:
        distance: [m].
        x, y, z: along the axes; all begin with the volume fraction.
        radial: mean over all directions within the same distance.
    """

    distance: Floats
    x: Floats
    y: Floats
    z: Floats
    radial: Floats


def two_point(
    image: VoxelImage,
    name: str,
    largest: int | None = None,
    periodic: tuple[bool, bool, bool] = (False, False, False),
) -> TwoPoint:
    """Two-point correlation of a phase.

    Args:
        image: phases.
        name: of the phase.
        largest: distance in voxels; None: half the shortest edge.
        periodic: axes on which the image repeats; along the others, pairs inside count.

    Raises:
        CaseError: no such phase.
    """
    most = min(image.shape) // 2 if largest is None else min(largest, min(image.shape) - 1)
    mask = (image.labels == image.label(name)).astype(np.float32)
    padded = [n if p else fft.next_fast_len(n + most, real=True)
              for n, p in zip(image.shape, periodic, strict=True)]  # fmt: skip
    spectrum = fft.rfftn(mask, padded, workers=-1)
    spectrum *= spectrum.conj()
    meets = fft.irfftn(spectrum, padded, workers=-1)
    lags = [np.concatenate([np.arange(most + 1), np.arange(-most, 0)]) for _ in range(3)]
    meets = meets[np.ix_(*[lag % n for lag, n in zip(lags, padded, strict=True)])].astype(float)
    for axis, (lag, n, wraps) in enumerate(zip(lags, image.shape, periodic, strict=True)):
        pairs = np.full(len(lag), float(n)) if wraps else n - np.abs(lag)
        meets /= np.expand_dims(pairs, tuple({0, 1, 2} - {axis}))
    r = np.sqrt(sum(g.astype(float) ** 2 for g in np.meshgrid(*lags, indexing="ij")))
    shell = np.rint(r).astype(np.int64).ravel()
    sums = np.bincount(shell, meets.ravel())[: most + 1]
    return TwoPoint(
        np.arange(most + 1.0) * np.float64(image.voxel_size),
        meets[: most + 1, 0, 0],
        meets[0, : most + 1, 0],
        meets[0, 0, : most + 1],
        sums / np.bincount(shell)[: most + 1],
    )


@dataclass(frozen=True, eq=False)
class Chords:
    """Straight lines along an axis inside a phase, from border to border.

    Attributes:
        length: 1, 2, ... voxels [m].
        count: chords of each length; those that end at the image's border are left out.
        mean: length of a chord [m]; NaN where there is none.
    """

    length: Floats
    count: npt.NDArray[np.int64]
    mean: float


def chords(image: VoxelImage, name: str, axis: int = 2) -> Chords:
    """Chord lengths of a phase along an axis.

    Raises:
        CaseError: no such phase.
    """
    lines = np.moveaxis(image.labels, axis, 2)
    count = _chords(lines, image.label(name))[1:]
    length = np.arange(1.0, len(count) + 1) * np.float64(image.voxel_size)
    total = count.sum()
    return Chords(length, count, float(length @ count / total) if total else float("nan"))


@compiled()
def _chords(lines, label):
    nx, ny, nz = lines.shape
    found = np.zeros(nz + 1, dtype=np.int64)
    for x in range(nx):
        for y in range(ny):
            run, inside = 0, False  # inside: the run began behind a border
            for z in range(nz):
                if lines[x, y, z] == label:
                    run += 1
                else:
                    if run > 0 and inside:
                        found[run] += 1
                    run, inside = 0, True
    return found
