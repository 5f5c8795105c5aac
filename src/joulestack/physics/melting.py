"""Melting: the liquid share at each vertex, and the latent heat that it takes up.

Equations of docs/abuse.md. The share is an unknown of its own: so enthalpy is stepped as
temperature is, and a front cannot jump over the latent heat of a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from joulestack.declarations import TEMPERATURE, LocalState, Shown, Unknown
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.physics.base import Physics, Placed, SetupView
from joulestack.physics.context import Context
from joulestack.physics.local import Local
from joulestack.physics.sources import HeatSource, Origin
from joulestack.physics.terms import Terms
from joulestack.tolerances import Tolerance

LIQUID = LocalState(
    "liquid",
    "liquid share",
    (Unknown("liquid share", "-", Tolerance("liquid", "-", 1e-3), rate=True),),
    shown=(Shown("Liquid share [-]", of=lambda values: values[:, 0]),),
)
MELTING = HeatSource("melting", Origin.LATENT, colour="#3d7f8c", hatch="..")


class Melting(Physics):
    """Layers whose media melt."""

    def local_states(
        self, setup: SetupView, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        """One for all."""
        melting = [r for r in domain.regions if setup.media[r.layer].melting is not None]
        yield Placed(LIQUID, melting)

    def start(self, setup: SetupView, domain: Domain, unknowns: Mapping[str, Field]) -> None:
        """Above the melting point it is liquid."""
        for layer in dict.fromkeys(r.layer for r in unknowns[LIQUID.key].regions):
            melting = setup.media[layer].melting
            assert melting is not None
            share = float(melting.liquid(setup.start_temperature))
            unknowns[LIQUID.key].fill(domain, share, layer)

    def contribute(self, context: Context, terms: Terms) -> None:
        """df/dt = (F - f)/tau, of order one, and -H df/dt."""
        for group in context.regions:
            law = group.medium.melting
            if law is None:
                continue
            here = Local(context, group, LIQUID.key, [TEMPERATURE.key])
            T = context.reference_temperature + here.fields[TEMPERATURE.key]
            (f,), (rate,) = here.unknowns, here.rates
            melts = law.rate(f, T)
            here.obey(terms, [rate - melts], heat={MELTING: -law.latent_heat * melts})
