"""A pressed or sintered solid electrolyte as a medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulestack import xmath
from joulestack.fabrication.boundaries import Boundaries, IonicBoundaries
from joulestack.fabrication.media import Fabricated, Use
from joulestack.laws import densification
from joulestack.laws.binding import FIXED
from joulestack.laws.state import State
from joulestack.materials.property import Property

_LEAST_SCALING = 1e-12
"""Of f(phi), below which nothing conducts that release could change."""


@dataclass(frozen=True)
class Compaction:
    """Relative density of a pressed or sintered powder.

    Attributes:
        law: phi of the highest pressure, of the sintering temperature, or a constant.
        moulding_pressure: [Pa]; None if not pressed.
        sintering_temperature: [K].
        modulus: oedometric modulus for the elastic springback [Pa]; None: none.
    """

    law: Property
    moulding_pressure: float | None = None
    sintering_temperature: float | None = None
    modulus: float | None = None

    def variables(self, state: State) -> dict[str, Any]:
        """Variables of the law beside the state."""
        found: dict[str, Any] = {"sintering_temperature": self.sintering_temperature}
        if self.moulding_pressure is not None:
            found["highest_pressure"] = densification.highest(
                self.moulding_pressure, state.highest_pressure
            )
        return found

    def pressed(self, state: State) -> Any:
        """Phi under the highest pressure."""
        return self.law(state, **self.variables(state))

    def __call__(self, state: State) -> Any:
        """Return phi."""
        phi = self.pressed(state)
        if self.modulus is None:
            return phi
        variables = self.variables(state)
        released = xmath.maximum(variables["highest_pressure"] - state.p, 0)
        return densification.springback(phi, released, self.modulus)


@dataclass(frozen=True)
class SolidElectrolyte(Fabricated):
    """A pressed or sintered solid electrolyte, pores included.

    Attributes:
        density, specific_heat: of the solid.
        compaction: relative density.
        dense_conductivity: k of the solid [W/(m K)].
        grain_contact: factor of unsintered grains on k; None: 1.
        thermal_scaling, ionic_scaling: f(phi).
        ionic: sigma at `reference_density` [S/m].
        reference_density: phi_ref of `ionic`; None: its law holds for the pellet as pressed.
        pore_gas: k of the gas in the pores [W/(m K)]; None: insulating pores (or already in the
            measured scaling).
        leakage: electronic conductivity, for `check` only [S/m]; None where not known.
        critical_current: before lithium grows through it, for `check` only [A/m2].
        grain_size: of a sintered body [m]; None where not known.
        densification: phi of the pressed powder, for the pores that cracks open again on release;
            None: none do, or nothing is known.
        boundaries, thermal_boundaries: between its grains, in the way of ions and of heat; None:
            as measured.
    """

    density: Property
    specific_heat: Property
    compaction: Compaction
    dense_conductivity: Property
    thermal_scaling: Property
    ionic: Property
    ionic_scaling: Property
    reference_density: float | None
    grain_contact: Property | None = None
    pore_gas: Property | None = None
    leakage: Property | None = field(default=None, metadata=FIXED)
    critical_current: Property | None = field(default=None, metadata=FIXED)
    grain_size: float | None = field(default=None, metadata=FIXED)
    densification: Property | None = None
    boundaries: IonicBoundaries | None = None
    thermal_boundaries: Boundaries | None = None

    conducts_ions = True

    def uses(self, state: State) -> Iterator[Use]:
        """As the base class."""
        replaced = self.overrides
        phi = {"phi": self.relative_density(state)}
        if "relative_density" not in replaced:
            yield self.compaction.law, self.compaction.variables(state)
        if "volumetric_heat_capacity" not in replaced:
            yield self.density, {}
            yield self.specific_heat, {}
        if "thermal_conductivity" not in replaced:
            yield from self._thermal_factors(phi)
            if self.pore_gas is not None:
                yield self.pore_gas, {}
        if "ionic_conductivity" not in replaced:
            yield from self._ionic_factors(state, phi)
        yield from super().uses(state)

    def _thermal_factors(self, phi: Mapping[str, Any]) -> list[Use]:
        factors: list[Use] = [(self.dense_conductivity, {}), (self.thermal_scaling, phi)]
        if self.grain_contact is not None:
            factors.append((self.grain_contact, {}))
        if self.thermal_boundaries is not None:
            factors.extend(self.thermal_boundaries.uses())
        return factors

    def _ionic_factors(self, state: State, phi: Mapping[str, Any]) -> list[Use]:
        factors: list[Use] = [(self.ionic, self.pressed(state))]
        if self.reference_density is not None:
            factors.append((self.ionic_scaling, phi))
        if self.boundaries is not None:
            factors.extend(self.boundaries.uses())
        return factors

    def relative_density(self, state: State) -> Any:
        """Phi under the highest of moulding pressure and state.highest_pressure."""
        own = self.overrides.get("relative_density")
        return own(state) if own else self.compaction(state)

    def solid_conductivity(self, state: State) -> Any:
        """k of the grains with their boundaries and contacts, without pores [W/(m K)]."""
        k = self.dense_conductivity(state)
        if self.thermal_boundaries is not None:
            k = self.thermal_boundaries.between(k, state)
        return k if self.grain_contact is None else k * self.grain_contact(state)

    def thermal_conductivity(self, state: State) -> Any:
        """k = k0(T) contact f(phi) [W/(m K)]."""
        if own := self.overrides.get("thermal_conductivity"):
            return own(state)
        return self.with_pores(state, self.solid_conductivity(state), self.relative_density(state))

    def with_pores(self, state: State, solid: Any, phi: Any) -> Any:
        """Conductivity of a solid once it has pores: solid x f(phi), gas included [W/(m K)]."""
        if self.pore_gas is not None:
            form: Any = self.thermal_scaling.form  # pressing has made sure that it can
            return form.filled(phi, solid, self.pore_gas(state))
        return solid * self.thermal_scaling(state, phi=phi)

    def volumetric_heat_capacity(self, state: State) -> Any:
        """rho c_p = phi rho_0 c_p0 [J/(m3 K)]."""
        if own := self.overrides.get("volumetric_heat_capacity"):
            return own(state)
        return self.relative_density(state) * self.density(state) * self.specific_heat(state)

    def ionic_conductivity(self, state: State) -> Any:
        """sigma = S0(T, p) f(phi)/f(phi_ref) [S/m]."""
        if own := self.overrides.get("ionic_conductivity"):
            return own(state)
        if self.reference_density is None:
            return self._reference_ionic(state)
        return self.ionic_at(state, self._pressed_density(state))

    def _pressed_density(self, state: State) -> Any:
        """Phi without the springback, whose loss of conduction is the cracks' already."""
        own = self.overrides.get("relative_density")
        return own(state) if own else self.compaction.pressed(state)

    def pressed(self, state: State) -> dict[str, Any]:
        """Highest pressure that the grains have seen, and the pores that release leaves open.

        A layer described by its density alone is taken to be pressed as the measured pellets were.
        """
        made = self.compaction.moulding_pressure
        if made is None:
            made = getattr(self.ionic.form, "moulding_pressure", 0.0)
        q = densification.highest(made, state.highest_pressure)
        return {"highest_pressure": q, "pores_left": self._pores_left(state, q)}

    def _pores_left(self, state: State, highest: Any) -> Any:
        """f(phi(r))/f(phi(q)) of `laws.ionic_pressure`."""
        if self.densification is None:
            return 1
        full = self.densification(state, highest_pressure=highest)
        return self._open(state, self._left(state, highest), full)

    def _open(self, state: State, left: Any, full: Any) -> Any:
        """What the scaling leaves of the conductivity where cracks have opened pores again."""
        f = self.ionic_scaling
        return f(state, phi=left) / xmath.maximum(f(state, phi=full), _LEAST_SCALING)

    def _left(self, state: State, highest: Any) -> Any:
        """Phi where release has opened all that it can, phi(r)."""
        assert self.densification is not None
        form: Any = self.ionic.form  # pressing has made sure that it is one of pressed powders
        return self.densification(state, highest_pressure=form.left(state.p, highest))

    def density_left(self, state: State) -> Any:
        """Phi where release has opened all that it can; None where nothing opens."""
        if self.densification is None:
            return None
        return self._left(state, self.pressed(state)["highest_pressure"])

    def ionic_parts(self, state: State) -> dict[str, Any]:
        """Ionic conductivity by its parts: that of the solid [S/m], and shares from 0 to 1.

        The factor of grain boundaries alone, against those of the body measured, may be above 1.
        The product is `ionic_conductivity`. Empty where the conductivity is given, or no law of
        pressed powders.
        """
        form: Any = self.ionic.form
        if "ionic_conductivity" in self.overrides or not hasattr(form, "shares"):
            return {}
        at = self.pressed(state)
        parts = {"solid": form.solid(state.T, 0.0)}
        if self.reference_density is not None:
            f, phi = self.ionic_scaling, self._pressed_density(state)
            parts["solid"] *= f(state, phi=1.0) / f(state, phi=self.reference_density)
            parts["pores"] = f(state, phi=phi) / f(state, phi=1.0)
        if self.boundaries is not None:
            parts["grain boundaries against those measured"] = self.boundaries.factor(state)
        squeezed = form.solid(state.T, state.p) / form.solid(state.T, 0.0)
        shares = form.shares(state.p, at["highest_pressure"], at["pores_left"])
        return {**parts, "lattice under pressure": squeezed, **shares}

    def _reference_ionic(self, state: State, pores_left: Any = None) -> Any:
        at = self.pressed(state)
        sigma = self.ionic(
            state, **(at if pores_left is None else {**at, "pores_left": pores_left})
        )
        return sigma if self.boundaries is None else sigma * self.boundaries.factor(state)

    def grain_boundary_share(self, state: State) -> Any:
        """Share of grain boundaries in the resistance to ions, 0 to 1; 0 where none are known."""
        if self.boundaries is None or "ionic_conductivity" in self.overrides:
            return 0.0
        return self.boundaries.share(state)

    def ionic_at(self, state: State, phi: Any, left: Any = None) -> Any:
        """Ionic conductivity of the electrolyte at another volume fraction [S/m].

        Args:
            state: as for `Property`.
            phi: volume fraction, 0 to 1.
            left: that where release has opened all pores that it can; None: pores open as in the
                electrolyte pressed alone.
        """
        f, reference = self.ionic_scaling, self.reference_density
        if reference is None:
            reference = self.relative_density(state)
        opened = None if left is None else self._open(state, left, phi)
        return self._reference_ionic(state, opened) * f(state, phi=phi) / f(state, phi=reference)

    def ionic_in(self, state: State, share: Any) -> Any:
        """Ionic conductivity of domains as dense as the pellet alone, which fill a share [S/m].

        Args:
            state: as for `Property`.
            share: of the volume, 0 to 1.
        """
        f = self.ionic_scaling
        return self._reference_ionic(state) * f(state, phi=share) / f(state, phi=1.0)

    def parts(self, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
        """As the base class."""
        phi = self.relative_density(state)
        at: dict[str, Any] = {"phi": phi}
        compaction: list[Use] = self.replaced("relative_density") or [
            (self.compaction.law, self.compaction.variables(state))
        ]
        heat = self.replaced("volumetric_heat_capacity") or [
            *compaction,
            (self.density, {}),
            (self.specific_heat, {}),
        ]
        k = self.replaced("thermal_conductivity") or self._thermal_factors(at)
        sigma = self.replaced("ionic_conductivity") or self._ionic_factors(state, at)
        found: dict[str, tuple[Any, str, list[Use]]] = {
            "relative_density": (phi, "1", compaction),
            "density": (phi * self.density(state), "kg/m^3", [*compaction, (self.density, {})]),
            "specific_heat_capacity": (
                self.specific_heat(state),
                "J/(kg K)",
                [(self.specific_heat, {})],
            ),
            "thermal_conductivity": (self.thermal_conductivity(state), "W/(m K)", k),
            "thermal_diffusivity": (self.thermal_diffusivity(state), "m^2/s", [*k, *heat]),
            "ionic_conductivity": (self.ionic_conductivity(state), "S/m", sigma),
        }
        if self.boundaries is not None and "ionic_conductivity" not in self.overrides:
            share = self.grain_boundary_share(state)
            found["grain_boundary_share"] = (share, "1", [*self.boundaries.uses(), sigma[0]])
        return found
