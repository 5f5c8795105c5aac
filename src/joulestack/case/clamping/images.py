"""Grey pictures over the face as grids of shares: scans of a pressure-sensitive film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.errors import shown

Floats = npt.NDArray[np.float64]

LARGEST_SIDE = 256
"""Pixels along a side that are kept; larger pictures are averaged over blocks."""
_PIXELS = 4e8


def read_grey(path: Path) -> Floats:
    """Grey values of a picture from 0 (black) to 1 (the white of its format).

    Args:
        path: of a PNG or TIFF file.

    Returns:
        One row for each position along x, left to right; in it one value for each y, bottom to top.

    Raises:
        ValueError: no such file, not a picture, or no grey one; says what would be right.
    """
    from PIL import Image

    name = shown(path.name)
    if not path.is_file():
        raise ValueError(f"there is no file {name} beside the case file; give a PNG or TIFF")
    try:
        # No other format: one of Pillow's readers runs PostScript.
        with Image.open(path, formats=("PNG", "TIFF")) as image:
            width, height = image.size
            frames = getattr(image, "n_frames", 1)
            if width * height <= _PIXELS and frames == 1:
                image.load()
    except Exception:  # damaged files leave Pillow by any of them
        raise ValueError(f"{name} is not a picture that can be read; save it as PNG") from None
    if width * height > _PIXELS:
        raise ValueError(f"{name} has {width} x {height} pixels; scale it")
    if frames > 1:
        raise ValueError(f"{name} holds {frames} pictures; save the one that is meant alone")
    return _averaged(_grey(image, name)[::-1].T)


def _grey(image: Any, name: str) -> Floats:
    """Values from 0 to 1, rows from the top."""
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"), dtype=np.float64) / 255
    if image.mode.startswith("I"):
        values = np.asarray(image, dtype=np.float64)
        if values.min() < 0 or values.max() > 65535:
            raise ValueError(f"{name} has grey values beyond 16 bit; save it with 8 or 16 bit")
        return values / 65535
    if image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
            raise ValueError(f"{name} has values outside 0 to 1; scale them, or save 16 bit")
        return values
    colours = np.asarray(image.convert("RGBA"), dtype=np.float64)
    if np.ptp(colours[..., :3], axis=2).max() > 0:
        raise ValueError(f"{name} is a colour picture; save its pressures as grey values")
    if colours[..., 3].min() < 255:
        raise ValueError(f"{name} is transparent in places; save it without an alpha channel")
    return colours[..., 0] / 255


def _averaged(values: Floats) -> Floats:
    """Means over blocks, so that no side has more than `LARGEST_SIDE` values."""
    for axis in (0, 1):
        size = values.shape[axis]
        count = min(size, LARGEST_SIDE)
        edges = np.linspace(0, size, count + 1).astype(int)
        sums = np.add.reduceat(values, edges[:-1], axis=axis)
        shape = (-1, 1) if axis == 0 else (1, -1)
        values = sums / np.diff(edges).reshape(shape)
    return values


def around_axis(values: Floats) -> Floats:
    """Means over rings of a picture that shows a disc from edge to edge.

    Args:
        values: of a picture over the square around the disc.

    Returns:
        Means over rings of equal width, from the axis outwards.
    """
    nx, ny = values.shape
    x = (np.arange(nx) + 0.5) / nx * 2 - 1
    y = (np.arange(ny) + 0.5) / ny * 2 - 1
    radius = np.hypot(x[:, None], y[None, :])
    rings = max(min(nx, ny) // 4, 1)
    number = np.minimum((radius * rings).astype(int), rings)
    sums = np.bincount(number.ravel(), values.ravel(), rings + 1)[:rings]
    found: Floats = sums / np.bincount(number.ravel(), minlength=rings + 1)[:rings]
    return found
