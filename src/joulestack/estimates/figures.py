"""Figures that are known of a case without solving it: records and helpers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

NAN = float("nan")


@dataclass(frozen=True)
class LayerFigures:
    """One layer at the starting state; NaN where a property does not exist.

    Attributes:
        name: of the layer.
        thickness: [m].
        relative_density: [-].
        thermal_conductivity: through-plane [W/(m K)].
        heat_capacity: volumetric [J/(m3 K)].
        ionic_resistance: thickness over ionic conductivity [Ohm m2].
        electronic_resistance: thickness over electronic conductivity [Ohm m2].
        resistance: that the current meets in this layer, reaction included [Ohm m2].
        drop: voltage lost in it [V].
        heat: released per face area, prescribed sources included [W/m2].
        time_constant: thickness^2 / diffusivity [s].
        self_heating: rise of its middle per current density squared, faces held [K m4/A2].
        lorenz_ratio: k/(sigma T) of its charge transport in units of (k_B/e)^2 [-].
        leakage: electronic conductance of an electrolyte [S/m2].
    """

    name: str
    thickness: float
    relative_density: float
    thermal_conductivity: float
    heat_capacity: float
    ionic_resistance: float
    electronic_resistance: float
    resistance: float
    drop: float
    heat: float
    time_constant: float
    self_heating: float = NAN
    lorenz_ratio: float = NAN
    leakage: float = NAN


@dataclass(frozen=True)
class ContactFigures:
    """One interface at the starting state.

    Attributes:
        between: the two layers.
        transport: thermal, electronic, ionic, charge_transfer; or kinetics, of a metal.
        law: name of the law.
        resistance: [m2 K/W] or [Ohm m2].
        drop: voltage lost in it [V]; 0 for thermal.
        heat: released in it per face area [W/m2].
        origin: "case", or source, status and uncertainty of the library's default.
    """

    between: tuple[str, str]
    transport: str
    law: str
    resistance: float
    drop: float = 0.0
    heat: float = 0.0
    origin: str = "case"


@dataclass(frozen=True)
class ElectrodeFigures:
    """A composite electrode at the start; NaN where there are no particles.

    Attributes:
        name: of the layer.
        stoichiometry: x at the start, weighted by lithium sites in a blend [-].
        state_of_charge: 1 where it is charged [-].
        potential: U against Li/Li+ at 25 degC [V].
        theoretical: charge of all lithium sites [C].
        usable: charge between the ends of its window [C].
    """

    name: str
    stoichiometry: float
    state_of_charge: float
    potential: float
    theoretical: float
    usable: float


@dataclass(frozen=True)
class Figures:
    """What is known of a case without solving.

    Attributes:
        layers: from bottom to top, of one unit cell.
        contacts: interfaces of the stack that are not perfect.
        area: face area of one layer [m2].
        capacity: of the cell [C]; NaN if unknown.
        areal_capacity: per electrode area [C/m2]; NaN if unknown.
        current: at the start [A]; 0 without a load.
        current_density: per electrode area [A/m2].
        open_circuit_voltage: [V]; NaN without electrodes.
        voltage: expected terminal voltage [V]; NaN without a load.
        resistance: of the whole stack [Ohm m2]; 0 without a load.
        heat: released in the whole cell [W].
        volume: of everything meshed except a die [m3].
        mass: of the same [kg]; NaN if a density is not known.
        time_constant: of heat through the stack [s].
        biot: face -> coefficient times the resistance behind it [-].
        steady_rise: of the hottest layer above start in a one-dimensional steady state [K];
            infinite if heat cannot leave, NaN for an imported mesh.
        rise_around: part of it that surroundings and given heat fluxes make without any heat of
            the cell [K].
        left: part of the capacity that a discharge can take at the start; None if unknown.
        heating_rate: with no heat leaving [K/s].
        self_heating: of the stack between held faces per current density squared [K m4/A2].
        heating_ratio: Theta, that rise at this current over the absolute temperature [-].
        leakage: current through the electrolyte by electrons [A/m2]; NaN if not known.
        limits: published limits that the case exceeds.
        electrodes: the composite ones.
        balance: N:P, usable charge of the negative over that of the positive electrode [-]; NaN
            unless both are composites.
        reversible: heat of the entropy change, negative where it cools [W]; NaN without electrodes.
        voltage_window: open-circuit voltage discharged and charged [V]; NaN where it is constant.
        mean_voltage: of that voltage over the charge [V].
        cells: of the mesh; 0 if unknown.
        unknowns: of the discrete problem, about.
        memory: of the run, about [bytes].
        warnings: what the user should know before believing the numbers.
    """

    layers: tuple[LayerFigures, ...]
    contacts: tuple[ContactFigures, ...]
    area: float
    capacity: float
    areal_capacity: float
    current: float
    current_density: float
    open_circuit_voltage: float
    voltage: float
    resistance: float
    heat: float
    volume: float
    mass: float
    time_constant: float
    biot: dict[str, float]
    steady_rise: float
    heating_rate: float
    cells: int
    unknowns: int
    memory: float
    warnings: tuple[str, ...] = field(default=())
    self_heating: float = NAN
    heating_ratio: float = NAN
    leakage: float = NAN
    rise_around: float = 0.0
    left: float | None = None
    limits: tuple[str, ...] = field(default=())
    electrodes: tuple[ElectrodeFigures, ...] = field(default=())
    balance: float = NAN
    reversible: float = NAN
    voltage_window: tuple[float, float] = (NAN, NAN)
    mean_voltage: float = NAN


def over(a: float, b: float) -> float:
    """a / b, infinite for b = 0."""
    return a / b if b else math.inf


def number(value: Any) -> float:
    """A property at a numeric state as a float."""
    return float(np.asarray(value, dtype=float))
