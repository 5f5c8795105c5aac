"""Packings and voxel images, and what they conduct: tables of effective properties.

Here: powders pressed particle by particle, images from files, the voxel solver in `conduction`. Not
here: the laws that use the tables (`fabrication.tabulated`). The public names are imported when
they are first used: `joulestack.microstructure.conduct`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack._lazy import attach

if TYPE_CHECKING:
    from joulestack.case.microstructures.microstructure import (
        MicrostructureCase as MicrostructureCase,
    )
    from joulestack.microstructure.conduction.solver import conduct as conduct
    from joulestack.microstructure.conduction.tensor import tensor as tensor
    from joulestack.microstructure.image import VoxelImage as VoxelImage
    from joulestack.microstructure.run import analyse as analyse
    from joulestack.microstructure.run import conductivity as conductivity
    from joulestack.microstructure.run import generate as generate

_PUBLIC = {
    "joulestack.case.microstructures.microstructure": ("MicrostructureCase",),
    "joulestack.microstructure.conduction.solver": ("conduct",),
    "joulestack.microstructure.conduction.tensor": ("tensor",),
    "joulestack.microstructure.image": ("VoxelImage",),
    "joulestack.microstructure.run": ("analyse", "conductivity", "generate"),
}

_find, __all__ = attach(__name__, _PUBLIC)

if not TYPE_CHECKING:
    __getattr__ = _find


def __dir__() -> list[str]:
    """Public names."""
    return __all__
