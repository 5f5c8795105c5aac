"""Grains of a composite electrode: what they are, how much there is of each, what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.media import Phase, Use
from joulestack.laws import thermal
from joulestack.laws.state import State


@dataclass(frozen=True)
class Mixture:
    """Solids and pores, before anything is said of how they are arranged.

    Attributes:
        phases: "active", "active 2" ... of a blend, and, where there is carbon, "additive".
        composition: how much there is of each.
        stoichiometry: x of each active material where the state gives none, by phase.
    """

    phases: Mapping[str, Phase]
    composition: Composition
    stoichiometry: Mapping[str, float] = field(default_factory=dict)

    @property
    def electrolyte(self) -> SolidElectrolyte:
        """The electrolyte as if pressed alone."""
        return self.composition.electrolyte

    @property
    def actives(self) -> tuple[str, ...]:
        """Names of the phases of active material."""
        return self.composition.actives

    def at(self, state: State, phase: str = "active") -> dict[str, Any]:
        """The stoichiometry of an active material where the state has none."""
        # 1 and not 1.0: a whole number is no literal that a change would compile anew.
        x = state.x if state.x is not None else self.stoichiometry.get(phase, 1)
        return {"x": x}

    def networks(self, state: State) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Phases that conduct electrons together, and the volume fraction they fill."""
        f = self.composition.fractions(state)
        yield self.actives, sum(f[n] for n in self.actives)
        if "additive" in self.phases:
            yield ("additive",), f["additive"]

    def density(self, state: State) -> Any:
        """Mass per volume, pores included [kg/m3]."""
        f = self.composition.fractions(state)
        found = sum(f[n] * p.density(state, **self.at(state, n)) for n, p in self.phases.items())
        return found + f["electrolyte"] * self.electrolyte.density(state)

    def active_density(self, state: State) -> Any:
        """Mass of active material per volume, pores included [kg/m3]."""
        f = self.composition.fractions(state)
        return sum(f[n] * self.phases[n].density(state) for n in self.actives)

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p, weighted by mass [J/(m3 K)]."""
        f, se, phases = self.composition.fractions(state), self.electrolyte, self.phases.items()
        return thermal.volumetric_heat_capacity(
            [f["electrolyte"], *(f[n] for n in self.phases)],
            [se.density(state), *(p.density(state, **self.at(state, n)) for n, p in phases)],
            [
                se.specific_heat(state),
                *(p.specific_heat(state, **self.at(state, n)) for n, p in phases),
            ],
        )

    def grain_conductivity(self, name: str, phase: str, state: State) -> Any:
        """Conductivity of the dense grains of a phase, contacts of loading apart [SI].

        Args:
            name: "thermal_conductivity"; else that of the charge which the phase carries.
            phase: of the electrode, "electrolyte" included.
            state: as for `Property`.
        """
        if phase == "electrolyte":
            if name == "thermal_conductivity":
                return self.electrolyte.dense_conductivity(state)
            return self.electrolyte.ionic_at(state, 1.0)
        solid, at = self.phases[phase], self.at(state, phase)
        if name == "thermal_conductivity":
            return solid.thermal_conductivity(state, at)
        return solid.electronic(state, **at)

    def grain_uses(self, name: str, phase: str, state: State) -> Iterator[Use]:
        """Numbers that `grain_conductivity` rests on."""
        se = self.electrolyte
        if phase != "electrolyte":
            solid, at = self.phases[phase], self.at(state, phase)
            if name == "thermal_conductivity":
                yield from solid.thermal_uses(state, at)
            else:
                yield solid.electronic, at
        elif name == "thermal_conductivity":
            yield se.dense_conductivity, {}
        else:
            yield se.ionic, se.pressed(state)
            yield se.ionic_scaling, {"phi": se.reference_density or 1.0}

    def solids(self, state: State) -> list[Use]:
        """Densities, heats and thermal conductivities of all grains."""
        found: list[Use] = []
        for name, phase in self.phases.items():
            at = self.at(state, name)
            found += [(phase.density, at), (phase.specific_heat, at)]
            found += phase.thermal_uses(state, at)
        se = self.electrolyte
        return [*found, (se.density, {}), (se.specific_heat, {}), (se.dense_conductivity, {})]
