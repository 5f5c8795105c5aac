"""From grey values to phases: thresholds, Otsu's method, cleaning, connected components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from joulestack._needs import needed
from joulestack.errors import CaseError, Problem
from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.image import Labels

Array = npt.NDArray[Any]

_BINS = 256
_MOST_CLASSES = 5
"""Otsu's search over thresholds grows with the power of their number."""


def otsu(grey: Array, classes: int) -> tuple[float, ...]:
    """Thresholds that leave the least variance within classes (Otsu 1979; Liao 2001).

    Raises:
        CaseError: the image holds fewer grey values than classes, or too many classes are asked.
    """
    with needed():
        from skimage.filters import threshold_multiotsu

    if not 2 <= classes <= _MOST_CLASSES:
        remedy = f"2 to {_MOST_CLASSES}, or give thresholds"
        raise CaseError(Problem("segmentation", f"{classes} classes", remedy))
    low, high = float(grey.min()), float(grey.max())
    if low == high:
        what = f"every voxel has the grey value {low:g}"
        raise CaseError(Problem("segmentation", what, "an image with contrast"))
    counts = np.zeros(_BINS, dtype=np.int64)
    for plane in grey:
        counts += np.histogram(plane * 1.0, _BINS, (low, high))[0]
    if np.count_nonzero(counts) < classes:
        what = f"{np.count_nonzero(counts)} grey values for {classes} classes"
        raise CaseError(Problem("segmentation", what, "fewer phases"))
    edges = np.linspace(low, high, _BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    found = threshold_multiotsu(classes=classes, hist=(counts, centres))
    # A threshold names the centre of the last bin of its class: cut at the upper edge.
    return tuple(float(t) + (edges[1] - edges[0]) / 2 for t in found)


def segment(grey: Array, thresholds: Sequence[float]) -> Labels:
    """Labels 0, 1, ... by rising grey value; a value at a threshold belongs above it.

    Raises:
        CaseError: thresholds that do not rise, or leave a class empty.
    """
    cuts = np.asarray(thresholds, dtype=float)
    if len(cuts) < 1 or len(cuts) > 254 or np.any(np.diff(cuts) <= 0):
        what = f"{list(thresholds)} do not rise"
        raise CaseError(Problem("segmentation.thresholds", what, "smallest first"))
    labels = np.empty(grey.shape, dtype=np.uint8)
    for x in range(len(grey)):
        labels[x] = np.searchsorted(cuts, grey[x], side="right")
    empty = np.setdiff1d(np.arange(len(cuts) + 1), np.unique(labels))
    if len(empty):
        what = f"class {empty[0]} of {list(thresholds)} is empty"
        remedy = f"thresholds between {grey.min():g} and {grey.max():g}"
        raise CaseError(Problem("segmentation.thresholds", what, remedy))
    return labels


def as_labels(values: Array) -> Labels:
    """Labels that an image holds already.

    Raises:
        CaseError: values that are no whole numbers from 0 to 255.
    """
    low, high = values.min(), values.max()
    whole = values.dtype.kind in "bui" or all(np.equal(np.mod(p, 1), 0).all() for p in values)
    if low < 0 or high > 255 or not whole:
        what = f"{values.dtype} values from {low:g} to {high:g} are no labels"
        raise CaseError(Problem("segmentation", what, "thresholds, or Otsu's method"))
    return values.astype(np.uint8)


def components(
    mask: npt.NDArray[np.bool_], periodic: Sequence[bool] = (False, False, False)
) -> tuple[npt.NDArray[np.int32], int]:
    """Connected components over faces.

    Args:
        mask: (nx, ny, nz).
        periodic: axes on which opposite sides touch.

    Returns:
        Number of each voxel's component, 0 outside the mask, and how many there are.
    """
    found, count = ndimage.label(mask, output=np.int32)
    if not any(periodic) or count < 2:
        return found, count
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = []
    for axis, joined in enumerate(periodic):
        if joined:
            first, last = found.take(0, axis).ravel(), found.take(-1, axis).ravel()
            both = (first > 0) & (last > 0)
            pairs.append(np.unique(np.stack([first[both], last[both]]), axis=1))
    rows, columns = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(count + 1, count + 1))
    groups, member = connected_components(graph, directed=False)
    # Component 0, the outside, is joined to nothing: its group keeps the number 0.
    return member.astype(np.int32)[found], groups - 1


def despeckle(labels: Labels, smallest: int) -> Labels:
    """Give components below a number of voxels to the phases around them, layer by layer.

    Raises:
        CaseError: nothing is larger.
    """
    speck = np.zeros(labels.shape, dtype=np.bool_)
    for label in np.unique(labels):
        found, _ = components(labels == label)
        small = np.bincount(found.ravel()) < smallest
        small[0] = False
        speck |= small[found]
    if speck.all():
        what = f"every component has fewer than {smallest} voxels"
        raise CaseError(Problem("segmentation.despeckle", what, "a smaller number"))
    result = labels.copy()
    while speck.any():
        _close(result, speck)
    return result


@compiled()
def _close(labels, speck):
    """One layer of specks takes the phase most frequent among its clean neighbours."""
    nx, ny, nz = labels.shape
    before = speck.copy()
    votes = np.zeros(256, dtype=np.int64)
    for x in range(nx):
        for y in range(ny):
            for z in range(nz):
                if not before[x, y, z]:
                    continue
                votes[:] = 0
                most = -1
                for axis in range(3):
                    for step in (-1, 1):
                        a = x + step if axis == 0 else x
                        b = y + step if axis == 1 else y
                        c = z + step if axis == 2 else z
                        if 0 <= a < nx and 0 <= b < ny and 0 <= c < nz and not before[a, b, c]:
                            label = labels[a, b, c]
                            votes[label] += 1
                            if most < 0 or votes[label] > votes[most]:
                                most = label
                if most >= 0:
                    labels[x, y, z] = most
                    speck[x, y, z] = False
