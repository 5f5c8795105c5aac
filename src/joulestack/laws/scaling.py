"""How a transport property of one solid falls with its volume fraction: f(phi), f(1) = 1.

Forms for the properties `thermal_scaling`, `ionic_scaling` and `electronic_scaling` of material
files; heat and charge choose their laws independently (Agne 2022, section III.C).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.laws import effective_media, loose_packings, percolation
from joulestack.laws.forms import Form, Table, form, number

_PHI: tuple[str, ...] = ("phi",)


@form("power")
@dataclass(frozen=True)
class Power(Form):
    """phi^exponent."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    exponent: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective_media.power(phi, self.exponent)

    def shifted(self, kind: str, size: Any, z: Any) -> Form | None:
        """An absolute uncertainty is that of the exponent."""
        return Power(self.exponent + z * size) if kind == "absolute" else None

    def filled(self, phi: Any, solid: Any, gas: Any) -> Any:
        """Conductivity with a gas in the pores: generalised Bruggeman law."""
        return effective_media.with_pore_gas(solid, phi, self.exponent, gas)


@form("phi/tau^2")
@dataclass(frozen=True)
class TortuositySquared(Form):
    """phi / tau^2."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    tortuosity: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective_media.tortuosity_squared(phi, self.tortuosity)


@form("phi/tau")
@dataclass(frozen=True)
class TortuosityFactor(Form):
    """phi / tau."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    tortuosity: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return effective_media.tortuosity_factor(phi, self.tortuosity)


@form("percolation")
@dataclass(frozen=True)
class Percolation(Form):
    """((phi - threshold)/(1 - threshold))^exponent, zero below the threshold."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    threshold: float = number("1")
    exponent: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return percolation.percolation(phi, self.threshold, self.exponent)


@form("general effective medium")
@dataclass(frozen=True)
class GeneralEffectiveMedium(Form):
    """`percolation.general_effective_medium` of a solid and its pores (McLachlan 1987)."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    threshold: float = number("1")
    exponent: float = number("1")

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate; insulating pores leave the percolation law."""
        return percolation.percolation(phi, self.threshold, self.exponent)

    def filled(self, phi: Any, solid: Any, gas: Any) -> Any:
        """Conductivity with a gas in the pores."""
        return percolation.general_effective_medium(
            (phi, 1 - phi), (solid, gas), self.threshold, self.exponent
        )


@form("zehner-bauer-schluender")
@dataclass(frozen=True)
class LoosePacking(Form):
    """`loose_packings.zehner_bauer_schluender`: grains that touch in spots of a share `contact`."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    contact: float = number("1", 0.0)
    shape: float = number("1", loose_packings.SPHERES)

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate without gas: the spots alone conduct."""
        return self.contact * xmath.sqrt(phi)

    def filled(self, phi: Any, solid: Any, gas: Any) -> Any:
        """Conductivity with a gas between the grains."""
        return loose_packings.zehner_bauer_schluender(phi, solid, gas, self.contact, self.shape)


@form("mixture")
@dataclass(frozen=True)
class PorousMixture(Form):
    """A law of `effective_media.MIXTURES` for a solid with insulating pores."""

    takes: ClassVar[tuple[str, ...]] = _PHI
    law: str

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        if self.law == "bruggeman":
            # The closed form that the Newton steps of the n-phase law reach in one.
            return xmath.maximum((3 * phi - 1) / 2, 0)
        return effective_media.MIXTURES[self.law]((phi, 1 - phi), (1, 0))

    def filled(self, phi: Any, solid: Any, gas: Any) -> Any:
        """Conductivity with a gas in the pores."""
        phases = (phi, 1 - phi), (solid, gas)
        if self.law == "bruggeman":
            return percolation.bruggeman_of_two(*phases)
        return effective_media.MIXTURES[self.law](*phases)


@dataclass(frozen=True)
class ComputedPores(Form):
    """f(phi) of a microstructure with empty pores, and what a gas in them adds.

    Attributes:
        table: f.
    """

    takes: ClassVar[tuple[str, ...]] = _PHI
    form_name: ClassVar[str] = "microstructure"
    table: Table

    def __call__(self, *, phi: Any, **_: Any) -> Any:
        """Evaluate."""
        return self.table(phi=phi)

    def filled(self, phi: Any, solid: Any, gas: Any) -> Any:
        """Conductivity with a gas in the pores."""
        return percolation.with_gas_in(self.table(phi=phi), phi, solid, gas)


@dataclass(frozen=True)
class NarrowGas(Form):
    """A gas in pores of a width, k/(1 + M/d): Knudsen effect, M the temperature jump of both walls.

    Attributes:
        free: law of k of the gas in wide pores.
        jump: M at the reference temperature [m]; grows like T, the pressure being that of the air.
        pore: d [m].
        reference: [K].
    """

    takes: ClassVar[tuple[str, ...]] = ("T",)
    form_name: ClassVar[str] = "gas in narrow pores"
    free: Form
    jump: float = number("m")
    pore: float = number("m")
    reference: float = number("K", 300.0)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        return loose_packings.knudsen(
            self.free(T=T), self.jump * T / self.reference, self.pore, 0.5
        )
