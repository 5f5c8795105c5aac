"""A composite electrode: active material, solid electrolyte, carbon and pores as one medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite import composition, computed, sources
from joulestack.fabrication.composite.size_ratio import utilisation
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.media import Fabricated, Phase, Use
from joulestack.laws import thermal
from joulestack.laws.binding import FIXED, Wrap
from joulestack.laws.effective_media import MIXTURES, bruggeman, hashin_shtrikman_upper
from joulestack.laws.inclusions import Shape, dressed, spheroids
from joulestack.laws.medium import ChargeTransfer
from joulestack.laws.state import State
from joulestack.materials.measured import Tables
from joulestack.materials.particles import Particles
from joulestack.materials.property import Property

SOLIDS_THEN_PORES = "solids-then-pores"
"""Thermal law: the grains mixed by the symmetric Bruggeman law, then the electrolyte's law of
pores. It meets the pressed electrolyte exactly where there is nothing else."""


SPHEROIDS = "nan spheroids"
"""Thermal law: fibres and plates in the electrolyte by Nan et al. 1997, then its law of pores."""

SOLIDS_FIRST = (SOLIDS_THEN_PORES, SPHEROIDS)
"""Laws of the solids alone; the pores follow the electrolyte's own law."""


@dataclass(frozen=True)
class CompositeElectrode(Fabricated):
    """Effective properties of a composite electrode.

    Attributes:
        phases: "active", "active 2" ... of a blend, and, where there is carbon, "additive".
        electrolyte: the electrolyte as if pressed alone.
        shares: volume fractions of the solids, by phase and "electrolyte".
        mass_fractions: as weighed in.
        porosity: given; None: follows from the pressed densities of the components.
        pressed_active: relative density of each active material pressed alone, by phase.
        ionic_scaling: f(volume fraction of electrolyte) on top of the pressed electrolyte's
            sigma; None: the electrolyte's own scaling law at that volume fraction.
        thermal_law: one of `SOLIDS_FIRST` or a name in `effective.MIXTURES`.
        stoichiometry: x of each active material where the state gives none, by phase.
        particles: populations in which lithium moves; None: U is a constant, or data are missing.
        particles_missing: what is missing for them.
        kinetics: linear charge transfer, with particles that at their start; None where data are
            missing.
        missing: what is missing for it.
        capacity: usable charge per mass of active material [C/kg] where there are no particles.
        tables: measured values that stand in for laws, against the fraction of active material.
        remarks: what papers say about such a recipe.
        reached: share of active material in the volume of active material and electrolyte, and its
            diameter over that of the electrolyte; None: not known, or a microstructure says more.
        reach: law of the share of active material that ions reach.
        interface: thermal resistance on grains of active material [m2 K/W] and their radius [m].
        shapes: of the grains of each phase, for `SPHEROIDS`.
        mixture_start: near what the thermal mixing law gives; None: not known yet.
        computed: best conductor and f(phi) of it, by property, from a microstructure.
        structured: properties that come from a microstructure, computed yet or not.
        utilisation: share of the active material that takes part.
    """

    phases: Mapping[str, Phase]
    electrolyte: SolidElectrolyte
    shares: Mapping[str, float]
    mass_fractions: Mapping[str, float]
    ionic_scaling: Property | None
    thermal_law: str
    porosity: float | None = None
    pressed_active: Mapping[str, Property] = field(default_factory=dict)
    stoichiometry: Mapping[str, float] = field(default_factory=dict)
    particles: tuple[Particles, ...] | None = None
    particles_missing: tuple[Problem, ...] = ()
    kinetics: ChargeTransfer | None = None
    kinetics_properties: tuple[Property, ...] = ()
    missing: tuple[Problem, ...] = ()
    capacity: Property | None = None
    mixture_start: float | None = None
    tables: Tables = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    reached: tuple[float, float] | None = field(default=None, metadata=FIXED)
    reach: Property = field(default_factory=utilisation, metadata=FIXED)
    interface: tuple[float, float] | None = None
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    computed: Mapping[str, tuple[str, Property]] = field(default_factory=dict)
    structured: tuple[str, ...] = ()
    utilisation: float = 1.0

    conducts_electrons = True
    conducts_ions = True

    @property
    def charge_transfer(self) -> ChargeTransfer | None:
        """Linear charge transfer between the two potentials.

        Raises:
            CaseError: the case and the library do not say enough.
        """
        if self.missing:
            raise CaseError(self.missing)
        return self.kinetics

    @property
    def specific_capacity(self) -> Any:
        """Usable charge per mass of active material [C/kg], None where not known."""
        return None if self.capacity is None else self.capacity(State(T=298.15))

    @property
    def pores_last(self) -> bool:
        """The thermal law mixes the solids alone."""
        return self.thermal_law in SOLIDS_FIRST

    @property
    def actives(self) -> tuple[str, ...]:
        """Names of the phases of active material."""
        return tuple(n for n in self.phases if n != "additive")

    @property
    def active_mass_density(self) -> Any:
        """Mass of active material per volume of electrode as made [kg/m3]."""
        state = State(T=298.15)
        f = self.fractions(state)
        return sum(f[n] * self.phases[n].density(state) for n in self.actives)

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
        charge = self.specific_capacity
        return None if charge is None else charge * self.utilisation * self.active_mass_density

    def at(self, state: State, phase: str = "active") -> dict[str, Any]:
        """The stoichiometry of an active material where the state has none."""
        # 1 and not 1.0: a whole number is no literal that a change would compile anew.
        x = state.x if state.x is not None else self.stoichiometry.get(phase, 1)
        return {"x": x}

    def pores(self, state: State) -> Any:
        """Pore volume fraction."""
        if own := self.overrides.get("relative_density"):
            return 1 - own(state)
        if self.porosity is not None:
            return self.porosity
        # Carbon fills what is left between the grains: counted with the electrolyte.
        share = sum(self.shares[n] for n in self.actives)
        alone = sum(
            self.shares[n] * law(state, **self.at(state, n))
            for n, law in self.pressed_active.items()
        )
        return composition.porosity_of_mixture(
            share, self.electrolyte.relative_density(state), alone / share
        )

    def given(self, name: str, state: State) -> Use | None:
        """Override or measured table that stands in for the law of a property."""
        if own := self.overrides.get(name):
            return own, {}
        if name not in self.tables:
            return None
        basis, table = self.tables[name]
        f = self.shares if basis == "solids" else self.fractions(state)
        return table, {"fraction": f["active"]}

    def relative_density(self, state: State) -> Any:
        """Phi = 1 - porosity."""
        return 1 - self.pores(state)

    def fractions(self, state: State) -> dict[str, Any]:
        """Volume fractions of the total."""
        return composition.volume_fractions(self.shares, self.pores(state))

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p, weighted by mass [J/(m3 K)]."""
        if own := self.overrides.get("volumetric_heat_capacity"):
            return own(state)
        f, se, phases = self.fractions(state), self.electrolyte, self.phases.items()
        return thermal.volumetric_heat_capacity(
            [f["electrolyte"], *(f[n] for n in self.phases)],
            [se.density(state), *(p.density(state, **self.at(state, n)) for n, p in phases)],
            [
                se.specific_heat(state),
                *(p.specific_heat(state, **self.at(state, n)) for n, p in phases),
            ],
        )

    def thermal_conductivity(self, state: State) -> Any:
        """k of the mixture of grains and pores [W/(m K)]."""
        if own := self.given("thermal_conductivity", state):
            return own[0](state, **own[1])
        if "thermal_conductivity" in self.computed:
            return computed.value(self, "thermal_conductivity", state)
        mixture = self._mixture(state)
        if not self.pores_last:
            return mixture
        return self.electrolyte.with_pores(state, mixture, self.relative_density(state))

    def _mixture(self, state: State) -> Any:
        """k by the mixing law: of the solids alone, or of solids and pores [W/(m K)]."""
        apart = self.pores_last
        se, names = self.electrolyte, list(self.phases)
        f = self.shares if apart else self.fractions(state)
        # The electrolyte is the matrix of laws that need one; the pores come last.
        fractions = [f["electrolyte"], *(f[n] for n in names)]
        values = [se.solid_conductivity(state)]
        for name in names:
            k = self.phases[name].thermal_conductivity(state, self.at(state, name))
            if self.interface is not None and name in self.actives:
                resistance, radius = self.interface
                k = dressed(k, radius, resistance)
            values.append(k)
        if self.thermal_law == SPHEROIDS:
            return spheroids(fractions, values, [self.shapes[n] for n in names])
        if not apart:
            fractions.append(self.pores(state))
            values.append(0 if se.pore_gas is None else se.pore_gas(state))
        law = "bruggeman" if apart else self.thermal_law
        if self.mixture_start is not None and law == "bruggeman":
            return bruggeman(fractions, values, start=self.mixture_start)
        return MIXTURES[law](fractions, values)

    def bind(self, wrap: Wrap) -> CompositeElectrode:
        """As the base class; an implicit mixing law starts from its root at room temperature."""
        start = float(self._mixture(State(T=ROOM_TEMPERATURE)))
        started = replace(self, mixture_start=start)
        bound: CompositeElectrode = Fabricated.bind(started, wrap)
        return bound

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s: the networks of active material and carbon in parallel [S/m]."""
        if own := self.given("electronic_conductivity", state):
            return own[0](state, **own[1])
        if "electronic_conductivity" in self.computed:
            return computed.value(self, "electronic_conductivity", state)
        return sum(
            self._solid_electronic(names, state)
            * self.phases[names[0]].electronic_scaling(state, phi=phi)
            for names, phi in self.networks(state)
        )

    def networks(self, state: State) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Phases that conduct electrons together, and the volume fraction they fill."""
        f = self.fractions(state)
        yield self.actives, sum(f[n] for n in self.actives)
        if "additive" in self.phases:
            yield ("additive",), f["additive"]

    def _solid_electronic(self, names: tuple[str, ...], state: State) -> Any:
        """Of the grains of one network [S/m]; in a blend the best conductor encloses the others."""
        values = [self.phases[n].electronic(state, **self.at(state, n)) for n in names]
        if len(values) == 1:
            return values[0]
        whole = sum(self.shares[n] for n in names)
        return hashin_shtrikman_upper([self.shares[n] / whole for n in names], values)

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e: the pressed electrolyte's, reduced by its volume fraction [S/m]."""
        if own := self.given("ionic_conductivity", state):
            return own[0](state, **own[1])
        if "ionic_conductivity" in self.computed:
            return computed.value(self, "ionic_conductivity", state)
        eps = self.fractions(state)["electrolyte"]
        if self.ionic_scaling is None:
            return self.electrolyte.ionic_at(state, eps)
        return self.electrolyte.ionic_conductivity(state) * self.ionic_scaling(state, phi=eps)

    def uses(self, state: State) -> Iterator[Use]:
        """As the base class."""
        yield from sources.uses(self, state)
        yield from super().uses(state)

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """As the base class; what a mixture rests on, though it is not their product."""
        return sources.parts(self, state)
