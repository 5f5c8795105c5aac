"""Composite electrodes: from what is weighed in to the volume fractions of grains and pores.

Volume fractions "of the total" include the pores, those "of the solids" do not; papers quote
either (Minnmann 2021 the total, Ketter 2025 the solids), so both have names here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.media import Use
from joulestack.laws.state import State
from joulestack.materials.property import Property


def solid_shares(
    mass_fractions: Mapping[str, float], densities: Mapping[str, Any]
) -> dict[str, Any]:
    """Volume fractions of the solids from mass fractions: (w_i/rho_i) / sum (w_j/rho_j).

    Args:
        mass_fractions: of each component; add up to 1.
        densities: of each component [kg/m3].
    """
    volumes = {name: w / densities[name] for name, w in mass_fractions.items()}
    total = sum(volumes.values())
    return {name: v / total for name, v in volumes.items()}


def volume_fractions(shares: Mapping[str, Any], porosity: Any) -> dict[str, Any]:
    """Volume fractions of the total from those of the solids."""
    return {name: share * (1 - porosity) for name, share in shares.items()}


def porosity_of_mixture(active_share: Any, electrolyte_density: Any, active_density: Any) -> Any:
    """Porosity of a pressed composite, linear between its pressed components.

    Assumption, guided by Ketter 2025: at one pressure the porosity rose from 12 %
    (electrolyte) to 29 % (active material), nearly linearly in the active share of the solids.

    Args:
        active_share: volume of active material per volume of solids.
        electrolyte_density: relative density of the electrolyte pressed alone.
        active_density: relative density of the active material pressed alone.
    """
    return (1 - active_share) * (1 - electrolyte_density) + active_share * (1 - active_density)


@dataclass(frozen=True)
class Composition:
    """How much there is of each solid, and of pores, as the electrode was pressed.

    Attributes:
        electrolyte: as if pressed alone.
        shares: volume fractions of the solids, by phase and "electrolyte".
        mass_fractions: as weighed in, by phase.
        porosity: given; None: follows from the pressed densities of the components.
        pressed_active: relative density of each active material pressed alone, by phase.
        density: relative density of the whole that a case sets instead; None: it does not.
        found_at: highest pressure at which `porosity` holds, and beyond which the mixture densifies
            as its components do [Pa]; None: it stays.
    """

    electrolyte: SolidElectrolyte
    shares: Mapping[str, float]
    mass_fractions: Mapping[str, float]
    porosity: float | None = None
    pressed_active: Mapping[str, Property] = field(default_factory=dict)
    density: Property | None = None
    found_at: float | None = None

    @property
    def actives(self) -> tuple[str, ...]:
        """Names of the phases of active material."""
        return tuple(n for n in self.shares if n not in ("electrolyte", "additive"))

    @property
    def pressed(self) -> bool:
        """The porosity follows from the pressed densities of the components."""
        return self.density is None and self.porosity is None

    @property
    def densifies(self) -> bool:
        """Pressing moves the porosity."""
        return self.pressed or (self.density is None and self.found_at is not None)

    def pores(self, state: State) -> Any:
        """Pore volume fraction."""
        if self.density is not None:
            return 1 - self.density(state)
        if not self.densifies:
            return self.porosity
        made = self.electrolyte
        return self._pressed(
            state, made.relative_density(state) if self.pressed else made.compaction.pressed(state)
        )

    def _pressed(self, state: State, electrolyte: Any) -> Any:
        """Pores where the electrolyte pressed alone has a relative density."""
        found = self._mixed(state, electrolyte)
        if self.porosity is None:
            return found
        before = self.electrolyte.compaction.law(state, highest_pressure=self.found_at)
        return self.porosity * found / self._mixed(state, before)

    def electrolyte_left(self, state: State) -> Any:
        """Volume fraction of electrolyte where release has opened all the pores that it can.

        None where the porosity is given, which does not say what of it release has opened.
        """
        density = self.electrolyte.density_left(state) if self.densifies else None
        if density is None:
            return None
        return self.shares["electrolyte"] * (1 - self._pressed(state, density))

    def _mixed(self, state: State, electrolyte: Any) -> Any:
        """Pores by the rule of mixtures."""
        # Carbon fills what is left between the grains: counted with the electrolyte.
        share = sum(self.shares[n] for n in self.actives)
        alone = sum(
            self.shares[n] * law(state, **_lithiated(state))
            for n, law in self.pressed_active.items()
        )
        return porosity_of_mixture(share, electrolyte, alone / share)

    def relative_density(self, state: State) -> Any:
        """Phi = 1 - porosity."""
        return 1 - self.pores(state)

    def fractions(self, state: State) -> dict[str, Any]:
        """Volume fractions of the total."""
        return volume_fractions(self.shares, self.pores(state))

    def uses(self, state: State) -> Iterator[Use]:
        """Numbers that the porosity follows from; none where it is given."""
        if not self.densifies:
            return
        yield self.electrolyte.compaction.law, self.electrolyte.compaction.variables(state)
        for law in self.pressed_active.values():
            yield law, _lithiated(state)


def _lithiated(state: State) -> dict[str, Any]:
    """Active material is pressed as it is delivered: full of lithium."""
    # 1 and not 1.0: a whole number is no literal that a change would compile anew.
    return {"x": 1 if state.x is None else state.x}
