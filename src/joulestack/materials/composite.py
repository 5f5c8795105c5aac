"""A composite electrode: active material, solid electrolyte, carbon and pores as one medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.materials import electrode, thermal
from joulestack.materials.effective import MIXTURES, bruggeman
from joulestack.materials.electrolyte import SolidElectrolyte
from joulestack.materials.inclusions import dressed
from joulestack.materials.measured import TABLED, Tables
from joulestack.materials.media import Fabricated, Phase, Use
from joulestack.materials.medium import ChargeTransfer, Wrap
from joulestack.materials.property import Property
from joulestack.materials.state import State

SOLIDS_THEN_PORES = "solids-then-pores"
"""Thermal law: the grains mixed by the symmetric Bruggeman law, then the electrolyte's law of
pores. It meets the pressed electrolyte exactly where there is nothing else."""


@dataclass(frozen=True)
class CompositeElectrode(Fabricated):
    """Effective properties of a composite electrode.

    Attributes:
        phases: "active" and, where there is carbon, "additive".
        electrolyte: the electrolyte as if pressed alone.
        shares: volume fractions of the solids by "active", "electrolyte", "additive".
        mass_fractions: as weighed in.
        porosity: given; None: follows from the pressed densities of the components.
        pressed_active: relative density of the active material pressed alone.
        ionic_scaling: f(volume fraction of electrolyte) on top of the pressed electrolyte's
            sigma; None: the electrolyte's own scaling law at that volume fraction.
        thermal_law: `SOLIDS_THEN_PORES` or a name in `effective.MIXTURES`.
        stoichiometry: x where the state gives none.
        kinetics: charge transfer, None where data are missing.
        missing: what is missing for it.
        capacity: usable charge per mass of active material [C/kg]; None where not known.
        tables: measured values that stand in for laws, against the fraction of active material.
        remarks: what papers say about such a recipe.
        interface: thermal resistance on grains of active material [m2 K/W] and their radius [m].
        mixture_start: near what the thermal mixing law gives; None: not known yet.
    """

    phases: Mapping[str, Phase]
    electrolyte: SolidElectrolyte
    shares: Mapping[str, float]
    mass_fractions: Mapping[str, float]
    ionic_scaling: Property | None
    thermal_law: str
    porosity: float | None = None
    pressed_active: Property | None = None
    stoichiometry: float | None = None
    kinetics: ChargeTransfer | None = None
    kinetics_properties: tuple[Property, ...] = ()
    missing: tuple[Problem, ...] = ()
    capacity: Property | None = None
    mixture_start: float | None = None
    tables: Tables = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    interface: tuple[float, float] | None = None

    conducts_electrons = True
    conducts_ions = True

    @property
    def charge_transfer(self) -> ChargeTransfer | None:
        """Charge transfer between the two potentials.

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
    def active_mass_density(self) -> Any:
        """Mass of active material per volume of electrode as made [kg/m3]."""
        state = State(T=298.15)
        return self.fractions(state)["active"] * self.phases["active"].density(state)

    @property
    def capacity_density(self) -> Any:
        """Usable charge per volume of electrode [C/m3], None where not known."""
        charge = self.specific_capacity
        return None if charge is None else charge * self.active_mass_density

    def _at(self, state: State) -> dict[str, Any]:
        """The stoichiometry of the electrode where the state has none."""
        x = state.x if state.x is not None else self.stoichiometry
        return {"x": 1.0 if x is None else x}

    def pores(self, state: State) -> Any:
        """Pore volume fraction."""
        if own := self.overrides.get("relative_density"):
            return 1 - own(state)
        if self.porosity is not None:
            return self.porosity
        assert self.pressed_active is not None  # fabricate gives one of the two
        # Carbon fills what is left between the grains: counted with the electrolyte.
        return electrode.porosity_of_mixture(
            self.shares["active"],
            self.electrolyte.relative_density(state),
            self.pressed_active(state, **self._at(state)),
        )

    def _given(self, name: str, state: State) -> Use | None:
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
        return electrode.volume_fractions(self.shares, self.pores(state))

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p, weighted by mass [J/(m3 K)]."""
        if own := self.overrides.get("volumetric_heat_capacity"):
            return own(state)
        at, f, se = self._at(state), self.fractions(state), self.electrolyte
        names = list(self.phases)
        return thermal.volumetric_heat_capacity(
            [f["electrolyte"], *(f[n] for n in names)],
            [se.density(state), *(self.phases[n].density(state, **at) for n in names)],
            [se.specific_heat(state), *(self.phases[n].specific_heat(state, **at) for n in names)],
        )

    def thermal_conductivity(self, state: State) -> Any:
        """k of the mixture of grains and pores [W/(m K)]."""
        if own := self._given("thermal_conductivity", state):
            return own[0](state, **own[1])
        mixture = self._mixture(state)
        if self.thermal_law != SOLIDS_THEN_PORES:
            return mixture
        return self.electrolyte.with_pores(state, mixture, self.relative_density(state))

    def _mixture(self, state: State) -> Any:
        """k by the mixing law: of the solids alone, or of solids and pores [W/(m K)]."""
        apart = self.thermal_law == SOLIDS_THEN_PORES
        at, se, names = self._at(state), self.electrolyte, list(self.phases)
        f = self.shares if apart else self.fractions(state)
        # The electrolyte is the matrix of laws that need one; the pores come last.
        fractions = [f["electrolyte"], *(f[n] for n in names)]
        values = [se.solid_conductivity(state)]
        values += [self.phases[n].conductivity(state, **at) for n in names]
        if self.interface is not None:
            at_active = 1 + names.index("active")
            resistance, radius = self.interface
            values[at_active] = dressed(values[at_active], radius, resistance)
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
        if own := self._given("electronic_conductivity", state):
            return own[0](state, **own[1])
        at, f = self._at(state), self.fractions(state)
        return sum(
            p.electronic(state, **at) * p.electronic_scaling(state, phi=f[n])
            for n, p in self.phases.items()
        )

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e: the pressed electrolyte's, reduced by its volume fraction [S/m]."""
        if own := self._given("ionic_conductivity", state):
            return own[0](state, **own[1])
        eps = self.fractions(state)["electrolyte"]
        if self.ionic_scaling is None:
            return self.electrolyte.ionic_at(state, eps)
        return self.electrolyte.ionic_conductivity(state) * self.ionic_scaling(state, phi=eps)

    def uses(self, state: State) -> Iterator[Use]:
        """As the base class."""
        at, f = self._at(state), self.fractions(state)
        replaced = {*self.overrides, *self.tables}
        se = self.electrolyte
        heat, ions = "volumetric_heat_capacity", "ionic_conductivity"
        for name, phase in self.phases.items():
            yield phase.density, at
            if heat not in replaced:
                yield phase.specific_heat, at
            if "thermal_conductivity" not in replaced:
                yield phase.conductivity, at
            if "electronic_conductivity" not in replaced:
                yield phase.electronic, at
                yield phase.electronic_scaling, {"phi": f[name]}
        yield se.density, {}
        if heat not in replaced:
            yield se.specific_heat, {}
        if "thermal_conductivity" not in replaced:
            for used in (se.dense_conductivity, se.grain_contact, se.pore_gas):
                if used is not None:
                    yield used, {}
            if self.thermal_law == SOLIDS_THEN_PORES:
                yield se.thermal_scaling, {"phi": self.relative_density(state)}
        if ions not in replaced:
            yield se.ionic, se.pressed(state)
            if self.ionic_scaling is None:
                yield se.ionic_scaling, {"phi": f["electrolyte"]}
            else:
                yield self.ionic_scaling, {"phi": f["electrolyte"]}
                yield se.ionic_scaling, {"phi": se.relative_density(state)}
        pressed = self.porosity is None and "relative_density" not in replaced
        if pressed or (ions not in replaced and self.ionic_scaling is not None):
            yield se.compaction.law, se.compaction.variables(state)
        if pressed and self.pressed_active is not None:
            yield self.pressed_active, at
        for used in self.kinetics_properties:
            yield used, at
        if self.capacity is not None:
            yield self.capacity, at
        for name in self.tables:
            if used_table := self._given(name, state):
                yield used_table
        yield from super().uses(state)

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """As the base class; what a mixture rests on, though it is not their product."""
        at, f = self._at(state), self.fractions(state)
        phi, heat = self.relative_density(state), self.volumetric_heat_capacity(state)
        solids: list[Use] = [(p, at) for n in self.phases.values() for p in n.properties()[:3]]
        se = self.electrolyte
        density = sum(f[n] * p.density(state, **at) for n, p in self.phases.items())
        density = density + f["electrolyte"] * se.density(state)
        pressed: list[Use] = []
        if self.porosity is None and self.pressed_active is not None:
            pressed = [(se.compaction.law, se.compaction.variables(state))]
            pressed.append((self.pressed_active, at))
        ions: list[Use] = [(se.ionic, se.pressed(state))]
        ions.append((self.ionic_scaling or se.ionic_scaling, {"phi": f["electrolyte"]}))
        electrons: list[Use] = []
        for name, phase in self.phases.items():
            electrons += [(phase.electronic, at), (phase.electronic_scaling, {"phi": f[name]})]
        own: dict[str, list[Use]] = {n: [u] if (u := self._given(n, state)) else [] for n in TABLED}
        rest: list[Use] = [
            *solids,
            (se.density, {}),
            (se.specific_heat, {}),
            (se.dense_conductivity, {}),
        ]
        found: dict[str, tuple[Any, str, list[Use]]] = {
            "relative_density": (phi, "1", self._replaced("relative_density") or pressed),
            "density": (density, "kg/m^3", rest[:1]),
            "specific_heat_capacity": (heat / density, "J/(kg K)", rest),
            "thermal_conductivity": (
                self.thermal_conductivity(state),
                "W/(m K)",
                own["thermal_conductivity"] or rest,
            ),
            "thermal_diffusivity": (self.thermal_diffusivity(state), "m^2/s", rest),
            "ionic_conductivity": (
                self.ionic_conductivity(state),
                "S/m",
                own["ionic_conductivity"] or ions,
            ),
            "electronic_conductivity": (
                self.electronic_conductivity(state),
                "S/m",
                own["electronic_conductivity"] or electrons,
            ),
        }
        return found
