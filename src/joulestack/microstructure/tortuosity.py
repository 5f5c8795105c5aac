"""Tortuosities and formation factor: numbers that go by one name and are not the same.

With eps the volume fraction of the conducting phase and s = sigma_eff/sigma_0:

- tortuosity factor eps/s, what sigma_eff = sigma_0 eps/tau calls tau;
- its square root, what sigma_eff = sigma_0 eps/tau^2 calls tau, a ratio of lengths;
- geodesic tortuosity: mean length of the shortest way through the phase over the thickness. It
  knows nothing of necks and is smaller than the others;
- formation factor 1/s.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from joulestack._needs import needed
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.percolation import reached


@dataclass(frozen=True)
class Transport:
    """How one phase, alone among insulators, conducts.

    Attributes:
        fraction: its volume fraction [-].
        relative: sigma_eff/sigma_0 [-].
    """

    fraction: float
    relative: float

    @property
    def tortuosity_factor(self) -> float:
        """eps sigma_0/sigma_eff; infinite where nothing percolates."""
        return self.fraction / self.relative if self.relative > 0 else inf

    @property
    def tortuosity(self) -> float:
        """Square root of the tortuosity factor."""
        return sqrt(self.tortuosity_factor)

    @property
    def formation_factor(self) -> float:
        """sigma_0/sigma_eff."""
        return 1 / self.relative if self.relative > 0 else inf


def geodesic_tortuosity(image: VoxelImage, phases: Collection[str], axis: int = 2) -> float:
    """Mean shortest way from one end to the other inside phases, over the distance of the ends.

    Ways go from voxel centre to voxel centre over faces, edges and corners; in directions between
    those they are up to 8 % too long. Infinite where nothing percolates.

    Raises:
        CaseError: no such phase.
    """
    with needed():
        from skimage.graph import MCP_Geometric

    inside = np.moveaxis(reached(image, phases, axis), axis, 0)
    if not inside.any():
        return inf
    costs = np.where(inside, 1.0, -1.0)
    first = np.argwhere(inside[0])
    starts = np.concatenate([np.zeros((len(first), 1), dtype=np.int64), first], axis=1)
    ways, _ = MCP_Geometric(costs).find_costs(starts)
    return float(np.mean(ways[-1][inside[-1]]) / (len(inside) - 1))
