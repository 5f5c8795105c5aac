"""Reactions of materials: what is left of their reactants at each vertex, and the heat they make.

Equations of docs/abuse.md. A share of reactant knows of no other vertex; the heat follows the same
rate, so that heat released and reactant gone belong together to what Newton's method leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from joulestack.declarations import TEMPERATURE, Floats, LocalState, Shown, Unknown
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.laws.runaway.reactions import Reaction
from joulestack.physics.base import Physics, Placed, SetupView
from joulestack.physics.context import Context
from joulestack.physics.local import Local
from joulestack.physics.sources import HeatSource, Origin
from joulestack.physics.terms import Terms
from joulestack.tolerances import REACTANT

REACTIONS = "reactions"
"""Family of their local states."""

DECOMPOSITION = HeatSource("decomposition", Origin.REACTION, colour="#885522", hatch="xx")


class Decomposition(Physics):
    """Reactions in layers whose media have any."""

    def local_states(
        self, setup: SetupView, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        """One for each medium."""
        media = {id(m): m for m in (setup.media[r.layer] for r in domain.regions)}
        reacting = [m for m in media.values() if m.reactions]
        for number, medium in enumerate(reacting):
            regions = [r for r in domain.regions if setup.media[r.layer] is medium]
            yield Placed(unknowns_of(number, medium.reactions), regions)

    def contribute(self, context: Context, terms: Terms) -> None:
        """dc/dt = -r(c, T), and the heat of it."""
        for group in context.regions:
            for key, block in group.states.items():
                if block.info.kind != REACTIONS:
                    continue
                here = Local(context, group, key, [TEMPERATURE.key])
                T = context.reference_temperature + here.fields[TEMPERATURE.key]
                gone = [
                    reaction.consumption(c, T)
                    for reaction, c in zip(group.medium.reactions, here.unknowns, strict=True)
                ]
                here.obey(
                    terms,
                    [rate + r for rate, r in zip(here.rates, gone, strict=True)],
                    heat={
                        DECOMPOSITION: sum(
                            reaction.heat * r
                            for reaction, r in zip(group.medium.reactions, gone, strict=True)
                        )
                    },
                )


def unknowns_of(number: int, reactions: Sequence[Reaction]) -> LocalState:
    """Local state of the reactions of a medium: what is left of each reactant [-].

    Args:
        number: of the medium, to tell its state apart.
        reactions: of it.
    """
    return LocalState(
        f"{REACTIONS}{number}",
        "reactions",
        tuple(
            Unknown(f"{r.name} left", "-", REACTANT, rate=True, start=float(r.start))
            for r in reactions
        ),
        shown=tuple(
            Shown(f"Conversion {r.name} [-]", of=_converted(k)) for k, r in enumerate(reactions)
        ),
        family=REACTIONS,
    )


def _converted(component: int) -> Callable[[Floats], Floats]:
    return lambda values: 1.0 - values[:, component]
