"""TIFF files of one or several series, and folders of slices."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import machine
from joulestack._needs import missing, needed
from joulestack.access import readable
from joulestack.errors import CaseError, EnvironmentMissing, JoulestackError, Problem, shown

Array = npt.NDArray[Any]

ALL = "all"
"""In place of a series: all of them, one above the other."""

_TIFF = (".tif", ".tiff")
_SLICES = (*_TIFF, ".png")
_MOST_TOLD = 12


def read(path: Path, series: int | str | None = None) -> Array:
    """Grey values of a TIFF file, or of a folder of slices in the order of their numbers.

    Values are those that are shown: where white is zero, they are turned.

    Args:
        path: of the file or folder.
        series: of each file, by number from 1 or by name; "all" stacks them.

    Raises:
        CaseError: it cannot be read, or has several series and none is chosen.
        EnvironmentMissing: what unpacks its compression is not installed.
    """
    try:
        return _folder(path, series) if path.is_dir() else _tiff(path, series)
    except JoulestackError:
        raise
    except Exception as error:  # a damaged file leaves tifffile by any of them, and is quoted
        if "imagecodecs" in str(error):
            raise _codec(path, error) from None
        remedy = "save it as TIFF, or as .npy"
        raise CaseError(Problem("file", "is no TIFF that can be read", remedy), str(path)) from None


def _codec(path: Path, error: Exception) -> EnvironmentMissing:
    """What unpacks a compression, which tifffile names."""
    packed = re.search(r"COMPRESSION\.(\w+)", str(error))
    told = missing(ModuleNotFoundError("imagecodecs", name="imagecodecs"))
    by = f", compressed by {packed[1]}" if packed else ""
    return EnvironmentMissing(f"{shown(path.name)}{by}: {told}; or save it without compression")


def _folder(path: Path, series: int | str | None) -> Array:
    slices = (p for p in path.iterdir() if p.suffix.lower() in _SLICES)
    found = sorted(readable(path, slices), key=_number)
    if not found:
        raise CaseError(Problem("file", "holds no TIFF or PNG slices", "*.tif or *.png"), str(path))
    kinds = {p.suffix.lower() == ".png" for p in found}
    if len(kinds) > 1:
        what, remedy = "holds slices of TIFF and of PNG", "keep those of one kind"
        raise CaseError(Problem("file", what, remedy), str(path))
    planes = [_png(p) if True in kinds else _tiff(p, series) for p in found]
    odd = [p.name for p, a in zip(found, planes, strict=True) if a.shape != planes[0].shape]
    if odd:
        what = f"{shown(odd[0])} differs in shape from {shown(found[0].name)}"
        raise CaseError(Problem("file", what, "slices of one shape"), str(path))
    return np.stack(planes)


def _number(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Slices in the order of the numbers in their names: 2 before 10."""
    parts = re.split(r"([0-9]+)", path.stem)
    return tuple((0, int(t), "") if t.isdecimal() else (1, 0, t.casefold()) for t in parts if t)


def _png(path: Path) -> Array:
    from PIL import Image

    with Image.open(path, formats=("PNG",)) as image:
        if image.mode == "P":
            what, remedy = f"{shown(path.name)} has a palette", "save it as grey values"
            raise CaseError(Problem("file", what, remedy), str(path))
        return np.asarray(image)


def _tiff(path: Path, series: int | str | None) -> Array:
    """One series of one file, and of no other: OME-TIFF may name some."""
    with needed():
        import tifffile
    with tifffile.TiffFile(path, _multifile=False) as file:
        if len(file.pages) == 0:  # counted first: a chain of pages that goes in a circle ends then
            raise CaseError(Problem("file", "holds no picture", "save it as TIFF"), str(path))
        found = file.series
        _refuse_if_too_large(sum(int(s.nbytes) for s in found), path)
        if series == ALL and len({(s.shape, s.dtype) for s in found}) == 1:
            planes = np.stack([_shown(s, path) for s in found])
            return planes[0] if len(found) == 1 else planes
        return _shown(_chosen(found, series, path), path)


def _refuse_if_too_large(size: int, path: Path) -> None:
    """Before it is unpacked: a file of 4 MB can say that it is an image of 4 GB, or be one.

    Raises:
        CaseError: it does not fit into memory.
    """
    if 2 * size > machine.memory():
        what = f"unpacks to {size / 1e9:.3g} GB; the machine has {machine.memory() / 1e9:.3g}"
        raise CaseError(
            Problem("file", what, "cut it, or average over blocks of voxels"), str(path)
        )


def _chosen(found: Any, series: int | str | None, path: Path) -> Any:
    """The series that is meant.

    Raises:
        CaseError: there are several, or there is none such; lists them.
    """
    if series is None and len(found) == 1:
        return found[0]
    if isinstance(series, int) and 1 <= series <= len(found):
        return found[series - 1]
    named = [s for s in found if s.name == series]
    if len(named) == 1:
        return named[0]
    listing = "; ".join(
        f'{i} "{shown(s.name or "", 40)}", {" x ".join(map(str, s.shape))} of {s.dtype}'
        for i, s in enumerate(found[:_MOST_TOLD], 1)
    )
    more = f"; and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    if series is None:
        what = f"has {len(found)} series"
    elif series == ALL:
        what = f"has {len(found)} series of different shapes or types"
    else:
        what = (
            f"has no series {series}" if isinstance(series, int) else "has no series of this name"
        )
    remedy = 'choose one: series = 1, or its name; series = "all" stacks equal ones'
    raise CaseError(Problem("series", f"{what}: {listing}{more}", remedy), str(path))


def _shown(series: Any, path: Path) -> Array:
    """Values of a series as they are shown: large is bright.

    Raises:
        CaseError: white is zero, and it is not known what black is.
    """
    array = np.asarray(series.asarray())
    page = series.keyframe
    if int(page.photometric) != 0:  # WhiteIsZero
        return array
    if array.dtype.kind == "b":
        return ~array
    if array.dtype.kind != "u":
        what = f"white is zero in values of type {array.dtype}"
        raise CaseError(Problem("file", what, "save it with black as zero"), str(path))
    return np.asarray((1 << int(page.bitspersample)) - 1 - array, array.dtype)
