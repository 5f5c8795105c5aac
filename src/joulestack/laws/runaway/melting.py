"""Melting: heat that is taken up at a temperature, spread over a few kelvins and a short time.

The share f of a layer that is liquid follows the temperature,

    df/dt = (F(T) - f)/tau,    q = -H df/dt,

where F rises from 0 to 1 between T_m - w and T_m + w, twice differentiable, so that Newton's method
meets no jump. With tau and w towards 0 this is the enthalpy form of the Stefan problem (Voller and
Cross, Int. J. Heat Mass Transfer 24 (1981) 545). H f and rho c_p T are stepped alike, so that no
latent heat is lost however coarse the steps are. Smearing leaves the melting point uncertain by w,
and by as much as a front needs to melt a place within tau.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joulestack import xmath


@dataclass(frozen=True)
class Melting:
    """What melting takes up.

    Attributes:
        temperature: T_m [K].
        latent_heat: H, per volume of the layer [J/m3].
        width: w [K].
        delay: tau [s].
    """

    temperature: Any
    latent_heat: Any
    width: Any
    delay: Any

    def liquid(self, T: Any) -> Any:
        """F: share that is liquid in the end at a temperature [K]."""
        s = xmath.clip((T - self.temperature + self.width) / (2 * self.width), 0, 1)
        return s * s * s * (10 - 15 * s + 6 * s * s)

    def rate(self, f: Any, T: Any) -> Any:
        """df/dt [1/s]."""
        return (self.liquid(T) - f) / self.delay
