"""How a composite electrode conducts: one law for heat, for ions and for electrons.

Each is mixed from the grains, or stands in for a mixture: measured on electrodes, or computed on a
microstructure. A new way is a class here, chosen in `assembly.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.fabrication.composite.mixture import Mixture
from joulestack.fabrication.media import Use
from joulestack.laws.effective_media import MIXTURES, bruggeman, hashin_shtrikman_upper
from joulestack.laws.inclusions import Shape, dressed, spheroids
from joulestack.laws.percolation import with_gas_in
from joulestack.laws.state import State
from joulestack.materials.property import Property

SOLIDS_THEN_PORES = "solids-then-pores"
"""Thermal law: the grains mixed by the symmetric Bruggeman law, then the electrolyte's law of
pores. It meets the pressed electrolyte exactly where there is nothing else."""

SPHEROIDS = "nan spheroids"
"""Thermal law: fibres and plates in the electrolyte by Nan et al. 1997, then its law of pores."""

SOLIDS_FIRST = (SOLIDS_THEN_PORES, SPHEROIDS)
"""Laws of the solids alone; the pores follow the electrolyte's own law."""


@dataclass(frozen=True)
class Transport:
    """Base: effective conductivity of a mixture."""

    mixes: ClassVar[bool] = True
    """Mixed from the grains; otherwise it stands in for a mixture."""

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """Effective value [W/(m K)] or [S/m]."""
        raise NotImplementedError

    def of_grains(self, mixture: Mixture, phase: str, state: State) -> Iterator[Use]:
        """Numbers of the grains of a phase beside the electrolyte that go in."""
        yield from ()

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """The other numbers that go in."""
        raise NotImplementedError

    def shown(self, mixture: Mixture, state: State) -> list[Use]:
        """What a report names as behind the value."""
        return list(self.of_whole(mixture, state))

    def started(self, mixture: Mixture) -> Transport:
        """As the solver takes it: an implicit law starts from its root at room temperature."""
        return self


@dataclass(frozen=True)
class Measured(Transport):
    """A table measured on electrodes of the same materials.

    Attributes:
        basis: "solids" or "total": what the fraction is of.
        table: against the volume fraction of active material.
    """

    mixes: ClassVar[bool] = False
    basis: str
    table: Property

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """As the base class."""
        return self.table(state, fraction=self._fraction(mixture, state))

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """As the base class."""
        yield self.table, {"fraction": self._fraction(mixture, state)}

    def _fraction(self, mixture: Mixture, state: State) -> Any:
        whole = mixture.composition
        return (whole.shares if self.basis == "solids" else whole.fractions(state))["active"]


@dataclass(frozen=True)
class OnMicrostructure(Transport):
    """Computed on a microstructure: that of the best conductor's grains at the state x f(phi).

    Ratios between phases are those at room temperature for which f was computed.

    Attributes:
        name: of the conductivity.
        phase: best conductor.
        law: f, of the volume fraction of all solids.
        solids: of heat, where a gas fills the pores: k of the solids alone, by mixing.
    """

    mixes: ClassVar[bool] = False
    name: str
    phase: str
    law: Property
    solids: MixedHeat | None = None

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """As the base class."""
        phi = mixture.composition.relative_density(state)
        found = mixture.grain_conductivity(self.name, self.phase, state) * self.law(state, phi=phi)
        gas = mixture.electrolyte.pore_gas
        if self.solids is None or gas is None:
            return found
        whole = self.solids.mixed(_without_contacts(mixture), state)
        filled, empty = (
            with_gas_in(found / whole, phi, whole, k) for k in (gas(state), 0 * gas(state))
        )
        return found + filled - empty

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """As the base class."""
        yield self.law, {"phi": mixture.composition.relative_density(state)}
        yield from mixture.grain_uses(self.name, self.phase, state)
        if self.solids is not None and mixture.electrolyte.pore_gas is not None:
            yield mixture.electrolyte.pore_gas, {}

    def started(self, mixture: Mixture) -> OnMicrostructure:
        """As the base class."""
        if self.solids is None:
            return self
        return replace(self, solids=self.solids.started(_without_contacts(mixture)))


def _without_contacts(mixture: Mixture) -> Mixture:
    """The same grains without the contacts between them, which an image has already."""
    bare = replace(mixture.electrolyte, grain_contact=None)
    return replace(mixture, composition=replace(mixture.composition, electrolyte=bare))


@dataclass(frozen=True)
class MixedHeat(Transport):
    """k of the mixture of grains and pores.

    Attributes:
        law: one of `SOLIDS_FIRST` or a name in `effective_media.MIXTURES`.
        interface: thermal resistance on grains of active material [m2 K/W] and their radius [m].
        shapes: of the grains of each phase, for `SPHEROIDS`.
        start: near what the mixing law gives; None: not known yet.
    """

    law: str
    interface: tuple[float, float] | None = None
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    start: float | None = None

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """As the base class."""
        mixed = self.mixed(mixture, state)
        if self.law not in SOLIDS_FIRST:
            return mixed
        phi = mixture.composition.relative_density(state)
        return mixture.electrolyte.with_pores(state, mixed, phi)

    def mixed(self, mixture: Mixture, state: State) -> Any:
        """k by the mixing law: of the solids alone, or of solids and pores [W/(m K)]."""
        apart = self.law in SOLIDS_FIRST
        whole, se, names = mixture.composition, mixture.electrolyte, list(mixture.phases)
        f = whole.shares if apart else whole.fractions(state)
        # The electrolyte is the matrix of laws that need one; the pores come last.
        fractions = [f["electrolyte"], *(f[n] for n in names)]
        values = [se.solid_conductivity(state)]
        for name in names:
            k = mixture.phases[name].thermal_conductivity(state, mixture.at(state, name))
            if self.interface is not None and name in mixture.actives:
                resistance, radius = self.interface
                k = dressed(k, radius, resistance)
            values.append(k)
        if self.law == SPHEROIDS:
            return spheroids(fractions, values, [self.shapes[n] for n in names])
        if not apart:
            fractions.append(whole.pores(state))
            values.append(0 if se.pore_gas is None else se.pore_gas(state))
        law = "bruggeman" if apart else self.law
        if self.start is not None and law == "bruggeman":
            return bruggeman(fractions, values, start=self.start)
        return MIXTURES[law](fractions, values)

    def of_grains(self, mixture: Mixture, phase: str, state: State) -> Iterator[Use]:
        """As the base class."""
        yield from mixture.grain_uses("thermal_conductivity", phase, state)

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """As the base class."""
        se = mixture.electrolyte
        for used in (se.dense_conductivity, se.grain_contact, se.pore_gas):
            if used is not None:
                yield used, {}
        if self.law in SOLIDS_FIRST:
            yield se.thermal_scaling, {"phi": mixture.composition.relative_density(state)}

    def shown(self, mixture: Mixture, state: State) -> list[Use]:
        """As the base class: the grains, though a mixture is not their product."""
        return mixture.solids(state)

    def started(self, mixture: Mixture) -> MixedHeat:
        """As the base class."""
        return replace(self, start=float(self.mixed(mixture, State(T=ROOM_TEMPERATURE))))


@dataclass(frozen=True)
class ThroughElectrolyte(Transport):
    """sigma_e: the pressed electrolyte's, reduced by its volume fraction.

    Attributes:
        scaling: f(volume fraction of electrolyte) on top of the pressed electrolyte's sigma; None:
            the electrolyte's own scaling law at that volume fraction.
    """

    scaling: Property | None = None

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """As the base class."""
        eps = mixture.composition.fractions(state)["electrolyte"]
        if self.scaling is None:
            whole, se = mixture.composition, mixture.electrolyte
            if se.reference_density is None and whole.densifies:
                # By the rule of mixtures each component is as dense as if pressed alone.
                return se.ionic_in(state, whole.shares["electrolyte"])
            return se.ionic_at(state, eps, whole.electrolyte_left(state))
        return mixture.electrolyte.ionic_conductivity(state) * self.scaling(state, phi=eps)

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """As the base class."""
        se = mixture.electrolyte
        yield from self.shown(mixture, state)
        if self.scaling is not None:
            yield se.ionic_scaling, {"phi": se.relative_density(state)}
            yield se.compaction.law, se.compaction.variables(state)

    def shown(self, mixture: Mixture, state: State) -> list[Use]:
        """As the base class."""
        se, eps = mixture.electrolyte, mixture.composition.fractions(state)["electrolyte"]
        law = se.ionic_scaling if self.scaling is None else self.scaling
        return [(se.ionic, se.pressed(state)), (law, {"phi": eps})]


@dataclass(frozen=True)
class ParallelNetworks(Transport):
    """sigma_s: the networks of active material and carbon in parallel."""

    def conductivity(self, mixture: Mixture, state: State) -> Any:
        """As the base class."""
        return sum(
            self._solid(mixture, names, state)
            * mixture.phases[names[0]].electronic_scaling(state, phi=phi)
            for names, phi in mixture.networks(state)
        )

    def _solid(self, mixture: Mixture, names: tuple[str, ...], state: State) -> Any:
        """Of the grains of one network [S/m]; in a blend the best conductor encloses the others."""
        values = [mixture.phases[n].electronic(state, **mixture.at(state, n)) for n in names]
        if len(values) == 1:
            return values[0]
        shares = mixture.composition.shares
        whole = sum(shares[n] for n in names)
        return hashin_shtrikman_upper([shares[n] / whole for n in names], values)

    def of_grains(self, mixture: Mixture, phase: str, state: State) -> Iterator[Use]:
        """As the base class."""
        yield from mixture.grain_uses("electronic_conductivity", phase, state)

    def of_whole(self, mixture: Mixture, state: State) -> Iterator[Use]:
        """As the base class."""
        for names, phi in mixture.networks(state):
            yield mixture.phases[names[0]].electronic_scaling, {"phi": phi}

    def shown(self, mixture: Mixture, state: State) -> list[Use]:
        """As the base class."""
        grains = [u for n in mixture.phases for u in self.of_grains(mixture, n, state)]
        return [*grains, *self.of_whole(mixture, state)]
