"""A composite electrode: active material, solid electrolyte, carbon and pores as one medium."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from joulestack.errors import CaseError
from joulestack.fabrication.composite.losses import Losses
from joulestack.fabrication.composite.mixture import Mixture
from joulestack.fabrication.composite.reaction import Reaction
from joulestack.fabrication.composite.transport import Transport
from joulestack.fabrication.composite.utilisation import Utilisation
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.media import Fabricated, Phase, Use
from joulestack.laws.binding import FIXED, Wrap
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.laws.particles import Particles
from joulestack.laws.state import ROOM, State

THERMAL, IONIC, ELECTRONIC = "thermal_conductivity", "ionic_conductivity", "electronic_conductivity"
HEAT = "volumetric_heat_capacity"


@dataclass(frozen=True)
class CompositeElectrode(Fabricated):
    """Effective properties of a composite electrode; `assembly.composite_electrode` makes it.

    Attributes:
        mixture: solids and pores.
        transport: law of each conductivity, by property; overrides go before.
        reaction: charge transfer, particles and capacity.
        utilisation: how much of the active material ions reach.
        losses: what else it lacks beside an ideal electrode.
    """

    mixture: Mixture
    transport: Mapping[str, Transport]
    reaction: Reaction
    utilisation: Utilisation
    losses: Losses = field(metadata=FIXED)

    conducts_electrons = True
    conducts_ions = True

    @property
    def phases(self) -> Mapping[str, Phase]:
        """Solids beside the electrolyte."""
        return self.mixture.phases

    @property
    def electrolyte(self) -> SolidElectrolyte:
        """The electrolyte as if pressed alone."""
        return self.mixture.electrolyte

    @property
    def shares(self) -> Mapping[str, float]:
        """Volume fractions of the solids, by phase and "electrolyte"."""
        return self.mixture.composition.shares

    @property
    def particles(self) -> tuple[Particles, ...] | None:
        """Populations in which lithium moves; None: U is a constant, or data are missing."""
        return self.reaction.particles

    @property
    def charge_transfer(self) -> VolumetricChargeTransfer | None:
        """Linear charge transfer between the two potentials; with particles that at their start.

        Raises:
            CaseError: the case and the library do not say enough.
        """
        if self.reaction.missing:
            raise CaseError(self.reaction.missing)
        return self.reaction.charge_transfer

    @property
    def share_taking_part(self) -> Any:
        """Share of a single active material that gives its capacity [-]."""
        return (
            self.utilisation.share * self.losses.connected * math.prod(self.losses.formed.values())
        )

    @property
    def active_mass_density(self) -> Any:
        """Mass of active material per volume of electrode as made [kg/m3]."""
        return self.mixture.active_density(ROOM)

    @property
    def theoretical_capacity_density(self) -> Any:
        """Charge of all lithium sites per volume of electrode [C/m3], None without particles."""
        if not self.particles:
            return None
        return sum(p.theoretical_capacity_density for p in self.particles)

    @property
    def usable_capacity_density(self) -> Any:
        """Usable charge per volume of electrode [C/m3], None where not known."""
        if self.particles:
            return sum(p.usable_capacity_density for p in self.particles)
        charge, share = self.reaction.specific_capacity, self.share_taking_part
        return None if charge is None else charge * share * self.active_mass_density

    def capacities(self) -> dict[str, float]:
        """Charge per mass of active material that each loss leaves, in turn [C/kg].

        From all sites of the crystal to what is in contact, between the ends of the window; empty
        without particles. What a rate does not reach comes on top.
        """
        if not self.particles:
            return {}
        lost, mass = self.losses, float(self.active_mass_density)
        common = float(self.utilisation.share) * lost.connected
        kept = [lost.formed.get(p.name, 1.0) for p in self.particles]
        sites = sum(
            float(p.theoretical_capacity_density) / k
            for p, k in zip(self.particles, kept, strict=True)
        )
        usable = sum(
            float(p.usable_capacity_density) / k for p, k in zip(self.particles, kept, strict=True)
        )
        after = sum(float(p.usable_capacity_density) for p in self.particles)
        return {
            "all sites": sites / common / mass,
            "window of U(x)": usable / common / mass,
            "reached by ions": usable / lost.connected / mass,
            "joined for electrons": usable / mass,
            "in contact after the first charge": after / mass,
        }

    def at(self, state: State, phase: str = "active") -> dict[str, Any]:
        """The stoichiometry of an active material where the state has none."""
        return self.mixture.at(state, phase)

    def pores(self, state: State) -> Any:
        """Pore volume fraction."""
        return self.mixture.composition.pores(state)

    def relative_density(self, state: State) -> Any:
        """Phi = 1 - porosity."""
        return self.mixture.composition.relative_density(state)

    def fractions(self, state: State) -> dict[str, Any]:
        """Volume fractions of the total."""
        return self.mixture.composition.fractions(state)

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p, weighted by mass [J/(m3 K)]."""
        own = self.overrides.get(HEAT)
        return own(state) if own else self.mixture.volumetric_heat_capacity(state)

    def thermal_conductivity(self, state: State) -> Any:
        """k [W/(m K)]."""
        return self._conductivity(THERMAL, state)

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s [S/m]."""
        return self._conductivity(ELECTRONIC, state)

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e [S/m]."""
        return self._conductivity(IONIC, state)

    def _conductivity(self, name: str, state: State) -> Any:
        own = self.overrides.get(name)
        return own(state) if own else self.transport[name].conductivity(self.mixture, state)

    def bind(self, wrap: Wrap) -> CompositeElectrode:
        """As the base class; an implicit mixing law starts from its root at room temperature."""
        laws = {n: law.started(self.mixture) for n, law in self._laws().items()}
        started = replace(self, transport={**self.transport, **laws})
        bound: CompositeElectrode = Fabricated.bind(started, wrap)
        return bound

    def _laws(self) -> dict[str, Transport]:
        """Laws of transport that no override replaces."""
        return {n: law for n, law in self.transport.items() if n not in self.overrides}

    def uses(self, state: State) -> Iterator[Use]:
        """As the base class."""
        mixture = self.mixture
        laws = {n: law for n, law in self._laws().items() if law.mixes}
        se, warm = mixture.electrolyte, HEAT not in self.overrides
        for name, phase in mixture.phases.items():
            at = mixture.at(state, name)
            yield phase.density, at
            if warm:
                yield phase.specific_heat, at
            for law in laws.values():
                yield from law.of_grains(mixture, name, state)
        # This order is that of the random draws of a spread (`uncertainty.sampled`).
        if ELECTRONIC in laws:
            yield from laws[ELECTRONIC].of_whole(mixture, state)
        yield se.density, {}
        if warm:
            yield se.specific_heat, {}
        for name in (THERMAL, IONIC):
            if name in laws:
                yield from laws[name].of_whole(mixture, state)
        yield from mixture.composition.uses(state)
        yield from self.reaction.uses(mixture.at(state))
        yield from self.utilisation.uses()
        yield from self.losses.uses()
        for law in self._laws().values():
            if not law.mixes:
                yield from law.of_whole(mixture, state)
        yield from super().uses(state)

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """As the base class; what a mixture rests on, though it is not their product."""
        mixture = self.mixture
        solids, density = mixture.solids(state), mixture.density(state)
        heat = self.volumetric_heat_capacity(state)
        found: dict[str, tuple[Any, str, list[Use]]] = {
            "relative_density": (
                self.relative_density(state),
                "1",
                self.replaced("relative_density") or list(mixture.composition.uses(state)),
            ),
            "density": (density, "kg/m^3", solids[:1]),
            "specific_heat_capacity": (heat / density, "J/(kg K)", solids),
            THERMAL: (self.thermal_conductivity(state), "W/(m K)", self._shown(THERMAL, state)),
            "thermal_diffusivity": (self.thermal_diffusivity(state), "m^2/s", solids),
            IONIC: (self.ionic_conductivity(state), "S/m", self._shown(IONIC, state)),
            ELECTRONIC: (
                self.electronic_conductivity(state),
                "S/m",
                self._shown(ELECTRONIC, state),
            ),
        }
        reached = self.utilisation.by_size(state)
        return found if reached is None else {**found, "utilisation": reached}

    def _shown(self, name: str, state: State) -> list[Use]:
        return self.replaced(name) or self.transport[name].shown(self.mixture, state)
