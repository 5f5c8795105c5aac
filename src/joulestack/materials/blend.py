"""Blends of active materials: populations that share one voltage, not one stoichiometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws.particles import Particles
from joulestack.laws.state import State

_ENDS = np.linspace(-0.002, 0.002, 4001)
_GRID = np.unique(np.concatenate([np.linspace(-0.05, 1.05, 5501), _ENDS, 1 + _ENDS]))
"""x that are tried, finer where the voltage turns steep: near empty and full, and beyond."""


def started(populations: Sequence[Particles], state_of_charge: float) -> tuple[Particles, ...]:
    """Populations in equilibrium with each other, at a state of charge of the whole electrode.

    Particles that touch one electrolyte and one network of electrons exchange lithium until their
    voltages agree. Of one material, all sizes hold the same x.

    Args:
        populations: `start` is not read.
        state_of_charge: usable charge of the electrode that is left, 1 where it is charged.
    """
    if len({(p.name, p.window) for p in populations}) == 1:
        charged, discharged = populations[0].window
        x = discharged + state_of_charge * (charged - discharged)
        return tuple(replace(p, start=x) for p in populations)
    weights = np.array([float(p.theoretical_capacity_density) for p in populations])
    full, spent = (float(weights @ [p.window[i] for p in populations]) for i in (0, 1))
    wanted = spent + state_of_charge * (full - spent)
    # Falling curves, so that each voltage belongs to one x; a fit may have dents.
    curves = [np.minimum.accumulate(_voltage(p, _GRID)) for p in populations]

    def held(U: float) -> list[float]:
        return [float(np.interp(-U, -curve, _GRID)) for curve in curves]

    low, high = min(c[-1] for c in curves), max(c[0] for c in curves)
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if weights @ held(middle) > wanted else (low, middle)
    return tuple(replace(p, start=x) for p, x in zip(populations, held(high), strict=True))


def _voltage(population: Particles, x: np.ndarray) -> np.ndarray:
    U: np.ndarray = population.open_circuit_voltage(State(T=ROOM_TEMPERATURE, x=x))
    return np.broadcast_to(U, x.shape)
