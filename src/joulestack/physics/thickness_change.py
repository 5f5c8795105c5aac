"""Thickness change of the layers, from the lithium and the temperature now in the unknowns.

    particles   dh = share sum_v w_v eps (v(x_v) - v(x_0)) / A,   x_v the mean content at a vertex
    metal       dh = V_Li (lithium that has left all particles) / A: what left them was plated
    heat        dh = alpha int (T - T_0) dV / A

w_v are the volumes that belong to the vertices; A is the area of the face. The mesh does not move:
changes are small against the layers, or in metal, which conducts too well to matter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from mpi4py import MPI

from joulestack.discretisation.fields import Block
from joulestack.discretisation.levels import AGREEMENT, Levels
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium
from joulestack.laws.particles import Particles
from joulestack.mechanics.clamping import Clamping
from joulestack.mechanics.volume_change import VolumeLaw
from joulestack.physics.base import Forms
from joulestack.physics.context import Context, RegionGroup

Floats = npt.NDArray[np.float64]


@dataclass
class Part:
    """Unknowns of one block in one layer.

    Attributes:
        layer: index of the layer.
        block: of particles or temperature.
        particles, law: of a population; None for heat.
        expansion: linear, for heat [1/K].
        weights: volume of each owned node [m3], once assembled.
    """

    layer: int
    block: Block
    weight: Any
    space: Any
    particles: Particles | None = None
    law: VolumeLaw | None = None
    expansion: float = 0.0
    weights: Floats = None  # type: ignore[assignment]

    def assemble(self) -> None:
        """Volumes of the nodes."""
        function = fem.Function(self.space)
        self.weight[0].vector(function.x.array)
        function.x.scatter_reverse(la.InsertMode.add)
        self.weights = function.x.array[: self.block.nodes].copy()

    def values(self) -> Floats:
        """Mean content of the particles, or temperature rise, at the owned nodes."""
        return self.block.value.x.array[: self.block.owned].reshape(-1, self.block.size)[:, 0]

    def strain(self) -> Floats:
        """Relative volume change at the nodes, pores not yet in the way."""
        if self.particles is None or self.law is None:
            return self.expansion * self.values()
        change: Floats = self.law(self.values()) - self.law(self.particles.start)
        return self.particles.fraction * change

    def lithium(self) -> Floats:
        """Lithium gained at the nodes [mol/m3]; the charge that went in says how much."""
        if self.particles is None:
            return np.zeros(self.block.nodes)
        p = self.particles
        sites = p.fraction * p.maximum_concentration
        return sites * (self.values() - p.start)


class ThicknessChange:
    """Thickness changes of the values now in the blocks.

    Attributes:
        clamping: what grows, and in what fixture.
        layers: names, in the order of `changes`.
        sizes: thickness of each layer, all its repeats together [m].
        changes: thickness change of each layer since assembly, all its repeats together [m].
        lithium: plated on the metal electrodes since assembly [mol/m2].
        left: thickness of lithium on each metal electrode [m]; inf where it is not known.
        warming: mean temperature rise of what expands [K].
    """

    def __init__(
        self,
        context: Context,
        clamping: Clamping,
        media: Mapping[str, Medium],
        thickness: Mapping[str, float],
        forms: Forms,
    ) -> None:
        """Ask for the forms of the weights; `allocate` must follow their compilation.

        Args:
            context: groups and measures.
            clamping: what grows, and by how much.
            media: of the layers, their numbers not bound.
            thickness: of the layers [m]; others do not breathe.
            forms: where the weights are compiled.
        """
        self.comm = context.domain.comm
        self.clamping, regions = clamping, context.domain.regions
        own = (r.layer for r in regions if r.kind == "layer" and r.layer in thickness)
        self.layers = tuple(dict.fromkeys(own))
        levels = Levels(context.domain)
        if clamping.area is not None:
            levels.check(thickness)
        repeats = [levels.repeats(name) for name in self.layers]
        self.sizes = np.array([thickness[n] * k for n, k in zip(self.layers, repeats, strict=True)])
        self._metals = [self.layers.index(n) for n in self.clamping.metals]
        self._electrodes = max((repeats[n] for n in self._metals), default=1)
        self.parts = [
            part
            for group in context.regions
            for name in dict.fromkeys(r.layer for r in group.regions)
            if name in self.layers
            for part in self._parts(context, media[name], forms, group, name)
        ]
        self.changes: Floats = np.zeros(len(self.layers))
        self.lithium = self.warming = 0.0
        self.left = math.inf

    def _parts(
        self, context: Context, medium: Medium, forms: Forms, group: RegionGroup, name: str
    ) -> list[Part]:
        number = self.layers.index(name)
        here = replace(group, regions=tuple(r for r in group.regions if r.layer == name))

        def part(block: Block, of: RegionGroup, **what: Any) -> Part:
            space = fem.functionspace(block.space.mesh, ("Lagrange", _degree(block)))
            cells = context.domain.cells_of(of.regions)  # of this layer alone
            where = {fem.IntegralType.cell: [(of.integral_id, cells)]}
            weight = forms.add(ufl.TestFunction(space) * context.dx(of), where)
            return Part(number, block, weight, space, **what)

        found = [
            part(block, here.at_nodes(), particles=own, law=self.clamping.volumes[own.name])
            for block, own in zip(group.particles, medium.particles or (), strict=False)
        ]
        expansion = self.clamping.expansion.get(name, 0.0)
        if expansion or self.clamping.fixture.frame_expansion:
            found.append(part(group.blocks["T"], here, expansion=expansion))
        return found

    def allocate(self) -> None:
        """Assemble the weights."""
        for part in self.parts:
            part.assemble()
        volumes = np.zeros(len(self.layers))
        counted = np.zeros(len(self.layers), dtype=bool)
        for part in self.parts:
            if not counted[part.layer]:
                volumes[part.layer] = part.weights.sum()
                counted[part.layer] = True
        self.comm.Allreduce(MPI.IN_PLACE, volumes, op=MPI.SUM)
        self.areas = np.divide(volumes, self.sizes, out=np.ones_like(volumes), where=counted)
        """Face area that the weights of each layer stand for [m2]."""
        self._check_area(counted)
        self._warm = float(volumes[[p.layer for p in self.parts if p.particles is None]].sum())
        self.measure()

    def _check_area(self, counted: npt.NDArray[np.bool_]) -> None:
        """The fixture was spread over the face that the mesh has; tabs come on top of it."""
        stated = self.clamping.area
        if stated is None or not counted.any():
            return
        found = float(self.areas[counted].min())
        if abs(found - stated) > AGREEMENT * found:
            has = f"the face of the mesh has {found * 1e4:.4g} cm^2"
            what = f"is {stated * 1e4:.4g} cm^2, but {has}"
            raise CaseError(Problem("cell.area", what, "state the area of the mesh"))

    def measure(self) -> None:
        """Changes of the values now in the blocks; collective."""
        sums = np.zeros(len(self.layers) + 2)
        for part in self.parts:
            share = 1.0 if part.particles is None else self.clamping.share
            area = self.areas[part.layer]
            sums[part.layer] += share * (part.weights @ part.strain()) / area
            if part.particles is None:
                sums[-1] += part.weights @ part.values()
            else:
                sums[-2] -= part.weights @ part.lithium() / area
        if self.comm.size > 1:
            self.comm.Allreduce(MPI.IN_PLACE, sums, op=MPI.SUM)
        self.changes, self.lithium = sums[:-2].copy(), float(sums[-2])
        self.warming = float(sums[-1]) / self._warm if self._warm else 0.0
        for n, volume in zip(self._metals, self.clamping.metals.values(), strict=True):
            self.changes[n] += volume * self.lithium
        self.left = float(self.remaining(self.lithium))

    def remaining(self, plated: Any) -> Any:
        """Thickness of the lithium on each metal electrode [m]; inf where it is not known.

        Args:
            plated: on all of them since assembly [mol/m2]; number or array.
        """
        clamping = self.clamping
        if not clamping.stock:
            return plated + math.inf
        (layer,) = clamping.stock
        return clamping.metals[layer] * (clamping.stock[layer] + plated / self._electrodes)

    @property
    def stack(self) -> float:
        """Free expansion of all identical cells, the frame's taken off [m]."""
        fixture = self.clamping.fixture
        own = float(self.changes.sum())
        return fixture.cells * own - fixture.frame_expansion * self.warming


def _degree(block: Block) -> int:
    """Polynomial degree of a block."""
    return int(block.space.ufl_element().degree)
