"""How much of the active material ions and electrons can reach (Deysher 2022, section 2.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from joulestack.case.microstructures.schema import AnalysisTable
from joulestack.errors import CaseError, Problem
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.imaging import Sample
from joulestack.microstructure.interfaces import boundaries, touching
from joulestack.microstructure.percolation import Ends, Sides, reached
from joulestack.microstructure.segmentation import components


@dataclass(frozen=True)
class Utilisation:
    """Shares of the volume of active material.

    Attributes:
        ionic: in particles that touch electrolyte joined to the separator.
        electronic: in particles of, or touching, the network joined to the collector.
        both: in particles that have both.
        surface: faces between particles that have both and electrolyte that is joined, per volume
            of the image, voxel faces over 3/2 (`interfaces`) [1/m].
        contact: the same faces over all faces of these particles, other particles' included; the
            faces' staircase cancels.
        particles: how many there are.
    """

    ionic: float
    electronic: float
    both: float
    surface: float
    contact: float
    particles: int


def of_sample(sample: Sample, given: AnalysisTable) -> Utilisation:
    """Utilisation as the [analysis] of a case asks for it.

    Raises:
        CaseError: see `utilisation`.
    """
    assert given.active is not None
    own = given.ends == "own"
    return utilisation(
        sample.image,
        given.active,
        given.ionic,
        given.electronic,
        separator="first" if own else "both",
        collector="last" if own else "both",
        sides="periodic" if sample.periodic[0] else "no-flux",
    )


def utilisation(
    image: VoxelImage,
    active: str,
    ionic: Collection[str],
    electronic: Collection[str],
    *,
    axis: int = 2,
    separator: Ends = "both",
    collector: Ends = "both",
    sides: Sides = "no-flux",
) -> Utilisation:
    """Utilisation of active material, particle by particle.

    Within a particle everything is reached: its own transport is not the matter here.

    Args:
        image: phases; without particle numbers, connected pieces count as particles.
        active: phase of the active material.
        ionic: phases that carry ions to it.
        electronic: phases that carry electrons, the active material's own if it conducts.
        axis: from separator to collector.
        separator, collector: ends that networks must be joined to; "both": percolating.
        sides: whether the other sides touch their opposites.

    Raises:
        CaseError: no such phase, or none of the active material.
    """
    own = image.labels == image.label(active)
    if not own.any():
        raise CaseError(Problem("analysis.active", f"there is no {active} in the image"))
    numbers = image.particles if image.particles is not None else components(own)[0]
    ions = reached(image, ionic, axis, separator, sides)
    electrons = reached(image, electronic, axis, collector, sides)
    volume = np.bincount(numbers[own], minlength=int(numbers.max()) + 1)
    wet = touching(own, ions, numbers)
    wired = touching(own, electrons, numbers)
    inside = np.bincount(numbers[own & electrons], minlength=len(volume))
    has_ions, has_electrons = wet > 0, (wired > 0) | (inside > 0)
    both = has_ions & has_electrons
    total = volume.sum()
    faces = wet[both].sum() / (own.size * image.voxel_size)
    whole = touching(own, ~own, numbers) + boundaries(own, numbers)
    return Utilisation(
        float(volume[has_ions].sum() / total),
        float(volume[has_electrons].sum() / total),
        float(volume[both].sum() / total),
        float(faces / 1.5),
        float(wet[both].sum() / max(whole[both].sum(), 1)),
        int(np.count_nonzero(volume)),
    )
