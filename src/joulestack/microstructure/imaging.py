"""The images of a case: one for each state of a compaction, or the one of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import CACHE
from joulestack.errors import CaseError, Problem
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.packings.contacts import Contacts, contacts
from joulestack.microstructure.packings.pressure import Loaded
from joulestack.microstructure.packings.relaxation import Relaxed
from joulestack.microstructure.packings.voxelising import voxelise
from joulestack.microstructure.powder import Progress, forces, pressed, pressures
from joulestack.microstructure.reading import RawHeader, read_array
from joulestack.microstructure.segmentation import as_labels, despeckle, otsu, segment


@dataclass(frozen=True)
class Pressed:
    """What is known of a packing beside its image.

    Attributes:
        relaxed: packing at rest.
        pressure: that makes its density [Pa]; None: not given.
        growth, union_density: see `voxelising.Voxelised`.
        contacts: of the grown spheres.
        loaded: contacts under the pressure, where it follows from them.
    """

    relaxed: Relaxed
    pressure: float | None
    growth: float
    union_density: float
    contacts: Contacts
    loaded: Loaded | None = None


@dataclass(frozen=True)
class Sample:
    """One image of a case.

    Attributes:
        name: for files: "image", or the relative density.
        image: phases.
        pressed: None: from a file.
        periodic: axes on which opposite sides continue each other.
        thresholds: that segmented it.
    """

    name: str
    image: VoxelImage
    pressed: Pressed | None = None
    periodic: tuple[bool, bool, bool] = (False, False, False)
    thresholds: tuple[float, ...] = ()


def samples(
    case: MicrostructureCase, cache: Path | None = CACHE, progress: Progress | None = None
) -> Iterator[Sample]:
    """Images of a case, one after another.

    Args:
        case: what to make or read.
        cache: folder of packings; None: none is kept.
        progress: told what has been done.

    Raises:
        CaseError: a packing or an image that cannot be had.
    """
    if case.file.packing is None:
        yield _from_file(case)
        return
    given = case.file.compaction
    size = case.file.image.voxel_size
    assert given is not None
    assert size is not None
    bearing = forces(case)
    for state, pressure in zip(pressed(case, cache, progress), pressures(case), strict=True):
        made = voxelise(state.packing, size, given.overlap)
        name = f"{state.packing.relative_density:.4f}"
        if progress is not None:
            shape = " x ".join(map(str, made.image.shape))
            progress(f"voxels at {name}: {shape}, solid {made.solid_density:.4f}")
        found = contacts(state.packing, made.growth)
        under = None if bearing is None else bearing(state.packing)
        known = Pressed(state, pressure, made.growth, made.union_density, found, under)
        trim = case.file.image.trim
        px, py, pz = state.packing.periodic
        periodic = (px, py, pz and not trim)
        yield Sample(name, trimmed(made.image, trim), known, periodic)


def trimmed(image: VoxelImage, trim: float) -> VoxelImage:
    """The image without layers at both ends of z.

    Raises:
        CaseError: nothing is left.
    """
    layers = round(trim / image.voxel_size)
    if layers == 0:
        return image
    if image.shape[2] - 2 * layers < 2:
        what = f"{1e6 * trim:.3g} um at both ends leaves nothing of {1e6 * image.size[2]:.3g} um"
        raise CaseError(Problem("image.trim", what, "less"))
    inner = np.s_[:, :, layers:-layers]
    particles = None if image.particles is None else image.particles[inner]
    return VoxelImage(image.labels[inner], image.voxel_size, image.phases, particles)


def _from_file(case: MicrostructureCase) -> Sample:
    given, cut = case.file.image, case.file.segmentation
    assert given.file is not None
    assert cut is not None
    raw = given.raw
    header = None
    if raw is not None:
        header = RawHeader(raw.shape, raw.dtype, raw.big_endian, raw.offset)
    grey, own = read_array(case.folder / given.file, header, given.axes, given.field, given.series)
    size = given.voxel_size or own
    if size is None:
        what = f"{given.file} does not say how large a voxel is"
        raise CaseError(Problem("image.voxel_size", what, '"0.5 um"'), case.source.name)
    thresholds: tuple[float, ...] = ()
    if cut.otsu or cut.thresholds is not None:
        thresholds = otsu(grey, len(cut.phases)) if cut.otsu else cut.thresholds or ()
        labels = segment(grey, thresholds)
    else:
        labels = as_labels(grey)
    if int(labels.max()) >= len(cut.phases):
        what = f"label {labels.max()} for {len(cut.phases)} phases"
        remedy = "a name for each label from 0, or thresholds"
        raise CaseError(Problem("segmentation.phases", what, remedy), case.source.name)
    if cut.despeckle:
        labels = despeckle(labels, cut.despeckle)
    image = VoxelImage(labels, size, dict(enumerate(cut.phases)))
    return Sample("image", trimmed(image, given.trim), None, (False,) * 3, thresholds)
