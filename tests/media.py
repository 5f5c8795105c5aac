"""Media and contacts with given properties, for verification problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from joulestack.materials.binding import bound
from joulestack.materials.medium import ChargeTransfer
from joulestack.materials.state import State


@dataclass(frozen=True, eq=False)
class TestMedium:
    """Constant properties, or functions of the state where a callable is given."""

    __test__ = False
    name: str = "medium"
    k: Any = 1.0
    rho_cp: Any = 1.0
    sigma_s: Any = None
    sigma_e: Any = None
    k_in_plane: Any = None
    electrode_potential: float | None = None
    charge_transfer: ChargeTransfer | None = None
    particles: Any = None

    @property
    def isotropic(self) -> bool:
        return self.k_in_plane is None

    @property
    def conducts_electrons(self) -> bool:
        return self.sigma_s is not None

    @property
    def conducts_ions(self) -> bool:
        return self.sigma_e is not None

    def thermal_conductivity(self, state: State) -> Any:
        return _value(self.k, state)

    def thermal_conductivity_in_plane(self, state: State) -> Any:
        return _value(self.k if self.k_in_plane is None else self.k_in_plane, state)

    def volumetric_heat_capacity(self, state: State) -> Any:
        return _value(self.rho_cp, state)

    def electronic_conductivity(self, state: State) -> Any:
        return _value(self.sigma_s, state)

    def ionic_conductivity(self, state: State) -> Any:
        return _value(self.sigma_e, state)

    def relative_density(self, state: State) -> Any:
        return 1.0

    def bind(self, wrap: Callable[[float], Any]) -> TestMedium:
        changes: dict[str, Any] = {
            f: wrap(getattr(self, f))
            for f in ("k", "rho_cp", "sigma_s", "sigma_e", "k_in_plane")
            if isinstance(getattr(self, f), float | int)
        }
        if self.charge_transfer is not None:
            c = self.charge_transfer
            changes["charge_transfer"] = ChargeTransfer(
                *(wrap(getattr(c, f.name)) for f in fields(c))
            )
        if self.particles is not None:
            changes["particles"] = bound(self.particles, wrap)
        return replace(self, **changes)


@dataclass(frozen=True, eq=False)
class TestContact:
    """A constant resistance, or a function of the state."""

    __test__ = False
    R: Any
    name: str = "test"

    def resistance(self, state: State) -> Any:
        return _value(self.R, state)

    def bind(self, wrap: Callable[[float], Any]) -> TestContact:
        return self if callable(self.R) else replace(self, R=wrap(self.R))


def _value(x: Any, state: State) -> Any:
    return x(state) if callable(x) and not hasattr(x, "ufl_shape") else x
