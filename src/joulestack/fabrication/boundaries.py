"""Boundaries between the grains of a layer, as far as its conductivities need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws import grain_boundaries as law
from joulestack.laws.conductivity import nernst_einstein_factor
from joulestack.laws.state import State
from joulestack.materials.property import Property


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """Boundaries between the grains of one material, in the way of heat.

    Attributes:
        size: of the grains [m].
        width: of a boundary [m].
        anisotropy: conductivity along over across it.
        resistance: of one boundary [m2 K/W].
    """

    size: float
    width: Property
    anisotropy: Property
    resistance: Property

    def area_resistance(self, state: State) -> Any:
        """Of one boundary at a temperature, the same at all [m2 K/W]."""
        return self.resistance(state)

    def between(self, grains: Any, state: State) -> Any:
        """Conductivity of grains with their boundaries [as `grains`]."""
        R, w, a = self.area_resistance(state), self.width(state), self.anisotropy(state)
        return law.polycrystal(grains, R, self.size, w, a)

    def uses(self) -> Iterator[tuple[Property, Mapping[str, Any]]]:
        """Numbers behind them."""
        for used in (self.resistance, self.width, self.anisotropy):
            yield used, {}


@dataclass(frozen=True, kw_only=True)
class IonicBoundaries(Boundaries):
    """Boundaries in the way of ions.

    Pressure squeezes grains and boundaries alike, and contacts of a pressed powder hold both: so
    the factor on a measured conductivity follows temperature alone.

    Attributes:
        resistance: of one boundary at T0 [Ohm m2].
        activation_energy: of conduction across it [J/mol].
        grains: conductivity of the grains alone at T0 [S/m].
        grain_energy: activation energy of that [J/mol].
        correction: `grains` over the conductivity of the body measured, boundaries included.
        reference: T0 [K].
    """

    activation_energy: Property
    grains: float
    grain_energy: float
    correction: float = 1.0
    reference: float = ROOM_TEMPERATURE

    def area_resistance(self, state: State) -> Any:
        """Of one boundary at a temperature [Ohm m2]."""
        R, Ea = self.resistance(state), self.activation_energy(state)
        return law.activated_resistance(state.T, R, Ea, self.reference)

    def grain_conductivity(self, state: State) -> Any:
        """Of the grains alone, dense and without pressure [S/m]."""
        return self.grains * nernst_einstein_factor(state.T, self.grain_energy, self.reference)

    def factor(self, state: State) -> Any:
        """Conductivity with these boundaries over that of the body measured."""
        grains = self.grain_conductivity(state)
        return self.correction * self.between(grains, state) / grains

    def share(self, state: State) -> Any:
        """Their share of the resistance to ions that cross them, 0 to 1."""
        R, w = self.area_resistance(state), self.width(state)
        return law.share(self.grain_conductivity(state), R, self.size, w)

    def uses(self) -> Iterator[tuple[Property, Mapping[str, Any]]]:
        """As the base class."""
        yield from super().uses()
        yield self.activation_energy, {}
