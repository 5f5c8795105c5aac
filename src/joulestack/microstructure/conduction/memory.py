"""How much memory a solution takes, and how much there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from joulestack.errors import CaseError, Problem

GB = 1e9
VECTORS = 5 * 4 / 2
"""Bytes a voxel of the fine grid's vectors: solution, residual, direction and two of work space,
float32 on every second voxel."""

DIAGONAL = 4.0
COARSE = 8 / 7 * (6 / 2 + 1 + 2) * 4 / 8
"""Faces, diagonal, unknowns and right-hand sides of all coarse grids."""

CLASSES = 1.0


def bytes_per_voxel(code: np.dtype[Any], particles: bool, double: bool = False) -> float:
    """Bytes a voxel beyond the image.

    Args:
        code: type of the six face numbers of a red voxel.
        particles: whether particle numbers are copied while the faces are set up and checked.
        double: whether the image's grid has float64 values.
    """
    solving = (VECTORS + DIAGONAL) * (1 + double) + COARSE
    setting_up = DIAGONAL / 2 + 4.0 * particles
    return max(solving, setting_up) + code.itemsize / 2 + CLASSES


def available(proc: Path = Path("/proc/meminfo"), group: Path = Path("/sys/fs/cgroup")) -> float:
    """Memory that can be had without swapping [bytes]; infinite if the system does not say."""
    free = float("inf")
    try:
        for line in proc.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                free = 1024.0 * int(line.split()[1])
        most = (group / "memory.max").read_text().strip()
        if most != "max":
            free = min(free, float(most) - float((group / "memory.current").read_text()))
    except (OSError, ValueError, IndexError):
        pass
    return free


def refuse_if_too_large(shape: tuple[int, int, int], each: float, limit: float | None) -> None:
    """Stop before any work if the solution does not fit.

    Args:
        shape: of the image.
        each: bytes a voxel.
        limit: memory that may be used [bytes]; None: what is available.

    Raises:
        CaseError: it does not fit; says how much is needed.
    """
    need = each * float(np.prod(shape, dtype=float))
    have = available() if limit is None else float(limit)
    if need > have:
        largest = int((have / each) ** (1 / 3))
        size = " x ".join(map(str, shape))
        raise CaseError(
            Problem(
                "image",
                f"{size} voxels need {need / GB:.3g} GB beside the image, "
                f"{have / GB:.3g} GB are free",
                f"crop or coarsen it (about {largest}^3 voxels fit), or take a larger machine",
            ),
            "voxel conduction",
        )
