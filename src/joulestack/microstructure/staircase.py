"""How much larger the faces of voxels are than the surfaces they stand for.

Resistances sit on surfaces, and a surface made of voxel faces is too large: by 3/2 on the average
over all directions, not at all where it lies along the axes. Conductances without resistances need
no such factor.
"""

from __future__ import annotations

from joulestack.case.microstructure import TransportTable
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.imaging import Sample
from joulestack.microstructure.interfaces import interfaces

ALL_DIRECTIONS = 1.5
"""Mean of |nx| + |ny| + |nz|."""

FLAT = 1.12
"""Below it a surface lies along the axes: Crofton's 13 directions find 7 % too little of one."""


def staircase(sample: Sample, given: TransportTable) -> float:
    """Factor on the resistances of a conduction problem.

    What the case says; else 3/2 for particles of a packing, whose surfaces and contacts have all
    directions; else what the interfaces of the image that carry resistances have on the average.

    Args:
        sample: image.
        given: problem.
    """
    if given.staircase is not None:
        return given.staircase
    if sample.pressed is not None or not given.interface_resistance:
        return ALL_DIRECTIONS
    pairs = [c.between for c in given.interface_resistance]
    return measured(sample.image, pairs, sample.periodic)


def measured(
    image: VoxelImage,
    pairs: list[tuple[str, str]],
    periodic: tuple[bool, bool, bool] = (False, False, False),
) -> float:
    """Voxel faces over area by Crofton's formula, of interfaces together; 1 for flat ones.

    Args:
        image: phases.
        pairs: phases between which the interfaces lie.
        periodic: axes on which opposite sides touch.
    """
    found = interfaces(image, periodic)
    met = [i for p, i in found.items() if p in pairs or p[::-1] in pairs]
    area, faces = sum(i.area for i in met), sum(i.faces for i in met)
    if area == 0:
        return 1.0
    ratio = faces / area
    return 1.0 if ratio < FLAT else min(ratio, 3**0.5)
