"""How deep an alternating current reaches into an electrode, and whether its cells can tell.

Where ions and electrons move side by side and meet everywhere, with an admittance y per volume, a
current passes from the one to the other within 1/sqrt(y (1/kappa + 1/sigma)) of the end that it
enters by (the transmission line of porous electrodes; de Levie 1963, Electrochim. Acta 8, 751).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from dolfinx import mesh as dolfinx_mesh
from mpi4py import MPI

from joulestack.laws.kinetics import thermal_voltage
from joulestack.laws.state import State
from joulestack.simulation.model import Model
from joulestack.simulation.setup import Setup

CELLS = 8.0
"""Cells that the depth is divided into at the ends of a layer: 0.3 % of a layer's impedance."""

COARSE = 3.0
"""Fewer cells than this in the depth are told: more than 1 % of a layer's impedance."""


def depths(setup: Setup) -> Mapping[str, Callable[[float], float]]:
    """Layer -> depth [m] at a frequency [Hz], of layers where ions and electrons meet.

    The reaction counts as at rest, without diffusion in particles, and films count for nothing: the
    depth is rather too small.
    """
    stores, p = setup.capacitances, setup.pressure(0.0)
    state = State(T=setup.start_temperature, p=p, p_max=p)
    found: dict[str, Callable[[float], float]] = {}
    for layer, medium in setup.media.items():
        if not (medium.conducts_ions and medium.conducts_electrons):
            continue
        conductance = capacity = 0.0
        if stores is not None:
            capacity = float(stores.chemical.get(layer, 0.0))
        double = 0.0 if stores is None else stores.double_layer
        for grains in medium.particles or ():
            area = float(grains.specific_area(state))
            i0 = float(grains.kinetics.exchange_current(state.T, grains.start))
            conductance += area * i0 / float(thermal_voltage(state.T))
            capacity += area * double
        if not medium.particles and medium.charge_transfer is not None:
            area = float(medium.charge_transfer.specific_area)
            conductance += area / float(medium.charge_transfer.resistance)
            capacity += area * double
        resistivity = 1 / float(medium.ionic_conductivity(state))
        resistivity += 1 / float(medium.electronic_conductivity(state))
        found[layer] = _depth(conductance, capacity, resistivity)
    return found


def _depth(conductance: float, capacity: float, resistivity: float) -> Callable[[float], float]:
    def at(frequency: float) -> float:
        admittance = math.hypot(conductance, 2 * math.pi * frequency * capacity)
        return 1 / math.sqrt(admittance * resistivity) if admittance else math.inf

    return at


def needed(setup: Setup, frequency: float) -> dict[str, float]:
    """Layer -> cells at its ends that resolve a spectrum up to a frequency [m]."""
    found = {layer: depth(frequency) / CELLS for layer, depth in depths(setup).items()}
    return {layer: size for layer, size in found.items() if math.isfinite(size)}


def coarse(model: Model, frequencies: tuple[float, float]) -> list[str]:
    """A remark for each layer whose cells do not resolve the depth over a span of frequencies."""
    said = []
    for layer, depth in depths(model.setup).items():
        size = _smallest(model, layer)
        steps = np.geomspace(min(frequencies), max(frequencies), 200)
        wrong = [f for f in steps if size > depth(float(f)) / COARSE]
        if wrong:
            said.append(
                f"{layer}: from {wrong[0]:.2g} Hz on its cells ({1e6 * size:.2g} um) are coarser "
                f"than a third of the depth that the current reaches ({1e6 * depth(wrong[-1]):.2g} "
                f"um at {wrong[-1]:.2g} Hz): the impedance is too inaccurate there; take more cells"
            )
    return said


def _smallest(model: Model, layer: str) -> float:
    """Least extent of a layer's cells through it [m]; in any direction where it is not flat."""
    domain = model.domain
    cells = domain.cells_of([r for r in domain.regions if r.layer == layer])
    least = math.inf
    if len(cells):
        grid = domain.mesh
        corners = dolfinx_mesh.entities_to_geometry(grid, grid.topology.dim, cells)
        extent = np.ptp(grid.geometry.x[corners], axis=1)[:, : grid.geometry.dim]
        tagged = model.setup.tagged
        if tagged.flat:
            extent = extent[:, tagged.stacking_axis]
        least = float(extent.min())
    return float(domain.comm.allreduce(least, op=MPI.MIN))
