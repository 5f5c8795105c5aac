"""Images from files: TIFF stacks, folders of slices, .npy, .raw with a header, VTI."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem, shown
from joulestack.microstructure import slices, vti

Array = npt.NDArray[Any]
Axes = Literal["xyz", "zyx"]

_DTYPES = (
    *("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
    *("float16", "float32", "float64", "bool"),
)
SUFFIXES = (".tif", ".tiff", ".npy", ".raw", ".vti")


@dataclass(frozen=True)
class RawHeader:
    """What a .raw file does not say.

    Attributes:
        shape: voxels along x, y, z.
        dtype: name of the type of a value, such as "uint16".
        big_endian: the first byte counts most.
        offset: bytes before the first value.
    """

    shape: tuple[int, int, int]
    dtype: str = "uint8"
    big_endian: bool = False
    offset: int = 0


def read_array(
    path: str | Path,
    header: RawHeader | None = None,
    axes: Axes | None = None,
    field: str | None = None,
    series: int | str | None = None,
) -> tuple[Array, float | None]:
    """Read grey values or labels.

    Args:
        path: file, or folder of TIFF or PNG slices in the order of their numbers.
        header: of a .raw file.
        axes: order of the indices in the file, the slowest first; None: "zyx" for TIFF and .raw
            (slices one after another), "xyz" for .npy. VTI files know theirs.
        field: array of a VTI file.
        series: of a TIFF file with several, by number from 1 or by name; "all" stacks them.

    Returns:
        Array (nx, ny, nz), and the edge of a voxel where the file says it [m].

    Raises:
        CaseError: it cannot be read, or is not a three-dimensional image of real numbers.
    """
    path = Path(path)
    if not path.exists():
        near = ", ".join(sorted(p.name for p in path.parent.glob("*") if p.suffix in SUFFIXES)[:6])
        raise CaseError(Problem("file", f"there is no {path}", f"there: {near}" if near else ""))
    if path.stat().st_size == 0:
        raise CaseError(Problem("file", "is empty", "an image"), str(path))
    suffix = path.suffix.lower()
    size: float | None = None
    tiff = suffix in (".tif", ".tiff") or path.is_dir()
    _refuse_in_vain(path, header, series, tiff)
    if suffix == ".vti":
        array, size = vti.read(path, field)
    elif header is not None:
        array = _raw(path, header, axes or "zyx")
    elif suffix == ".npy":
        array = _turned(_npy(path), axes or "xyz")
    elif tiff:
        array = _turned(slices.read(path, series), axes or "zyx")
    else:
        remedy = f"one of {', '.join(SUFFIXES)}, or a folder of TIFF or PNG slices"
        raise CaseError(Problem("file", f"{suffix or 'no suffix'} is not known", remedy), str(path))
    problem = _wrong(array)
    if problem is not None:
        raise CaseError(problem, str(path))
    return array, size


def _refuse_in_vain(
    path: Path, header: RawHeader | None, series: int | str | None, tiff: bool
) -> None:
    """Refuse what is said of a file of another kind, and a .raw file of which nothing is said."""
    if (header is not None) != (path.suffix.lower() == ".raw") and not path.is_dir():
        what = "says nothing of its shape" if header is None else "has a header of its own"
        remedy = "give `raw = {shape = [nx, ny, nz], dtype = ...}`" if header is None else "no raw"
        raise CaseError(Problem("raw", what, remedy), str(path))
    if series is not None and not tiff:
        raise CaseError(Problem("series", "has no effect: not a TIFF", "remove it"), str(path))


def _wrong(array: Array) -> Problem | None:
    """What keeps an array from being an image."""
    if array.ndim != 3:
        hint = "; colours?" if array.ndim == 4 and array.shape[-1] in (3, 4) else ""
        return Problem("file", f"has {array.ndim} dimensions{hint}", "one grey value a voxel, 3-D")
    if min(array.shape) < 2:
        return Problem("file", f"shape {array.shape}", "at least 2 voxels along every axis")
    if array.dtype.kind not in "buif":
        return Problem("file", f"values of type {array.dtype}", "whole or real numbers")
    if array.dtype.kind == "f" and not all(np.isfinite(plane).all() for plane in array):
        return Problem("file", "holds values that are no numbers", "mask them with a grey value")
    return None


def _turned(array: Array, axes: Axes) -> Array:
    if array.ndim != 3 or axes == "xyz":
        return np.ascontiguousarray(array)
    return np.ascontiguousarray(array.transpose(2, 1, 0))


def _npy(path: Path) -> Array:
    try:
        # Mapped, a file is held against its header before there is an array of that size.
        found = np.array(np.load(path, mmap_mode="r", allow_pickle=False))
    except Exception:  # a damaged header ends in any of them, and NumPy quotes it
        found = None
    if found is None or found.dtype.kind == "O":
        remedy = "numpy.save one array of numbers"
        raise CaseError(Problem("file", "is no .npy file that can be read", remedy), str(path))
    return found


def _raw(path: Path, header: RawHeader, axes: Axes) -> Array:
    if header.dtype not in _DTYPES:
        what = f'"{shown(header.dtype)}" is no type of a voxel'
        raise CaseError(Problem("raw.dtype", what, f"one of {', '.join(_DTYPES)}"))
    if header.offset < 0 or min(header.shape) < 1:
        what = "has a shape or an offset below zero"
        raise CaseError(Problem("raw", what, "correct shape or offset"), str(path))
    kind = np.dtype(header.dtype).newbyteorder(">" if header.big_endian else "<")
    count = math.prod(header.shape)
    want, have = header.offset + count * kind.itemsize, path.stat().st_size
    if want != have:
        what = f"holds {have} bytes; {header.shape} of {header.dtype} make {want}"
        raise CaseError(Problem("raw", what, "correct shape, dtype or offset"), str(path))
    flat = np.fromfile(path, kind, count, offset=header.offset).astype(kind.newbyteorder("="))
    shape = header.shape if axes == "xyz" else header.shape[::-1]
    return _turned(flat.reshape(shape), axes)
