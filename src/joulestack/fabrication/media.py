"""Fabricated media: what fills a layer, with its laws put together.

All of them are frozen dataclasses of `Property` objects, so that `bind` turns every number into
what the solver wants, and reports find the source of every number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulestack.fabrication.boundaries import Boundaries
from joulestack.laws import thermal
from joulestack.laws.binding import FIXED, Wrap, bound
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.laws.particles import Particles
from joulestack.laws.runaway.melting import Melting
from joulestack.laws.runaway.reactions import Reaction
from joulestack.laws.state import ROOM, State
from joulestack.materials.ceilings import Ceilings
from joulestack.materials.property import Property
from joulestack.materials.uncertainty import first_order

Use = tuple[Property, Mapping[str, Any]]
"""A property and the variables, beside the state, with which a medium evaluates it."""

SourceLine = tuple[str, str, str, str]
"""Property, key in references.bib, status, note."""


@dataclass(frozen=True)
class Reported:
    """One line of a report.

    Attributes:
        value: in `unit`.
        unit: SI.
        uncertainty: one standard deviation as far as sources state it; None where none does.
        sources: keys in references.bib ("" where no source was read).
        status: the weakest status among the numbers it rests on.
    """

    value: Any
    unit: str
    uncertainty: float | None
    sources: tuple[str, ...]
    status: str


_RANK = ("primary", "user", "primary-code", "secondary", "unverified")


def weakest(properties: list[Property]) -> str:
    """Weakest status of several properties."""
    return max((p.status for p in properties), key=_RANK.index, default="user")


@dataclass(frozen=True)
class Fabricated:
    """What all media share: a name, a kind, overrides and the report of sources.

    Attributes:
        name, kind: of the stuff.
        overrides: properties of the finished layer that a case sets.
        ceilings: where its materials melt, decompose, or leave their windows.
        reactions: of its materials, that heat it when it is too hot; a case asks for them.
        melting: latent heat that it takes up; a case asks for it.
        reacting: where numbers of these come from.
        remarks: what papers say about such a recipe, what was assumed, and what has no effect.
    """

    name: str
    kind: str
    overrides: Mapping[str, Property]
    ceilings: Ceilings = field(default=(), kw_only=True, metadata=FIXED)
    reactions: tuple[Reaction, ...] = field(default=(), kw_only=True)
    melting: Melting | None = field(default=None, kw_only=True)
    reacting: tuple[SourceLine, ...] = field(default=(), kw_only=True, metadata=FIXED)
    remarks: tuple[str, ...] = field(default=(), kw_only=True)

    conducts_electrons = False
    conducts_ions = False

    @property
    def electrode_potential(self) -> float | None:
        """Only metal electrodes have one."""
        return None

    @property
    def electrode_entropic_coefficient(self) -> Any:
        """Only metal electrodes have one [V/K]; lithium, the reference, has none."""
        return 0.0

    @property
    def surface(self) -> str:
        """What other layers meet."""
        return self.name

    @property
    def charge_transfer(self) -> VolumetricChargeTransfer | None:
        """Only composite electrodes have it."""
        return None

    @property
    def particles(self) -> tuple[Particles, ...] | None:
        """Only composite electrodes have them."""
        return None

    @property
    def isotropic(self) -> bool:
        """Heat flows alike through and in the plane unless the case says otherwise."""
        return "thermal_conductivity_in_plane" not in self.overrides

    def bind(self, wrap: Wrap) -> Any:
        """Copy whose numeric parameters have gone through `wrap`."""
        return bound(self, wrap)

    def uses(self, state: State) -> Iterator[Use]:
        """Properties that the medium evaluates, with their variables."""
        for value in self.overrides.values():
            yield value, {}

    def sources(self) -> list[SourceLine]:
        """Where the numbers come from: (property, bib key, status, note), each once."""
        lines: dict[SourceLine, None] = {}
        for used in (*(u for u, _ in self.uses(ROOM)), *self.ceilings):
            label = f"{used.material}: {used.name}" if used.material else used.name
            lines[(label, used.source, used.status, used.note)] = None
        lines.update(dict.fromkeys(self.reacting))
        return list(lines)

    def outside(self, state: State) -> list[str]:
        """Say where a numeric state leaves the range of a law; empty where it does not."""
        messages: dict[str, None] = {}
        for used, variables in self.uses(state):
            messages.update(dict.fromkeys(used.outside(state, **variables)))
        return list(messages)

    def thermal_conductivity(self, state: State) -> Any:
        """k [W/(m K)], through-plane."""
        raise NotImplementedError

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p [J/(m3 K)]."""
        raise NotImplementedError

    def relative_density(self, state: State) -> Any:
        """phi; 1 for bulk solids."""
        return 1

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s [S/m]."""
        raise ValueError(f"{self.name} does not conduct electrons")

    def ionic_conductivity(self, state: State) -> Any:
        """sigma_e [S/m]."""
        raise ValueError(f"{self.name} does not conduct ions")

    def thermal_conductivity_in_plane(self, state: State) -> Any:
        """The through-plane one unless it is overridden [W/(m K)]."""
        own = self.overrides.get("thermal_conductivity_in_plane")
        return own(state) if own else self.thermal_conductivity(state)

    def thermal_diffusivity(self, state: State) -> Any:
        """alpha = k/(rho c_p) [m2/s]."""
        return thermal.diffusivity(
            self.thermal_conductivity(state), self.volumetric_heat_capacity(state)
        )

    def values(self, state: State) -> dict[str, Reported]:
        """Every effective property at a numeric state, with uncertainty and sources."""
        spreads = first_order(self, state, effective(state))
        report = {}
        for name, (value, unit, factors) in self.parts(state).items():
            used = [f for f, _ in factors]
            keys = tuple(dict.fromkeys(p.source for p in used))
            report[name] = Reported(value, unit, spreads[name].deviation, keys, weakest(used))
        return report

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """Effective property -> value, unit and the properties whose product it is."""
        raise NotImplementedError

    def replaced(self, name: str) -> list[Use] | None:
        """The override that stands in for a law, None where there is none."""
        own = self.overrides.get(name)
        return [(own, {})] if own else None


def effective(state: State) -> Callable[[Fabricated], dict[str, Any]]:
    """Evaluates every effective property of a medium at a state."""
    return lambda medium: {name: part[0] for name, part in medium.parts(state).items()}


@dataclass(frozen=True)
class Solid(Fabricated):
    """A bulk solid or a gas at rest: metal, polymer, argon.

    Attributes:
        density, specific_heat, conductivity: [kg/m3], [J/(kg K)], [W/(m K)].
        electronic: [S/m]; None for insulators.
        potential: against Li/Li+ [V]; None if it blocks ions.
        entropic: slope of the potential with temperature [V/K]; None where not known.
        plated: metal that is plated on it; the potential is then that metal's.
        thermal_boundaries: between its grains, in the way of heat; None: as measured.
    """

    density: Property
    specific_heat: Property
    conductivity: Property
    electronic: Property | None = None
    potential: Property | None = None
    entropic: Property | None = None
    plated: str | None = None
    thermal_boundaries: Boundaries | None = None

    @property
    def surface(self) -> str:
        """The metal plated on it, if any."""
        return self.plated or self.name

    @property
    def conducts_electrons(self) -> bool:  # type: ignore[override]
        """Metals do."""
        return self.electronic is not None

    @property
    def electrode_potential(self) -> Any:
        """Potential against Li/Li+ [V], or None."""
        return None if self.potential is None else self.potential(ROOM)

    @property
    def electrode_entropic_coefficient(self) -> Any:
        """Slope of that potential with temperature [V/K]."""
        return 0.0 if self.entropic is None else self.entropic(ROOM)

    def uses(self, state: State) -> Iterator[Use]:
        """As the base class."""
        own = "volumetric_heat_capacity" in self.overrides
        for used in (
            None if own else self.density,
            None if own else self.specific_heat,
            self.electronic,
            self.potential,
            self.entropic,
        ):
            if used is not None:
                yield used, {}
        yield from self._thermal_factors()
        yield from super().uses(state)

    def thermal_conductivity(self, state: State) -> Any:
        """k [W/(m K)]."""
        k = self.conductivity(state)
        made = self.thermal_boundaries
        return k if made is None else made.between(k, state)

    def _thermal_factors(self) -> list[Use]:
        made = self.thermal_boundaries
        return [(self.conductivity, {}), *(() if made is None else made.uses())]

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p [J/(m3 K)]."""
        own = self.overrides.get("volumetric_heat_capacity")
        return own(state) if own else self.density(state) * self.specific_heat(state)

    def electronic_conductivity(self, state: State) -> Any:
        """sigma_s [S/m]."""
        return self.electronic(state) if self.electronic else super().electronic_conductivity(state)

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """As the base class."""
        heat: list[Use] = [(self.density, {}), (self.specific_heat, {})]
        heat = self.replaced("volumetric_heat_capacity") or heat
        k = self._thermal_factors()
        found = {
            "density": (self.density(state), "kg/m^3", heat[:1]),
            "specific_heat_capacity": (self.specific_heat(state), "J/(kg K)", heat[-1:]),
            "thermal_conductivity": (self.thermal_conductivity(state), "W/(m K)", k),
            "thermal_diffusivity": (self.thermal_diffusivity(state), "m^2/s", [*k, *heat]),
        }
        if self.electronic:
            found["electronic_conductivity"] = (
                self.electronic_conductivity(state),
                "S/m",
                [(self.electronic, {})],
            )
        return found


@dataclass(frozen=True)
class Phase:
    """A solid of the composite beside its electrolyte.

    Attributes:
        density, specific_heat: of the solid.
        conductivity: k of the sample that was measured [W/(m K)].
        electronic: [S/m].
        electronic_scaling: f(volume fraction of the total).
        disorder: k over that, against lithium and composition; None: the same.
    """

    density: Property
    specific_heat: Property
    conductivity: Property
    electronic: Property
    electronic_scaling: Property
    disorder: Property | None = None

    def thermal_conductivity(self, state: State, at: Mapping[str, Any]) -> Any:
        """k of the dense grains [W/(m K)].

        Args:
            state: as for `Property`.
            at: variables beside it: x.
        """
        k = self.conductivity(state, **at)
        return k if self.disorder is None else k * self.disorder(state, **at, k=k)

    def thermal_uses(self, state: State, at: Mapping[str, Any]) -> list[Use]:
        """What `thermal_conductivity` rests on."""
        found: list[Use] = [(self.conductivity, at)]
        if self.disorder is not None:
            found.append((self.disorder, {**at, "k": self.conductivity(state, **at)}))
        return found
